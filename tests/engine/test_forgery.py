"""What a forger tries: a document of his own that says his key is somebody else's, an address nobody confirms."""

import json
import time

import pytest

from gradatim.engine import did, encoding, keys
from gradatim.engine.errors import FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import MemoryFetcher, check_ip
from gradatim.engine.verify import verify
from tests.engine.samples import KEY, NOW, credential, from_elsewhere, signed, token

VICTIM = "did:web:victim.example"
FORGER = "did:web:forger.example"
SITE = "https://victim.example/issuer"
WEB = "did:web:victim.example:users:alice"
MULTIKEY = KEY.public_key.to_multibase()
JWK = KEY.public_key.to_jwk()
SET_AT = "https://victim.example/.well-known/jwks.json"
CONTROLLER = {
    "id": SITE,
    "verificationMethod": [{"id": f"{SITE}#k", "controller": SITE, "publicKeyMultibase": MULTIKEY}],
    "assertionMethod": [f"{SITE}#k"],
}
P = 2**255 - 19


def by(issuer):
    return credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})


def report(source, **web):
    return verify(source, fetcher=MemoryFetcher({u: {"body": b} for u, b in web.items()}), now=NOW)


def key_document(identifier, *, controller, **entry):
    method = {"id": f"{identifier}#k", "type": "Multikey", "controller": controller}
    return {
        "id": identifier,
        "verificationMethod": [method | {"publicKeyMultibase": MULTIKEY} | entry],
        "assertionMethod": [f"{identifier}#k"],
    }


@pytest.mark.parametrize("controller", [VICTIM, "", None, [VICTIM]])
def test_a_key_document_speaks_only_for_its_own_subject(controller):
    web = {"https://forger.example/.well-known/did.json": key_document(FORGER, controller=controller)}
    told = report(from_elsewhere(by(VICTIM), method=f"{FORGER}#k"), **web)
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


@pytest.mark.parametrize("victim", [VICTIM, SITE])
def test_a_key_at_another_host_does_not_belong_to_whom_it_names(victim):
    document = {"id": "https://forger.example/key", "controller": victim, "publicKeyMultibase": MULTIKEY}
    told = report(
        from_elsewhere(by(victim), method="https://forger.example/key"),
        **{"https://forger.example/key": document},
    )
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


@pytest.mark.parametrize(
    ("published", "verdict", "cause"),
    [
        ({"https://victim.example/.well-known/jwks.json": {"keys": [JWK]}}, "valid", None),
        ({SITE: CONTROLLER}, "valid", None),
        ({SITE: CONTROLLER, "https://victim.example/.well-known/jwks.json": {"keys": []}}, "valid", None),
        ({SITE: {"id": SITE}}, "undetermined", "key-unresolved"),
        ({}, "undetermined", "key-unresolved"),
        (
            {SITE: {"id": SITE}, "https://victim.example/.well-known/jwks.json": {"keys": []}},
            "invalid",
            "key-not-authorised",
        ),
    ],
)
@pytest.mark.parametrize("page", [{"controller": SITE, "publicKeyMultibase": MULTIKEY}, JWK])
def test_a_key_at_the_issuers_host_counts_if_the_issuer_publishes_it(page, published, verdict, cause):
    """Anybody who may put a page on a host could write there whose key it is."""
    at = "https://victim.example/users/somebody/key"
    made = token(by(SITE), {"alg": "EdDSA", "kid": at}) if page is JWK else signed(by(SITE), method=at)
    told = report(made, **{at: page} | published)
    assert (told.verdict, told.cause) == (verdict, cause)


def test_an_end_in_the_keys_own_document_counts():
    at = "https://victim.example/key"
    page = {"controller": SITE, "publicKeyMultibase": MULTIKEY, "revoked": "2026-01-01T00:00:00Z"}
    told = report(signed(by(SITE), method=at), **{at: page, SITE: CONTROLLER})
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


@pytest.mark.parametrize("page", [{"controller": WEB, "publicKeyMultibase": MULTIKEY}, JWK])
@pytest.mark.parametrize("listed", [True, False])
def test_of_a_did_only_its_document_says_which_keys_are_its_own(page, listed):
    at, document_at = "https://victim.example/users/eve/key", "https://victim.example/users/alice/did.json"
    entry = {"id": f"{WEB}#k", "controller": WEB, "publicKeyMultibase": MULTIKEY}
    document = {"id": WEB, "verificationMethod": [entry], "assertionMethod": [entry["id"]]}
    made = token(by(WEB), {"alg": "EdDSA", "kid": at}) if page is JWK else signed(by(WEB), method=at)
    told = report(made, **{at: page, document_at: document if listed else {"id": WEB}})
    assert (told.verdict, told.cause) == (("valid", None) if listed else ("invalid", "key-not-authorised"))


