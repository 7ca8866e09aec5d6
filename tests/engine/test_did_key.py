"""did:key: the published identifiers, each with the key it stands for; and the other ways to a key."""

import json

import pytest

from gradatim.engine import did, encoding, keys
from gradatim.engine.errors import FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import MemoryFetcher
from tests.conftest import SHARED
from tests.engine.samples import DID, KEY, METHOD

FOLDER = SHARED / "standards/vectors/did-key"
NOBODY = MemoryFetcher({})


def published(*names):
    """Each identifier of some files, with what is said of it."""
    for name in names if FOLDER.exists() else ():
        whole = json.loads((FOLDER / f"{name}.json").read_text())
        yield from (whole | whole.get("didDocument", {})).items()


ED25519 = [(d, e) for d, e in published("ed25519-x25519") if d.startswith("did:key:z6Mk")]
CURVES = list(published("nist-curves"))
KNOWN = [(d, e) for d, e in CURVES if e["verificationMethod"].get("publicKeyJwk", {}).get("crv") != "P-521"]
UNKNOWN = [d for d, _ in published("bls12381", "secp256k1", "x25519", "rsa") if d.startswith("did:key:")]
UNKNOWN += [d for d, e in CURVES if (d, e) not in KNOWN]


def find(identifier):
    return did.find_method(identifier, fetcher=NOBODY)


@pytest.mark.shared
def test_there_are_vectors_of_every_kind():
    assert (len(ED25519), len(KNOWN), len(UNKNOWN)) == (5, 5, 20)


@pytest.mark.shared
@pytest.mark.parametrize(("identifier", "entry"), ED25519, ids=[d[8:20] for d, _ in ED25519])
def test_ed25519(identifier, entry):
    method = find(identifier)
    stated = entry["verificationKeyPair"]
    if "publicKeyJwk" in stated:
        assert method.key.to_jwk() == stated["publicKeyJwk"]
    else:
        assert method.key.raw == encoding.base58_decode(stated["publicKeyBase58"])
    assert did.did_key(method.key) == identifier
    assert method.id.endswith(stated["id"])
    assert keys.PrivateKey(keys.ED25519, bytes.fromhex(entry["seed"])).public_key == method.key


@pytest.mark.shared
@pytest.mark.parametrize(("identifier", "entry"), KNOWN, ids=[d[8:20] for d, _ in KNOWN])
def test_p256_and_p384(identifier, entry):
    method = find(identifier)
    stated = entry["verificationMethod"]
    if "publicKeyJwk" in stated:
        assert method.key.to_jwk() == stated["publicKeyJwk"]
        assert keys.PrivateKey.from_jwk(stated["privateKeyJwk"]).public_key == method.key
    else:
        assert method.key.raw == encoding.base58_decode(stated["publicKeyBase58"])
    assert did.did_key(method.key) == identifier


@pytest.mark.shared
@pytest.mark.parametrize("identifier", UNKNOWN, ids=[d[8:20] for d in UNKNOWN])
def test_kinds_that_are_not_known(identifier):
    with pytest.raises(KeyRefusedError) as refused:
        find(identifier)
    assert refused.value.code == "key-unresolved"


def test_a_did_key_speaks_for_itself():
    method = find(METHOD)
    assert (method.key, method.controller, method.id) == (KEY.public_key, DID, METHOD)
    assert method.purposes == {"assertionMethod", "authentication"}
    assert find(DID) == method


@pytest.mark.parametrize(
    "url",
    [
        "", "did:key:", "did:key:z", "did:key:z6Mk", f"{DID}#other", f"{DID}x", "did:jwk:", "did:jwk:e30", "did:example:1",
        "did:jwk:eyJrdHkiOiJvY3QifQ#0", "did:web:", "did:web:a.example:..:b#k", "did:web:a.example:%2e%2e#k",
        "did:web:a.example:b%2Fc#k", "did:web:a.example::b#k", "did:web:a.example%2Fb#k", "did:web:a.example/b#k",
        "did:key:u7QEBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fIA",
        "did:web:a@b.example#k", "did:web:a.example%3Fx#k", "urn:x:y", "http://a.example/k",
    ],
)  # fmt: skip
def test_no_key_there(url):
    with pytest.raises(KeyRefusedError) as refused:
        find(url)
    assert refused.value.code == "key-unresolved"
    assert not isinstance(refused.value, UnreachableKeyError)


@pytest.mark.parametrize(
    ("identifier", "url"),
    [
        ("did:web:a.example", "https://a.example/.well-known/did.json"),
        ("did:web:a.example:b:c", "https://a.example/b/c/did.json"),
        ("did:web:a.example%3A8443:b", "https://a.example:8443/b/did.json"),
    ],
)
def test_where_a_did_web_is(identifier, url):
    assert did.did_web_url(identifier) == url


@pytest.mark.parametrize("host", ["localhost%3A8000", "10.0.0.1", "127.0.0.1%3A8443"])
def test_a_did_web_inside_is_not_asked(host):
    with pytest.raises(FetchError) as blocked:
        find(f"did:web:{host}#k")
    assert blocked.value.code == "fetch-blocked"
    assert NOBODY.requests == []


def test_a_document_that_does_not_answer_says_nothing_against_the_key():
    with pytest.raises(UnreachableKeyError):
        did.find_method("did:web:a.example#k", fetcher=MemoryFetcher({}))


def key_document(**entry):
    method = {
        "id": "#k",
        "controller": "did:web:a.example",
        "publicKeyMultibase": KEY.public_key.to_multibase(),
    }
    document = {"id": "did:web:a.example", "verificationMethod": [method | entry], "assertionMethod": ["#k"]}
    return MemoryFetcher({"https://a.example/.well-known/did.json": {"body": document}})


def test_relative_addresses_and_ends_in_a_key_document():
    web = key_document(revoked="2026-03-01T00:00:00Z")
    method = did.find_method("did:web:a.example#k", fetcher=web)
    assert method.purposes == {"assertionMethod"}
    assert method.revoked == encoding.parse_datetime("2026-03-01T00:00:00Z")
    assert method.expires is None


@pytest.mark.parametrize(
    ("entry", "code"),
    [({"id": "#other"}, "key-unresolved"), ({"publicKeyMultibase": 5}, "key-unresolved")],
)
def test_key_documents_that_do_not_help(entry, code):
    with pytest.raises(KeyRefusedError) as refused:
        did.find_method("did:web:a.example#k", fetcher=key_document(**entry))
    assert refused.value.code == code
