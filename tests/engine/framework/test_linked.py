"""CTDL-ASN and SKOS in, CASE and CTDL-ASN out, and frameworks from a CASE service."""

import json
from dataclasses import replace

import pytest

from gradatim.engine.errors import Error
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.framework import case, case_out, ctdl, remote
from gradatim.engine.framework.read import read
from gradatim.engine.framework.shape import About
from tests.engine.framework.test_case import AT, DOCUMENT, key, package

GRAPH = {
    "@context": "https://credreg.net/ctdlasn/schema/context/json",
    "@graph": [
        {
            "@id": "https://credentialengineregistry.org/resources/ce-" + DOCUMENT,
            "@type": "ceasn:CompetencyFramework",
            "ceterms:ctid": "ce-" + DOCUMENT,
            "ceasn:name": {"en": "Data", "es": "Datos"},
            "ceasn:dateModified": "2026-05-01T10:00:00Z",
        },
        {
            "@id": "https://credentialengineregistry.org/resources/ce-" + key(2),
            "@type": "ceasn:Competency",
            "ceterms:ctid": "ce-" + key(2),
            "ceasn:competencyText": {"en": "Reads", "es": "Lee"},
            "ceasn:hasChild": ["https://credentialengineregistry.org/resources/ce-" + key(3)],
        },
        {
            "@id": "https://credentialengineregistry.org/resources/ce-" + key(3),
            "@type": "ceasn:Competency",
            "ceterms:ctid": "ce-" + key(3),
            "ceasn:competencyText": {"en": "Reads a chart"},
            "ceasn:codedNotation": "D.1",
            "ceasn:exactAlignment": ["https://other.example/skills/7"],
        },
    ],
}
SKOS = {
    "@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "label": "skos:prefLabel"},
    "@graph": [
        {"@id": "https://v.example/", "@type": "skos:ConceptScheme", "skos:prefLabel": [{"@value": "Colors", "@language": "en"}]},
        {"@id": "https://v.example/1", "@type": "skos:Concept", "label": {"@value": "Red", "@language": "en"},
         "skos:altLabel": "Crimson", "skos:narrower": {"@id": "https://v.example/2"}},
        {"@id": "https://v.example/2", "@type": "http://www.w3.org/2004/02/skos/core#Concept", "label": "Dark red",
         "skos:notation": "R2", "skos:closeMatch": {"@id": "https://w.example/9"}},
    ],
}  # fmt: skip


def of(value, about=About()):  # noqa: B008 - a frozen value
    return read(json.dumps(value).encode(), about)


def refused(value):
    with pytest.raises(Error) as error:
        of(value)
    return error.value.code, error.value.message


def test_ctdl_asn():
    made = of(GRAPH)
    assert (str(made.identifier), made.title, made.source) == (DOCUMENT, "Data", "ctdl")
    assert [(i.statement, i.code) for i in made.items] == [("Reads", ""), ("Reads a chart", "D.1")]
    kinds = {(a.kind, str(a.origin), str(a.destination)) for a in made.associations}
    assert ("isChildOf", key(3), key(2)) in kinds
    assert ("isChildOf", key(2), DOCUMENT) in kinds
    assert [a.outside_uri for a in made.associations if a.kind == "exactMatchOf"] == [
        "https://other.example/skills/7"
    ]
    assert [i.statement for i in of(GRAPH, About(language="es")).items] == ["Lee", "Reads a chart"]


@pytest.mark.shared
def test_the_ctdl_examples(shared):
    outcomes = {}
    for path in sorted((shared / "standards/ctdl/examples").glob("*.json")):
        try:
            outcomes[path.name] = len(read(path.read_bytes()).items)
        except Error as error:
            outcomes[path.name] = error.message
    assert outcomes.pop("credential.4_import.json") == 3
    assert {"names no ceasn:Competency" in said for said in outcomes.values()} == {True}
    assert len(outcomes) == 7


def test_ctdl_goes_round():
    made = of(GRAPH)
    again = of(ctdl.write(made))
    assert [(i.identifier, i.statement, i.code) for i in again.items] == [
        (i.identifier, i.statement, i.code) for i in made.items
    ]
    assert {a.identifier for a in again.associations} == {a.identifier for a in made.associations}
    gone = replace(made, items=(made.items[0], replace(made.items[1], retired=True)))
    assert len(ctdl.write(gone)["@graph"]) == 2