def test_a_redirect_to_another_host_says_nothing_for_the_issuer():
    """Many sites have a page that leads anywhere."""
    went, there = "https://victim.example/go?to=https://evil.example/keys", "https://evil.example/keys"
    web = {
        went: {"status": 302, "location": there},
        "https://victim.example/.well-known/jwks.json": {"status": 302, "location": there},
        SITE: {"status": 302, "location": there},
        there: {"body": {"keys": [JWK], **JWK}},
    }
    for made in (
        token(by(SITE), {"alg": "EdDSA", "kid": went}),
        token(by(SITE), {"alg": "EdDSA", "jwk": JWK}),
        signed(by(SITE), method=went),
        signed(by(SITE), method=f"{SITE}#{MULTIKEY}"),
    ):
        told = verify(made, fetcher=MemoryFetcher(web), now=NOW)
        assert (told.verdict, told.cause) == ("undetermined", "key-unresolved")
    moved = {SITE: {"status": 301, "location": f"{SITE}/"}, f"{SITE}/": {"body": CONTROLLER}}
    told = verify(signed(by(SITE), method=f"{SITE}#k"), fetcher=MemoryFetcher(moved), now=NOW)
    assert told.verdict == "valid"


@pytest.mark.parametrize("said", [{"use": "enc"}, {"key_ops": ["sign"]}, {"key_ops": "verify"}])
def test_a_key_that_is_not_for_signatures(said):
    from_did = f"did:jwk:{encoding.base64url_encode(json.dumps(JWK | said).encode())}"
    told = report(signed(by(from_did), method=f"{from_did}#0"))
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")
    keys = {"keys": [JWK | said]}
    told = report(
        token(by(SITE), {"alg": "EdDSA", "jwk": JWK}),
        **{SET_AT: keys, SITE: {"id": SITE}},
    )
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


def test_a_document_of_very_many_keys():
    """They are read once each, and not more than a key document can need."""
    few, many = (
        [{"id": f"#{n}", "controller": WEB, "publicKeyMultibase": MULTIKEY} for n in range(count)]
        for count in (500, 501)
    )
    made, at = token(by(WEB), {"alg": "EdDSA", "kid": "499"}), "https://victim.example/users/alice/did.json"
    for entries, verdict in ((few, "valid"), (many, "invalid")):
        document = {"id": WEB, "verificationMethod": entries, "assertionMethod": [e["id"] for e in entries]}
        started = time.process_time()
        assert report(made, **{at: document}).verdict == verdict
        assert time.process_time() - started < 1
    keys = {"keys": [JWK] * 501}
    told = report(
        token(by(SITE), {"alg": "EdDSA", "jwk": JWK}),
        **{SET_AT: keys, SITE: {"id": SITE}},
    )
    assert (told.verdict, told.cause) == ("invalid", "key-unresolved")


@pytest.mark.parametrize(
    ("published", "verdict", "cause"),
    [
        (None, "undetermined", "key-unresolved"),
        ([], "invalid", "key-not-authorised"),
        ([keys.PrivateKey(keys.ED25519, bytes(32)).public_key.to_jwk()], "invalid", "key-not-authorised"),
        (
            [KEY.public_key.to_jwk() | {"iss": "https://victim.example/other"}],
            "invalid",
            "key-not-authorised",
        ),
        ([{"kty": "?"}, KEY.public_key.to_jwk() | {"iss": SITE}], "valid", None),
    ],
)
def test_a_key_that_only_stands_in_the_address_has_to_be_published(published, verdict, cause):
    web = {SITE: {"id": SITE, "type": ["Profile"], "name": "N"}}
    if published is not None:
        web["https://victim.example/.well-known/jwks.json"] = {"keys": published}
    told = report(signed(by(SITE), method=f"{SITE}#{MULTIKEY}"), **web)
    assert (told.verdict, told.cause) == (verdict, cause)


@pytest.mark.parametrize("end", ["revoked", "expires"])
@pytest.mark.parametrize("named", ["kid", "jwk"])
def test_a_key_that_has_ended_does_not_come_back_through_the_header(end, named):
    entry = {"publicKeyJwk": KEY.public_key.to_jwk(), end: "2026-03-01T00:00:00Z"}
    document = key_document(VICTIM, controller=VICTIM, **entry)
    header = {"alg": "EdDSA", named: f"{VICTIM}#k" if named == "kid" else KEY.public_key.to_jwk()}
    told = report(token(by(VICTIM), header), **{"https://victim.example/.well-known/did.json": document})
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


def test_a_key_for_signing_in_does_not_come_in_through_the_header():
    document = key_document(VICTIM, controller=VICTIM, publicKeyJwk=KEY.public_key.to_jwk())
    document["authentication"] = document.pop("assertionMethod")
    told = report(
        token(by(VICTIM), {"alg": "EdDSA", "jwk": KEY.public_key.to_jwk()}),
        **{"https://victim.example/.well-known/did.json": document},
    )
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")


