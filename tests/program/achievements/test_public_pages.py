"""The public catalog and the page of a version: what everyone sees, in the form they ask for."""

import json

import pytest
from django.urls import reverse

from gradatim.engine.canonical.jcs import canonicalize
from gradatim.program.achievements import actions, document, queries

pytestmark = pytest.mark.django_db


def at(name, *rest):
    return reverse(f"achievements:{name}", args=["northfield", *rest])


SLUG = "data-literacy-for-the-workplace"


def test_the_permanent_address_is_the_one_that_answers(client, approved, settings):
    assert document.url(approved) == settings.SITE_URL + at("version", SLUG, 1)
    assert json.loads(approved.document)["id"] == document.url(approved)
    assert client.get(at("version", SLUG, 1)).status_code == 200


@pytest.mark.usefixtures("approved")
def test_the_page_says_what_was_decided(client):
    text = client.get(at("achievement", SLUG)).content.decode()
    for said in (
        "Practice: Data literacy",
        "Reads a chart",
        "A case with real data",
        "Case with rubric",
        "40 hours",
    ):
        assert said in text
    assert 'href="https://badges.example/o/northfield/decisions/2026-09/"' in text
    assert "Decision 2026-09" in text


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/ld+json, text/html;q=0.5", "application/ld+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("image/png", "text/html; charset=utf-8"),
    ],
)
@pytest.mark.usefixtures("approved")
def test_content_negotiation(client, accept, answered):
    answer = client.get(at("version", SLUG, 1), headers={"accept": accept})
    assert answer["Content-Type"] == answered
    assert "Accept" in answer["Vary"]


def test_json_ld_is_the_frozen_document_with_its_context(client, approved):
    answer = client.get(at("version", SLUG, 1), headers={"accept": "application/ld+json"})
    whole = answer.json()
    assert whole.pop("@context")[0] == "https://www.w3.org/ns/credentials/v2"
    assert canonicalize(whole).decode() == approved.document
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = client.get(
        at("version", SLUG, 1), headers={"accept": "application/ld+json", "if-none-match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_drafts_are_never_public(client, draft, approve):
    pages = [
        at("achievement", SLUG),
        at("version", SLUG, 1),
        at("badge_svg", SLUG, 1),
        at("badge_png", SLUG, 1),
    ]
    assert [client.get(p).status_code for p in pages] == [404] * 4
    assert "Data literacy" not in client.get(at("catalog")).content.decode()
    in_review = actions.send_to_review(version=draft, actor=None)
    assert [client.get(p).status_code for p in pages] == [404] * 4
    approved = approve(actions.back_to_draft(version=in_review, actor=None))
    actions.new_version(version=approved, actor=None)
    assert client.get(at("version", SLUG, 2)).status_code == 404
    assert client.get(at("achievement", SLUG)).status_code == 200


def test_a_retired_version_keeps_its_page_and_leaves_the_catalog(client, approved, manager):
    actions.retire(version=approved, actor=manager)
    assert "not issued any more" in client.get(at("version", SLUG, 1)).content.decode()
    assert not queries.catalog().exists()


def test_the_newest_version_stands_in_the_catalog(client, approved, approve, manager):
    second = actions.new_version(version=approved, actor=manager)
    actions.revise(version=second, actor=manager, title="Data literacy, renewed")
    approve(second, "2026-31")
    text = client.get(at("catalog")).content.decode()
    assert "Data literacy, renewed" in text
    assert "for the workplace" not in text.replace(SLUG, "")
    assert "There is a newer version" in client.get(at("version", SLUG, 1)).content.decode()


@pytest.mark.usefixtures("approved")
def test_search_and_filters(client):
    def found(**asked):
        return "Data literacy" in client.get(at("catalog"), asked).content.decode()

    assert found(q="WORKPLACE data")
    assert found(type="skill", level="intermediate")
    assert not found(q="welding")
    assert not found(type="knowledge")
    assert "Show everything" in client.get(at("catalog"), {"q": "welding"}).content.decode()
    assert client.get(at("catalog"), {"q": "%'\"<x>" * 40, "page": "zzz"}).status_code == 200
    assert "Northfield College" in client.get(reverse("achievements:catalogs")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_catalog_asks_as_often_for_three_as_for_one(
    client, college, manager, fields, approve, rows, django_assert_num_queries
):
    for number in range(rows):
        approve(actions.draft(organization=college, actor=manager, **fields), f"2026-{number}")
    with django_assert_num_queries(5):  # organization, count, versions, types, levels
        page = client.get(at("catalog"))
    assert page.content.decode().count('<li class="sheet">') == rows
    with django_assert_num_queries(8):  # organization, version, its five parts, versions
        client.get(at("achievement", SLUG))


@pytest.mark.usefixtures("approved")
def test_badges_are_served_with_a_validator(client):
    picture = client.get(at("badge_svg", SLUG, 1))
    assert picture["Content-Type"] == "image/svg+xml"
    assert client.get(at("badge_svg", SLUG, 1), headers={"if-none-match": picture["ETag"]}).status_code == 304
    png = client.get(at("badge_png", SLUG, 1), {"size": "64"})
    assert png.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png.content[16:20], "big") == 64
    assert client.get(at("badge_png", SLUG, 1), {"size": "1e99"}).status_code == 200


@pytest.mark.usefixtures("approved")
def test_only_reading(client):
    assert client.post(at("version", SLUG, 1)).status_code == 405


def test_an_address_that_no_browser_may_follow_is_no_link(client, draft, approve):
    from gradatim.program.achievements.models import Alignment  # noqa: PLC0415 - past the form on purpose

    Alignment.objects.create(version=draft, target_name="<b>Trap</b>", target_url="javascript:alert(1)")
    approve(draft)
    text = client.get(at("version", SLUG, 1)).content.decode()
    assert "javascript:" not in text
    assert "&lt;b&gt;Trap&lt;/b&gt;" in text
