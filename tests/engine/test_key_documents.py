"""Keys where issuers publish them: every form that is read, and the odd ones that are not."""

import json

import pytest

from gradatim.engine import did, encoding, issue_token
from gradatim.engine.errors import KeyRefusedError, ProofError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.keys import P256, PrivateKey
from gradatim.engine.proof import data_integrity, jose
from gradatim.engine.verify import verify
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, signed, token

SITE = "https://issuer.example/about"
WEB = "did:web:issuer.example"
KEY_AT = "https://issuer.example/key"
DOCUMENT_AT = "https://issuer.example/.well-known/did.json"
MULTIKEY = KEY.public_key.to_multibase()
JWK = KEY.public_key.to_jwk()
PUBLISHED = {"https://issuer.example/.well-known/jwks.json": {"keys": [JWK]}}
DID_JWK = f"did:jwk:{encoding.base64url_encode(json.dumps(JWK).encode())}"


def by(issuer):
    return credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})


def report(source, web):
    return verify(source, fetcher=MemoryFetcher({url: {"body": body} for url, body in web.items()}), now=NOW)


def document(identifier, entry, fragment="k"):
    method = {"id": f"{identifier}#{fragment}", "type": "Multikey", "controller": identifier} | entry
    return {"id": identifier, "verificationMethod": [method], "assertionMethod": [method["id"]]}


@pytest.mark.parametrize(
    "entry", [{"publicKeyMultibase": MULTIKEY}, {"publicKeyJwk": JWK}], ids=["multikey", "jwk"]
)
@pytest.mark.parametrize("fragment", ["k", MULTIKEY], ids=["a name", "the key itself"])
def test_a_profile_that_lists_its_keys(entry, fragment):
    told = report(signed(by(SITE), method=f"{SITE}#{fragment}"), {SITE: document(SITE, entry, fragment)})
    assert (told.verdict, told.cause) == ("valid", None)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"publicKeyPem": "x"},
        {"publicKeyJwk": "x"},
        {"publicKeyMultibase": MULTIKEY, "revoked": "yesterday"},
        {"publicKeyMultibase": MULTIKEY, "expires": 5},
    ],
    ids=str,
)
def test_entries_that_hold_no_key(entry):
    told = report(signed(by(WEB), method=f"{WEB}#k"), {DOCUMENT_AT: document(WEB, entry)})
    assert (told.verdict, told.cause) == ("invalid", "key-unresolved")


@pytest.mark.parametrize("end", ["expires", "revoked"])
@pytest.mark.parametrize(
    ("moment", "verdict"), [("2026-06-01T12:00:00Z", "invalid"), ("2026-06-01T12:00:01Z", "valid")]
)
def test_a_key_counts_until_its_end(end, moment, verdict):
    entry = {"publicKeyMultibase": MULTIKEY, end: moment}
    told = report(signed(by(WEB), method=f"{WEB}#k"), {DOCUMENT_AT: document(WEB, entry)})
    assert told.verdict == verdict


@pytest.mark.parametrize(("fragment", "verdict"), [("#0", "valid"), ("#1", "invalid"), ("", "valid")])
def test_a_did_jwk_has_one_key(fragment, verdict):
    assert check(signed(by(DID_JWK), method=f"{DID_JWK}{fragment}")).verdict == verdict


@pytest.mark.parametrize(
    "damaged", ["did:jwk:e30", "did:jwk:", "did:jwk:W10", "did:jwk:=", "did:jwk:eyJrdHkiOiJPS1AifQ"]
)
def test_a_did_jwk_that_is_damaged(damaged):
    with pytest.raises(KeyRefusedError):
        did.find_method(f"{damaged}#0", fetcher=MemoryFetcher({}))


@pytest.mark.parametrize(
    ("issuer", "header", "web", "verdict", "cause"),
    [
        (DID, {"jwk": JWK}, {}, "valid", None),
        (DID_JWK, {"jwk": JWK}, {}, "valid", None),
        (DID, {"jwk": PrivateKey.generate(P256).public_key.to_jwk()}, {}, "invalid", "key-not-authorised"),
        (WEB, {"jwk": JWK}, {DOCUMENT_AT: document(WEB, {"publicKeyJwk": JWK})}, "valid", None),
        (
            SITE,
            {"jwk": JWK},
            {"https://issuer.example/.well-known/jwks.json": {"keys": [JWK]}},
            "valid",
            None,
        ),
        ("urn:uuid:5f1c2f0e-0000-4000-8000-00000000000a", {"jwk": JWK}, {}, "invalid", "key-not-authorised"),
        (SITE, {"kid": KEY_AT}, {KEY_AT: JWK, **PUBLISHED}, "valid", None),
        (
            SITE,
            {"kid": KEY_AT},
            {KEY_AT: {"publicKeyMultibase": MULTIKEY, "controller": SITE}, **PUBLISHED},
            "valid",
            None,
        ),
        (SITE, {"kid": "https://other.example/key"}, {}, "invalid", "key-not-authorised"),
        (WEB, {"kid": "#k"}, {DOCUMENT_AT: document(WEB, {"publicKeyJwk": JWK})}, "valid", None),
        (WEB, {"kid": f"{WEB}#k"}, {}, "undetermined", "key-unresolved"),
        (WEB, {"kid": 5}, {}, "invalid", "key-unresolved"),
        (WEB, {}, {}, "invalid", "key-unresolved"),
    ],
)
def test_keys_that_a_token_names(issuer, header, web, verdict, cause):
    told = report(token(by(issuer), {"alg": "EdDSA"} | header), web)
    assert (told.verdict, told.cause) == (verdict, cause)