@pytest.mark.parametrize("claim", ["iss", "jti", "sub"])
def test_a_token_says_whose_it_is_even_when_the_credential_does_not(claim):
    document = by(VICTIM)
    document["credentialSubject"] = {k: v for k, v in document["credentialSubject"].items() if k != "id"}
    document["credentialSubject"]["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "a@b.example",
            "identityType": "emailAddress",
        }
    ]
    web = {
        "https://victim.example/.well-known/did.json": key_document(
            VICTIM, controller=VICTIM, publicKeyJwk=KEY.public_key.to_jwk()
        )
    }
    told = report(token(document | {claim: None}, {"alg": "EdDSA", "kid": f"{VICTIM}#k"}), **web)
    assert told.verdict in {"invalid", "refused"}


@pytest.mark.parametrize(
    "kid", ["https://[x", "https://", "https://victim.example@forger.example/k", "#", ""]
)
def test_addresses_of_keys_that_are_none(kid):
    told = report(token(by("https://[x"), {"alg": "EdDSA", "kid": kid}))
    assert told.verdict in {"invalid", "refused"}
    assert told.requests == ()


@pytest.mark.parametrize(
    "identifier",
    [
        "did:web:a.example:%252e%252e:admin", "did:web:a.example:%2e%2e:x", "did:web:a.example:b%5Cc",
        "did:web:a.example%00", "did:web:a.example%3A443%3A443", "did:web:%C3%A9.example", "did:web:a.example%2F..",
    ],
)  # fmt: skip
def test_a_did_web_does_not_climb(identifier):
    with pytest.raises(KeyRefusedError) as refused:
        did.did_web_url(identifier)
    assert refused.value.code == "key-unresolved"
    assert not isinstance(refused.value, UnreachableKeyError)


@pytest.mark.parametrize(
    ("identifier", "path"), [("b%3Fc", "b%3Fc"), ("b%23c", "b%23c"), ("%C3%A9", "%C3%A9")]
)
def test_the_path_of_a_did_web_stays_as_it_is_written(identifier, path):
    assert did.did_web_url(f"did:web:a.example:{identifier}") == f"https://a.example/{path}/did.json"


@pytest.mark.parametrize("ip", ["::127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "2002:808:808::", "5f00::1"])
def test_ipv6_ranges_that_lead_elsewhere(ip):
    with pytest.raises(FetchError) as blocked:
        check_ip(ip)
    assert blocked.value.code == "fetch-blocked"


def test_a_point_is_written_in_its_short_form():
    long = keys.opened(keys.PrivateKey.generate(keys.P256).public_key).public_numbers()
    raw = b"\x80\x24\x04" + long.x.to_bytes(32, "big") + long.y.to_bytes(32, "big")
    with pytest.raises(KeyRefusedError):
        keys.PublicKey.from_multibase(keys.encoding.multibase_encode(raw))


def test_a_secret_is_not_shown_in_a_trace():
    assert "secret" not in repr(KEY)


def test_the_points_of_small_order_are_those_of_the_curve():
    """Worked out from the curve's equation, so that no digit of the list can be mistyped."""
    d = -121665 * pow(121666, -1, P) % P
    root = pow(2, (P - 1) // 4, P)

    def add(a, b):
        (x1, y1), (x2, y2) = a, b
        k = d * x1 * x2 * y1 * y2 % P
        return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P

    def point(y):
        square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        x = x if x * x % P == square else x * root % P
        assert x * x % P == square, f"{y:x} is not on the curve"
        return x, y

    seen = set()
    for y in keys._SMALL_Y:
        eightfold = point(y)
        for _ in range(3):
            eightfold = add(eightfold, eightfold)
        assert eightfold == (0, 1)
        seen |= {point(y), (-point(y)[0] % P, y)}
    assert len(seen) == 8


@pytest.mark.parametrize(
    "said", [{"revoked": "2026-01-01T00:00:00Z"}, {"expires": "2026-01-01T00:00:00Z"}, None]
)
@pytest.mark.parametrize("form", ["kid", "jwk", "name", "alone", "fragment"])
def test_what_the_owner_says_of_a_key_counts_more_than_the_key_set(said, form):
    """Nobody has to remember two places to take a key back."""
    at = "https://victim.example/key"
    method = CONTROLLER["verificationMethod"][0] | (said or {})
    document = CONTROLLER | {"verificationMethod": [method]}
    if said is None:
        del document["assertionMethod"]
    made = {
        "kid": lambda: token(by(SITE), {"alg": "EdDSA", "kid": at}),
        "jwk": lambda: token(by(SITE), {"alg": "EdDSA", "jwk": JWK}),
        "name": lambda: token(by(SITE), {"alg": "EdDSA", "kid": "k"}),
        "alone": lambda: signed(by(SITE), method=at),
        "fragment": lambda: signed(by(SITE), method=f"{SITE}#k"),
    }[form]()
    page = JWK if form == "kid" else {"controller": SITE, "publicKeyMultibase": MULTIKEY}
    told = report(made, **{SITE: document, SET_AT: {"keys": [JWK | {"kid": "k"}]}, at: page})
    assert (told.verdict, told.cause) == ("invalid", "key-not-authorised")
