"""Pages of the staff: drafting, checking, aligning, the next version; nobody else sees them."""

import pytest
from django.urls import reverse

from gradatim.program.achievements import actions
from gradatim.program.achievements.models import Version
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries as taxonomy_queries

pytestmark = pytest.mark.django_db


def at(name, college, *rest):
    return reverse(f"achievements:{name}", args=[college.slug, *rest])


@pytest.fixture
def typed(fields):
    """The fields as a browser posts them."""
    return {
        **fields,
        "type": fields["type"].pk,
        "level": fields["level"].pk,
        "outcomes": "\n".join(f"- {o}" for o in fields["outcomes"]),
        "taking": "revocation",
        "language": "en",
        "tags": "data, work, data",
    }


@pytest.fixture
def inside(signed_in, manager):
    return signed_in(manager)


def test_drafting(inside, college, typed):
    page = inside.get(at("new", college))
    assert page.status_code == 200
    answer = inside.post(at("new", college), typed, follow=True)
    version = Version.objects.get()
    assert answer.redirect_chain == [(at("own_version", college, version.pk), 302)]
    assert [o.text for o in version.outcomes.all()] == [
        "Reads a chart",
        "Questions a source",
        "Explains a finding",
    ]
    assert (version.tags, version.number, version.state) == (["data", "work"], 1, Version.State.DRAFT)
    assert version.achievement.practice
    assert "Practice: Data literacy for the workplace" in answer.content.decode()


def test_ten_fields_are_in_sight(college):
    from gradatim.program.achievements.forms import VersionForm  # noqa: PLC0415 - only here

    form = VersionForm(college)
    assert len(form.main) == 10
    folded = [f for _heading, fields, _wrong in form.groups for f in fields]
    assert {f.name for f in form.main + folded} == set(form.fields)


def test_what_is_wrong_is_said_and_nothing_is_stored(inside, college, typed):
    answer = inside.post(at("new", college), {**typed, "title": "", "outcomes": "x" * 301})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Outcome 1 has 301 letters; at most 300 fit." in text
    assert 'aria-invalid="true"' in text
    assert not Version.objects.exists()


def test_checking_stores_nothing(inside, college, typed):
    typed["outcomes"] = "Understands charts"
    answer = inside.post(at("check", college), typed)
    text = answer.content.decode()
    assert "Split the outcomes until there are three" in text
    assert "first words of the outcomes: has none of" in text
    assert "found: understands" in text
    assert "<svg" in text
    assert not Version.objects.exists()
    whole = inside.post(at("new", college), {**typed, "check": "1"})
    assert whole.status_code == 200
    assert "Split the outcomes until there are three" in whole.content.decode()
    assert not Version.objects.exists()


def test_checking_half_a_form(inside, college):
    assert (
        inside.post(at("check", college), {"title": "National <diploma>", "version": "9" * 30}).status_code
        == 200
    )


def test_editing_and_aligning(inside, college, manager, fields, typed):
    framework = taxonomy.import_framework(
        organization=college, content=taxonomy_queries.sample_package(), actor=manager
    )
    version = actions.draft(organization=college, actor=manager, **fields)
    assert "Reads a chart" in inside.get(at("edit", college, version.pk)).content.decode()
    inside.post(at("edit", college, version.pk), {**typed, "title": "Data for all"})
    version.refresh_from_db()
    assert version.title == "Data for all"

    page = inside.get(at("alignments", college, version.pk), {"q": "spreadsheet"})
    assert "in a spreadsheet" in page.content.decode()
    item = framework.items.get(code="D.3")
    inside.post(at("alignments", college, version.pk), {"item": [item.pk, "x", "999999"]})
    answer = inside.post(
        at("alignments", college, version.pk), {"name": "Analyse data", "url": "javascript:alert(1)"}
    )
    assert answer.status_code == 422
    inside.post(
        at("alignments", college, version.pk), {"name": "Analyse data", "url": "https://skills.example/1"}
    )
    assert [a.target_type for a in version.alignments.all()] == ["CFItem", ""]
    row = version.alignments.last()
    inside.post(at("alignments", college, version.pk), {"out": row.pk})
    assert version.alignments.count() == 1


def test_an_approved_version_is_not_edited(inside, college, approved, typed):
    assert inside.get(at("edit", college, approved.pk)).status_code == 409
    assert inside.post(at("edit", college, approved.pk), typed).status_code == 409
    assert inside.get(at("alignments", college, approved.pk)).status_code == 409
    answer = inside.post(at("next_version", college, approved.pk), follow=True)
    assert "version 2" in answer.content.decode()
    assert inside.post(at("next_version", college, approved.pk)).status_code == 409
    inside.post(at("close", college, approved.pk), {"how": "retire"})
    approved.refresh_from_db()
    assert approved.state == Version.State.RETIRED


def test_throwing_a_draft_away(inside, college, manager, fields):
    version = actions.draft(organization=college, actor=manager, **fields)
    inside.post(at("remove", college, version.pk))
    assert not Version.objects.exists()
    assert not college.achievements.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    inside, college, manager, fields, rows, django_assert_num_queries
):
    for _ in range(rows):
        actions.draft(organization=college, actor=manager, **fields)
    with django_assert_num_queries(5):  # session, person, organization with roles, count, versions
        page = inside.get(at("list", college))
    assert page.content.decode().count('class="state') == rows


def test_outsiders_see_nothing(signed_in, outsider, college, manager, fields):
    version = actions.draft(organization=college, actor=manager, **fields)
    client = signed_in(outsider)
    names = ("own_version", "edit", "alignments", "own_badge_svg")
    for address in (at("list", college), at("new", college), *(at(n, college, version.pk) for n in names)):
        assert client.get(address).status_code == 404
    for name in ("next_version", "remove", "close"):
        assert client.post(at(name, college, version.pk)).status_code == 404
    own = outsider.memberships.get().organization
    assert client.get(at("own_version", own, version.pk)).status_code == 404
    assert client.post(at("check", own), {"version": version.pk}).status_code == 200


def test_without_signing_in(client, college, manager, fields):
    version = actions.draft(organization=college, actor=manager, **fields)
    assert client.get(at("own_version", college, version.pk)).status_code == 302