@pytest.mark.shared
def test_ctdl_has_what_the_registry_asks_for(shared):
    schemas = shared / "standards/ctdl/registry-json-schemas"
    for name, entry in zip(
        ("competency_framework", "competency"), ctdl.write(of(GRAPH))["@graph"], strict=False
    ):
        definitions = json.loads((schemas / f"{name}.json").read_bytes())["definitions"]
        asked = definitions[entry["@type"]]
        assert set(asked["required"]) <= set(entry)
        for field, value in entry.items():
            shape = definitions.get(field, {}).get("$ref", "")
            if shape.endswith("_multi"):
                assert isinstance(value, list), field
            if shape.endswith("langstring"):
                assert isinstance(value, dict), field


def test_skos():
    made = of(SKOS)
    assert (made.title, made.uri, made.language) == ("Colors", "https://v.example/", "en")
    assert [(i.statement, i.code, i.labels) for i in made.items] == [
        ("Red", "", ("Crimson",)),
        ("Dark red", "R2", ()),
    ]
    child, match = made.associations
    assert (child.kind, child.origin, child.destination) == (
        "isChildOf",
        made.items[1].identifier,
        made.items[0].identifier,
    )
    assert (match.kind, match.outside_uri) == ("ext:closeMatch", "https://w.example/9")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda g: g["@graph"].append({**g["@graph"][0], "@id": "https://v.example/b"}), "schema"),
        (lambda g: g["@graph"][1].pop("label"), "schema"),
        (lambda g: g["@graph"][0].pop("skos:prefLabel"), "title"),
        (lambda g: g["@graph"][1].update({"skos:broader": {"@id": "https://v.example/2"}}), "cycle"),
        (lambda g: g["@graph"].append("x") or g["@graph"].__delitem__(slice(1, 3)), "schema"),
    ],
)
def test_a_bad_vocabulary_is_refused(change, code):
    whole = json.loads(json.dumps(SKOS))
    change(whole)
    assert refused(whole)[0] == code


def test_a_vocabulary_without_a_scheme():
    """It is called as the person says, and stands at the address that its concepts name."""
    about = About(title="Colors")
    concepts = json.loads(json.dumps(SKOS["@graph"][1:]))
    made = of(concepts_of(concepts), about)
    assert (made.title, made.uri) == ("Colors", "urn:vocabulary:https://v.example/1")
    concepts[1]["skos:inScheme"] = "https://v.example/all"
    assert of(concepts_of(concepts), about).uri == "https://v.example/all"


def concepts_of(concepts):
    return {"@context": SKOS["@context"], "@graph": concepts}


def test_what_is_outside_of_a_vocabulary_nests_nothing():
    whole = json.loads(json.dumps(SKOS))
    whole["@graph"][2]["skos:broader"] = "https://w.example/all"
    assert of(whole) == of(SKOS)


def test_too_many_relations_are_refused():
    whole = json.loads(json.dumps(SKOS))
    whole["@graph"][1]["skos:related"] = [f"https://w.example/{n}" for n in range(60_001)]
    code, message = refused(whole)
    assert (code, message) == (
        "too-large",
        "The framework has 60,003 relations; at most 60,000 are read.",
    )


def test_one_thing_described_in_two_places():
    whole = json.loads(json.dumps(SKOS))
    whole["@context"]["@version"] = 1.1
    whole["@graph"][1]["skos:narrower"] = {
        "@id": "https://v.example/2",
        "skos:altLabel": [
            "Maroon",
            " ",
            7,
            {"@id": "https://v.example/label"},
            {"en": ["Wine", 7], "@x": "y"},
        ],
    }
    made = of(whole)
    assert len(made.items) == 2
    assert [i.labels for i in made.items] == [("Crimson",), ("Wine",)]
    assert [i.labels for i in of(whole, About(language="fr")).items] == [("Crimson",), ("Maroon",)]
    assert made.associations == of(SKOS).associations


