"""Embedded proofs of every suite, in sets and chains: what is made is verified, and nothing else is."""

import json

import pytest

from gradatim.engine import did
from gradatim.engine.errors import Error, ProofError
from gradatim.engine.issue import issue
from gradatim.engine.keys import ED25519, P256, P384, RSA, PrivateKey
from gradatim.engine.proof import claims, data_integrity, jose
from tests.engine.samples import KEY, METHOD, NOW, check, credential, places, signed
from tests.engine.timing import within

OLD_CONTEXT = "https://w3id.org/security/suites/ed25519-2020/v1"
SUITES = [
    ("eddsa-rdfc-2022", ED25519),
    ("eddsa-jcs-2022", ED25519),
    ("ecdsa-rdfc-2019", P256),
    ("ecdsa-rdfc-2019", P384),
    ("ecdsa-jcs-2019", P256),
    ("ecdsa-jcs-2019", P384),
    ("Ed25519Signature2020", ED25519),
]
OTHER = PrivateKey(ED25519, bytes(range(1, 33)))
OTHER_METHOD = f"{did.did_key(OTHER.public_key)}#{OTHER.public_key.to_multibase()}"


def made(suite, kind):
    key = KEY if kind == ED25519 else PrivateKey.generate(kind)
    issuer = did.did_key(key.public_key)
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})
    if suite == "Ed25519Signature2020":
        document["@context"] = [*document["@context"], OLD_CONTEXT]
    method = f"{issuer}#{key.public_key.to_multibase()}"
    return issue(document, signer=key, verification_method=method, created=NOW, cryptosuite=suite)


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_a_suite_both_ways(suite, kind):
    document = made(suite, kind)
    assert check(document).cause is None
    for way in places(document):
        if way[0] in {"@context", "type"} or way[-1] in {"type", "cryptosuite"}:
            continue
        changed = json.loads(json.dumps(document))
        inner = changed
        for step in way[:-1]:
            inner = inner[step]
        inner[way[-1]] += "x"
        assert check(changed).verdict != "valid", way


