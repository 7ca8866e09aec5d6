"""The CASE service: every path against the published description, paging, filters, errors, and only what is published."""

import json
import re
import sqlite3
from contextlib import closing
from urllib.parse import quote
from uuid import uuid4

import pytest

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.framework import case, remote
from gradatim.engine.framework.library import shipped
from gradatim.program.taxonomy import actions, queries, throttle
from gradatim.program.taxonomy.models import Framework, Match
from tests.program.taxonomy.schemas import faults

pytestmark = pytest.mark.django_db

BASE = "/ims/case/v1p1"
TYPE, LICENSE, CHILD, RUBRIC = (f"6f7c0e2a-0000-4000-8000-0000000000{n}" for n in (90, 91, 92, 93))
AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def own(college, manager):
    college.real_since = AT
    college.save()
    whole = json.loads(queries.sample_package())
    whole["CFDefinitions"] = {
        "CFItemTypes": [
            {"identifier": TYPE, "uri": f"urn:uuid:{TYPE}", "title": "Outcome", "description": "One", "hierarchyCode": "1", "lastChangeDateTime": AT},
            {"identifier": CHILD, "uri": f"urn:uuid:{CHILD}", "title": "Part", "description": "Two", "hierarchyCode": "1.1", "lastChangeDateTime": AT},
        ],
        "CFLicenses": [{"identifier": LICENSE, "uri": f"urn:uuid:{LICENSE}", "title": "CC BY 4.0", "licenseText": "…", "lastChangeDateTime": AT}],
    }  # fmt: skip
    whole["CFRubrics"] = [
        {"identifier": RUBRIC, "uri": f"urn:uuid:{RUBRIC}", "title": "Rubric", "lastChangeDateTime": AT}
    ]
    made = actions.import_framework(organization=college, content=json.dumps(whole).encode(), actor=manager)
    actions.publish_framework(framework=made, actor=manager)
    return made


@pytest.fixture
def bloom(own, college, manager):
    content, about = shipped("bloom")
    made = actions.import_framework(organization=college, content=content, about=about, actor=manager)
    assert own.pk != made.pk
    return made


def asked(client, path, status=200, base=BASE):
    answer = client.get(base + path)
    assert answer.status_code == status, answer.content
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


@pytest.mark.shared
def test_every_path_is_as_the_standard_says(client, own, bloom, manager, shared):
    match = actions.match_items(
        origin=own.items.get(code="C.1"),
        destination=bloom.items.get(code="2.7"),
        relation=Match.Relation.CLOSE,
        actor=manager,
    )
    whole = json.loads((shared / "standards/openapi/imscasev1p1_openapi3p1_v1p0.json").read_bytes())
    item = own.items.get(code="C.1")
    paths = {
        "/CFDocuments": "CFDocumentSetDType",
        f"/CFDocuments/{own.identifier}": "CFDocumentDType",
        f"/CFPackages/{own.identifier}": "CFPackageDType",
        f"/CFItems/{item.identifier}": "CFItemDType",
        f"/CFItemAssociations/{item.identifier}": "CFAssociationSetDType",
        f"/CFAssociations/{own.associations.first().identifier}": "CFAssociationDType",
        f"/CFAssociations/{match.identifier}": "CFAssociationDType",
        f"/CFItemTypes/{TYPE}": "CFItemTypeSetDType",
        f"/CFLicenses/{LICENSE}": "CFLicenseDType",
        f"/CFRubrics/{RUBRIC}": "CFRubricDType",
    }
    for path, name in paths.items():
        assert faults(asked(client, path), whole["components"]["schemas"][name], whole) == [], path
    for path, status in (
        (f"/CFItems/{uuid4()}", 404),
        ("/CFItems/x", 404),
        ("/CFDocuments?filter=x", 400),
        ("/elsewhere", 404),
    ):
        schema = whole["components"]["schemas"]["imsx_StatusInfoDType"]
        assert faults(asked(client, path, status), schema, whole) == [], path
    package = asked(client, f"/CFPackages/{own.identifier}")
    official = json.loads((shared / "standards/case/v1.1/case_v1p1_cfpackage-jsonschema1.json").read_bytes())
    assert faults(package, official, official) == []
    served = {p.replace("{sourcedId}", "") for p in whole["paths"]}
    described = asked(client, "/discovery/imscasev1p1_openapi3_v1p0.json")
    assert {p.replace("{sourcedId}", "") for p in described["paths"]} == served