def test_a_key_document_by_another_than_the_issuer():
    """The token's key is at the issuer's host, but belongs to somebody else there."""
    other = "https://issuer.example/other"
    web = {KEY_AT: {"publicKeyMultibase": MULTIKEY, "controller": other}, **PUBLISHED}
    told = report(token(by(SITE), {"alg": "EdDSA", "kid": KEY_AT}), web)
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"nbf": None}, "schema"),
        ({"nbf": 5}, "schema"),
        ({"jti": "urn:x:y"}, "schema"),
        ({"sub": None}, "schema"),
        ({"iss": "did:key:z6Mk"}, "issuer-mismatch"),
        ({"exp": 1900000000}, "schema"),
        ({"validUntil": "2027-05-30T12:00:00Z"}, "schema"),
    ],
)
def test_claims_that_say_otherwise(changes, cause):
    document = credential(validUntil="2027-06-30T12:00:00Z") | {"exp": 1814356800} | changes
    told = check(
        token(
            {key: value for key, value in document.items() if value is not None or key in changes},
            {"alg": "EdDSA", "kid": METHOD},
        )
    )
    assert (told.verdict, told.cause) == ("invalid", cause)


def test_a_token_with_an_end():
    made = issue_token(credential(validUntil="2027-06-30T12:00:00Z"), signer=KEY, verification_method=METHOD)
    assert check(made).verdict == "valid"
    assert jose.parse(made).payload["exp"] == 1814356800


def test_a_subject_without_an_id_has_no_token():
    document = credential()
    named = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "a@b.example",
        "identityType": "emailAddress",
    }
    document["credentialSubject"]["identifier"] = [named]
    del document["credentialSubject"]["id"]
    with pytest.raises(ProofError, match="no id"):
        issue_token(document, signer=KEY, verification_method=METHOD)


@pytest.mark.parametrize(
    ("text", "meant"), [("ey.ey.x", True), ("  eyJ.a.b", True), ("ey.a", False), ("{}", False)]
)
def test_what_looks_like_a_token(text, meant):
    assert jose.looks_like(text) is meant


def test_a_key_of_another_kind_makes_no_such_proof():
    other = PrivateKey.generate(P256)
    with pytest.raises(ProofError, match="P-256"):
        data_integrity.add_proof(
            credential(), signer=other, verification_method=METHOD, created=NOW, cryptosuite="eddsa-rdfc-2022"
        )
    made = signed()
    unsigned = {key: value for key, value in made.items() if key != "proof"}
    with pytest.raises(ProofError) as refused:
        data_integrity.verify_proof(unsigned, made["proof"], other.public_key)
    assert refused.value.code == "proof-invalid"


LISTED = {
    "id": SITE,
    "verificationMethod": [{"id": f"{SITE}#zurich", "controller": SITE, "publicKeyMultibase": MULTIKEY}],
    "assertionMethod": [f"{SITE}#zurich"],
}
SET_AT = "https://issuer.example/.well-known/jwks.json"
NAMED = {SET_AT: {"keys": [PrivateKey.generate(P256).public_key.to_jwk(), JWK | {"kid": f"{SITE}#k1"}]}}


