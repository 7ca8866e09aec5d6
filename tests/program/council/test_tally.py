"""The arithmetic of a vote, against a model that counts on its fingers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.council import tally
from gradatim.program.council.models import Body

FOLK = st.lists(st.sampled_from(["for", "against", "abstain", "recused", "silent", "absent"]), max_size=25)
RULES = st.builds(
    dict,
    quorum=st.sampled_from(Body.Quorum.values),
    quorum_number=st.integers(1, 20),
    fraction=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    quorum_inclusive=st.booleans(),
    threshold=st.sampled_from(Body.Threshold.values),
    threshold_of=st.sampled_from(Body.Base.values),
    abstentions_count=st.booleans(),
    objections_allowed=st.integers(0, 3),
    tie=st.sampled_from(Body.Tie.values),
    recused_counts=st.booleans(),
)


def body(fraction=(1, 2), **rules):
    return Body(quorum_numerator=min(fraction), quorum_denominator=max(fraction), **rules)


def counted(folk):
    return tally.Count(
        seats=len(folk),
        present=len(folk) - folk.count("absent"),
        recused=folk.count("recused"),
        votes_for=folk.count("for"),
        votes_against=folk.count("against"),
        abstained=folk.count("abstain"),
    )


def model(folk, rules):
    """What the words of the charter say, person by person, without the arithmetic of the product."""
    part = Fraction(min(rules["fraction"]), max(rules["fraction"]))

    def enough(some, whole):
        return some >= part * whole if rules["quorum_inclusive"] else some > part * whole

    room = [p for p in folk if p != "absent"]
    free = [p for p in room if p != "recused"]
    voters = [p for p in room if p in {"for", "against", "abstain"}]
    there = room if rules["recused_counts"] else free
    quorum = {
        "number": len(there) >= rules["quorum_number"],
        "seats": enough(len(there), len(folk)) and there,
        "present": enough(len(voters), len(free)) and voters,
    }[rules["quorum"]]
    if not quorum:
        return "no_quorum"
    yes, no = [p for p in folk if p == "for"], [p for p in folk if p == "against"]
    if rules["threshold"] == "consensus":
        return "carried" if yes and len(no) <= rules["objections_allowed"] else "lost"
    cast = voters if rules["abstentions_count"] else [*yes, *no]
    whole = {"cast": cast, "present": free, "seats": folk}[rules["threshold_of"]]
    share = Fraction(len(yes), len(whole)) if whole else Fraction(0)
    if rules["threshold"] == "simple":
        if (
            rules["threshold_of"] == "cast"
            and len(cast) == len(yes) + len(no)
            and yes
            and len(yes) == len(no)
        ):
            return "tied"
        return "carried" if share > Fraction(1, 2) else "lost"
    wanted = {"two_thirds": Fraction(2, 3), "three_quarters": Fraction(3, 4)}[rules["threshold"]]
    return "carried" if share >= wanted else "lost"


@given(FOLK, RULES)
def test_result_equals_the_model(folk, rules):
    assert tally.result(counted(folk), body(**rules)) == model(folk, rules)


@given(st.integers(0, 200), st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_least_is_the_least_number_that_fits_the_words(whole, a, b, inclusive):
    numerator, denominator = min(a, b), max(a, b)
    needed = tally.least(whole, numerator, denominator, inclusive=inclusive)

    def fits(number):
        left, right = number * denominator, whole * numerator
        return left >= right if inclusive else left > right

    assert fits(needed)
    assert needed == 0 or not fits(needed - 1)


@given(FOLK, RULES)
def test_the_sentence_says_every_number_and_the_result(folk, rules):
    count, charter = counted(folk), body(**rules)
    said = tally.explain(count, charter)
    result = tally.result(count, charter)
    assert f"present {count.present} of {count.seats}" in said
    assert f"{count.votes_for} for, {count.votes_against} against" in said
    assert (f"{count.recused} recused" in said) == bool(count.recused)
    assert (f"{count.abstained} abstained" in said) == bool(count.abstained)
    assert said.endswith(
        {
            "carried": "carried",
            "lost": "lost",
            "tied": "the chair decides" if charter.tie == "chair" else "which does not carry",
            "no_quorum": "nothing is decided",
        }[result]
    )


@given(FOLK, RULES)
def test_one_more_vote_for_never_turns_carried_into_lost(folk, rules):
    if "silent" not in folk or tally.result(counted(folk), body(**rules)) != "carried":
        return
    more = list(folk)
    more[more.index("silent")] = "for"
    assert tally.result(counted(more), body(**rules)) == "carried"


@pytest.mark.parametrize(
    ("count", "rules", "said"),
    [
        (
            {"seats": 11, "present": 7, "recused": 1, "votes_for": 4, "votes_against": 2},
            {"threshold": "two_thirds"},
            (
                "present 7 of 11, needed 6; voted 6: 4 for, 2 against; 1 recused, which leaves 6 for the quorum; "
                "two thirds of the votes cast = 4; carried"
            ),
        ),
        (
            {"seats": 11, "present": 6, "recused": 1, "votes_for": 5},
            {},
            (
                "present 6 of 11, needed 6; voted 5: 5 for, 0 against; 1 recused, which leaves 5 for the quorum; "
                "no quorum, so nothing is decided"
            ),
        ),
        (
            {"seats": 11, "present": 6, "recused": 1, "votes_for": 5},
            {"recused_counts": True, "recused_clause": "Bylaws 4.2"},
            (
                "present 6 of 11, needed 6; voted 5: 5 for, 0 against; 1 recused, counted for the quorum (Bylaws 4.2); "
                "more than half of the votes cast = 3; carried"
            ),
        ),
        (
            {"seats": 5, "present": 5, "votes_for": 2, "votes_against": 2, "abstained": 1},
            {"tie": "chair"},
            (
                "present 5 of 5, needed 3; voted 4: 2 for, 2 against; 1 abstained; more than half of the votes cast = 3; "
                "tied, and the chair decides"
            ),
        ),
        (
            {"seats": 5, "present": 5, "votes_for": 2, "votes_against": 2, "abstained": 1},
            {"abstentions_count": True},
            "present 5 of 5, needed 3; voted 5: 2 for, 2 against, 1 abstained; more than half of the votes cast = 3; lost",
        ),
        (
            {"seats": 9, "present": 6, "votes_for": 5, "votes_against": 1},
            {"threshold": "consensus", "objections_allowed": 1},
            "present 6 of 9, needed 5; voted 6: 5 for, 1 against; consensus: at most 1 vote against; carried",
        ),
        (
            {"seats": 9, "present": 6, "votes_for": 4},
            {"quorum": "present", "threshold_of": "seats"},
            (
                "present 6 of 9, of whom 4 have to vote; voted 4: 4 for, 0 against; more than half of the voting seats = 5; "
                "lost"
            ),
        ),
    ],
)
def test_sentences(count, rules, said):
    assert tally.explain(tally.Count(**count), Body(**rules)) == said


def test_a_tie_that_the_chair_decided_and_a_consent_are_said():
    tied = tally.Count(seats=4, present=4, votes_for=2, votes_against=2)
    assert tally.explain(tied, Body(tie="chair"), decided="carried").endswith(
        "tied; the chair decided: carried"
    )
    quiet = tally.Count(seats=4, present=3, votes_for=3)
    assert tally.explain(quiet, Body(), consent=True) == "present 3 of 4, needed 3; nobody objected; carried"


@pytest.mark.parametrize(
    ("folk", "rules"),
    [
        ([], {"quorum_inclusive": True}),
        (["absent"], {"quorum_inclusive": True}),
        (["abstain"], {"tie": "chair"}),
        (["silent", "silent"], {"threshold": "two_thirds"}),
    ],
)
def test_nobody_and_nothing_never_carry(folk, rules):
    assert tally.result(counted(folk), body(**rules)) in {"no_quorum", "lost"}
