"""Change lists, entry by entry: what differs, what is put together, what is taken back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions, pack, queries
from gradatim.program.taxonomy.changes import apart, merge, steps, take_back, together, wording
from gradatim.program.taxonomy.changes.entries import head_of
from gradatim.program.taxonomy.models import ChangeList, Dimension, Edition, Rule, Value

KEYS = st.sampled_from(["a", "b", "c", "d"])
NAMES = st.sampled_from(["One", "Two", "Three"])
VALUES = st.lists(KEYS, unique=True).flatmap(
    lambda keys: st.tuples(*[st.fixed_dictionaries({"key": st.just(k), "name": NAMES}) for k in keys])
)
DIMENSIONS = st.lists(KEYS, unique=True).flatmap(
    lambda keys: st.tuples(
        *[st.fixed_dictionaries({"key": st.just(k), "name": NAMES, "values": VALUES}) for k in keys]
    )
)


patient = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # on a busy machine


@st.composite
def policies(draw):
    """The entries of a small policy."""
    found = {}
    rows = draw(DIMENSIONS)
    found[("dimensions",)] = [r["key"] for r in rows]
    for row in rows:
        path = ("dimensions", row["key"])
        found[path] = {"key": row["key"], "name": row["name"]}
        found[(*path, "values")] = [v["key"] for v in row["values"]]
        for value in row["values"]:
            found[(*path, "values", value["key"])] = dict(value)
    return found


HEAD = {"format": "gradatim-policy/1", "name": "Small"}


@patient
@given(policies())
def test_what_is_taken_apart_is_put_together_again(policy):
    text = together(policy, HEAD)
    assert together(apart(text), head_of(text)) == text
    assert steps(policy, policy) == []


@patient
@given(policies(), policies())
def test_changes_of_one_side_alone_are_its_own(base, ours):
    for merged in (merge(base, ours, base), merge(base, base, ours), merge(base, ours, ours)):
        assert merged.conflicts == ()
        assert apart(together(merged.entries, HEAD)) == apart(together(ours, HEAD))


@patient
@given(policies(), policies(), policies())
def test_two_sides_are_put_together_or_somebody_chooses(base, ours, theirs):
    found = merge(base, ours, theirs)
    for who in ("ours", "theirs"):
        chosen = merge(base, ours, theirs, {c.address: who for c in found.conflicts})
        assert chosen.conflicts == ()
        read = apart(together(chosen.entries, HEAD))  # nothing hangs in the air
        for conflict in found.conflicts:
            assert read.get(conflict.path) == getattr(conflict, who)
    untouched = {p for p in base if ours.get(p) == base[p] == theirs.get(p) and isinstance(base[p], dict)}
    for path in untouched:
        if path[:2] in found.entries:
            assert found.entries[path] == base[path]


@patient
@given(policies(), policies())
def test_steps_taken_back_one_by_one_lead_to_the_beginning(base, ours):
    for _ in range(60):
        left = steps(base, ours)
        if not left:
            break
        ours = apart(together(take_back(base, ours, left[0].path), HEAD))
    assert steps(base, ours) == []


def test_words_and_kinds_of_steps():
    before = apart("""
format: gradatim-policy/1
dimensions:
- {key: level, name: Level, values: [{key: low, name: Low, shape: circle}, {key: high, name: High}]}
rules:
- {key: long, asks: It is long., then: [workload_hours at-least 10], message: Write more.}
""")
    after = apart("""
