"""Writes of the taxonomy: set-up, values in use, rules, import of frameworks."""

import json

import pytest

from gradatim.program.achievements import actions as achievements
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import LogEntry
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.models import Association, Dimension, Framework, Item, Rule, Value
from gradatim.program.taxonomy.quality import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return queries.sample_package()


@pytest.fixture
def framework(college, manager, sample):
    return actions.import_framework(organization=college, content=sample, actor=manager)


@pytest.fixture
def used(college, manager, framework):
    """An item that a draft points to."""
    item = framework.items.get(code="D.2")
    version = achievements.draft(organization=college, title="Data", description="About data.", actor=manager)
    achievements.align(version=version, items=[item], actor=manager)
    return item


def without(sample, code):
    """The sample package without one item."""
    whole = json.loads(sample)
    gone = next(i["identifier"] for i in whole["CFItems"] if i["humanCodingScheme"] == code)
    whole["CFItems"] = [i for i in whole["CFItems"] if i["identifier"] != gone]
    ends = ("originNodeURI", "destinationNodeURI")
    whole["CFAssociations"] = [
        a for a in whole["CFAssociations"] if gone not in [a[e]["identifier"] for e in ends]
    ]
    return json.dumps(whole).encode()


def test_set_up_can_be_repeated(college, manager):
    before = (Dimension.objects.count(), Value.objects.count(), Rule.objects.count())
    actions.change_value(value=queries.types(college).first(), name="Thanks", actor=manager)
    actions.set_up(organization=college)
    assert (Dimension.objects.count(), Value.objects.count(), Rule.objects.count()) == before
    assert queries.types(college).first().name == "Thanks"


def test_the_rules_to_start_from_are_well_formed(college):
    known = queries.known_facts(college)
    for rule in queries.rules(college):
        assert problems(rule.condition, known) == []
        assert problems(rule.expression, known) == []
        assert rule.expression
        assert rule.reference
    assert {"block", "warn", "advise"} == set(queries.rules(college).values_list("severity", flat=True))


def test_findings(college):
    facts = dict.fromkeys(queries.known_facts(college))
    facts |= {
        "type": "skill",
        "title_words": ["national", "prize"],
        "outcomes": ["Reads"],
        "criteria": "A case.",
    }
    found = {f.key: f for f in queries.findings(college, facts)}
    assert found["title-honest"].blocks
    assert found["skill-outcomes"].severity == "warn"
    assert [s.held for s in found["skill-outcomes"].trace] == [True, False]
    assert found["criteria-present"].passed
    assert "advanced-validity" not in found
    assert "Annex I" in found["assessment-present"].reference


def test_a_rule_that_is_not_asked_finds_nothing(college):
    queries.rules(college).update(active=False)
    assert queries.findings(college, {}) == []


def test_values_come_and_go(college, manager):
    level = Dimension.objects.get(organization=college, key="level")
    value = actions.add_value(dimension=level, name="Expert", shape="octagon", actor=manager)
    actions.move_value(value=value, by=-1, actor=manager)
    assert [v.key for v in queries.levels(college)] == ["foundation", "intermediate", "expert", "advanced"]
    actions.move_value(value=queries.levels(college).first(), by=-1, actor=manager)
    assert queries.levels(college).first().key == "foundation"
    with pytest.raises(Refused, match="already"):
        actions.add_value(dimension=level, name="expert", actor=manager)
    actions.remove_value(value=value, actor=manager)
    assert queries.levels(college).count() == 3


def test_what_is_used_stays(college, manager):
    skill = queries.types(college).get(key="skill")
    achievements.draft(organization=college, title="Data", description="x", type=skill, actor=manager)
    with pytest.raises(Refused, match=r"Used by Data \(version 1\)") as refused:
        actions.remove_value(value=skill, actor=manager)
    assert refused.value.code == "in-use"
    with pytest.raises(Refused, match="always there"):
        actions.remove_dimension(dimension=skill.dimension, actor=manager)
    with pytest.raises(Refused, match="A rule names this value: An advanced skill"):
        actions.remove_value(value=queries.levels(college).get(key="advanced"), actor=manager)
    actions.remove_rule(rule=queries.rules(college).get(key="advanced-validity"), actor=manager)
    for value in queries.levels(college)[1:]:
        actions.remove_value(value=value, actor=manager)
    with pytest.raises(Refused, match="keep at least one"):
        actions.remove_value(value=queries.levels(college).get(), actor=manager)


def test_a_dimension_is_a_fact_that_rules_ask(college, manager):
    with pytest.raises(Refused):
        actions.add_dimension(organization=college, name="Tags", actor=manager)
    with pytest.raises(Refused, match="letter or digit"):
        actions.add_dimension(organization=college, name="!!!", actor=manager)
    audience = actions.add_dimension(organization=college, name="Audience", actor=manager)
    rule = actions.keep_rule(
        organization=college, name="It says for whom.", severity="advise", condition=[],
        expression=[{"fact": "audience", "is": "present"}], message="Choose an audience.", actor=manager,
    )  # fmt: skip
    assert "Audience: is filled in; found: nothing" in [
        str(s) for f in queries.findings(college, {"audience": None}) for s in f.trace
    ]
    with pytest.raises(Refused, match="It says for whom"):
        actions.remove_dimension(dimension=audience, actor=manager)
    actions.remove_rule(rule=rule, actor=manager)
    actions.remove_dimension(dimension=audience, actor=manager)


