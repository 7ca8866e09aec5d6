"""What is signed is what is read: no way of writing a signed document anew that hides or adds anything."""

import copy

import pytest

from gradatim.engine import contexts
from gradatim.engine.canonical import declared, jsonld, rdfc
from gradatim.engine.errors import ContextError, Error, LimitError, TermError
from tests.engine.samples import check, credential, signed

V2, OB = credential()["@context"]
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
UNTIL = "https://www.w3.org/2018/credentials#validUntil"
EXPIRED = "2026-05-31T12:00:00Z"


def canonical(document, **options):
    return rdfc.canonicalize(jsonld.to_quads(document, **options))


def refusal(document, **options):
    with pytest.raises(Error) as refused:
        canonical(document, **options)
    return refused.value


@pytest.mark.parametrize(
    "inline",
    [
        [{"x": {"@id": UNTIL, "@type": DATE}}],
        [{"p": "https://www.w3.org/2018/", "x": {"@id": "p:credentials#validUntil", "@type": DATE}}],
        [{"p": "https://www.w3.org/2018/"}, {"x": {"@id": "p:credentials#validUntil", "@type": DATE}}],
        [{"p": {"@id": "https://www.w3.org/2018/"}, "x": {"@id": "p:credentials#validUntil", "@type": DATE}}],
        [{"p": "http://www.w3.org/2001/", "x": {"@id": "urn:x:y", "@type": "p:XMLSchema#dateTime"}}],
        [{"https": "https:", "x": {"@id": "https:www.w3.org/2018/credentials#validUntil", "@type": DATE}}],
        [{"validUntil": {"@id": "urn:x:y", "@type": DATE}, "x": {"@id": UNTIL, "@type": DATE}}],
        [{"x": "validUntil"}],
        [{"x": "@type"}],
        [{"x": {"@id": UNTIL, "@type": DATE, "@container": "@set"}}],
    ],
    ids=str,
)
def test_an_expired_credential_does_not_come_back_under_another_key(inline):
    document = signed(validUntil=EXPIRED)
    assert check(document).cause == "expired"
    document["x"] = document.pop("validUntil")
    document["@context"] = [*document["@context"], *inline]
    report = check(document)
    assert report.verdict in {"invalid", "refused"}
    assert report.cause == "context"


def test_every_property_has_one_name_in_the_closed_set():
    """Else it could be written under the other, and whoever looks for the first would not see it."""
    names = {}
    seen = set()

    def look(active):
        for name, term in active.terms.items():
            names.setdefault(term.iri, set()).add(name)
            if term.scoped is not declared.UNSET and id(term.scoped) not in seen:
                seen.add(id(term.scoped))
                look(declared.inside(active, term))

    for url in contexts.known():
        look(declared.start(url, allowed=frozenset()))
    for iri, found in names.items():
        properties = {name for name in found if name[:1].islower() and iri and iri[0] != "@"}
        assert len(properties) < 2, (iri, found)


def test_the_name_of_a_class_is_no_property():
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    achievement["Criteria"] = achievement.pop("criteria")
    error = refusal(document)
    assert (type(error), error.path) == (TermError, "/credentialSubject/achievement/Criteria")
    inline = {"ECTS": "https://x.example/ects"}
    assert "ects" in canonical(credential(ECTS="5") | {"@context": [V2, OB, inline]})


@pytest.mark.parametrize(
    "name",
    ["https://www.w3.org/2018/credentials#VerifiableCredential", "_:b", "relative", "@json", "xsd:x y"],
)
def test_types_are_written_by_their_names(name):
    assert refusal(credential(type=["VerifiableCredential", "AchievementCredential", name])).path == "/type"


def test_a_type_of_its_own_is_an_address():
    text = canonical(credential(type=["VerifiableCredential", "https://x.example/Type"]))
    assert "<https://x.example/Type>" in text


def test_nothing_is_written_with_a_prefix():
    v1 = "https://www.w3.org/2018/credentials/v1"
    assert refusal({"@context": [v1], "type": ["VerifiableCredential"], "issuer": "cred:x"}).path == "/issuer"
    own = {"own": "https://x.example/"}
    assert refusal(credential(id="own:1") | {"@context": [V2, OB, own]}).path == "/id"


