"""The fast way says what the plain way says, byte for byte, or nothing."""

import copy
import json
from types import MappingProxyType

import pytest
from hypothesis import settings

from gradatim.engine import contexts
from gradatim.engine.canonical import declared, jsonld, plans, rdfc, shape
from gradatim.engine.canonical.active import Active, extend, initial
from gradatim.engine.errors import Error
from tests.conftest import SHARED
from tests.engine.canonical.random_documents import CLR, OB, V2, Maker
from tests.engine.samples import credential, signed

DEEP = 100_000 if settings.default.max_examples > 1000 else 3_000  # `make deep` takes the large run


def plain(document, **options):
    try:
        return rdfc.canonicalize(jsonld.to_quads(document, **options))
    except Error:
        return None


def test_any_document_has_the_same_text_either_way():
    maker, fast, refused = Maker(20261125), 0, 0
    for number in range(DEEP):
        document = maker.document()
        if number % 2:
            document = maker.mutated(document)
        before = copy.deepcopy(document)
        found, wanted = shape.fast_text(document), plain(document)
        assert found is None or found == wanted, document
        assert str(document) == str(before)
        fast += found is not None
        refused += wanted is None
    assert fast > DEEP / 4
    assert refused > DEEP / 10


@pytest.mark.shared
def test_published_documents_have_the_same_text_either_way():
    fast = 0
    for path in sorted((SHARED / "standards").rglob("*.json")):
        try:
            document = json.loads(path.read_text())
        except ValueError:
            continue
        if not isinstance(document, dict) or "@context" not in document:
            continue
        for part in (document, {k: v for k, v in document.items() if k != "proof"}):
            found = shape.fast_text(part)
            assert found is None or found == plain(part), path
            fast += found is not None
    assert fast > 100


def test_ordinary_credentials_go_the_fast_way():
    document = signed(credential())
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    proof = {key: value for key, value in document["proof"].items() if key != "proofValue"}
    assert shape.fast_text(document)
    assert shape.fast_text(unsigned)
    assert shape.fast_text(proof, context=document["@context"])
    record = {
        "@context": [V2, CLR, OB],
        "id": "urn:x:record",
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": [document]},
    }
    for name in ("sha256", "sha384"):
        text = shape.fast_text(record, hash_name=name)
        assert text == rdfc.canonicalize(jsonld.to_quads(record), hash_name=name)


def test_twins_go_the_plain_way():
    twin = {"type": ["Alignment"], "targetName": "Read"}
    document = credential()
    document["credentialSubject"]["achievement"]["alignment"] = [twin, dict(twin)]
    assert shape.fast_text(document) is None
    assert shape.canonical_text(document).count('"Read"') == 2


def test_no_scheme_of_the_fast_way_is_a_term():
    """Else such an address could be written with a prefix."""
    names = set()
    seen = set()

    def look(active: Active):
        names.update(active.terms)
        for term in active.terms.values():
            if term.scoped is not declared.UNSET and id(term.scoped) not in seen:
                seen.add(id(term.scoped))
                look(declared.inside(active, term))

    for url in contexts.known():
        look(declared.start(url, allowed=frozenset()))
    assert not names & set(shape.SCHEMES)
    assert not [name for name in names if ":" in name]


def test_plans_are_made_of_words_of_the_contexts_only():
    before = plans.plan.cache_info().currsize
    for number in range(100):
        shape.fast_text(credential(**{f"unknown{number}": "x"}))
        shape.fast_text(credential(type=["VerifiableCredential", f"https://x.example/{number}"]))
        shape.fast_text(credential() | {"@context": [V2, OB, {f"own{number}": f"urn:x:{number}"}]})
    assert plans.plan.cache_info().currsize <= before + 10
    assert plans.plan.cache_info().maxsize < 10_000


def test_deep_and_wide_documents_go_the_plain_way():
    deep = {"type": ["Profile"], "id": "urn:x:1"}
    for _ in range(shape.MAX_DEPTH + 2):
        deep = {"type": ["Profile"], "id": "urn:x:1", "parentOrg": deep}
    assert shape.fast_text(credential(issuer=deep)) is None
    tags = credential()
    tags["credentialSubject"]["achievement"]["tag"] = [str(n) for n in range(shape.MAX_LINES + 1)]
    assert shape.fast_text(tags) is None


