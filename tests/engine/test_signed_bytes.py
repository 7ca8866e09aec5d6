"""Every byte that was signed counts, nothing that was signed is lost, and one document has one canonical form."""

import copy
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine import bake, issue_token, unbake
from gradatim.engine.canonical import jcs, jsonld, rdfc
from gradatim.engine.proof import data_integrity
from tests.engine.nquads import parse
from tests.engine.random_credentials import Maker
from tests.engine.samples import KEY, METHOD, NOW, check, credential, signed

ME = credential()["id"]
EXPIRED = "2026-05-31T12:00:00Z"
ORDERED = {"@context", "allowedValue"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def endorsement(**subject):
    about = {"id": ME, "type": ["EndorsementSubject"], "endorsementComment": "Good."} | subject
    kinds = ["VerifiableCredential", "EndorsementCredential"]
    return credential(id="urn:uuid:5f1c2f0e-0000-4000-8000-000000000009", type=kinds, credentialSubject=about)


def forms():
    document = Maker(7, strict=True).credential()
    by_jcs = data_integrity.add_proof(
        document, signer=KEY, verification_method=METHOD, created=NOW, cryptosuite="eddsa-jcs-2022"
    )
    texts = {"eddsa-rdfc-2022": json.dumps(signed(document)), "eddsa-jcs-2022": json.dumps(by_jcs)}
    texts["token"] = issue_token(credential(), signer=KEY, verification_method=METHOD)
    return {name: text.encode() for name, text in texts.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "data"), forms().items(), ids=forms())
def test_no_mutation_of_any_byte_verifies(name, data):
    """Each byte is changed, doubled and left out; only what reads the same JSON may still be valid."""
    chance = random.Random(1)
    before = check(data)
    assert before.verdict == "valid"
    for at in range(len(data)):
        other = bytes([data[at] ^ 1 << chance.randrange(7)])
        for changed in (
            data[:at] + other + data[at + 1 :],
            data[:at] + data[at : at + 1] + data[at:],
            data[:at] + data[at + 1 :],
        ):
            report = check(changed)
            assert report.verdict != "valid-with-marked-parts"
            if report.verdict == "valid":
                assert report.document == before.document, (at, changed[at - 20 : at + 20])
                assert changed == data or name != "token"


@pytest.mark.parametrize("seed", range(40))
def test_canonical_twice_is_canonical_once(seed):
    document = Maker(seed).credential()
    text = rdfc.canonicalize(jsonld.to_quads(document))
    assert rdfc.canonicalize(parse(text)) == text
    once = jcs.canonicalize(document)
    assert jcs.canonicalize(json.loads(once)) == once


@given(JSON)
def test_any_value_has_one_text(value):
    once = jcs.canonicalize(value)
    again = json.loads(once)
    assert jcs.canonicalize(again) == once


@pytest.mark.parametrize("seed", range(40))
def test_unknown_fields_survive(seed):
    """What this program has no use for is kept to the letter: in the report, in a token, in a picture."""
    own = {"@id": "https://x.example/own#extra", "@type": "@json"}
    extra = {"deep": [1, 2.5, {"": None}, "\u2028", {"id": "x", "@type": "y"}]}
    document = Maker(seed, strict=True).credential()
    document["@context"] = [*document["@context"], {"extra": own}]
    document["extra"] = extra
    made = signed(document)
    assert made["extra"] == extra
    report = check(json.dumps(made))
    assert (report.verdict, report.document) == ("valid", made)
    token = check(issue_token(credential(), signer=KEY, verification_method=METHOD))
    assert token.document == credential()
    inside = json.dumps(made, ensure_ascii=False).encode()
    assert unbake(bake(SVG, inside)) == inside


def harmless(chance, value):
    """Another order of keys and of values, one value as a list of one: forms that say and show the same."""
    if isinstance(value, dict):
        items = [(key, each if key in ORDERED else harmless(chance, each)) for key, each in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        return [harmless(chance, each) for each in chance.sample(value, len(value))]
    return value


@pytest.mark.parametrize("seed", range(40))
def test_order_changes_nothing(seed):
    chance = random.Random(seed)
    for document in (
        signed(Maker(seed, strict=True).credential()),
        signed(Maker(seed, strict=True).credential() | {"validUntil": EXPIRED}),
    ):
        before, after = check(document), check(harmless(chance, document))
        assert (before.verdict, before.cause) == (after.verdict, after.cause)


@pytest.mark.parametrize("key", ["validUntil", "credentialStatus", "image", "name"])
def test_what_belongs_to_the_document_is_not_hidden_in_an_endorsement(key):
    status = {"id": "https://x.example/s#1", "type": "1EdTechRevocationList"}
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    document = credential(validUntil=EXPIRED, image={"id": "https://x.example/i", "type": "Image"})
    document |= {"@context": [*document["@context"], extensions], "credentialStatus": status}
    document["endorsement"] = [signed(endorsement())]
    document = signed(document)
    assert check(document).cause == "expired"
    subject = document["endorsement"][0]["credentialSubject"]
    subject |= {"type": ["EndorsementSubject", "VerifiableCredential"], key: document.pop(key)}
    report = check(document)
    assert (report.verdict, report.cause) == ("invalid", "term-dropped")
    assert "described here again" in report.decided_by.detail


def test_what_belongs_to_the_document_is_not_hidden_in_a_service_of_the_same_address():
    """Some issuers give the refresh service the address of the credential."""
    here = "https://x.example/c/1"
    document = credential(
        id=here, validUntil=EXPIRED, refreshService={"id": here, "type": "1EdTechCredentialRefresh"}
    )
    document["@context"] = [*document["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    document = signed(document)
    assert check(document).cause == "expired"
    document["refreshService"] |= {
        "type": ["1EdTechCredentialRefresh", "VerifiableCredential"],
        "validUntil": document.pop("validUntil"),
    }
    assert (check(document).verdict, check(document).cause) == ("invalid", "term-dropped")


def test_what_belongs_to_an_achievement_is_not_hidden_in_an_endorsement():
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    achievement["endorsement"] = [signed(endorsement(id=achievement["id"]))]
    document = signed(document)
    assert check(document).verdict == "valid"
    forged = copy.deepcopy(document)
    achievement = forged["credentialSubject"]["achievement"]
    subject = achievement["endorsement"][0]["credentialSubject"]
    subject |= {"type": ["EndorsementSubject", "Achievement"], "alignment": achievement.pop("alignment")}
    assert check(forged).cause == "term-dropped"


def test_an_endorsement_may_say_more_about_what_is_elsewhere():
    made = signed(endorsement(id="https://x.example/elsewhere", name="More"))
    assert check(made).verdict == "valid"