@pytest.mark.parametrize("inner", ["urn:x:y", {"id": "urn:x:y"}, {}, {"@value": "x"}, 5, True])
def test_what_leaves_no_trace_in_a_graph_of_its_own(inner):
    assert refusal(credential(proof=inner)).path == "/proof"


def test_a_credential_in_an_envelope_names_its_context_again():
    envelope = {"@context": V2, "id": "data:application/vc+jwt,ey", "type": "EnvelopedVerifiableCredential"}
    document = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [envelope]}
    assert "<data:application/vc+jwt,ey>" in canonical(document)


@pytest.mark.parametrize("level", ["level", "validUntil", "statusListIndex", "id", "VerifiableCredential"])
def test_terms_of_the_contexts_are_not_given_again(level):
    assert isinstance(refusal(credential() | {"@context": [V2, OB, {level: "urn:x:y"}]}), ContextError)


def test_a_later_context_counts_as_much_as_an_earlier():
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    inline = {"1EdTechRevocationList": "urn:x:y"}
    assert isinstance(refusal(credential() | {"@context": [V2, OB, inline, extensions]}), ContextError)
    other = {"own": "urn:x:y"}
    assert canonical(credential() | {"@context": [V2, OB, other, extensions]}) == canonical(credential())


def test_directions_are_signed():
    name = {"@value": "שלום", "@language": "HE", "@direction": "rtl"}
    text = canonical(credential(name=name))
    assert '"שלום"^^<https://www.w3.org/ns/i18n#he_rtl>' in text
    assert text != canonical(credential(name=name | {"@direction": "ltr"}))
    assert '"x"^^<https://www.w3.org/ns/i18n#_ltr>' in canonical(
        credential(name={"@value": "x", "@direction": "ltr"})
    )
    assert refusal(credential(name={"@value": "x", "@language": None})).path == "/name"


def test_lists_in_lists_and_what_is_no_character():
    assert refusal(credential(name=[["x"]])).path == "/name"
    assert refusal(credential(name="x\uffff")).code == "encoding"


def objects(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


@pytest.mark.slow
def test_no_key_can_be_exchanged_for_any_other():
    """Every key of a credential, renamed to every term there is and to its IRI: refused, or other bytes."""
    document = credential(
        validUntil=EXPIRED,
        credentialStatus={
            "id": "https://x.example/s#1",
            "type": "BitstringStatusListEntry",
            "statusListIndex": "1",
        },
        evidence=[{"id": "https://x.example/e", "type": ["Evidence"], "name": "E", "narrative": "N"}],
    )
    before = canonical(document)
    names = set(declared.named()) | {"@id", "@type", "@value", "@graph", "@included", "cred:validUntil"}
    for url in (V2, OB):
        names |= declared._words(url, allowed=frozenset())
    tried = 0
    for number, original in enumerate(objects(document)):
        for key in [k for k in original if k != "@context"]:
            for name in names - original.keys():
                forged = copy.deepcopy(document)
                at = list(objects(forged))[number]
                at[name] = at.pop(key)
                tried += 1
                try:
                    assert canonical(forged) != before, (key, name)
                except Error:
                    continue
    assert tried > 10_000


def test_work_is_bounded():
    types = [
        "Achievement", "AchievementSubject", "Address", "Alignment", "EndorsementSubject", "Evidence", "Image",
        "GeoCoordinates", "IdentifierEntry", "IdentityObject", "Profile", "Related", "RubricCriterionLevel",
    ]  # fmt: skip
    pairs = [[one, other] for one in types for other in types] * 2
    triples = [[a, *pair] for a in types for pair in pairs]
    error = refusal(credential(evidence=[{"type": each} for each in triples]))
    assert isinstance(error, LimitError | ContextError)
    assert isinstance(refusal(credential() | {"@context": [V2, OB] * 1000}), LimitError)
    many = {f"t{number}": f"urn:t:{number}" for number in range(1000)}
    assert isinstance(refusal(credential() | {"@context": [V2, OB, many]}), LimitError)
