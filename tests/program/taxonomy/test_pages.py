"""Pages of the taxonomy: overview, values, rules, the import with its preview."""

import itertools
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.people.models import Membership, Person
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.models import Dimension, Framework, Import, Item, Rule

pytestmark = pytest.mark.django_db


def at(name, college, *rest):
    return reverse(f"taxonomy:{name}", args=[college.slug, *rest])


@pytest.fixture
def inside(signed_in, college, manager):
    assert college.pk
    return signed_in(manager)


@pytest.fixture
def framework(college, manager):
    return actions.import_framework(organization=college, content=queries.sample_package(), actor=manager)


def upload(client, college, content, name="package.json", **said):
    return client.post(
        at("import", college), {"file": SimpleUploadedFile(name, content), **said}, follow=True
    )


def confirm(client, college, preview, **how):
    return client.post(at("confirm_import", college, preview.context["run"].pk), **how)


def test_overview(inside, college):
    text = inside.get(at("overview", college)).content.decode()
    for said in (
        "Recognition",
        "Shield",
        "Import a framework",
        "7 rules",
    ):
        assert said in text


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(inside, college, manager, rows, django_assert_num_queries):
    sample = json.loads(queries.sample_package())
    for number in range(rows):
        sample["CFDocument"]["identifier"] = f"6f7c0e2a-0000-4000-8000-{number:012x}"
        sample["CFAssociations"] = []
        actions.import_framework(organization=college, content=json.dumps(sample).encode(), actor=manager)
    frame = 3  # session, person, organization with roles
    with django_assert_num_queries(
        frame + 6
    ):  # own change list, who decides, dimensions, values, rules, frameworks
        inside.get(at("overview", college))
    with django_assert_num_queries(frame + 2):  # frameworks, unfinished imports
        assert inside.get(at("frameworks", college)).content.decode().count("13 statements") == rows
    Rule.objects.exclude(pk__in=Rule.objects.all()[:rows].values("pk")).delete()
    with django_assert_num_queries(frame + 3):  # own change list, who decides, rules
        inside.get(at("rules", college))


def test_dimensions_and_values(inside, college):
    inside.post(at("new_dimension", college), {"name": "Audience", "description": "For whom."})
    audience = Dimension.objects.get(key="audience")
    assert inside.post(at("new_dimension", college), {"name": "Audience"}).status_code == 422
    assert "No values yet" in inside.get(at("overview", college)).content.decode()
    inside.post(at("new_value", college, audience.pk), {"name": "Adults"})
    inside.post(at("new_value", college, audience.pk), {"name": "Pupils"})
    adults, pupils = audience.values.all()
    inside.post(at("move_value", college, pupils.pk), {"to": "up"})
    assert list(audience.values.values_list("key", flat=True)) == ["pupils", "adults"]
    inside.post(at("value", college, adults.pk), {"name": "Grown-ups", "description": "18 and over"})
    adults.refresh_from_db()
    assert (adults.key, adults.name) == ("adults", "Grown-ups")
    inside.post(at("remove_value", college, pupils.pk))
    inside.post(at("dimension", college, audience.pk), {"name": "For whom", "description": ""})
    assert "For whom" in inside.get(at("dimension", college, audience.pk)).content.decode()
    inside.post(at("remove_dimension", college, audience.pk))
    assert not Dimension.objects.filter(key="audience").exists()


def test_a_color_must_be_a_color(inside, college):
    skill = queries.types(college).get(key="skill")
    typed = {"name": "Skill", "color": "red;}", "achievement_type": "MicroCredential"}
    answer = inside.post(at("value", college, skill.pk), typed)
    assert answer.status_code == 422
    seen = inside.post(at("value", college, skill.pk), {**typed, "color": "#102030"})
    assert "These rules go on naming it" in seen.content.decode()
    inside.post(at("value", college, skill.pk), {**typed, "color": "#102030", "seen": "1"})
    skill.refresh_from_db()
    assert skill.color == "#102030"


def test_a_value_in_use_is_not_taken_out(inside, college, manager):
    skill = queries.types(college).get(key="skill")
    achievements.draft(organization=college, title="Data", description="x", type=skill, actor=manager)
    answer = inside.post(at("remove_value", college, skill.pk))
    assert answer.status_code == 409
    assert "Used by Data (version 1)" in answer.content.decode()


RULE = {
    "name": "It has tags.", "severity": "advise", "expression-0-fact": "tags", "expression-0-is": "at-least",
    "expression-0-value": "2", "message": "Give it two tags.", "reference": "Own policy", "active": "on",
    "moments": ["edit", "submit"],
}  # fmt: skip


