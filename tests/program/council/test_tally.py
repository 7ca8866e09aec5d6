"""The arithmetic of a vote, against a model that counts on its fingers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.council import tally
from gradatim.program.council.models import Ballot, Body

VOTES = st.lists(st.sampled_from(["for", "against", "abstain", "recused", "silent"]), max_size=30)


@pytest.mark.parametrize(
    ("seats", "fraction", "inclusive", "needed"),
    [
        (4, (1, 2), False, 3),
        (5, (1, 2), False, 3),
        (4, (1, 2), True, 2),
        (5, (1, 2), True, 3),
        (9, (2, 3), True, 6),
        (9, (2, 3), False, 7),
        (7, (1, 1), True, 7),
        (0, (1, 2), False, 1),
    ],
)
def test_quorum_formulas(seats, fraction, inclusive, needed):
    numerator, denominator = fraction
    assert (
        tally.quorum_needed(seats, numerator=numerator, denominator=denominator, inclusive=inclusive)
        == needed
    )


@given(st.integers(0, 200), st.integers(1, 12), st.integers(1, 12))
def test_quorum_is_the_least_number_that_fits_the_words(seats, a, b):
    numerator, denominator = min(a, b), max(a, b)
    for inclusive in (True, False):
        needed = tally.quorum_needed(seats, numerator=numerator, denominator=denominator, inclusive=inclusive)

        def fits(present, inclusive=inclusive):
            left, right = present * denominator, seats * numerator
            return left >= right if inclusive else left > right

        assert fits(needed)
        assert needed == 0 or not fits(needed - 1)


@given(VOTES, st.integers(1, 30), st.sampled_from(Body.Threshold.values), st.booleans())
def test_result_equals_the_model(votes, needed, threshold, recused_counts):
    count = tally.Count(
        present=sum(v in {"for", "against", "abstain", "silent"} for v in votes),
        recused=votes.count("recused"),
        votes_for=votes.count("for"),
        votes_against=votes.count("against"),
        abstained=votes.count("abstain"),
    )
    got = tally.result(count, needed=needed, threshold=threshold, recused_counts=recused_counts)
    there = [v for v in votes if v != "recused" or recused_counts]
    yes, no = votes.count("for"), votes.count("against")
    if len(there) < needed:
        assert got == Ballot.Result.NO_QUORUM
    elif threshold == "two_thirds":
        assert (got == Ballot.Result.CARRIED) == (yes + no > 0 and yes >= (yes + no) * 2 / 3 - 1e-9)
        assert got in {Ballot.Result.CARRIED, Ballot.Result.LOST}
    elif yes == no:
        assert got == Ballot.Result.TIED
    else:
        assert got == (Ballot.Result.CARRIED if yes > no else Ballot.Result.LOST)


@given(VOTES)
def test_an_abstention_never_changes_what_carries_once_there_is_a_quorum(votes):
    def result(extra):
        yes, no = votes.count("for"), votes.count("against")
        count = tally.Count(present=40 + extra, recused=0, votes_for=yes, votes_against=no, abstained=extra)
        return tally.result(count, needed=5, threshold="simple", recused_counts=False)

    assert result(0) == result(7)
