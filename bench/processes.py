"""Two processes against one: how much of a second core is used (on a machine that does nothing else)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from material import KEY, METHOD, NOW, credential

from gradatim.engine import issue_many

MUST = 1.6


def work(seconds: float) -> int:
    """Issue for so long; how many."""
    rows = [credential(number) for number in range(100)]
    done, ends = 0, time.perf_counter() + seconds
    while time.perf_counter() < ends:
        done += sum(1 for _ in issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW))
    return done


def two_against_one(rounds: int, seconds: float, say: Callable[[str], None]) -> None:
    """Print the row; by the wall clock, so it says nothing on a busy machine.

    Args:
        rounds: how often.
        seconds: of each.
        say: prints a line.
    """
    ratios = []
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(work, [0.05, 0.05]))
        for _ in range(rounds):
            one = sum(pool.map(work, [seconds]))
            two = sum(pool.map(work, [seconds, seconds]))
            ratios.append(two / one)
    ratio = statistics.median(ratios)
    say(
        f"{'two processes against one (wall clock)':40} {'–':30} {'':19} {ratio:7.2f}× ≥{MUST:5g}   on a quiet machine"
    )