def described_twice_in_one_graph(one):
    """Another credential, in which the source and the creator are one subject, each time with a blank node of its own."""
    address = {"type": ["Address"], "addressRegion": "R"}
    source = {"id": "urn:x:source", "type": ["Profile"], "name": "S", "address": address}
    creator = source | {"address": address | {"addressRegion": "Q"}}
    aim = {"type": ["Alignment"], "targetName": "Write", "targetUrl": "https://x.example/2"}
    achievement = one["credentialSubject"]["achievement"] | {
        "creator": creator,
        "alignment": [aim],
        "criteria": {"narrative": "Another case."},
    }
    return one | {
        "id": "urn:x:c2",
        "proof": one["proof"] | {"created": "2026-06-01T12:00:01Z"},
        "credentialSubject": one["credentialSubject"] | {"source": source, "achievement": achievement},
    }


def both_ways(document, **options):
    found = shape.fast_text(document, **options)
    assert found is not None
    assert found == plain(document, **options)
    return found


def test_proofs_are_graphs_of_their_own():
    """Also one from whose name a line leads to the graph it is described in."""
    one = signed(credential(id="urn:x:c1"))
    twice = described_twice_in_one_graph(one)
    for subject in ({"id": one["credentialSubject"]["id"]}, {"id": "urn:x:a"}, {"id": "urn:zzz"}, {}):
        held = {"type": ["ClrSubject"], "verifiableCredential": [one, twice], **subject}
        document = {
            "@context": [V2, CLR, OB],
            "id": "urn:x:record",
            "type": ["VerifiableCredential", "ClrCredential"],
            "credentialSubject": held,
        }
        both_ways(document)
    of_itself = one | {"proof": one["proof"] | {"id": one["id"]}}
    both_ways(document | {"credentialSubject": held | {"verifiableCredential": [of_itself]}})


def test_credentials_of_a_presentation_are_graphs_of_their_own():
    one = signed(credential(id="urn:x:c1"))
    twice = described_twice_in_one_graph(one)
    for name in ({"id": "urn:a"}, {"id": "urn:x:c15"}, {"id": "urn:zzz"}, {}):
        presented = {"@context": [V2, OB], "type": ["VerifiablePresentation"], **name}
        text = both_ways(presented | {"verifiableCredential": [one, twice]})
        assert text.count("<urn:x:source>") == 6  # name and type once, two addresses, and the two links to it


def test_what_no_context_gives_a_type_is_declined():
    keys = {"@context": ["https://w3id.org/security/suites/jws-2020/v1"], "type": "JsonWebKey2020"}
    assert shape.fast_text(keys) is None
    assert plain(keys) is None


def test_another_kind_of_mapping_goes_the_plain_way():
    document = credential()
    assert shape.fast_text(MappingProxyType(document)) is None
    assert shape.canonical_text(MappingProxyType(document)) == both_ways(document)


@pytest.mark.parametrize(
    ("terms", "keys"),
    [
        (
            {"a": "urn:x:a", "b": "urn:x:a"},
            ("a", "b"),
        ),  # two names of one property: its lines would stand apart
        ({"kind": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}, ("kind",)),  # another name of the type
        ({"identifier": "@id"}, ("identifier",)),  # another name of the id
    ],
    ids=str,
)
def test_second_names_have_no_plan(terms, keys):
    """No known context has any."""
    active = extend(initial(), {"id": "@id", "type": "@type", "other": "urn:x:other", **terms})
    assert plans.plan(active, ("other",), (str,), ()).lines == 1
    with pytest.raises(plans.Declined):
        plans.plan(active, keys, (str,) * len(keys), ())


@pytest.mark.parametrize(
    "document",
    [
        {"@context": [V2, OB], "type": 5},
        {"@context": [V2, OB], "type": [{}]},
        {"@context": ["https://www.w3.org/ns/credentials/examples/v2"], "type": "x"},
        {"@context": ["https://w3id.org/security/data-integrity/v2"], "type": "DataIntegrityProof"},
        credential(jsonSchema={"x": 1}),
        credential(**{f"k{number}": "x" for number in range(60)}),
    ],
    ids=str,
)
def test_odd_documents_are_declined_or_right(document):
    options = {"allowed": frozenset(contexts.OPEN)} if isinstance(document, dict) else {}
    found = shape.fast_text(document, **options)
    assert found is None or found == plain(document, **options)
