"""Quality rules: the operators, the trace, the lines people write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.quality import FACTS, OPERATORS, amount, problems, run

number = st.integers(-(10**6), 10**6)
word = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
fact = st.none() | number | word | st.just("") | st.lists(word, max_size=6)


def holds(found, operator, value=None):
    test = {"fact": "title", "is": operator} | ({} if value is None else {"value": value})
    (step,) = run([test], {"title": found}, {})
    return step.held


@given(number, number)
def test_numbers(found, limit):
    assert holds(found, "at-least", limit) == (found >= limit)
    assert holds(found, "at-most", limit) == (found <= limit)
    assert holds(Decimal(found), "equals", limit) == (found == limit)


@given(st.lists(word, max_size=6), st.integers(0, 7))
def test_lists_are_counted(found, limit):
    assert holds(found, "at-least", limit) == (len(found) >= limit)
    assert holds(found, "at-most", limit) == (len(found) <= limit)
    assert amount(found) == len(found)


@given(fact, st.lists(word, min_size=1, max_size=6))
def test_every_operator_has_its_opposite(found, listed):
    assert holds(found, "present") != holds(found, "absent")
    assert holds(found, "one-of", listed) != holds(found, "none-of", listed)
    assert holds(found, "equals", listed[0]) != holds(found, "differs", listed[0])


@given(st.lists(word, max_size=6), st.lists(word, min_size=1, max_size=6))
def test_none_of_is_about_every_entry(found, listed):
    assert holds(found, "none-of", listed) == (not set(found) & set(listed))


def test_letter_case_does_not_matter():
    assert holds("Skill", "equals", "sKILL")
    assert not holds(["National", "prize"], "none-of", ["national"])


def test_zero_is_something_and_blanks_are_nothing():
    assert holds(0, "present")
    assert holds("  ", "absent")
    assert not holds(None, "at-least", 0)
    assert not holds("three", "at-least", 1)


def test_the_trace_says_what_was_expected_and_found():
    steps = run([{"fact": "outcomes", "is": "at-least", "value": 3}], {"outcomes": ["one", "two"]}, {})
    assert [(s.label, s.words, s.expected, s.found, s.held) for s in steps] == [
        ("outcomes", "is at least", "3", "2", False)
    ]
    assert str(steps[0]) == "outcomes: is at least 3; found: 2"


def test_what_cannot_be_asked_never_holds():
    for test in (
        {"fact": "weather", "is": "present"},
        {"fact": "title", "is": "shines"},
        {"fact": "title", "is": "one-of"},
        {},
    ):
        (step,) = run([test], {"title": "x"}, {})
        assert not step.held


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ("criteria present", "list of tests"),
        (["criteria"], "Test 1: write a fact"),
        (
            [{"fact": "criteria", "is": "present"}, {"fact": "mood", "is": "present"}],
            "Test 2: “mood” cannot be asked. Known:",
        ),
        ([{"fact": "criteria", "is": "likes"}], "“likes” is no operator. Known: present"),
        ([{"fact": "criteria", "is": "present", "value": 1}], "takes no value"),
        ([{"fact": "outcomes", "is": "at-least", "value": "three"}], "takes a number"),
        ([{"fact": "outcomes", "is": "at-least", "value": True}], "takes a number"),
        ([{"fact": "type", "is": "one-of", "value": []}], "takes a list of texts"),
        ([{"fact": "type", "is": "one-of", "value": [1]}], "takes a list of texts"),
        ([{"fact": "type", "is": "equals", "value": None}], "takes a text or a number"),
        ([{"fact": "type", "is": "present"}] * 9, "at most 8 tests"),
        ([{"fact": ["type"], "is": {"a": 1}}], "cannot be asked"),
    ],
)
def test_a_bad_expression_is_explained(tests, said):
    assert said in " ".join(problems(tests, [*FACTS, "type"]))


@given(
    st.lists(
        st.one_of(
            st.fixed_dictionaries(
                {"fact": st.sampled_from(sorted(FACTS)), "is": st.sampled_from(["present", "absent"])}
            ),
            st.fixed_dictionaries(
                {
                    "fact": st.sampled_from(sorted(FACTS)),
                    "is": st.sampled_from(["at-least", "at-most"]),
                    "value": number,
                }
            ),
            st.fixed_dictionaries(
                {
                    "fact": st.sampled_from(sorted(FACTS)),
                    "is": st.sampled_from(["equals", "differs"]),
                    "value": number | word,
                }
            ),
            st.fixed_dictionaries(
                {
                    "fact": st.sampled_from(sorted(FACTS)),
                    "is": st.just("one-of"),
                    "value": st.lists(word, min_size=1, max_size=5),
                }
            ),
        ),
        max_size=8,
    )
)
def test_lines_and_tests_say_the_same(tests):
    assert notation.read(notation.write(tests)) == (tests, [])
    assert problems(tests, FACTS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("criteria", "Line 1, “criteria”: write a fact and an operator"),
        ("\ncriteria is present", "Line 2, “criteria is present”: “is” is no operator."),
        ("criteria present now", "takes no value"),
        ("outcomes at-least", "needs a value"),
        ("outcomes at-least many", "needs a number; “many” is none"),
        ("outcomes at-least 1e5", "needs a number"),
        ("type one-of , ,", "at least one word"),
    ],
)
def test_a_bad_line_is_explained(text, said):
    tests, wrong = notation.read(text)
    assert tests == []
    assert said in wrong[0]


@given(st.text(max_size=200))
def test_any_text_is_read_or_explained(text):
    tests, wrong = notation.read(text)
    assert len(tests) + len(wrong) == sum(1 for line in text.splitlines() if line.strip())
    assert all(t["is"] in OPERATORS for t in tests)