def test_a_bad_rule_is_not_kept(college, manager):
    before = Rule.objects.count()
    plain = {"organization": college, "name": "New", "severity": "warn", "message": "Mend.", "actor": manager}
    with pytest.raises(Refused, match="cannot be asked") as refused:
        actions.keep_rule(
            **plain,
            condition=[{"fact": "mood", "is": "present"}],
            expression=[{"fact": "title", "is": "present"}],
        )
    assert refused.value.field == "condition"
    with pytest.raises(Refused, match="at least one test"):
        actions.keep_rule(**plain, condition=[], expression=[])
    assert Rule.objects.count() == before


def test_the_sample_is_imported_once(college, manager, framework, sample):
    assert (framework.items.count(), framework.associations.count()) == (13, 16)
    assert framework.practice
    lines = LogEntry.objects.filter(verb="framework.imported")
    assert lines.get().detail == {"new": 13, "changed": 0, "retired": 0, "removed": 0}
    before = list(Item.objects.values()), list(Association.objects.values_list("identifier"))
    again = actions.import_framework(organization=college, content=sample, actor=manager)
    assert again == framework
    assert (list(Item.objects.values()), list(Association.objects.values_list("identifier"))) == before
    assert lines.last().detail == {"new": 0, "changed": 0, "retired": 0, "removed": 0}


def test_the_tree(framework):
    roots = queries.tree(framework)
    assert [r.item.code for r in roots] == ["D", "C", "T"]
    assert [c.item.code for c in roots[0].children] == ["D.1", "D.2", "D.3", "D.4"]
    assert len(queries.associations(framework)) == 3


@pytest.mark.usefixtures("framework")
def test_an_item_in_use_is_kept_and_retired(college, manager, used, sample):
    less = without(sample, "D.2")
    plan = queries.plan_import(college, actions.read(content=less))
    assert plan.code == "in-use"
    assert plan.retired == [(used, ["Data (version 1)"])]
    assert not plan.removed
    used.refresh_from_db()
    assert not used.retired
    actions.import_framework(organization=college, content=less, actor=manager)
    used.refresh_from_db()
    assert used.retired
    assert used not in queries.search_items(college, "where data comes from")
    actions.import_framework(organization=college, content=sample, actor=manager)
    used.refresh_from_db()
    assert not used.retired


def test_an_item_nobody_uses_is_deleted(college, manager, framework, sample):
    actions.import_framework(organization=college, content=without(sample, "T.2"), actor=manager)
    assert framework.items.count() == 12


@pytest.mark.shared
def test_the_attack_case_of_an_update_that_forgets(college, manager, shared):
    whole = json.loads((shared / "attacks/framework/frm-06.json").read_bytes())
    update = json.dumps(whole).encode()
    forgotten = {
        **whole["CFItems"][0],
        "identifier": whole["CFItems"][0]["identifier"][:-1] + "2",
        "uri": "https://x.example/2",
    }
    whole["CFItems"].append(forgotten)
    framework = actions.import_framework(
        organization=college, content=json.dumps(whole).encode(), actor=manager
    )
    version = achievements.draft(organization=college, title="Charts", description="x", actor=manager)
    achievements.align(
        version=version, items=[framework.items.get(identifier=forgotten["identifier"])], actor=manager
    )
    plan = queries.plan_import(college, actions.read(content=update))
    assert (plan.code, [users for _, users in plan.retired]) == ("in-use", [["Charts (version 1)"]])
    actions.import_framework(organization=college, content=update, actor=manager)
    assert framework.items.get(identifier=forgotten["identifier"]).retired


@pytest.mark.usefixtures("framework")
def test_an_older_file_is_refused(college, manager, sample):
    whole = json.loads(sample)
    whole["CFDocument"]["lastChangeDateTime"] = "2020-01-01T00:00:00Z"
    with pytest.raises(Refused, match="later than this file"):
        actions.import_framework(organization=college, content=json.dumps(whole).encode(), actor=manager)


def test_two_organizations_import_the_same(framework, outsider, sample):
    own = outsider.memberships.get().organization
    other = actions.import_framework(organization=own, content=sample, actor=outsider)
    assert other != framework
    assert queries.search_items(own, "spreadsheet")[0].framework == other


def test_practice_goes_unless_something_uses_it(college, framework, used):
    actions.remove_practice(organization=college)
    framework.refresh_from_db()
    assert not framework.practice
    used.alignments.all().delete()
    Framework.objects.update(practice=True)
    actions.remove_practice(organization=college)
    assert not Framework.objects.exists()
