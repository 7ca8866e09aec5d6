"""Proofs and keys at their edges: what is refused there, and with which word."""

import copy

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from gradatim.engine import encoding, issue_many
from gradatim.engine.errors import Error, KeyRefusedError, ProofError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.keys import ED25519, P256, PrivateKey, PublicKey
from gradatim.engine.proof import grouping, selective
from gradatim.engine.verify import verify
from tests.engine import test_older_badges as older
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, signed, token
from tests.engine.test_intake import bare

SITE = "https://issuer.example/about"
KEY_AT = "https://issuer.example/key"
JWK = KEY.public_key.to_jwk()
SET_AT = "https://issuer.example/.well-known/jwks.json"
OTHER = PrivateKey.generate(ED25519).public_key.to_jwk()
CONTROLLER = {
    "id": SITE,
    "verificationMethod": [{"id": f"{SITE}#k1", "controller": SITE, "publicKeyJwk": JWK}],
    "assertionMethod": [f"{SITE}#k1"],
}


def by_site(header, web):
    document = credential(issuer={"id": SITE, "type": ["Profile"], "name": "N"})
    pages = {url: {"body": body} for url, body in web.items()}
    return verify(token(document, {"alg": "EdDSA"} | header), fetcher=MemoryFetcher(pages), now=NOW)


@pytest.mark.parametrize(
    ("header", "web", "verdict", "cause"),
    [
        ({"kid": KEY_AT}, {KEY_AT: JWK | {"iss": SITE}, SET_AT: {"keys": [JWK]}}, "valid", None),
        (
            {"kid": KEY_AT},
            {KEY_AT: JWK | {"iss": "https://issuer.example/other"}},
            "invalid",
            "key-not-authorised",
        ),
        ({"kid": "k1"}, {SET_AT: {"keys": [JWK | {"kid": "k0"}, JWK | {"kid": "k1"}]}}, "valid", None),
        ({"kid": "k2"}, {SET_AT: {"keys": [JWK | {"kid": "k1"}]}}, "invalid", "key-unresolved"),
        ({"kid": "k1"}, {}, "undetermined", "key-unresolved"),
        ({"kid": f"{KEY_AT}#k1"}, {KEY_AT: JWK | {"kid": "k1"}, SET_AT: {"keys": [JWK]}}, "valid", None),
        ({"kid": f"{SITE}#k1"}, {SITE: CONTROLLER}, "valid", None),
        ({"kid": "#k1"}, {SITE: CONTROLLER}, "valid", None),
        ({"kid": KEY_AT}, {SET_AT: {"keys": [JWK | {"kid": KEY_AT, "iss": SITE}]}}, "valid", None),
        ({"kid": f"{SET_AT}#k1"}, {SET_AT: {"keys": [OTHER, JWK | {"kid": "k1"}]}}, "valid", None),
        ({"kid": SET_AT}, {SET_AT: {"keys": [JWK]}}, "valid", None),
        ({"kid": SET_AT}, {SET_AT: {"keys": [JWK, OTHER]}}, "invalid", "key-unresolved"),
        ({"kid": KEY_AT}, {SET_AT: {"keys": [JWK | {"kid": "k1"}]}}, "undetermined", "key-unresolved"),
        ({"kid": KEY_AT}, {SET_AT: {"keys": [OTHER | {"kid": KEY_AT}]}}, "invalid", "proof-invalid"),
        (
            {"kid": KEY_AT},
            {SET_AT: {"keys": [JWK | {"kid": KEY_AT, "iss": "https://issuer.example/other"}]}},
            "undetermined",
            "key-unresolved",
        ),
    ],
)
def test_keys_at_the_issuers_host(header, web, verdict, cause):
    report = by_site(header, web)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_a_token_that_says_no_beginning():
    other = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}
    about = {"id": "urn:x:s", "name": "N"}
    claims = other | {
        "id": "urn:x:c",
        "issuer": DID,
        "credentialSubject": about,
        "iss": DID,
        "jti": "urn:x:c",
        "sub": "urn:x:s",
    }
    assert check(bare(claims | {"nbf": 1780142400})).verdict == "valid"
    report = check(bare(claims))
    assert (report.verdict, report.cause) == ("invalid", "schema")
    assert "nbf" in report.decided_by.detail


def pem(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def test_keys_in_pem():
    assert (
        PublicKey.from_pem(pem(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))))
        == KEY.public_key
    )
    assert PublicKey.from_pem(pem(ec.generate_private_key(ec.SECP256R1()))).kind == P256
    for odd in (pem(ec.generate_private_key(ec.SECP521R1())), b"", b"-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(KeyRefusedError) as refused:
            PublicKey.from_pem(odd)
        assert refused.value.code == "key-unresolved"


def test_a_batch_ends_at_the_first_that_is_refused():
    made = []
    wanted = [credential(), credential(id="urn:x:2"), credential(validFrom="x"), credential(id="urn:x:4")]
    with pytest.raises(Error) as refused:
        made.extend(issue_many(iter(wanted), signer=KEY, verification_method=METHOD, created=NOW))
    assert refused.value.code == "schema"
    stream = issue_many(iter(wanted), signer=KEY, verification_method=METHOD, created=NOW)
    assert [next(stream)["id"], next(stream)["id"]] == [credential()["id"], "urn:x:2"]
    with pytest.raises(Error):
        next(stream)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"id": None}, "id"),
        ({"recipient": {"identity": "x", "hashed": "yes", "type": "email"}}, "recipient"),
        ({"recipient": {"identity": "x", "hashed": False}}, "recipient"),
        ({"recipient": {"type": "email"}}, "recipient"),
        ({"verification": "hosted"}, "verification"),
        ({"verification": {"type": "other"}}, "verification"),
        ({"issuedOn": "soon"}, "issuedOn"),
    ],
)
def test_older_assertions_that_are_none(changes, word):
    report = older.judge(older.assertion(**changes))
    assert (report.verdict, report.cause) == ("refused", "schema")
    assert word in report.decided_by.detail


