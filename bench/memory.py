"""A million credentials in one process: what it holds does not grow. `python bench/memory.py [COUNT]`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from material import KEY, METHOD, NOW, credential

from gradatim.engine import issue_many

COUNT, ALLOWED = 1_000_000, 8  # MiB between a tenth of the way and the end


def resident() -> float:
    """MiB that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(count: int) -> int:
    rows = (credential(number) for number in range(count))
    early = 0.0
    for number, _ in enumerate(issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW), 1):
        if number % (count // 10) == 0:
            early = early or resident()
            spent = time.process_time()
            print(f"{number:,} issued: {resident():.1f} MiB, {spent:.0f} s of the processor", flush=True)  # noqa: T201 - a script
    grown = resident() - early
    print(f"{grown:+.1f} MiB since the first tenth")  # noqa: T201 - a script
    return int(grown > ALLOWED)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else COUNT))
