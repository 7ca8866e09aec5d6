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
