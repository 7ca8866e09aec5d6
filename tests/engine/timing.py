"""How long something may take, where a clock can be believed."""

import os
import sys
import time
from contextlib import contextmanager

SHARED = 2 if int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1 else 1
"""How much longer all takes while another process works on the other half of the same core."""


@contextmanager
def within(seconds):
    """Fail when the body takes more of the processor than so many seconds; not while every line is being traced."""
    started = time.process_time()
    yield
    took, seconds = time.process_time() - started, seconds * SHARED
    assert took < seconds or sys.gettrace() is not None, f"{took:.3f} s, at most {seconds} s"


def quick(work, seconds, tries=5):
    """Fail when the work never takes less: what else runs can slow a processor down, and nothing makes it faster."""
    least = float("inf")
    for _ in range(tries):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
        if least < seconds or sys.gettrace() is not None:
            return
    raise AssertionError(f"{least:.3f} s at best, at most {seconds} s")