def test_what_is_handed_out_can_be_imported(client, own, settings):
    base = f"{settings.SITE_URL}{BASE}".replace("http://localhost:8000", "https://case.example")
    settings.SITE_URL = "https://case.example"
    body = client.get(f"{BASE}/CFDocuments").content
    network = MemoryFetcher({f"{base}/CFDocuments": {"body": body}})
    listed = remote.get(base, network)
    assert [(f.title, f.address) for f in listed] == [(own.title, f"{base}/CFPackages/{own.identifier}")]
    made = case.read_package(client.get(f"{BASE}/CFPackages/{own.identifier}").content)
    assert len(made.items) == 13
    assert asked(client, f"/CFDocuments/{own.identifier}")["CFPackageURI"]["uri"] == listed[0].address


def test_only_what_is_published(client, own, bloom, manager):
    item, hidden = own.items.get(code="C.1"), bloom.items.get(code="2.7")
    assert asked(client, f"/CFItems/{item.identifier}")["humanCodingScheme"] == "C.1"
    for path in (f"/CFDocuments/{bloom.identifier}", f"/CFPackages/{bloom.identifier}", f"/CFItems/{hidden.identifier}",
                 f"/CFItemAssociations/{hidden.identifier}", f"/CFAssociations/{bloom.associations.first().identifier}"):  # fmt: skip
        said = asked(client, path, 404)
        assert said["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == "unknownobject"
    actions.withdraw_framework(framework=own, actor=manager)
    assert asked(client, "/CFDocuments") == {"CFDocuments": []}
    assert asked(client, f"/CFItems/{item.identifier}", 404)
    assert asked(client, f"/CFItemTypes/{TYPE}", 404)


def test_practice_and_retirement_are_said(client, own, manager):
    Framework.objects.filter(pk=own.pk).update(practice=True)
    own.refresh_from_db()
    actions.retire_framework(framework=own, actor=manager)
    document = asked(client, "/CFDocuments")["CFDocuments"][0]
    assert (document["title"], document["adoptionStatus"]) == (f"Practice: {own.title}", "Deprecated")
    assert asked(client, f"/CFPackages/{own.identifier}")["CFDocument"]["title"] == document["title"]


def test_hierarchies(client, own):
    assert own.pk
    assert [e["title"] for e in asked(client, f"/CFItemTypes/{TYPE}")["CFItemTypes"]] == ["Outcome", "Part"]
    assert [e["title"] for e in asked(client, f"/CFItemTypes/{CHILD}")["CFItemTypes"]] == ["Part"]
    assert asked(client, f"/CFConcepts/{TYPE}", 404)
    assert asked(client, f"/CFAssociationGroupings/{TYPE}", 404)


@pytest.fixture
def five(own, bloom, college, manager):
    for key in ("eqf", "isced-f"):
        content, about = shipped(key)
        actions.import_framework(organization=college, content=content, about=about, actor=manager)
    content = b"skill\nReads\n"
    actions.import_framework(
        organization=college,
        content=content,
        about=shipped("eqf")[1].__class__(title="A table", creator="Us"),
        actor=manager,
    )
    for made in Framework.objects.filter(published_at=None):
        actions.publish_framework(framework=made, actor=manager)
    assert bloom.pk != own.pk


def titles(client, query):
    return [d["title"].split()[0] for d in asked(client, f"/CFDocuments?{query}")["CFDocuments"]]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A", "Bloom's", "European", "ISCED-F:", "Northfield"]),
        ("sort=version&orderBy=desc&limit=3", ["European", "ISCED-F:", "Bloom's"]),
        ("sort=mood", ["A", "Bloom's", "European", "ISCED-F:", "Northfield"]),
        ("sort=title&orderBy=DESC", ["Northfield", "ISCED-F:", "European", "Bloom's", "A"]),
        ("limit=2&offset=1", ["Bloom's", "European"]),
        ("offset=9", []),
        ("filter=" + quote("title~'QUAL'"), ["European"]),
        ("filter=" + quote("creator='us' OR version>='2013'"), ["A", "European", "ISCED-F:"]),
        ("filter=" + quote("language='en' AND version<'2010'"), ["Bloom's", "Northfield"]),
        ("filter=" + quote("version!='2001' AND title~'a'"), ["A", "European", "ISCED-F:", "Northfield"]),
        ("filter=" + quote("title='it''s'"), []),
    ],
)
def test_pages_order_and_filters(client, query, found):
    assert titles(client, query) == found


