"""Reading CASE packages: the published sample, the attack cases, and what no package may be."""

import json
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine.errors import Error
from gradatim.engine.framework import case

DOCUMENT = "6f7c0e2a-0000-4000-8000-000000000001"
AT = "2026-01-01T00:00:00+00:00"


def key(n):
    return f"6f7c0e2a-0000-4000-8000-{n:012x}"


def package(items=2, links=(), **document):
    return {
        "CFDocument": {
            "identifier": DOCUMENT,
            "uri": "https://frameworks.example/d",
            "creator": "Example Board",
            "title": "Example",
            "lastChangeDateTime": AT,
            **document,
        },
        "CFItems": [
            {
                "identifier": key(n + 2),
                "uri": f"urn:x:{n}",
                "fullStatement": f"Statement {n}",
                "lastChangeDateTime": AT,
            }
            for n in range(items)
        ],
        "CFAssociations": [association(n, *link) for n, link in enumerate(links)],
    }


def association(n, origin, kind, destination):
    return {
        "identifier": key(1_000_000 + n),
        "uri": f"urn:a:{n}",
        "associationType": kind,
        "originNodeURI": {"title": "o", "identifier": origin, "uri": "urn:o"},
        "destinationNodeURI": {"title": "d", "identifier": destination, "uri": "urn:d"},
        "lastChangeDateTime": AT,
    }


def read(whole):
    return case.read_package(json.dumps(whole).encode())


def refused(whole):
    with pytest.raises(Error) as error:
        read(whole)
    return error.value.code, error.value.message


@pytest.mark.shared
def test_the_published_sample(shared):
    path = shared / "standards/case/examples/opensalt-sample-framework.cfpackage.json"
    framework = case.read_package(path.read_bytes())
    assert framework.title == "What Standards Could Be"
    assert (len(framework.items), len(framework.associations)) == (16, 39)
    assert framework.changed_at == datetime(2017, 5, 25, 18, 5, 33, tzinfo=UTC)
    assert framework.items[0].code == "CCSS.Math.Content.6.RP.A"
    assert framework.items[0].kind == "Cluster"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["frm-01", "frm-02", "frm-03", "frm-05", "frm-10"])
def test_attack_cases(shared, name):
    cases = {c["id"]: c for c in json.loads((shared / "attacks/cases.json").read_bytes())["cases"]}
    with pytest.raises(Error) as error:
        case.read_package((shared / "attacks" / cases[name]["file"]).read_bytes())
    assert error.value.code == cases[name]["expect"]["cause"]


@pytest.mark.shared
def test_a_circle_names_its_items(shared):
    with pytest.raises(Error) as error:
        case.read_package((shared / "attacks/framework/frm-01.json").read_bytes())
    assert all(f"00000000000{n}" in error.value.message for n in (2, 3, 4))


@pytest.mark.shared
def test_markup_in_a_statement_is_text(shared):
    framework = case.read_package((shared / "attacks/framework/frm-04.json").read_bytes())
    assert framework.items[0].statement == "<img src=x onerror=alert(1)> Reads"


def test_too_many_items_are_refused_before_they_are_built():
    many = b'{"CFDocument":{},"CFItems":[' + b",".join([b"{}"] * 300_000) + b"]}"
    with pytest.raises(Error) as error:
        case.read_package(many)
    assert error.value.code == "too-large"


