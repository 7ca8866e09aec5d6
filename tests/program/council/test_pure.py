"""What is pure: merging two texts, the money of a proposal, what is alike, the rubric."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.council import merging, rubric, similar
from gradatim.program.council.budget import Budget

FIELDS = ("title", "need", "purpose")
TEXTS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["", "a", "b", "c", "a \r\n", "a"]))


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_somebody_wrote_is_lost_without_being_asked(before, mine, theirs):
    merged = merging.merge(before, mine, theirs)
    clashes = {clash.field for clash in merged.clashes}
    for field in FIELDS:
        was, typed, saved = (before.get(field, ""), mine.get(field), theirs.get(field, ""))
        kept = merged.content.get(field, "")
        if typed is not None and typed.strip() != was.strip():
            assert kept.strip() == typed.strip()  # what I changed is there
        if saved.strip() != was.strip():
            assert (
                kept.strip() == saved.strip() or field in clashes
            )  # what they changed is there, or is asked about


@given(TEXTS, TEXTS)
def test_one_alone_never_clashes(before, mine):
    assert merging.merge(before, mine, before).clashes == ()
    assert merging.merge(before, before, mine).clashes == ()


def test_two_that_wrote_the_same_agree():
    merged = merging.merge({"need": "x"}, {"need": "y\r\nz"}, {"need": "y\nz "})
    assert (merged.clashes, merged.theirs) == ((), ())


@pytest.mark.parametrize(
    ("money", "even"),
    [
        ({"build": 1000, "fee": 100}, 10),
        ({"build": 1001, "fee": 100}, 11),
        ({"build": 1000, "per_run": 500, "runs": 2, "per_learner": 50, "fee": 100}, 40),
        ({"build": 1000, "fee": 10, "per_learner": 10}, None),
        ({"fee": 10}, 0),
        ({"fee": 10, "per_learner": 11}, None),
        ({}, 0),
    ],
)
def test_break_even(money, even):
    assert Budget(**{k: v if k == "runs" else Decimal(v) for k, v in money.items()}).break_even == even


@given(*[st.integers(0, 5000)] * 4, st.integers(1, 5))
def test_break_even_is_the_first_number_that_earns_its_cost(build, per_run, per_learner, fee, runs):
    money = {"build": build, "per_run": per_run, "per_learner": per_learner, "fee": fee}
    budget = Budget(**{k: Decimal(v) for k, v in money.items()}, runs=runs)
    even = budget.break_even
    fixed = build + runs * per_run
    if even is None:
        assert fee <= per_learner
    else:
        assert even * fee >= fixed + even * per_learner
        assert even == 0 or (even - 1) * fee < fixed + (even - 1) * per_learner


def test_cost_income_and_margin():
    budget = Budget(
        build=Decimal(1000),
        per_run=Decimal(100),
        per_learner=Decimal(5),
        fee=Decimal(50),
        runs=3,
        learners=20,
    )
    assert (budget.cost, budget.income, budget.margin) == (1600, 3000, 1400)


def text(key, title, rest=""):
    return similar.Text(key, title, rest)


def test_what_is_alike_says_which_words_match():
    known = [
        text("data", "Data literacy for the workplace", "Interpret tables and charts"),
        text("solar", "Solar installation basics", "Mount a rail and two panels"),
        text("care", "Conversations in care", "Listen and sum up"),
    ]
    found = similar.alike(text("", "Workplace data skills", "Interprets charts and tables from work"), known)
    assert [a.key for a in found] == ["data"]
    assert set(found[0].matches) == {"data", "workplace", "interpret", "table", "chart"}
    assert found[0].percent > 30
    assert similar.alike(text("", "", ""), known) == []


def test_a_copy_is_wholly_alike():
    one = text("one", "Solar installation", "Measure a roof")
    assert similar.alike(text("", one.title, one.rest), [one])[0].percent == 100


def test_common_words_and_endings_say_nothing():
    assert similar.words("The basics of installing Batteries and panels") == ["install", "battery", "panel"]


def test_a_rubric_says_what_is_not_met():
    own = rubric.Rubric((rubric.Criterion("a", "A", 2), rubric.Criterion("b", "B", 0)))
    assert own.fits({"a": 3, "b": 0})
    assert not own.fits({"a": 4})
    assert not own.fits({"c": 1})
    assert [c.key for c in own.misses([{"a": 1}, {"a": 3, "b": 0}])] == ["a"]
    assert own.misses([{"a": 2}]) == []
    strict = rubric.Rubric(own.criteria, all_must_meet=True)
    assert strict.best == 1
    assert [c.key for c in strict.misses([{"b": 1}])] == ["a"]


def test_a_body_starts_with_twelve_criteria():
    assert len(rubric.default().criteria) == 12
    assert {c.floor for c in rubric.default().criteria} == {1}