def test_what_is_no_address_is_no_link():
    whole = json.loads(json.dumps(SKOS))
    whole["@graph"][2]["skos:closeMatch"] = [
        7,
        "red",
        f"https://w.example/{'x' * 500}",
        {"@id": "https://w.example/9"},
    ]
    assert of(whole).associations == of(SKOS).associations


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda g: g.append({**g[0], "@id": "urn:x:other"}), "schema", "2 competency frameworks"),
        (lambda g: g[0].pop("ceasn:name"), "title", "Give it a title"),
        (lambda g: g[1].pop("ceasn:competencyText"), "schema", f"ce-{key(2)}: the competency has no"),
        (lambda g: g[0].update({"ceasn:name": "x" * 301}), "too-large", "ceasn:name: more than 300 letters"),
        (lambda g: g.__delitem__(slice(1, 3)), "no-rows", "(ceasn:CompetencyFramework) and names no"),
    ],
)  # fmt: skip
def test_a_bad_competency_framework_is_refused(change, code, said):
    whole = json.loads(json.dumps(GRAPH))
    change(whole["@graph"])
    found, message = refused(whole)
    assert found == code
    assert said in message


def test_nesting_in_ctdl_stays_inside():
    whole = json.loads(json.dumps(GRAPH))
    whole["@graph"][1]["ceasn:isChildOf"] = ["https://other.example/a"]
    whole["@graph"][1]["ceasn:hasChild"].append("https://other.example/b")
    assert of(whole) == of(GRAPH)


def test_ctdl_leaves_out_what_points_nowhere():
    made = of(GRAPH)
    match = next(a for a in made.associations if a.kind == "exactMatchOf")
    nowhere = replace(made, associations=(*made.associations, replace(match, outside_uri="")))
    assert ctdl.write(nowhere) == ctdl.write(made)


def test_other_json_is_refused():
    assert refused({"a": 1})[0] == "schema"
    assert refused([1, 2])[0] == "schema"
    assert refused({**package(1), "CFRubrics": [{"title": "a\0"}]})[0] == "parse"
    assert refused({"CFItems": []})[0] == "schema"


@pytest.mark.shared
def test_case_goes_round(shared):
    for data in (
        (shared / "standards/case/examples/opensalt-sample-framework.cfpackage.json").read_bytes(),
        json.dumps(package(3)).encode(),
    ):
        made = case.read_package(data)
        again = case.read_package(json.dumps(case_out.package(made)).encode())
        assert again.items == made.items
        assert [(a.identifier, a.kind, a.origin, a.destination, a.sequence) for a in again.associations] == [
            (a.identifier, a.kind, a.origin, a.destination, a.sequence) for a in made.associations
        ]
        assert (again.title, again.changed_at, again.more) == (made.title, made.changed_at, {**made.more})


def test_what_the_publisher_said_besides_is_kept():
    whole = package(2)
    whole["CFItems"][1].update(
        educationLevel=["06"], abbreviatedStatement="S1", statusEndDate="2025-12-31", conceptKeywords=["a"]
    )
    whole["CFDefinitions"] = {"CFItemTypes": [{"identifier": key(90), "title": "Standard"}]}
    made = case.read_package(json.dumps(whole).encode())
    assert made.items[1].retired
    out = case_out.package(made)
    assert out["CFItems"][1]["educationLevel"] == ["06"]
    assert out["CFItems"][1]["conceptKeywords"] == ["a"]
    assert out["CFItems"][1]["statusEndDate"] == "2025-12-31"
    assert out["CFDefinitions"] == whole["CFDefinitions"]


def test_a_part_of_a_package_names_the_whole():
    made = case.read_package(json.dumps(package(2, [(key(2), "isPeerOf", key(3))])).encode())
    whole = {"title": "Example", "identifier": DOCUMENT, "uri": "https://frameworks.example/d"}
    options = {"changed_at": made.changed_at, "alone": True}
    assert case_out.item(made.items[0], made, **options)["CFDocumentURI"] == whole
    relation = case_out.association(made.associations[0], made, case_out.titles(made), **options)
    assert relation["CFDocumentURI"] == whole
    assert relation["originNodeURI"] == {"title": "Statement 0", "identifier": key(2), "uri": "urn:x:0"}
    address = f"{BASE}/CFPackages/{DOCUMENT}"
    document = case_out.document(case_out.renamed(made, "Trial"), address=address)
    assert document["title"] == "Trial"
    assert document["CFPackageURI"] == {"title": "Trial", "identifier": DOCUMENT, "uri": address}
    assert "CFPackageURI" not in case_out.document(made)


