"""Pages of profiles, exceptions and editions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.models import Dimension, Edition, Profile, Rule, Value, Waiver

pytestmark = pytest.mark.django_db


def at(name, college, *rest):
    return reverse(f"taxonomy:{name}", args=[college.slug, *rest])


@pytest.fixture
def inside(signed_in, college, manager):
    assert college.pk
    return signed_in(manager)


def test_a_new_level_is_added_in_the_page_with_rule_style_and_shape(inside, college, manager):
    level = Dimension.objects.get(key="level")
    inside.post(
        at("new_value", college, level.pk),
        {"name": "Expert", "shape": "octagon", "texts": "de: Meister | Führt andere"},
    )
    expert = Value.objects.get(key="expert")
    assert (expert.shape, expert.texts) == (
        "octagon",
        {"de": {"name": "Meister", "description": "Führt andere"}},
    )
    page = inside.get(at("new_rule", college)).content.decode()
    assert 'name="scope_level" value="expert"' in page
    typed = {
        "name": "An expert shows a portfolio.", "severity": "block", "scope_level": ["expert"],
        "expression-0-fact": "evidence", "expression-0-is": "one-of", "expression-0-value": "artifact, recording",
        "message": "Ask for something made.", "moments": ["edit", "submit", "approval", "issue"], "active": "on",
    }  # fmt: skip
    seen = inside.post(at("new_rule", college), typed)
    inside.post(at("new_rule", college), {**typed, "seen": seen.context["seal"]})
    version = achievements.draft(
        organization=college, actor=manager, title="Chart making", description="x", level=expert,
        type=queries.types(college).first(), outcomes=["Draws"], criteria="y", assessment="z",
    )  # fmt: skip
    answer = inside.get(reverse("achievements:own_version", args=[college.slug, version.pk])).content.decode()
    assert "Ask for something made." in answer
    assert expert.outline in answer
    refused = inside.post(at("remove_value", college, expert.pk))
    assert "Chart making" in refused.content.decode()


def test_texts_are_read_or_explained(inside, college):
    level = Dimension.objects.get(key="level")
    for bad in ("Stufe", "de Stufe", "de:", "d: Stufe"):
        answer = inside.post(at("dimension", college, level.pk), {"name": "Level", "texts": bad})
        assert answer.status_code == 422, bad
        assert "Line 1: write a language code" in answer.content.decode()
    inside.post(
        at("dimension", college, level.pk),
        {"name": "Level", "texts": "de: Stufe\n\nes: Nivel | Qué se espera"},
    )
    level.refresh_from_db()
    assert level.texts == {"de": {"name": "Stufe"}, "es": {"name": "Nivel", "description": "Qué se espera"}}
    assert "es: Nivel | Qué se espera" in inside.get(at("dimension", college, level.pk)).content.decode()


def test_every_change_leaves_an_edition(inside, college, manager):
    first = Edition.objects.get(organization=college)
    assert (first.number, first.change, first.made_by) == (1, "taxonomy.set-up", None)
    inside.post(at("new_dimension", college), {"name": "Domain"})
    level = queries.levels(college).first()
    actions.change_value(value=level, name=level.name, actor=manager)  # nothing new to read
    assert list(queries.editions(college).values_list("number", "change")) == [
        (2, "dimension.added"),
        (1, "taxonomy.set-up"),
    ]
    text = inside.get(at("edition", college, 2)).content.decode()
    assert "<ins>+ - key: domain</ins>" in text
    assert inside.get(at("edition", college, 2), {"file": ""})["Content-Type"].startswith("application/yaml")
    assert inside.get(at("edition", college, 9)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(inside, college, manager, rows, django_assert_num_queries):
    for number in range(rows - 1):
        actions.add_dimension(organization=college, name=f"Axis {number}", actor=manager)
        actions.keep_profile(organization=college, name=f"Profile {number}", actor=manager)
    Profile.objects.exclude(pk__in=Profile.objects.all()[:rows].values("pk")).delete()
    rule, today = queries.rules(college).first(), timezone.localdate()
    for number in range(rows):
        actions.waive(
            rule=rule, subject=f"a/{number}", decision_number="1", decision_url="https://x.example/",
            decided_on=today, expires_on=today + timedelta(days=number), actor=manager,
        )  # fmt: skip
    frame = 3  # session, person, organization with roles
    with django_assert_num_queries(frame + 4):  # own change list, who decides, profiles, their rules
        inside.get(at("profiles", college))
    with django_assert_num_queries(frame + 2):  # exceptions, what they are for
        assert inside.get(at("exceptions", college)).content.decode().count("Decision 1") == rows
    with django_assert_num_queries(frame + 2):  # how many, editions
        inside.get(at("editions", college))


def test_a_profile_is_written_in_the_page(inside, college):
    typed = {
        "name": "State list",
        "gaps": "Only one field yet.",
        "active": "on",
        "passed_words": "All fields there, self-checked",
    }
    page = inside.post(at("new_profile", college), {**typed, "passed_words": "Certified by us"})
    assert page.status_code == 422
    assert "Nobody certified anything" in page.content.decode()
    inside.post(at("new_profile", college), typed)
    made = Profile.objects.get(key="state-list")
    asked = {
        "name": "It has a code.", "severity": "block", "expression-0-fact": "tags", "expression-0-is": "present",
        "message": "Write the code.", "active": "on",
    }  # fmt: skip
    bare = inside.post(at("new_profile_rule", college, made.pk), asked)
    assert bare.status_code == 422  # no source
    sourced = {**asked, "reference": "State guide, page 4"}
    seen = inside.post(at("new_profile_rule", college, made.pk), sourced)
    inside.post(at("new_profile_rule", college, made.pk), {**sourced, "seen": seen.context["seal"]})
    text = inside.get(at("profile", college, made.pk)).content.decode()
    assert "This profile is incomplete." in text
    assert "State guide, page 4" in text
    assert not queries.rules(college).filter(key="it-has-a-code").exists()
    inside.post(at("edit_profile", college, made.pk), {**typed, "gaps": "", "active": ""})
    assert "not in use" in inside.get(at("profiles", college)).content.decode()
    inside.post(at("remove_profile", college, made.pk))
    assert not Rule.objects.filter(key="it-has-a-code").exists()


def test_an_exception_is_shown_and_taken_back(inside, college, manager):
    today = timezone.localdate()
    waiver = actions.waive(
        rule=queries.rules(college).first(), subject="chart-making/1", decision_number="2026-11",
        decision_url="https://x.example/", decided_on=today, expires_on=today, actor=manager,
    )  # fmt: skip
    assert queries.rules(college).first().name in inside.get(at("exceptions", college)).content.decode()
    inside.post(at("end_exception", college, waiver.pk))
    text = inside.get(at("exceptions", college)).content.decode()
    assert "No exception is in force" in text
    assert "taken back on" in text
    assert Waiver.objects.get().ended_at


def test_nobody_else_sees_or_changes(signed_in, outsider, college, manager):
    strange = signed_in(outsider)
    own = outsider.memberships.get().organization
    profile = Profile.objects.filter(organization=college).first()
    assert strange.get(at("profile", own, profile.pk)).status_code == 404
    assert strange.post(at("remove_profile", own, profile.pk)).status_code == 404
    assert strange.get(at("new_profile_rule", own, profile.pk)).status_code == 404
    assert strange.get(at("edition", own, 99)).status_code == 404


def test_an_exception_says_the_rule_its_message_and_what_it_is_for(inside, college, manager):
    version = achievements.draft(organization=college, actor=manager, title="Chart making", description="x")
    rule, today = queries.rules(college).first(), timezone.localdate()
    for subject in (f"{version.achievement.slug}/1", "long-gone/3"):
        actions.waive(
            rule=rule, subject=subject, decision_number="2026-09", decision_url="https://x.example/",
            decided_on=today, expires_on=today, actor=manager,
        )  # fmt: skip
    page = inside.get(at("exceptions", college)).content.decode()
    assert f'<a href="{at("rule", college, rule.pk)}">{rule.name}</a>' in page
    assert rule.message.partition(" such")[0] in page
    own = reverse("achievements:own_version", args=[college.slug, version.pk])
    assert f'<a href="{own}">Chart making (version 1)</a>' in page
    assert "something that is not there any more" in page
    assert "chart-making/1" not in page
    assert "long-gone" not in page
    actions.end_waiver(waiver=Waiver.objects.first(), actor=manager)
    assert "taken back on" in inside.get(at("exceptions", college)).content.decode()
