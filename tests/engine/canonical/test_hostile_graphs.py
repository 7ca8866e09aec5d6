"""Graphs made to be hard are given up early, whatever their size; big plain ones are not."""

import random
from itertools import combinations

import pytest

from gradatim.engine.canonical.rdfc import canonicalize
from gradatim.engine.errors import LimitError
from tests.engine.timing import quick

P = "<urn:p>"


def stars(arms):
    return [(f"_:h{hub}", P, f"_:l{hub}x{arm}", "") for hub in range(2) for arm in range(arms)]


def ring(size, weight=0):
    plain = [(f"_:x{i}", P, f"_:x{(i + 1) % size}", "") for i in range(size)]
    return plain + [(f"_:x{i}", P, f"<urn:x{j}>", "") for i in range(size) for j in range(weight)]


def clique(size):
    return [(f"_:x{i}", P, f"_:x{j}", "") for i in range(size) for j in range(size) if i != j]


def grid(size):
    """A torus: every node has the same surroundings, however far one looks."""
    steps = [(i, j, a, b) for i in range(size) for j in range(size) for a, b in ((0, 1), (1, 0))]
    return [(f"_:x{i}_{j}", P, f"_:x{(i + a) % size}_{(j + b) % size}", "") for i, j, a, b in steps]


def cube(dimensions):
    return [(f"_:x{i}", P, f"_:x{i ^ 1 << b}", "") for i in range(1 << dimensions) for b in range(dimensions)]


def petersen():
    pairs = list(combinations(range(5), 2))
    return [(f"_:{a}{b}", P, f"_:{c}{d}", "") for a, b in pairs for c, d in pairs if not {a, b} & {c, d}]


def regular(size, degree):
    """Everyone leads to as many others, by chance."""
    chance = random.Random(size)
    orders = [chance.sample(range(size), size) for _ in range(degree)]
    return list({(f"_:x{i}", P, f"_:x{order[i]}", "") for order in orders for i in range(size)})


def turning(size):
    return [(f"_:x{i}", P, f"_:x{(i + 1) % size}", f"_:x{(i + 2) % size}") for i in range(size)]


HOSTILE = {
    "two stars": stars(9), "two big stars": stars(2000), "a ring": ring(100), "a big ring": ring(5000),
    "a heavy ring": ring(60, 60), "a clique": clique(9), "a big clique": clique(100), "a torus": grid(6),
    "a big torus": grid(50), "a cube": cube(6), "a big cube": cube(10), "Petersen": petersen(),
    "a regular graph": regular(40, 3), "a big regular graph": regular(2000, 3), "graphs in a ring": turning(2000),
}  # fmt: skip


@pytest.mark.parametrize("quads", HOSTILE.values(), ids=HOSTILE)
def test_given_up(quads):
    def attempt():
        with pytest.raises(LimitError) as limit:
            canonicalize(quads)
        assert limit.value.code == "resource-limit"

    quick(attempt, 0.1)


@pytest.mark.parametrize("quads", [stars(4), ring(12)], ids=len)
def test_small_ones_are_solved(quads):
    assert canonicalize(quads) == canonicalize(
        [tuple(t.replace("_:", "_:other") for t in q) for q in quads[::-1]]
    )


def test_big_plain_ones_are_solved():
    quads = [(f"_:x{i}", P, f'"{i}"', "") for i in range(20_000)]
    assert canonicalize(quads).count("\n") == 20_000