def save(client, address, typed):
    """Look at what a rule does, then save what was looked at."""
    seen = client.post(address, typed)
    assert seen.status_code == 200, seen.content.decode()
    return client.post(address, {**typed, "seen": seen.context["seal"]})


def test_rules_are_written_in_rows(inside, college):
    save(inside, at("new_rule", college), RULE)
    rule = Rule.objects.get(key="it-has-tags")
    assert rule.expression == [{"fact": "tags", "is": "at-least", "value": 2}]
    assert rule.moments == ["edit", "submit"]
    page = inside.get(at("rule", college, rule.pk)).content.decode()
    assert 'aria-label="Row 1: value">2</textarea>' in page
    assert "tags at-least 2" in page
    changed = {
        **RULE, "condition-0-fact": "outcomes", "condition-0-is": "present", "scope_type": ["skill", "knowledge"],
        "since": "2027-01-01", "active": "",
    }  # fmt: skip
    save(inside, at("rule", college, rule.pk), changed)
    rule.refresh_from_db()
    assert rule.scope == {"type": ["skill", "knowledge"]}
    assert rule.condition == [{"fact": "outcomes", "is": "present"}]
    assert not rule.active
    assert "is not asked" in inside.get(at("rules", college)).content.decode()
    assert "Nothing changes" in inside.post(at("remove_rule", college, rule.pk)).content.decode()
    assert Rule.objects.filter(key="it-has-tags").exists()
    inside.post(at("remove_rule", college, rule.pk), {"seen": "1"})
    assert not Rule.objects.filter(key="it-has-tags").exists()


def test_what_a_rule_does_is_listed_before_it_is_saved(inside, college, manager, fields):
    made = achievements.draft(organization=college, actor=manager, **fields)
    page = inside.post(at("new_rule", college), {**RULE, "severity": "block"})
    text = page.content.decode()
    assert "One definition is concerned." in text
    assert "would be blocked: Give it two tags." in " ".join(text.split())
    assert str(made) in text
    assert not Rule.objects.filter(key="it-has-tags").exists()
    other = {**RULE, "severity": "block", "expression-0-value": "3", "seen": page.context["seal"]}
    again = inside.post(at("new_rule", college), other)
    assert again.context["seal"] != page.context["seal"]
    assert not Rule.objects.filter(key="it-has-tags").exists()


def test_one_more_row_without_a_script(inside, college):
    page = inside.post(at("new_rule", college), {**RULE, "message": "", "more": "expression"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="expression-1-fact"' in text
    assert 'value="It has tags."' in text
    assert 'class="error"' not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"expression-0-fact": "", "expression-0-is": "", "expression-0-value": ""}, "at least one row"),
        ({"expression-0-is": ""}, "Row 1: choose what is asked"),
        ({"expression-0-value": ""}, "needs a value"),
        ({"condition-0-fact": "mood", "condition-0-is": "present"}, "“mood” cannot be asked. Known:"),
        ({"severity": "loud"}, "severity"),
        ({"moments": []}, "moments"),
        ({"scope_type": "weather"}, "weather"),
    ],
)
def test_a_bad_rule_is_explained_and_kept_for_mending(inside, college, typed, said):
    answer = inside.post(at("new_rule", college), {**RULE, **typed})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "Give it two tags." in text
    assert not Rule.objects.filter(key="it-has-tags").exists()


def test_import_stores_nothing_before_it_is_confirmed(inside, college):
    preview = upload(inside, college, queries.sample_package())
    text = preview.content.decode()
    assert "This framework is new here." in text
    assert "<dt>New</dt><dd>13</dd>" in text
    assert not Framework.objects.exists()
    page = confirm(inside, college, preview, follow=True)
    assert "Northfield outcomes for work and data" in page.content.decode()
    assert Item.objects.count() == 13
    again = upload(inside, college, queries.sample_package())
    assert "importing it changes no statement" in again.content.decode()


def test_a_preview_is_answered_once_and_in_time(inside, college):
    preview = upload(inside, college, queries.sample_package())
    Import.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert confirm(inside, college, preview).status_code == 409
    assert not Framework.objects.exists()
    preview = upload(inside, college, queries.sample_package())
    assert Import.objects.count() == 1  # the stale one is gone
    confirm(inside, college, preview)
    assert confirm(inside, college, preview).status_code == 409
    assert inside.post(at("discard_import", college, preview.context["run"].pk)).status_code == 409
    other = upload(inside, college, queries.sample_package())
    inside.post(at("discard_import", college, other.context["run"].pk))
    assert Import.objects.count() == 1