@pytest.mark.usefixtures("five")
def test_links_lead_through_all_pages(client):
    answer = client.get(f"{BASE}/CFDocuments?limit=2&sort=title")
    assert answer["X-Total-Count"] == "5"
    seen = []
    while True:
        seen += [d["title"] for d in answer.json()["CFDocuments"]]
        links = dict(
            re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"])[i][::-1]
            for i in range(answer["Link"].count("rel="))
        )
        assert {"first", "last"} <= set(links)
        if "next" not in links:
            break
        answer = client.get(links["next"].split("localhost:8000")[1])
    assert len(set(seen)) == 5
    assert "prev" in links


@pytest.mark.usefixtures("five")
def test_chosen_fields(client):
    for entry in asked(client, "/CFDocuments?fields=title,identifier,mood")["CFDocuments"]:
        assert set(entry) == {"title", "identifier"}
    assert len(asked(client, "/CFDocuments?fields=mood")["CFDocuments"][0]) > 4


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "limit must be"), ("limit=x", "limit must be"), ("offset=-1", "offset must be"),
        ("filter=" + quote("mood='good'"), "invalid_filter_field"), ("filter=title", "filter must be"),
        ("filter=" + quote("title='a' AND"), "filter must be"), ("filter=" + quote("title='a' OR "), "filter must be"),
        ("filter=" + quote("title='a' title='b'"), "filter must be"), ("limit=" + "9" * 30, "limit must be"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_explained(client, query, said):
    answer = asked(client, f"/CFDocuments?{query}", 400)
    assert said in answer["imsx_description"]
    assert answer["imsx_codeMajor"] == "failure"
    assert "CFDocuments" not in answer


def test_older_consumers_are_answered_too(client, own):
    old = asked(client, f"/CFPackages/{own.identifier}", base="/ims/case/v1p0")
    assert "caseVersion" not in old["CFDocument"]
    assert "caseVersion" in asked(client, f"/CFPackages/{own.identifier}")["CFDocument"]
    assert "caseVersion" not in asked(client, "/CFDocuments", base="/ims/case/v1p0")["CFDocuments"][0]


def test_it_is_read_only(client, own):
    answer = client.post(f"{BASE}/CFItems/{own.items.first().identifier}")
    assert answer.status_code == 405
    assert answer.json()["imsx_severity"] == "error"


def test_a_package_asks_as_often_for_many_items_as_for_few(client, own, django_assert_num_queries):
    item = own.items.first()
    with django_assert_num_queries(4):  # framework, matches, items, associations
        client.get(f"{BASE}/CFPackages/{own.identifier}")
    with django_assert_num_queries(1):
        client.get(f"{BASE}/CFDocuments")
    with django_assert_num_queries(4):
        client.get(f"{BASE}/CFItemAssociations/{item.identifier}")


def test_whoever_asks_too_often_is_told_when_to_come_back(client, own, settings):
    settings.CASE_REQUESTS_PER_MINUTE = 3
    answers = [client.get(f"{BASE}/CFDocuments") for _n in range(8)]  # perhaps over the end of a minute
    assert [a.status_code for a in answers[:3]] == [200, 200, 200]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    said = refused.json()["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]
    assert said == "server_busy"
    assert client.get(f"{BASE}/CFDocuments", REMOTE_ADDR="192.0.2.9").status_code == 200
    settings.BEHIND_PROXY = True
    proxied = [
        client.get(f"{BASE}/CFDocuments", headers={"x-forwarded-for": f"203.0.113.{n}"}) for n in range(8)
    ]
    assert {a.status_code for a in proxied} == {200}


def test_a_minute_later_it_is_answered_again_and_nothing_grows(settings):
    settings.CASE_REQUESTS_PER_MINUTE = 2
    assert [throttle.wait("a", now=120.0 + n) for n in (0, 1, 2)] == [0, 0, 58]
    assert throttle.wait("a", now=180.0) == 0
    for number in range(2000):
        throttle.wait(f"192.0.2.{number}", now=181.0)
    throttle.wait("a")
    with closing(sqlite3.connect(settings.LIMITS_FILE)) as file:
        (rows,) = file.execute("SELECT count(*) FROM counts WHERE ends <= 240").fetchone()
    assert rows == 0  # what has ended goes