def test_a_real_size_is_read():
    chain = [(key(n + 2), "isChildOf", DOCUMENT) for n in range(8000)]
    assert len(read(package(8000, chain)).items) == 8000
    code, message = refused(package(20_001))
    assert (code, message[:27]) == ("too-large", "CFItems has 20,001 entries;")


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (lambda p: p.pop("CFDocument"), "schema", "CFDocument is missing"),
        (lambda p: p["CFDocument"].pop("title"), "schema", "CFDocument.title is missing"),
        (lambda p: p["CFDocument"].update(title=" "), "schema", "CFDocument.title must be a text"),
        (lambda p: p["CFDocument"].update(uri="no address"), "schema", "CFDocument.uri"),
        (
            lambda p: p["CFDocument"].update(lastChangeDateTime="yesterday"),
            "schema",
            "CFDocument.lastChangeDateTime",
        ),
        (
            lambda p: p["CFDocument"].update(lastChangeDateTime="0001-01-01T00:00:00+23:59"),
            "schema",
            "lastChangeDateTime",
        ),
        (lambda p: p.update(CFItems={}), "schema", "CFItems must be a list"),
        (lambda p: p["CFItems"].append(7), "schema", "CFItems[2] must be an object"),
        (lambda p: p["CFItems"][1].pop("fullStatement"), "schema", "CFItems[1].fullStatement"),
        (
            lambda p: p["CFItems"][1].update(fullStatement="x" * 20_001),
            "too-large",
            "CFItems[1].fullStatement",
        ),
        (lambda p: p["CFItems"][1].update(humanCodingScheme="\0"), "parse", "NUL"),
        (lambda p: p["CFItems"][1].update(identifier=key(2)), "duplicate-id", key(2)),
        (lambda p: p["CFItems"][1].update(identifier=DOCUMENT), "duplicate-id", DOCUMENT),
        (
            lambda p: p["CFAssociations"][0].update(associationType="likes"),
            "schema",
            "CFAssociations[0].associationType",
        ),
        (
            lambda p: p["CFAssociations"][0].update(sequenceNumber=True),
            "schema",
            "CFAssociations[0].sequenceNumber",
        ),
        (
            lambda p: p["CFAssociations"][0].pop("originNodeURI"),
            "schema",
            "CFAssociations[0].originNodeURI is missing",
        ),
        (lambda p: p["CFAssociations"].append(p["CFAssociations"][0]), "duplicate-id", "associations"),
    ],
)
def test_the_message_names_the_place(change, code, place):
    whole = package(links=[(key(2), "isChildOf", DOCUMENT)])
    assert len(read(whole).items) == 2
    change(whole)
    found, message = refused(whole)
    assert found == code
    assert place in message


def test_a_list_is_no_package():
    assert refused([])[0] == "schema"


def test_relations_may_point_out_but_nesting_may_not():
    outside = str(uuid.uuid5(uuid.NAMESPACE_URL, "elsewhere"))
    assert len(read(package(links=[(key(2), "exactMatchOf", outside)])).associations) == 1
    assert refused(package(links=[(key(2), "isChildOf", outside)]))[0] == "reference-unknown"
    assert refused(package(links=[(outside, "isChildOf", key(2))]))[0] == "reference-unknown"
    assert refused(package(links=[(outside, "isRelatedTo", outside)]))[0] == "reference-unknown"


def test_own_relations_and_depth():
    chain = [(key(n + 3), "isChildOf", key(n + 2)) for n in range(3000)]
    assert refused(package(3001, chain))[0] == "too-deep"
    assert len(read(package(60, chain[:59])).items) == 60
    assert refused(package(62, chain[:61]))[0] == "too-deep"
    code, message = refused(package(3001, [*chain, (key(2), "isChildOf", key(3002))]))
    assert code == "cycle"
    assert "and 2996 more" in message
    assert len(read(package(links=[(key(2), "ext:inspiredBy", key(3))])).associations) == 1


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_a_circle_is_found_exactly_when_there_is_one(pairs):
    links = [(key(a + 2), "isChildOf", key(b + 2)) for a, b in sorted(pairs)]
    left = set(pairs)
    while ends := {a for a, _ in left} - {b for _, b in left}:
        left = {(a, b) for a, b in left if a not in ends}
    if left:
        assert refused(package(7, links))[0] == "cycle"
    else:
        assert len(read(package(7, links)).associations) == len(pairs)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with pytest.raises(Error):
        case.read_package(data)