def test_the_suite_follows_the_key():
    assert signed()["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert made(None, P384)["proof"]["cryptosuite"] == "ecdsa-rdfc-2019"


@pytest.mark.parametrize(
    ("suite", "kind"), [("ecdsa-rdfc-2019", ED25519), ("eddsa-jcs-2022", P256), (None, RSA)]
)
def test_a_key_of_another_kind_makes_no_proof(suite, kind):
    with pytest.raises(ProofError) as refused:
        data_integrity.add_proof(
            credential(),
            signer=PrivateKey.generate(kind),
            verification_method=METHOD,
            created=NOW,
            cryptosuite=suite,
        )
    assert refused.value.code == "proof-unsupported"


def test_an_old_proof_needs_its_context():
    assert check(signed() | {"proof": {"type": "Ed25519Signature2020"}}).verdict == "invalid"
    document = made("Ed25519Signature2020", ED25519)
    document["proof"]["cryptosuite"] = "eddsa-rdfc-2022"
    assert check(document).cause == "proof-unsupported"


def test_the_context_that_a_jcs_proof_signed():
    document = made("eddsa-jcs-2022", ED25519)
    longer = document | {"@context": [*document["@context"], OLD_CONTEXT]}
    assert check(longer).verdict == "valid"  # the proof's own context is what was signed; adding is allowed
    other = document | {
        "@context": [document["@context"][0], document["@context"][1].replace("3.0.3", "3.0.2")]
    }
    assert check(other).cause == "proof-invalid"


def appended(document, key=KEY, method=METHOD, **options):
    return data_integrity.append_proof(
        document, signer=key, verification_method=method, created=NOW, **options
    )


def first():
    return data_integrity.add_proof(
        credential(),
        signer=OTHER,
        verification_method=OTHER_METHOD,
        created=NOW,
        options={"id": "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000a1"},
    )


def test_a_set_needs_one_proof_of_the_issuer():
    assert check(first()).cause == "issuer-mismatch"
    assert check(appended(first())).verdict == "valid"


def test_a_chain():
    document = appended(first(), previous=["urn:uuid:5f1c2f0e-0000-4000-8000-0000000000a1"])
    assert document["proof"][1]["previousProof"] == "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000a1"
    assert check(document).verdict == "valid"
    alone = document | {"proof": document["proof"][1]}
    assert check(alone).cause == "proof-invalid"
    twice = document | {"proof": [document["proof"][0], *document["proof"]]}
    assert check(twice).verdict == "invalid"


def test_a_chain_upon_a_proof_that_does_not_fit():
    start = first()
    start["proof"]["proofValue"] = signed()["proof"]["proofValue"]
    document = appended(start, previous=["urn:uuid:5f1c2f0e-0000-4000-8000-0000000000a1"])
    assert check(document).cause == "proof-invalid"
    told = next(one for one in check(document).checks if one.name == "proof")
    assert "changed" in told.detail


def test_a_proof_that_builds_on_itself():
    document = signed()
    document["proof"] |= {"id": "urn:uuid:1", "previousProof": "urn:uuid:1"}
    assert check(document).cause == "proof-invalid"


def test_a_proof_cannot_build_on_what_is_not_there():
    with pytest.raises(ProofError):
        appended(signed(), previous=["urn:uuid:2"])


def test_a_challenge_is_asked_of_credentials_too():
    assert check(signed(), challenge="c1").cause == "proof-challenge"
    document = data_integrity.add_proof(
        credential(),
        signer=KEY,
        verification_method=METHOD,
        created=NOW,
        options={"challenge": "c1", "domain": ["https://a.example", "https://b.example"]},
    )
    assert check(document, challenge="c1", domain="https://b.example").verdict == "valid"
    assert check(document, challenge="c1", domain="https://c.example").cause == "proof-domain"
    assert check(document).verdict == "valid"


def test_a_token_around_a_proof_needs_both():
    document = signed()
    payload = claims.of_credential(document)
    assert check(jose.sign(payload, signer=KEY, kid=METHOD)).cause is None
    changed = payload | {"name": "Other"}
    assert check(jose.sign(changed, signer=KEY, kid=METHOD)).cause == "proof-invalid"
    assert check(jose.sign(payload, signer=OTHER, kid=METHOD)).cause == "proof-invalid"


def test_a_long_chain_is_walked_once():
    alignment = {"type": ["Alignment"], "targetName": "n", "targetDescription": "x" * 60}
    document = credential()
    document["credentialSubject"]["achievement"]["alignment"] = [
        alignment | {"targetUrl": f"https://x.example/{number}"} for number in range(5_000)
    ]
    before = []
    document = signed(document)
    document["proof"] = []
    for number in range(10):
        name = f"urn:proof:{number}"
        document = appended(document, options={"id": name}, previous=before)
        before = [*before, name]
    text = json.dumps(document).encode()
    with within(2):
        assert check(text).verdict == "valid"


def jcs_signed():
    return made("eddsa-jcs-2022", ED25519)


@pytest.mark.parametrize(
    ("document", "change", "key", "code"),
    [
        (signed, {}, OTHER.public_key, "proof-invalid"),
        (signed, {}, PrivateKey.generate(P256).public_key, "proof-invalid"),
        (signed, {"proofValue": None}, KEY.public_key, "proof-invalid"),
        (signed, {"proofValue": "z0"}, KEY.public_key, "proof-invalid"),
        (signed, {"proofValue": "uAAAA"}, KEY.public_key, "proof-invalid"),
        (signed, {"cryptosuite": "other"}, KEY.public_key, "proof-unsupported"),
        (signed, {"cryptosuite": "Ed25519Signature2020"}, KEY.public_key, "proof-unsupported"),
        (signed, {"type": "Ed25519Signature2020"}, KEY.public_key, "proof-unsupported"),
        (signed, {"type": "other"}, KEY.public_key, "proof-unsupported"),
        (signed, {"unknown": "x"}, KEY.public_key, "term-dropped"),
        (jcs_signed, {"@context": ["urn:x:other"]}, KEY.public_key, "proof-invalid"),
        (jcs_signed, {"@context": "urn:x:other"}, KEY.public_key, "proof-invalid"),
    ],
)
def test_the_word_for_what_is_wrong_with_a_proof(document, change, key, code):
    document = document()
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    data_integrity.verify_proof(unsigned, document["proof"], KEY.public_key)
    with pytest.raises(Error) as refused:
        data_integrity.verify_proof(unsigned, document["proof"] | change, key)
    assert refused.value.code == code


def test_what_a_proof_refuses_is_said_of_the_proof():
    report = check(signed() | {"proof": signed()["proof"] | {"unknown": "x"}})
    assert (report.verdict, report.cause, report.decided_by.name) == ("invalid", "proof-invalid", "proof")
    report = check(signed() | {"proof": signed()["proof"] | {"cryptosuite": "other"}})
    assert (report.verdict, report.cause, report.decided_by.name) == (
        "undetermined",
        "proof-unsupported",
        "proof",
    )


def test_a_proof_stands_under_the_context_of_its_document():
    document = signed()
    assert check(document | {"proof": document["proof"] | {"@context": ["urn:x:other"]}}).verdict == "valid"
    jcs = jcs_signed()
    assert check(jcs | {"proof": jcs["proof"] | {"@context": ["urn:x:other"]}}).cause == "proof-invalid"


@pytest.mark.parametrize("previous", ["urn:x:none", ["urn:x:none"], [5], 5, {}])
def test_a_proof_builds_on_what_is_there(previous):
    document = signed()
    with pytest.raises(ProofError) as refused:
        data_integrity.signed_part(document, document["proof"] | {"previousProof": previous})
    assert refused.value.code == "proof-invalid"
    assert "proof" not in data_integrity.signed_part(document, document["proof"])


def test_the_members_of_a_proof_in_order():
    options = {"expires": "2027-01-01T00:00:00Z", "id": "urn:x:p", "challenge": "c"}
    made_with = {"signer": KEY, "verification_method": METHOD, "created": NOW, "options": options}
    proof = data_integrity.add_proof(signed(), **made_with)["proof"]
    assert list(proof) == [
        "id", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "expires", "challenge", "proofValue",
    ]  # fmt: skip
    assert (proof["proofPurpose"], proof["created"]) == ("assertionMethod", "2026-06-01T12:00:00Z")
    old = made("Ed25519Signature2020", ED25519)["proof"]
    assert (old["type"], "cryptosuite" in old) == ("Ed25519Signature2020", False)
    jcs = made("eddsa-jcs-2022", ED25519)
    assert jcs["proof"]["@context"] == jcs["@context"]
    two = appended(appended(signed()), previous=())["proof"]
    assert [("previousProof" in one) for one in two] == [False] * 3
