"""An issuer's key that was seen before: a domain lapses, is bought, and its new owner publishes a key of his own."""

import json
from datetime import timedelta

import pytest

from gradatim.engine import MemoryFetcher, did_key, issue, issue_token, verify
from gradatim.engine.bulk import Memory
from gradatim.engine.keys import ED25519, RSA, PrivateKey
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import continuity
from tests.engine.samples import DID, KEY, NOW, credential, signed

WEB = "did:web:college.example"
SITE = "https://college.example/issuer"
FIRST, SECOND = KEY, PrivateKey(ED25519, bytes(range(7, 39)))
LATER = NOW + timedelta(days=400)
DOCUMENT = {WEB: "https://college.example/.well-known/did.json", SITE: SITE}
VOUCHED = {
    "@context": [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
        "https://w3id.org/security/data-integrity/v2",
    ]
}


def method(issuer, key):
    return f"{issuer}#{key.public_key.to_multibase()}"


def published(issuer, *keys, context=None):
    return (context or {}) | {
        "id": issuer,
        "verificationMethod": [
            {
                "id": method(issuer, key),
                "type": "Multikey",
                "controller": issuer,
                "publicKeyMultibase": key.public_key.to_multibase(),
            }
            for key in keys
        ],
        "assertionMethod": [method(issuer, key) for key in keys],
    }


def vouched(issuer, by, *keys, suite="eddsa-jcs-2022"):
    return data_integrity.add_proof(
        published(issuer, *keys, context=VOUCHED),
        signer=by,
        verification_method=method(issuer, by),
        created=NOW,
        cryptosuite=suite,
    )


def badge(issuer, key, *, form="embedded"):
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "Northfield College"})
    how = {"signer": key, "verification_method": method(issuer, key)}
    return issue(document, created=NOW, **how) if form == "embedded" else issue_token(document, **how)


def told(document, page, memory, *, issuer=WEB, now=NOW):
    web = MemoryFetcher({DOCUMENT[issuer]: {"body": json.dumps(page)}})
    return verify(document, fetcher=web, now=now, memory=memory)


@pytest.mark.parametrize(("issuer", "form"), [(WEB, "embedded"), (WEB, "token"), (SITE, "embedded")])
def test_a_domain_that_was_bought(issuer, form):
    memory = {}
    first = told(badge(issuer, FIRST, form=form), published(issuer, FIRST), memory, issuer=issuer)
    assert (first.verdict, first.warnings) == ("valid", ())
    for page in (
        published(issuer, SECOND),
        published(issuer, SECOND, FIRST),
    ):  # anybody can copy a public key
        for _ in range(2):  # and saying it once is not enough
            report = told(badge(issuer, SECOND, form=form), page, memory, issuer=issuer, now=LATER)
            assert (report.verdict, report.warnings) == ("valid", ("issuer-key-changed",))
            assert any("first seen 2026-06-01" in each.detail for each in report.checks)
    old = told(badge(issuer, FIRST, form=form), published(issuer, SECOND, FIRST), memory, issuer=issuer)
    assert old.warnings == ()


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_a_key_that_an_earlier_one_vouches_for(suite):
    memory = {}
    told(badge(WEB, FIRST), published(WEB, FIRST), memory)
    third = PrivateKey(ED25519, bytes(range(9, 41)))
    page = vouched(WEB, FIRST, FIRST, SECOND, suite=suite)
    assert told(badge(WEB, SECOND), page, memory, now=LATER).warnings == ()
    assert told(badge(WEB, SECOND), published(WEB, SECOND), memory, now=LATER).warnings == ()
    page = vouched(WEB, SECOND, third, suite=suite)  # a chain of keys goes on
    assert told(badge(WEB, third), page, memory, now=LATER).warnings == ()
    assert json.loads(memory[continuity.place(WEB)])["since"] == "2026-06-01T12:00:00Z"


