"""Graphs made to be hard are given up early, whatever their size; big plain ones are not."""

import time

import pytest

from gradatim.engine.canonical.rdfc import canonicalize
from gradatim.engine.errors import LimitError

P = "<urn:p>"


def stars(arms):
    return [(f"_:h{hub}", P, f"_:l{hub}x{arm}", "") for hub in range(2) for arm in range(arms)]


def ring(size, weight=0):
    plain = [(f"_:x{i}", P, f"_:x{(i + 1) % size}", "") for i in range(size)]
    return plain + [(f"_:x{i}", P, f"<urn:x{j}>", "") for i in range(size) for j in range(weight)]


@pytest.mark.parametrize("quads", [stars(9), stars(2000), ring(100), ring(5000), ring(60, 60)], ids=len)
def test_given_up(quads):
    started = time.process_time()
    with pytest.raises(LimitError) as limit:
        canonicalize(quads)
    assert limit.value.code == "resource-limit"
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("quads", [stars(4), ring(12)], ids=len)
def test_small_ones_are_solved(quads):
    assert canonicalize(quads) == canonicalize(
        [tuple(t.replace("_:", "_:other") for t in q) for q in quads[::-1]]
    )


def test_big_plain_ones_are_solved():
    quads = [(f"_:x{i}", P, f'"{i}"', "") for i in range(20_000)]
    assert canonicalize(quads).count("\n") == 20_000