@pytest.mark.parametrize("badge", [{"criteria": 5}, {"issuer": 5}, {"name": None}, {"description": 1}])
def test_older_badge_classes_that_are_none(badge):
    report = older.judge(older.assertion(), older.web(badge=badge))
    assert (report.verdict, report.cause) == ("invalid", "schema")


def test_an_older_token_with_a_key_of_another_kind():
    other = older.jose.sign(
        older.assertion(verification={"type": "signed", "creator": f"{older.HOST}/key"}),
        signer=PrivateKey.generate(P256),
        kid="x",
    )
    report = older.judge(other, older.web(issuer={"publicKey": f"{older.HOST}/key"}))
    assert (report.verdict, report.cause) == ("invalid", "proof-invalid")


SERVICE = {"type": "1EdTechCredentialRefresh"}
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


@pytest.mark.parametrize(
    ("newer", "cause"),
    [
        ({"validFrom": "2026-05-31T12:00:00Z"}, "refreshed"),
        ({"validFrom": "2026-05-30T12:00:00Z"}, None),
        ({"validFrom": "2026-05-29T12:00:00Z"}, None),
        ({"id": "urn:x:other", "validFrom": "2026-05-31T12:00:00Z"}, None),
    ],
)
def test_only_a_later_one_of_the_same_is_newer(newer, cause):
    url = "https://x.example/newer"
    contexts = {"@context": [*credential()["@context"], EXTENSIONS]}
    given = signed(credential(refreshService={"id": url} | SERVICE) | contexts)
    later = signed(credential(**newer) | contexts)
    report = verify(given, fetcher=MemoryFetcher({url: {"body": later}}), now=NOW)
    assert (report.verdict, report.cause) == ("valid", cause)
    broken = later | {"name": "Changed"}
    assert verify(given, fetcher=MemoryFetcher({url: {"body": broken}}), now=NOW).cause is None
    assert verify(given, fetcher=MemoryFetcher({url: {"body": "["}}), now=NOW).cause is None
    assert verify(given, fetcher=MemoryFetcher({}), now=NOW).cause is None


P = PrivateKey.generate(P256)


def with_base(document=None, **options):
    made = document or credential()
    return selective.add_base_proof(
        made, signer=P, verification_method=METHOD, created=NOW, mandatory=["/issuer"], **options
    )


def test_a_selective_proof_by_a_key_of_another_kind():
    base = with_base()
    derived = selective.derive(base, pointers=["/name"])
    unsigned = {key: value for key, value in derived.items() if key != "proof"}
    selective.verify_proof(unsigned, derived["proof"], P.public_key)
    with pytest.raises(ProofError) as refused:
        selective.verify_proof(unsigned, derived["proof"], KEY.public_key)
    assert refused.value.code == "proof-invalid"
    other = PrivateKey.generate(P256)
    with pytest.raises(ProofError):
        selective.verify_proof(unsigned, derived["proof"], other.public_key)


def test_a_selective_proof_of_too_much():
    evidence = [
        {"id": f"urn:x:{n}", "type": ["Evidence"], "name": str(n)}
        for n in range(selective.MAX_STATEMENTS // 2)
    ]
    with pytest.raises(ProofError) as refused:
        with_base(credential(evidence=evidence))
    assert refused.value.code == "proof-unsupported"


@pytest.mark.parametrize("pointer", ["/nothing", "/type/9", "/type/x", "name", "", "/name/deep"])
def test_pointers_to_nothing(pointer):
    with pytest.raises(ProofError) as refused:
        grouping.select(credential(), [pointer])
    assert refused.value.code == "proof-invalid"


def test_what_pointers_select():
    document = credential(
        evidence=[{"id": "urn:x:1", "type": ["Evidence"], "name": "a/b~c"}, {"type": ["Evidence"]}]
    )
    document["a/b"] = {"~": [[1, 2], [3]]}
    found = grouping.select(document, ["/evidence/0/name", "/a~1b/~0/0/1"])
    assert found["evidence"] == [{"id": "urn:x:1", "type": ["Evidence"], "name": "a/b~c"}]
    assert found["a/b"] == {"~": [[2]]}
    assert grouping.select(document, []) == {}
    with pytest.raises(ProofError):
        grouping.select(document, ["/name"] * (grouping.MAX_POINTERS + 1))


def test_a_proof_whose_members_are_not_all_texts():
    made = copy.deepcopy(signed())
    made["proof"]["expires"] = "2027-01-01T00:00:00Z"
    assert check(made).cause == "proof-invalid"
    made["proof"]["domain"] = ["x"]
    assert check(made).verdict in {"invalid", "refused"}
    assert encoding.multibase_decode(signed()["proof"]["proofValue"])
    assert KEY.public_key.kind == ED25519
