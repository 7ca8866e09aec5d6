"""How long something may take, where a clock can be believed."""

import sys
import time
from contextlib import contextmanager


@contextmanager
def within(seconds):
    """Fail when the body takes more of the processor than so many seconds; not while every line is being traced."""
    started = time.process_time()
    yield
    took = time.process_time() - started
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
