"""What a forger tries: a document of his own that says his key is somebody else's, an address nobody confirms."""

import pytest

from gradatim.engine import did, keys
from gradatim.engine.errors import FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import MemoryFetcher, check_ip
from gradatim.engine.verify import verify
from tests.engine.samples import KEY, NOW, credential, from_elsewhere, signed, token

VICTIM = "did:web:victim.example"
FORGER = "did:web:forger.example"
SITE = "https://victim.example/issuer"
MULTIKEY = KEY.public_key.to_multibase()
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


def test_a_key_at_the_issuers_own_host_counts():
    document = {"controller": SITE, "publicKeyMultibase": MULTIKEY}
    told = report(
        signed(by(SITE), method="https://victim.example/key"), **{"https://victim.example/key": document}
    )
    assert told.verdict == "valid"


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
