"""Every rule that policies ask for can be written, read, kept as YAML, and tells a breach from a fit."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import notation, pack, written
from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.taxonomy.quality import FACTS, OPERATORS, Moment, check, meets

GOOD = {
    "title": "Data stories", "title_words": ["data", "stories"], "outcomes": ["Calculates a mean", "Draws a chart"],
    "outcome_verbs": ["calculates", "draws"], "covered": ["Calculates a mean", "Draws a chart", "Communication"],
    "alignments": ["Communication"], "frameworks": ["NACE career readiness"], "assessment": "A case.",
    "assessment_kinds": ["project"], "evidence": ["artifact", "reflection"], "workload_hours": 30, "level": "foundation",
    "type": "skill", "endorsements": ["Lakeside Health"], "validity_months": 24, "review_months": 30,
    "image_alt": "A chart on a shield", "languages": ["en", "es"],
}  # fmt: skip

WANTED = {
    "aligned to a named framework": (
        "",
        "frameworks one-of NACE career readiness, ESCO",
        {"frameworks": ["Own list"]},
    ),
    "assessment required": ("type none-of recognition", "assessment present", {"assessment": " "}),
    "kinds of evidence": ("", "evidence all-of artifact, reflection", {"evidence": ["attendance"]}),
    "workload of a level": (
        "level equals foundation",
        "workload_hours at-least 10\nworkload_hours at-most 40",
        {"workload_hours": 41},
    ),
    "words the title must not have": (
        "",
        "title mentions-none degree, national diploma, New Zealand",
        {"title": "A National  Diploma in data"},
    ),
    "a competency in the title only if covered": (
        "",
        "title only-if-in covered: communication, teamwork, critical thinking",
        {"title": "Teamwork with data"},
    ),
    "measurable verbs": (
        "",
        "outcome_verbs only-of calculate, calculates, draw, draws, explain, explains",
        {"outcome_verbs": ["calculates", "understands"]},
    ),
    "a live endorsement from outside": ("", "endorsements at-least 1", {"endorsements": []}),
    "an expiry": ("", "validity_months present", {"validity_months": None}),
    "a review within three years": (
        "",
        "review_months present\nreview_months at-most 36",
        {"review_months": 37},
    ),
    "the image in words": ("", "image_alt present", {"image_alt": ""}),
    "several languages": ("", "languages at-least 2", {"languages": ["en"]}),
}


def rule_of(condition, expression, **more):
    tests = [notation.read(text) for text in (condition, expression)]
    assert [wrong for _tests, wrong in tests] == [[], []]
    return Rule(
        key="k",
        name="It is asked.",
        message="Mend it.",
        condition=tests[0][0],
        expression=tests[1][0],
        **more,
    )


@pytest.mark.parametrize("name", WANTED)
def test_what_policies_ask_can_be_said(name):
    condition, expression, bad = WANTED[name]
    rule = rule_of(condition, expression)
    assert check(rule, GOOD, {}).passed
    finding = check(rule, {**GOOD, **bad}, {})
    assert not finding.passed
    assert any(str(step) for step in finding.trace if not step.held)
    text = pack.write(pack.Policy(rules=[rule]))
    (again,) = (
        pack.read(text).rules if "level" not in condition + expression and "type" not in condition else [rule]
    )
    assert (again.condition, again.expression) == (rule.condition, rule.expression)


def test_a_covered_word_in_the_title_may_stay():
    rule = rule_of("", "title only-if-in covered: communication, teamwork")
    assert check(rule, {**GOOD, "title": "COMMUNICATION  with data"}, {}).passed
    assert not check(rule, {**GOOD, "title": "Communications with teamwork"}, {}).passed
    assert check(rule, {**GOOD, "title": "Communications"}, {}).passed  # another word


def test_the_scope_narrows_a_rule_and_stands_in_the_trace():
    rule = rule_of("", "image_alt present", scope={"type": ["skill"], "level": ["advanced"]})
    assert check(rule, GOOD, {}) is None
    finding = check(rule, {**GOOD, "level": "advanced", "image_alt": ""}, {"type": "Type", "level": "Level"})
    assert [str(s) for s in finding.trace] == [
        "Type: is or has one of skill; found: skill",
        "Level: is or has one of advanced; found: advanced",
        "description of the image: is filled in; found: nothing",
    ]


def test_what_is_missing_is_named_only_if_nothing_is_wrong():
    rule = rule_of("", "workload_hours at-least 10\nimage_alt present")
    assert check(rule, {**GOOD, "workload_hours": None}, {}).missing == ("workload in hours",)
    assert check(rule, {**GOOD, "workload_hours": 5}, {}).missing == ()
    assert check(rule, {**GOOD, "workload_hours": None, "image_alt": ""}, {}).missing == ()
    asked = rule_of("eqf present", "image_alt present")
    assert check(asked, GOOD, {}) is None
    assert check(asked, GOOD, {}, doubt=True).missing == ("eqf",)


word = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
plain = st.from_regex(r"[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,4})?", fullmatch=True).filter(lambda k: k not in FACTS)
facts = st.sampled_from(sorted(FACTS))
number = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6).map(lambda f: round(f, 3))
VALUES = {
    "nothing": st.just({}), "number": st.fixed_dictionaries({"value": number}),
    "scalar": st.fixed_dictionaries({"value": number | word}),
    "list": st.fixed_dictionaries({"value": st.lists(word, min_size=1, max_size=4)}),
    "fact and list": st.fixed_dictionaries({"value": st.lists(word, min_size=1, max_size=4), "with": facts}),
}  # fmt: skip
tests_ = st.lists(
    st.sampled_from(sorted(OPERATORS)).flatmap(
        lambda name: st.builds(
            lambda fact, value: {"fact": fact, "is": name, **value}, facts, VALUES[OPERATORS[name].takes]
        )
    ),
    max_size=4,
)
day = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))
sentence = word.map(str.strip)
moments = st.lists(st.sampled_from(Moment.values), min_size=1, unique=True).map(
    lambda chosen: [m for m in Moment.values if m in chosen]
)
rules = st.builds(
    Rule, key=plain, name=sentence, severity=st.sampled_from(Rule.Severity.values), condition=tests_,
    expression=tests_.filter(bool), message=sentence, reference=sentence, moments=moments, since=day, until=day,
    active=st.booleans(), scope=st.just({}),
)  # fmt: skip
values = st.builds(
    Value, key=plain, name=sentence, description=sentence, shape=st.sampled_from(["", *Value.Shape.values]),
    color=st.sampled_from(["", "#0b5c66", "#FFFFFF"]), texts=st.just({}) | st.just({"de": {"name": "Stufe"}}),
)  # fmt: skip
unique = {"max_size": 3, "unique_by": lambda row: row.key}
dimensions = st.lists(
    st.tuples(
        st.builds(Dimension, key=plain, name=sentence, several=st.booleans(), texts=st.just({})),
        st.lists(values, **unique),
    ),
    max_size=3,
    unique_by=lambda pair: pair[0].key,
)
profiles = st.lists(
    st.tuples(
        st.builds(Profile, key=plain, name=sentence, gaps=sentence, active=st.booleans()),
        st.lists(rules, **unique),
    ),
    max_size=2,
    unique_by=lambda pair: pair[0].key,
)


def rows(policy):
    """A policy as plain values, to be compared."""
    rule = lambda r: {n: getattr(r, n) for n in pack.RULE_COLUMNS}  # noqa: E731 - short, and used here only
    return (
        policy.name,
        [
            (
                d.key,
                d.name,
                d.description,
                d.several,
                d.texts,
                [[getattr(v, n) for n in pack.VALUE] for v in its],
            )
            for d, its in policy.dimensions
        ],
        [rule(r) for r in policy.rules],
        [(p.key, p.name, p.gaps, p.active, [rule(r) for r in its]) for p, its in policy.profiles],
        dict(policy.rest),
    )


@settings(max_examples=150, deadline=None)
@given(
    name=sentence,
    dimensions=dimensions,
    rules=st.lists(rules, **unique),
    profiles=profiles,
    rest=st.just({}) | st.just({"bodies": [{"name": "Council", "quorum": "more than 1/2"}]}),
)
def test_a_policy_reads_back_as_it_was_written(name, dimensions, rules, profiles, rest):
    policy = pack.Policy(name=name, dimensions=dimensions, rules=rules, profiles=profiles, rest=rest)
    text = pack.write(policy)
    again = pack.read(text)
    assert rows(again) == rows(policy)
    assert pack.write(again) == text


@given(st.text(max_size=300))
def test_any_text_is_a_policy_or_explained(text):
    for start in ("", "format: gradatim-policy/1\n"):
        code, message = "", ""
        try:
            pack.read(start + text)
        except Refused as refused:
            code, message = refused.code, refused.message
        assert code in {"", "yaml", "policy"}
        assert bool(code) == bool(message)


HEAD = "format: gradatim-policy/1\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: []", "starts with “format: gradatim-policy/1”"),
        (HEAD + "rules: 3", "rules: write a list"),
        (HEAD + "rules: [3]", "rules 1: write an entry"),
        (HEAD + "rules: [{asks: A, then: [criteria present]}]", "rules 1: “message” is missing"),
        (HEAD + "rules: [{asks: A, message: B}]", "“then” needs at least one test"),
        (HEAD + "rules: [{asks: A, message: B, then: [mood present]}]", "“mood” cannot be asked"),
        (
            HEAD + "rules: [{asks: A, message: B, then: [criteria is there]}]",
            "rules 1, then: Test 1: “is” is no operator",
        ),
        (HEAD + "rules: [{asks: A, message: B, then: [tags at-least two]}]", "needs a number"),
        (HEAD + "rules: [{asks: A, message: B, then: [tags present], colour: red}]", "“colour” is not known"),
        (
            HEAD + "rules: [{asks: A, message: B, then: [tags present], severity: loud}]",
            "one of block, warn, advise",
        ),
        (HEAD + "rules: [{asks: A, message: B, then: [tags present], from: soon}]", "a day, like 2026-09-01"),
        (
            HEAD + "rules: [{asks: A, message: B, then: [tags present], at: [later]}]",
            "a list of edit, submit",
        ),
        (
            HEAD + "rules: [{asks: A, message: B, then: [tags present], scope: {type: [x]}}]",
            "no dimension “type”",
        ),
        (
            HEAD + "dimensions: [{name: Level, values: [{name: One}, {name: One}]}]",
            "“one” stands there twice",
        ),
        (HEAD + "dimensions: [{name: Tags}]", "is the name of a fact"),
        (HEAD + "dimensions: [{name: Level, values: [{name: One, color: red}]}]", "“color” is like"),
        (
            HEAD + "profiles: [{name: P, rules: [{asks: A, message: B, then: [tags present]}]}]",
            "cites no source",
        ),
        *(
            (
                HEAD + f"profiles: [{{name: P, url: '{url}', rules: []}}]",
                "an address that begins with https://",
            )
            for url in ("javascript:alert(1)", "data:text/html,x", "//x", "ftp://x.example/")
        ),
        (HEAD + "a: &x [1]\nb: *x", "references"),
        (HEAD + "a: 1\na: 2", "“a” stands here twice"),
        (HEAD + "1: x", "must be a text"),
        (HEAD + "a: " + "[" * 40 + "]" * 40, "nested too deeply"),
        (HEAD + "a: !!python/object/apply:os.system [ls]", "Line 2"),
        (HEAD + "a: [", "Line"),
    ],
)
def test_a_bad_file_is_explained_with_its_place(text, said):
    with pytest.raises(Refused) as refused:
        pack.read(text)
    assert said in refused.value.message


def test_what_is_too_large_is_not_read():
    with pytest.raises(Refused) as refused:
        written.load("a" * 1_000_001)
    assert refused.value.code == "too-large"


def test_the_reference_names_every_fact_and_operator():
    text = (Path(__file__).parents[3] / "docs" / "reference" / "rules.md").read_text("utf-8")
    assert [name for name in [*FACTS, *OPERATORS] if f"| `{name}` |" not in text] == []
    read = pack.read(
        text.partition("```yaml\n")[2].partition("```")[0], known={"type": ["skill"], "level": ["advanced"]}
    )
    assert [r.key for r in read.rules] == ["image-described"]


@pytest.mark.parametrize("wanted", WANTED)
def test_the_fast_answer_is_that_of_the_trace(wanted):
    when, then, bad = WANTED[wanted]
    rule = Rule(
        key="x", name="x", severity="block", message="y", condition=notation.read(when)[0], expression=notation.read(then)[0]
    )  # fmt: skip
    for facts in (GOOD, GOOD | bad, {}, GOOD | {"type": None, "title": 7, "covered": None}):
        for scope in ({}, {"level": ["foundation"]}, {"level": ["other"]}, {"nothing": ["x"]}):
            rule.scope = scope
            finding = check(rule, facts, {})
            assert meets(rule, facts) == (finding is None or finding.passed)