@pytest.mark.shared
@pytest.mark.parametrize("name", ["frm-01", "frm-02", "frm-03", "frm-05", "frm-10"])
def test_attack_cases_are_refused_with_their_cause(inside, college, shared, name):
    cases = {c["id"]: c for c in json.loads((shared / "attacks/cases.json").read_bytes())["cases"]}
    answer = upload(inside, college, (shared / "attacks" / cases[name]["file"]).read_bytes())
    assert answer.status_code == 422
    assert f'data-cause="{cases[name]["expect"]["cause"]}"' in answer.content.decode()
    assert not Framework.objects.exists()


@pytest.mark.shared
def test_markup_is_shown_as_text(inside, college, shared):
    preview = upload(inside, college, (shared / "attacks/framework/frm-04.json").read_bytes())
    assert "&lt;img src=x onerror=alert(1)&gt; Reads" in preview.content.decode()
    page = confirm(inside, college, preview, follow=True).content.decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_what_is_too_large_is_not_read(inside, college):
    answer = upload(inside, college, b" " * (24 * 1024 * 1024 + 1))
    assert answer.status_code == 422
    assert 'data-cause="too-large"' in answer.content.decode()
    many = b'{"CFDocument":{},"CFItems":[' + b",".join([b"{}"] * 300_000) + b"]}"
    assert 'data-cause="too-large"' in upload(inside, college, many).content.decode()


def test_an_update_that_forgets_what_is_used(inside, college, manager, framework):
    version = achievements.draft(organization=college, title="Data", description="x", actor=manager)
    achievements.align(version=version, items=[framework.items.get(code="T.2")], actor=manager)
    whole = json.loads(queries.sample_package())
    whole["CFItems"] = [i for i in whole["CFItems"] if i["humanCodingScheme"] not in {"T.2", "T.3"}]
    whole["CFAssociations"] = []
    preview = upload(inside, college, json.dumps(whole).encode())
    text = preview.content.decode()
    assert 'data-cause="in-use"' in text
    assert "used by Data (version 1)" in text
    confirm(inside, college, preview)
    assert list(framework.items.filter(retired=True).values_list("code", flat=True)) == ["T.2"]
    assert not framework.items.filter(code="T.3").exists()
    assert "retired" in inside.get(at("framework", college, framework.pk)).content.decode()


def test_the_framework_as_a_nested_list(inside, college, framework):
    text = inside.get(at("framework", college, framework.pk)).content.decode()
    assert text.index("<b>D</b>") < text.index("<b>D.1</b>") < text.index("<b>C</b>")
    assert "is related to" in text


def test_a_deep_framework_is_shown(inside, college, manager):
    whole = json.loads(queries.sample_package())
    item, link = whole["CFItems"][0], whole["CFAssociations"][0]
    keys = [f"6f7c0e2a-0000-4000-8000-{n:012x}" for n in range(60)]
    whole["CFItems"] = [{**item, "identifier": k} for k in keys]
    whole["CFAssociations"] = [
        {
            **link,
            "identifier": above,
            "originNodeURI": {"identifier": below},
            "destinationNodeURI": {"identifier": above},
        }
        for above, below in itertools.pairwise(keys)
    ]
    made = actions.import_framework(organization=college, content=json.dumps(whole).encode(), actor=manager)
    text = inside.get(at("framework", college, made.pk)).content.decode()
    assert text.count('class="branches"') == 60


def test_who_sees_and_who_changes(client, signed_in, outsider, college, framework):
    pages = [at(n, college) for n in ("overview", "rules", "frameworks")] + [
        at("framework", college, framework.pk)
    ]
    forms = [at(n, college) for n in ("new_dimension", "new_rule", "import")]
    assert {client.get(p).status_code for p in pages + forms} == {302}
    member = Person.objects.create_user("ben.okafor@northfield.example", name="Ben Okafor")
    Membership.objects.create(organization=college, person=member, role=Membership.Role.COUNCIL)
    signed_in(member)
    assert {client.get(p).status_code for p in pages} == {200}
    assert {client.get(p).status_code for p in forms} == {403}
    assert "Write a rule" not in client.get(pages[1]).content.decode()
    signed_in(outsider)
    assert {client.get(p).status_code for p in pages + forms} == {404}
    own = outsider.memberships.get().organization
    rule, value = Rule.objects.filter(organization=college).first(), queries.types(college).first()
    strange = [
        at("rule", own, rule.pk), at("value", own, value.pk), at("dimension", own, value.dimension_id),
        at("framework", own, framework.pk),
    ]  # fmt: skip
    assert {client.get(p).status_code for p in strange} == {404}
    posts = [
        at("remove_rule", own, rule.pk),
        at("remove_value", own, value.pk),
        at("remove_dimension", own, value.dimension_id),
    ]
    assert {client.post(p).status_code for p in posts} == {404}
