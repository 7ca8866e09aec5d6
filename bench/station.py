"""The loop of a station: work asked for on standard input, its speed per CPU second answered on standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


def serve(works: dict[str, Callable[[], object]]) -> None:
    """Answer ``{"work": …, "seconds": …}`` lines until the input ends.

    Args:
        works: what each piece of work does once; a name that starts with ``many:`` answers how many it did.
    """
    say({"ready": sorted(works)})
    for line in sys.stdin:
        asked = json.loads(line)
        say(measure(works[asked["work"]], asked["seconds"]))


def measure(work: Callable[[], object], seconds: float) -> dict[str, float]:
    """How often a piece of work is done in a CPU second of this process."""
    done, step = 0, 1
    started = now = time.process_time()
    while now - started < seconds:
        for _ in range(step):
            count = work()
            done += count if type(count) is int else 1
        now = time.process_time()
        step = max(1, int(step * min(2.0, 0.1 * seconds / max(now - started, 1e-6) * 2)))
    return {"per_second": done / (now - started)}


def say(answer: dict[str, object]) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