@pytest.mark.parametrize(
    "page",
    [
        vouched(WEB, SECOND, FIRST, SECOND),
        vouched(WEB, FIRST, FIRST) | published(WEB, FIRST, SECOND),
        published(WEB, SECOND) | {"proof": {"type": "DataIntegrityProof"}},
        published(WEB, SECOND) | {"proof": "x"},
    ],
    ids=["by itself", "before it stood there", "no proof", "no object"],
)
def test_a_key_that_none_vouches_for(page):
    memory = {}
    told(badge(WEB, FIRST), published(WEB, FIRST), memory)
    assert told(badge(WEB, SECOND), page, memory, now=LATER).warnings == ("issuer-key-changed",)


def test_the_reader_may_start_anew():
    memory = {}
    told(badge(WEB, FIRST), published(WEB, FIRST), memory)
    del memory[continuity.place(WEB)]
    assert told(badge(WEB, SECOND), published(WEB, SECOND), memory).warnings == ()
    assert told(badge(WEB, FIRST), published(WEB, FIRST), memory).warnings == ("issuer-key-changed",)


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"since": 1, "keys": 5}', '{"since": "", "keys": [{}]}']
)
def test_a_memory_that_cannot_be_read_is_none(text):
    memory = {continuity.place(WEB): text}
    assert told(badge(WEB, FIRST), published(WEB, FIRST), memory).warnings == ()
    assert json.loads(memory[continuity.place(WEB)])["keys"] == [FIRST.public_key.to_jwk()]


def test_only_what_was_found_good_is_noted():
    memory = {}
    forged = badge(WEB, FIRST) | {"name": "Other"}
    assert told(forged, published(WEB, FIRST), memory).cause == "proof-invalid"
    assert told(badge(WEB, SECOND), published(WEB, FIRST), memory).cause == "key-unresolved"
    assert memory == {}


def test_identifiers_that_are_keys_need_no_memory():
    memory = {}
    assert verify(signed(), fetcher=MemoryFetcher({}), now=NOW, memory=memory).verdict == "valid"
    assert did_key(KEY.public_key) == DID
    assert memory == {}


def test_the_number_of_keys_is_bounded():
    memory = {}
    told(badge(WEB, FIRST), published(WEB, FIRST), memory)
    kept = json.loads(memory[continuity.place(WEB)])
    kept["keys"] *= continuity.MAX_KEYS
    memory[continuity.place(WEB)] = json.dumps(kept)
    page = vouched(WEB, FIRST, FIRST, SECOND)
    assert told(badge(WEB, SECOND), page, memory).warnings == ("issuer-key-changed",)


def test_keys_of_every_kind_are_remembered(tmp_path):
    key = PrivateKey.generate(RSA)
    page = {
        "id": WEB,
        "verificationMethod": [
            {
                "id": f"{WEB}#r",
                "type": "JsonWebKey",
                "controller": WEB,
                "publicKeyJwk": key.public_key.to_jwk(),
            }
        ],
        "assertionMethod": [f"{WEB}#r"],
    }
    document = credential(issuer={"id": WEB, "type": ["Profile"], "name": "N"})
    text = issue_token(document, signer=key, verification_method=f"{WEB}#r")
    memory = Memory(tmp_path)
    for _ in range(2):
        assert told(text, page, memory).warnings == ()
    assert told(badge(WEB, FIRST), published(WEB, FIRST), memory).warnings == ("issuer-key-changed",)


def test_an_issuer_without_a_document_of_its_own():
    """Its keys stand in a set, so none can vouch for another there."""
    keys_at = "https://" + SITE.split("/")[2] + "/.well-known/jwks.json"
    page = {"id": f"{SITE}/key", "controller": SITE}
    memory = {}
    for key, warnings in ((FIRST, ()), (SECOND, ("issuer-key-changed",))):
        document = credential(issuer={"id": SITE, "type": ["Profile"], "name": "N"})
        made = issue(document, signer=key, verification_method=f"{SITE}/key", created=NOW)
        body = json.dumps(page | {"publicKeyMultibase": key.public_key.to_multibase()})
        pages = {f"{SITE}/key": {"body": body}, keys_at: {"body": {"keys": [key.public_key.to_jwk()]}}}
        report = verify(made, fetcher=MemoryFetcher(pages), now=NOW, memory=memory)
        assert (report.verdict, report.warnings) == ("valid", warnings)