format: gradatim-policy/1
dimensions:
- {key: level, name: Level, values: [{key: high, name: High, retired: true}, {key: low, name: Lowest, shape: square}, {key: top, name: Top}]}
without_decision: [order]
""")
    found = {s.words: sorted(s.kinds) for s in steps(before, after)}
    assert found == {
        "New order: Level, values": ["order"],
        "Retired value: Level, High": ["values"],
        "Changed value: Level, Lowest": ["style", "values"],
        "New value: Level, Top": ["values"],
        "Which changes need no decision": ["setting"],
        "Taken out, rule: It is long.": ["rules"],
    }
    text = wording(steps(before, after))
    assert "outline: Rounded square (until now: Circle)" in text
    assert "- **Taken out, rule: It is long.**" in text


@pytest.fixture
def governed(college):
    actions.govern(organization=college, decided_by="The council")
    return college


pytestmark = pytest.mark.django_db


def add_expert(college, manager):
    level = Dimension.objects.get(organization=college, key="level")
    return actions.amend(
        organization=college,
        actor=manager,
        act=lambda: actions.add_value(dimension=level, name="Expert", shape="octagon", actor=manager),
    )


def test_without_a_council_everything_takes_effect_at_once(college, manager):
    _value, changes = add_expert(college, manager)
    assert changes is None
    assert Value.objects.filter(key="expert").exists()


def test_with_a_council_no_action_gets_around_it(governed, manager):
    level = queries.levels(governed).first()
    before = queries.taxonomy_text(governed)
    for refused in (
        lambda: actions.add_dimension(organization=governed, name="Domain", actor=manager),
        lambda: actions.add_value(dimension=level.dimension, name="Expert", actor=manager),
        lambda: actions.change_value(value=level, name="Other", actor=manager),
        lambda: actions.retire_value(value=level, actor=manager),
        lambda: actions.remove_value(value=level, actor=manager),
        lambda: actions.remove_rule(rule=queries.rules(governed).first(), actor=manager),
        lambda: actions.keep_profile(organization=governed, name="Mine", gaps="all", actor=manager),
        lambda: actions.allow_directly(organization=governed, kinds=["values"], actor=manager),
        lambda: actions.take_policy(
            organization=governed,
            policy=pack.read("format: gradatim-policy/1\ndimensions: [{name: Domain}]"),
            actor=manager,
        ),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code == "needs-decision"
    assert queries.taxonomy_text(governed) == before
    assert Edition.objects.filter(organization=governed).count() == 1


def test_texts_order_and_style_take_effect_at_once(governed, manager):
    level = queries.levels(governed).first()
    actions.change_value(value=level, description="In new words.", shape="square", actor=manager)
    actions.move_value(value=level, by=1, actor=manager)
    assert Edition.objects.filter(organization=governed).count() == 3


def test_what_needs_a_decision_goes_on_the_list_and_the_next_change_on_top_of_it(governed, manager):
    _value, changes = add_expert(governed, manager)
    assert changes.state == ChangeList.State.OPEN
    assert not Value.objects.filter(key="expert").exists()

    def rule():
        return actions.keep_rule(
            organization=governed, name="An expert teaches.", severity="block", condition=[],
            expression=[{"fact": "assessment", "is": "present"}], message="Say how.",
            scope={"level": ["expert"]}, actor=manager,
        )  # fmt: skip

    actions.amend(organization=governed, actor=manager, act=rule)
    changes.refresh_from_db()
    assert [s.words for s in queries.steps_of(changes)] == [
        "New value: Level, Expert",
        "New rule: An expert teaches.",
    ]
    assert not Rule.objects.filter(key="an-expert-teaches").exists()
    with pytest.raises(Refused, match="Another change on the list needs this one"):
        actions.take_back_step(
            changes=changes, path=("dimensions", "level", "values", "expert"), actor=manager
        )
    actions.take_back_step(changes=changes, path=("rules", "an-expert-teaches"), actor=manager)
    gone = actions.take_back_step(
        changes=changes, path=("dimensions", "level", "values", "expert"), actor=manager
    )
    assert gone is None
    changes.refresh_from_db()
    assert changes.state == ChangeList.State.DROPPED
    assert Edition.objects.filter(organization=governed).count() == 1


def test_what_was_changed_meanwhile_is_kept_or_chosen(governed, manager):
    def rename(key, name):
        value = Value.objects.get(dimension__organization=governed, key=key)
        return lambda: actions.change_value(value=value, name=name, actor=manager)

    _v, changes = actions.amend(organization=governed, actor=manager, act=rename("advanced", "Master"))
    actions.change_value(
        value=queries.levels(governed).get(key="foundation"), description="New.", actor=manager
    )
    now = queries.taxonomy_text(governed)
    assert queries.merged(changes, now).conflicts == ()
    actions.change_value(
        value=queries.levels(governed).get(key="advanced"), description="High.", actor=manager
    )
    now = queries.taxonomy_text(governed)
    (clash,) = queries.merged(changes, now).conflicts
    assert (clash.name, clash.as_ours, clash.as_theirs) == (
        "Advanced", [("name", "Master")], [("description", "High.")],
    )  # fmt: skip
    with pytest.raises(Refused, match="Choose on the change list"):
        actions.amend(organization=governed, actor=manager, act=rename("foundation", "Start"))
    with pytest.raises(Refused):
        actions.settle_conflicts(changes=changes, now=now, choices={}, actor=manager)
    actions.settle_conflicts(changes=changes, now=now, choices={clash.address: "ours"}, actor=manager)
    changes.refresh_from_db()
    assert [s.words for s in queries.steps_of(changes)] == ["Changed value: Level, Master"]


def test_a_policy_in_place_of_another_retires_what_is_used(college, manager, fields):
    from gradatim.program.achievements import actions as achievements  # noqa: PLC0415 - a room above

    achievements.draft(organization=college, actor=manager, **fields)
    text = """
format: gradatim-policy/1
dimensions:
- {key: type, name: Type, values: [{key: badge, name: Badge, color: '#112233', achievement_type: Badge}]}
- {key: level, name: Level, values: [{key: one, name: One, shape: circle}]}
rules: [{key: titled, asks: It has a title., then: [title present], message: Write one.}]
"""
    actions.put_in_force(organization=college, policy=pack.read(text), actor=manager)
    assert list(queries.levels(college).values_list("key", "retired")) == [
        ("one", False),
        ("intermediate", True),
    ]
    assert list(queries.types(college).values_list("key", "retired")) == [("badge", False), ("skill", True)]
    assert [v.key for v in queries.choices(college, "level")] == ["one"]
    assert [r.key for r in queries.rules(college)] == ["titled"]
    assert not queries.profiles(college)
    with pytest.raises(Refused, match="Missing: level, type"):
        actions.put_in_force(
            organization=college, policy=pack.read("format: gradatim-policy/1\nrules: []"), actor=manager
        )
