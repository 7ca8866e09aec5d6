"""Counts of what a client does: shared by processes, by threads, for a stretch of time."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from gradatim.program.ground import limits


def test_a_stretch_ends_for_everybody_at_once():
    def count(now, who="a"):
        return limits.count("x", who, seconds=60, now=now)

    assert [count(120), count(179.9), count(179.9, "b"), count(180)] == [1, 2, 1, 1]
    assert limits.counted("x", "a", seconds=60, now=181) == 1
    assert limits.counted("y", "a", seconds=60, now=181) == 0
    assert limits.counted("x", "b", seconds=60, now=181) == 0


def test_threads_and_processes_count_together(settings):
    def ask(_number):
        return limits.count("x", "a", seconds=10**6, now=5)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(200))) == list(range(1, 201))
    words = (
        "from pathlib import Path; from django.conf import settings; "
        f"settings.configure(LIMITS_FILE=Path({str(settings.LIMITS_FILE)!r})); "
        "from gradatim.program.ground import limits; print(limits.count('x', 'a', seconds=10**6, now=5))"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p)},
    )
    assert done.stdout == "201\n", done.stderr


def test_turns_are_waited_for_and_given_back():
    turns = limits.Turns(at_once=2, of_one=1)
    done = threading.Event()

    def hold():
        with turns.taken("a") as mine:
            assert mine
            done.wait(0.05)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        while not turns._held:
            pass
        with turns.taken("b") as other, turns.taken("a") as mine:
            assert (other, mine) == (True, True)  # as soon as the other thread has given it back
        held.result()
    with turns.taken("a"), turns.taken("a") as second:
        assert not second
    try:
        with turns.taken("a"):
            raise ValueError
    except ValueError:
        pass
    assert not turns._held