def test_the_version_of_a_package_may_be_said_better():
    assert of(package(1, version="1")).version == "1"
    assert of(package(1, version="1"), About(version="2", title="Another")).version == "2"
    assert of(package(1), About(title="Another")).title == "Example"


BASE = "https://case.example/ims/case/v1p0"


def test_one_framework_by_its_address():
    body = json.dumps(package(2))
    web = MemoryFetcher({f"{BASE}/CFPackages/{DOCUMENT}": {"body": body}})
    assert remote.get(f"{BASE}/CFPackages/{DOCUMENT}", web) == body.encode()
    assert remote.get(f" {BASE}/CFDocuments/{DOCUMENT} ", web) == body.encode()


def listing(*numbers):
    return {
        "CFDocuments": [
            {"identifier": key(n), "title": f"Framework {n}", "lastChangeDateTime": AT} for n in numbers
        ]
    }


def test_a_service_lists_what_it_has():
    web = MemoryFetcher(
        {
            f"{BASE}/CFDocuments": {
                "body": listing(1, 2),
                "link": f'<{BASE}/CFDocuments?limit=2&offset=2>; rel="next"',
            },
            f"{BASE}/CFDocuments?limit=2&offset=2": {
                "body": listing(3),
                "link": f'<{BASE}/CFDocuments>; rel="first"',
            },
        }
    )
    assert [(f.title, f.address) for f in remote.get(BASE, web)] == [
        (f"Framework {n}", f"{BASE}/CFPackages/{key(n)}") for n in (1, 2, 3)
    ]


def test_a_list_that_goes_round_is_stopped():
    own = MemoryFetcher(
        {f"{BASE}/CFDocuments": {"body": listing(1), "link": f'<{BASE}/CFDocuments>; rel="next"'}}
    )
    with pytest.raises(Error) as error:
        remote.get(BASE, own)
    assert error.value.code == "fetch-loop"
    assert len(own.requests) == 1
    pages = {
        f"{BASE}/CFDocuments{q}": {"body": listing(1), "link": f'<{BASE}/CFDocuments?offset={n}>; rel="next"'}
        for n, q in enumerate(["", *(f"?offset={n}" for n in range(60))])
    }
    with pytest.raises(Error, match="repeats an earlier page"):
        remote.get(BASE, MemoryFetcher(pages))


def test_a_list_is_as_long_as_can_be_read():
    def page(n, entries):
        link = f'<{BASE}/CFDocuments?offset={n + 1}>; rel="next"'
        return {"body": listing(*entries), "link": link}

    pages = {f"{BASE}/CFDocuments?offset={n}": page(n, [n]) for n in range(1, 60)}
    with pytest.raises(Error, match="more than 50 pages") as error:
        remote.get(BASE, MemoryFetcher(pages | {f"{BASE}/CFDocuments": page(0, [0])}))
    assert error.value.code == "too-large"
    with pytest.raises(Error, match="more than 2,000 frameworks") as error:
        remote.get(BASE, MemoryFetcher({f"{BASE}/CFDocuments": {"body": listing(*range(2_001))}}))
    assert error.value.code == "too-large"


def test_a_list_that_is_none():
    web = MemoryFetcher({f"{BASE}/CFDocuments": {"body": {"CFDocuments": {"identifier": key(1)}}}})
    with pytest.raises(Error, match="must be a list") as error:
        remote.get(BASE, web)
    assert error.value.code == "schema"
    odd = listing(1) | {"CFDocuments": ["x", {"title": "nameless"}, *listing(1)["CFDocuments"]]}
    web = MemoryFetcher({f"{BASE}/CFDocuments": {"body": odd}})
    assert [one.title for one in remote.get(BASE, web)] == ["Framework 1"]


def test_a_private_address_is_not_asked():
    web = MemoryFetcher({})
    with pytest.raises(Error) as error:
        remote.get(f"http://10.0.0.5/ims/case/v1p0/CFPackages/{key(1)}", web)
    assert error.value.code == "fetch-blocked"
    assert web.requests == []
