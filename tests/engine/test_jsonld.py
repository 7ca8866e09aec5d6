"""From JSON-LD to quads in safe mode: what no signature would cover is refused, and said where."""

import copy

import pytest

from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.contexts import UnknownContextError
from gradatim.engine.errors import ContextError, Error, InputError, LimitError, TermError
from tests.engine.samples import credential

V2, OB = credential()["@context"]
XSD = "http://www.w3.org/2001/XMLSchema#"


def canonical(document, **options):
    return rdfc.canonicalize(jsonld.to_quads(document, **options))


def changed(way, value):
    document = copy.deepcopy(credential())
    at = document
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return document


ACHIEVEMENT = ("credentialSubject", "achievement")


@pytest.mark.parametrize(
    ("way", "value", "place"),
    [
        (("gpa",), 4, "/gpa"),
        ((*ACHIEVEMENT, "gpa"), 4, "/credentialSubject/achievement/gpa"),
        (("issuer", "rating"), "x", "/issuer/rating"),
        (("type",), ["VerifiableCredential", "Unknown"], "/type"),
        ((*ACHIEVEMENT, "type"), ["Unknown"], "/achievement/type"),
        ((*ACHIEVEMENT, "type"), [5], "/achievement/type"),
        (("id",), "relative", "/id"),
        (("id",), "", "/id"),
        (("id",), ["urn:a:b"], "/id"),
        (("id",), "urn:a b", "/id"),
        (("issuer",), "example", "/issuer"),
        (("name",), None, "/name"),
        ((*ACHIEVEMENT, "tag"), ["a", None], "/tag"),
        ((*ACHIEVEMENT, "tag"), [["a"], [["b"]]], "/tag"),
        (("https://schema.org/name",), "x", "/https://schema.org/name"),
        (("schema:name",), "x", "/schema:name"),
        (("name",), {"@value": "x", "@language": "e n"}, "/name"),
        (("name",), {"@value": "x", "@language": "en", "extra": 1}, "/name"),
        (("name",), {"@value": 5}, "/name"),
        (("name",), {"@value": "x", "@direction": "up"}, "/name"),
    ],
)
def test_terms_that_would_be_dropped(way, value, place):
    with pytest.raises(TermError, match=place.split("/")[-1].split(":")[-1]) as dropped:
        canonical(changed(way, value))
    assert dropped.value.code == "term-dropped"
    assert dropped.value.message.startswith(("/", place))


@pytest.mark.parametrize(
    "keyword", ["@included", "@graph", "@reverse", "@nest", "@index", "@id", "@type", "@set"]
)
def test_keywords_are_not_accepted_inside(keyword):
    with pytest.raises(ContextError) as refused:
        canonical(changed((keyword,), "urn:x:y"))
    assert refused.value.code == "context"


@pytest.mark.parametrize(
    "inline",
    [
        {"name": "https://x.example/name"},
        {"own": "https://schema.org/name"},
        {"own": "relative"},
        {"own": None},
        {"own": "_:b"},
        {"@vocab": "https://x.example/"},
        {"@base": "https://x.example/"},
        {"@import": "https://x.example/"},
        {"own": {"@id": "https://x.example/o", "@container": "@list"}},
        {"own": {"@id": "https://x.example/o", "@context": {}}},
        {"own": {"@reverse": "https://x.example/o"}},
        {"x:own": "https://x.example/o"},
        {"own": 5},
    ],
    ids=str,
)
def test_inline_contexts_that_do_more_than_add(inline):
    with pytest.raises(ContextError) as refused:
        canonical(credential() | {"@context": [V2, OB, inline]})
    assert refused.value.code == "context"


def test_an_inline_context_that_adds_a_term():
    inline = {
        "own": "https://x.example/own",
        "count": {"@id": "https://x.example/count", "@type": f"{XSD}byte"},
    }
    text = canonical(credential(own="A", count=5) | {"@context": [V2, OB, inline]})
    assert '<https://x.example/own> "A" .\n' in text
    assert f'<https://x.example/count> "5"^^<{XSD}byte> .\n' in text