@pytest.mark.parametrize(
    ("method", "web"),
    [
        (f"{SITE}#zurich", {SITE: LISTED}),  # a fragment is a name, whatever it begins with
        (f"{SITE}#{MULTIKEY}", PUBLISHED),  # a profile is often a page for people
        (f"{SITE}#{MULTIKEY}", {SITE: {"id": SITE, "type": "Profile"}, **PUBLISHED}),
        (f"{SITE}#k1", NAMED),
        (f"{SITE}#k1", {SITE: {"id": SITE, "type": "Profile"}, **NAMED}),
        (  # the owner's document names it by its address alone
            KEY_AT,
            {
                KEY_AT: {"id": KEY_AT, "controller": SITE, "publicKeyMultibase": MULTIKEY},
                SITE: {"id": SITE, "assertionMethod": KEY_AT},
            },
        ),
        (  # or has it in the relationship, and not by itself
            KEY_AT,
            {
                KEY_AT: {"id": KEY_AT, "controller": SITE, "publicKeyMultibase": MULTIKEY},
                SITE: {
                    "id": SITE,
                    "assertionMethod": [{"id": KEY_AT, "controller": SITE, "publicKeyMultibase": MULTIKEY}],
                },
            },
        ),
    ],
)
@pytest.mark.parametrize("form", ["embedded", "token"])
def test_where_a_site_lists_its_keys(method, web, form):
    made = signed(by(SITE), method=method)
    if form == "token":
        made = token(by(SITE), {"alg": "EdDSA", "kid": method})
    assert report(made, web).verdict == "valid"


@pytest.mark.parametrize(
    ("web", "verdict"),
    [
        ({SITE: {"id": SITE}, SET_AT: {"keys": []}}, "invalid"),
        ({SITE: {"id": SITE}}, "undetermined"),
        ({SET_AT: {"keys": []}}, "undetermined"),
        ({}, "undetermined"),
    ],
)
def test_a_name_that_no_list_has(web, verdict):
    told = report(signed(by(SITE), method=f"{SITE}#k1"), web)
    assert (told.verdict, told.cause) == (verdict, "key-unresolved")


OTHER = PrivateKey(P256, bytes(range(9, 41)))
AT_ITS_ADDRESS = {"id": KEY_AT, "type": "Multikey", "controller": SITE, "publicKeyMultibase": MULTIKEY}


@pytest.mark.parametrize(
    ("said", "verdict", "cause"),
    [
        ({}, "valid", None),
        ({"revoked": "2026-01-01T00:00:00Z"}, "invalid", "key-not-authorised"),
        ({"publicKeyMultibase": OTHER.public_key.to_multibase()}, "invalid", "proof-invalid"),
        ({"controller": f"{SITE}/else"}, "invalid", "key-not-authorised"),
    ],
    ids=["the same", "taken back", "another key", "another's"],
)
def test_what_the_owner_says_of_a_key_counts_more_than_what_stands_at_its_address(said, verdict, cause):
    owner = {"id": SITE, "verificationMethod": [AT_ITS_ADDRESS | said], "assertionMethod": [KEY_AT]}
    told = report(signed(by(SITE), method=KEY_AT), {KEY_AT: AT_ITS_ADDRESS, SITE: owner})
    assert (told.verdict, told.cause) == (verdict, cause)


def one_key_under_two_names(**ended):
    entry = {"type": "JsonWebKey", "controller": WEB, "publicKeyJwk": JWK}
    methods = [entry | {"id": f"{WEB}#a"}, entry | {"id": f"{WEB}#b"} | ended]
    return {
        "id": WEB,
        "verificationMethod": methods,
        "authentication": [f"{WEB}#a"],
        "assertionMethod": [f"{WEB}#b"],
    }


@pytest.mark.parametrize(
    "header", [{"kid": "b"}, {"kid": f"{WEB}#b"}, {"jwk": JWK}], ids=["name", "id", "key"]
)
@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        ({}, "valid"),
        ({"revoked": "2026-01-01T00:00:00Z"}, "invalid"),
        ({"expires": "2026-01-01T00:00:00Z"}, "invalid"),
    ],
    ids=["in force", "taken back", "expired"],
)
def test_one_key_under_two_names(header, ended, verdict):
    told = report(token(by(WEB), {"alg": "EdDSA"} | header), {DOCUMENT_AT: one_key_under_two_names(**ended)})
    assert told.verdict == verdict


def test_a_key_that_is_described_in_two_ways():
    entry = {"id": f"{WEB}#k", "type": "Multikey", "controller": WEB, "publicKeyMultibase": MULTIKEY}
    ended = entry | {"revoked": "2026-01-01T00:00:00Z"}
    for others, cause in (([entry], None), ([ended], "key-unresolved")):
        web = {DOCUMENT_AT: {"id": WEB, "verificationMethod": [entry], "assertionMethod": others}}
        assert report(signed(by(WEB), method=f"{WEB}#k"), web).cause == cause


@pytest.mark.parametrize("site", ["https://Issuer.example/about", "https://issuer.example:443/about"])
def test_one_host_written_in_two_ways(site):
    web = {
        site: {"status": 301, "location": SITE},
        SITE: {"body": document(site, {"publicKeyMultibase": MULTIKEY})},
    }
    told = verify(signed(by(site), method=f"{site}#k"), fetcher=MemoryFetcher(web), now=NOW)
    assert (told.verdict, told.cause) == ("valid", None)