@pytest.mark.parametrize(
    ("context", "error"),
    [
        (None, ContextError),
        ([], ContextError),
        ({}, ContextError),
        ([{}], ContextError),
        (5, ContextError),
        ([V2, None], ContextError),
        ([V2, [OB]], ContextError),
        ([V2, "https://evil.example/c"], UnknownContextError),
        ([V2, "https://www.w3.org/ns/credentials/examples/v2"], UnknownContextError),
    ],
    ids=str,
)
def test_contexts_that_are_not_taken(context, error):
    with pytest.raises(error) as refused:
        canonical(credential() | {"@context": context})
    assert refused.value.code == "context"


@pytest.mark.parametrize(
    "context",
    [None, {}, [], V2, {"@vocab": "https://x.example/"}, [V2, {"a": "https://x.example/"}]],
    ids=str,
)
def test_contexts_inside_a_document(context):
    with pytest.raises(ContextError):
        canonical(changed((*ACHIEVEMENT, "@context"), context))


def test_a_credential_inside_names_its_contexts_again():
    inner = credential(id="urn:x:inner") | {"type": ["VerifiableCredential"]}
    outer = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [inner | {"type": "VerifiableCredential"}, inner],
    }
    assert canonical(outer).count('"Data literacy"') == 4
    for bad in ({"@vocab": "urn:x:"}, [V2, {"own": "urn:x:own"}], None, [], "https://evil.example/c"):
        with pytest.raises(ContextError):
            canonical(outer | {"verifiableCredential": [inner | {"@context": bad}]})
    for types in (5, None, "NotVerifiableCredential", []):
        with pytest.raises(Error):
            canonical(outer | {"verifiableCredential": [inner | {"type": types}]})


def credits(value):  # noqa: A001 - the word of the data model
    document = changed((*ACHIEVEMENT, "creditsAvailable"), value)
    found = [o for _, p, o, _ in jsonld.to_quads(document) if p.endswith("creditsAvailable>")]
    return found[0].split("^^")[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, '"3"'),
        (3.0, '"3"'),
        (-1, '"-1"'),
        (2**53 - 1, f'"{2**53 - 1}"'),
        (2.5, '"2.5E0"'),
        (0.1, '"1.0E-1"'),
        (1e21, '"1.0E21"'),
        (1e-7, '"1.0E-7"'),
        (123456.789, '"1.23456789E5"'),
        (True, '"true"'),
    ],
)
def test_numbers(value, text):
    assert credits(value) == text


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**400, 1e17, 1e20, float("nan"), float("inf")])
def test_numbers_that_programs_read_differently(value):
    with pytest.raises(InputError) as refused:
        credits(value)
    assert refused.value.code == "parse"


@pytest.mark.parametrize("way", [("name",), ("id",), (*ACHIEVEMENT, "name"), ("validFrom",)])
def test_half_a_character(way):
    with pytest.raises(Error) as refused:
        canonical(changed(way, "urn:x:\ud800"))
    assert refused.value.code in {"encoding", "term-dropped"}


def test_languages():
    text = canonical(changed(("name",), [{"@value": "Daten", "@language": "de-AT"}, {"@value": "Data"}]))
    assert '"Daten"@de-at .\n' in text
    assert '"Data" .\n' in text


def test_blank_nodes_keep_no_name():
    named = changed(ACHIEVEMENT, credential()["credentialSubject"]["achievement"] | {"id": "_:a"})
    other = changed(ACHIEVEMENT, credential()["credentialSubject"]["achievement"] | {"id": "_:b"})
    assert canonical(named) == canonical(other) != canonical(credential())


def test_one_value_or_a_list_of_one_and_the_order_of_keys():
    document = credential()
    turned = dict(reversed(document.items()))
    turned["name"] = [document["name"]]
    turned["@context"] = document["@context"]
    assert canonical(turned) == canonical(document)


def test_deep_documents_are_given_up():
    node = {"id": "urn:x:y", "type": ["Profile"]}
    for _ in range(100):
        node = {"id": "urn:x:y", "type": ["Profile"], "parentOrg": node}
    with pytest.raises(LimitError) as limit:
        canonical(credential(issuer=node))
    assert limit.value.code == "resource-limit"
