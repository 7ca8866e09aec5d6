"""Tokens whose holder chooses what to show: an issuer and a holder in memory, and every way to cheat."""

import hashlib
import json
import re

import pytest

from gradatim.engine import encoding
from gradatim.engine.errors import InputError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import envelope
from gradatim.engine.keys import P256, PrivateKey
from gradatim.engine.proof import jose, sd_jwt
from gradatim.engine.verify import verify
from tests.conftest import SHARED
from tests.engine.samples import DID, KEY, METHOD, NOW, credential

HOLDER = PrivateKey(P256, bytes(range(1, 33)))
ISSUER = "https://issuer.example/tenant"
SIGNER = PrivateKey(P256, bytes(range(3, 35)))
METADATA = {"issuer": ISSUER, "jwks": {"keys": [SIGNER.public_key.to_jwk() | {"kid": "k1"}]}}
ADDRESS = "https://issuer.example/.well-known/jwt-vc-issuer/tenant"
TIME = int(NOW.timestamp())


def hidden(*parts):
    """A disclosure and its digest."""
    text = encoding.base64url_encode(json.dumps(["salt", *parts]).encode())
    return text, encoding.base64url_encode(hashlib.sha256(text.encode()).digest())


GIVEN, GIVEN_DIGEST = hidden("given_name", "Asha")
STREET, STREET_DIGEST = hidden("street", "Main Street")
ADDRESS_CLAIM, ADDRESS_DIGEST = hidden("address", {"_sd": [STREET_DIGEST], "country": "IN"})
FRENCH, FRENCH_DIGEST = hidden("fr")


def payload(**changes):
    return {
        "iss": ISSUER,
        "vct": "https://credentials.example/micro",
        "exp": TIME + 1000,
        "cnf": {"jwk": HOLDER.public_key.to_jwk()},
        "_sd": [GIVEN_DIGEST, ADDRESS_DIGEST, "decoy"],
        "_sd_alg": "sha-256",
        "languages": ["en", {"...": FRENCH_DIGEST}],
    } | changes


def token(*disclosures, body=None, typ="dc+sd-jwt", kid="k1", key=SIGNER):
    return "~".join([jose.sign(body or payload(), signer=key, kid=kid, typ=typ), *disclosures, ""])


def bound(text, key=HOLDER, typ="kb+jwt", **changes):
    digest = encoding.base64url_encode(hashlib.sha256(text.encode()).digest())
    claims = {"iat": TIME, "aud": "verifier.example", "nonce": "n1", "sd_hash": digest} | changes
    return text + jose.sign(claims, signer=key, kid="", typ=typ)


def judge(text, web=None, **options):
    pages = {ADDRESS: {"body": METADATA}} if web is None else web
    return verify(text, fetcher=MemoryFetcher(pages), now=NOW, **options)


def test_what_is_shown_and_what_is_not():
    report = judge(token(GIVEN, ADDRESS_CLAIM, STREET, FRENCH))
    assert (report.verdict, report.cause) == ("valid", "not-a-badge")
    assert report.document["given_name"] == "Asha"
    assert report.document["address"] == {"country": "IN", "street": "Main Street"}
    assert report.document["languages"] == ["en", "fr"]
    assert not {"_sd", "_sd_alg"} & report.document.keys()
    less = judge(token(ADDRESS_CLAIM))
    assert less.document["address"] == {"country": "IN"}
    assert less.document["languages"] == ["en"]
    assert "given_name" not in less.document


def test_the_holder_shows_it_to_this_reader():
    asked = {"challenge": "n1", "domain": "verifier.example"}
    text = token(GIVEN)
    assert judge(bound(text), **asked).verdict == "valid"
    assert judge(bound(text)).verdict == "valid"
    assert judge(text, **asked).cause == "proof-challenge"
    assert judge(bound(text, nonce="n2"), **asked).cause == "proof-challenge"
    assert judge(bound(text, aud="other.example"), **asked).cause == "proof-domain"
    assert judge(bound(text, sd_hash="x"), **asked).cause == "proof-invalid"
    assert judge(bound(text, key=SIGNER), **asked).cause == "proof-invalid"
    assert judge(bound(text, iat=TIME - 3600), **asked).cause == "proof-expired"
    assert judge(bound(text, iat=None), **asked).cause == "proof-expired"
    assert judge(bound(text, typ="JWT"), **asked).cause == "proof-unsupported"
    other = bound(token(GIVEN, FRENCH))
    swapped = token(GIVEN) + other.rpartition("~")[2]
    assert judge(swapped, **asked).cause == "proof-invalid"
    assert judge(bound(token(body=payload(cnf={}))), **asked).cause == "proof-invalid"


DOUBLE, DOUBLE_DIGEST = hidden("vct", "https://credentials.example/better")
TWICE, TWICE_DIGEST = hidden("languages", ["de"])
ENTRY, ENTRY_DIGEST = hidden("x")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (token(STREET), "schema"),
        (token(GIVEN, GIVEN), "schema"),
        (token(hidden("age", 5)[0]), "schema"),
        (token(DOUBLE, body=payload(_sd=[DOUBLE_DIGEST])), "schema"),
        (token(TWICE, body=payload(_sd=[TWICE_DIGEST])), "schema"),
        (token(ENTRY, body=payload(_sd=[ENTRY_DIGEST])), "schema"),
        (token(body=payload(_sd=["a", "a"])), "schema"),
        (token(body=payload(_sd=[5])), "schema"),
        (token(body=payload(_sd="a")), "schema"),
        (token(body=payload(deep={"...": "x", "more": 1})), "schema"),
        (token(body=payload(_sd_alg="md5")), "schema"),
        (token("!"), "encoding"),
        (token(encoding.base64url_encode(b'["a"]')), "schema"),
        (token(encoding.base64url_encode(b"5")), "schema"),
        (token(*["x"] * 1001), "resource-limit"),
        (token(body=payload(vct=5)), "type"),
        (token(body=payload(iss="me")), "schema"),
        (token(body=payload(exp=TIME - 1)), "expired"),
        (
            token(body=payload(status={"status_list": {"idx": 1, "uri": "https://x.example"}})),
            "status-unsupported",
        ),
        (token(typ="JWT"), "proof-unsupported"),
        (token(kid="k2"), "key-unresolved"),
        (token(key=HOLDER), "proof-invalid"),
        (token(GIVEN)[:-1], "proof-unsupported"),
    ],
)
def test_what_does_not_fit(text, cause):
    report = judge(text)
    assert report.verdict != "valid"
    assert report.cause == cause


@pytest.mark.parametrize(
    ("web", "verdict", "cause"),
    [
        ({}, "undetermined", "key-unresolved"),
        (
            {ADDRESS: {"body": METADATA | {"issuer": "https://issuer.example"}}},
            "invalid",
            "key-not-authorised",
        ),
        ({ADDRESS: {"body": {"issuer": ISSUER}}}, "invalid", "key-unresolved"),
        ({ADDRESS: {"body": {"issuer": ISSUER, "jwks": {"keys": 5}}}}, "invalid", "key-unresolved"),
        (
            {
                ADDRESS: {
                    "body": {"issuer": ISSUER, "jwks": {"keys": [*METADATA["jwks"]["keys"], *[{}] * 500]}}
                }
            },
            "invalid",
            "key-unresolved",
        ),
        (
            {ADDRESS: {"body": {"issuer": ISSUER, "jwks_uri": "https://10.0.0.1/k"}}},
            "undetermined",
            "fetch-blocked",
        ),
        (
            {
                ADDRESS: {"body": {"issuer": ISSUER, "jwks_uri": "https://issuer.example/keys"}},
                "https://issuer.example/keys": {"body": METADATA["jwks"]},
            },
            "valid",
            "not-a-badge",
        ),
    ],
)
def test_where_the_key_comes_from(web, verdict, cause):
    report = judge(token(GIVEN), web)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_an_issuer_by_did_and_an_unknown_one():
    text = token(body=payload(iss=DID), kid=METHOD, key=KEY)
    assert judge(text).verdict == "valid"
    assert "issuer-unknown" in judge(text, trusted=["https://other.example"]).warnings


def test_an_open_badge_of_which_a_part_is_shown():
    name, digest = hidden("name", "Data literacy")
    body = credential() | {"_sd": [digest]}
    del body["name"]
    text = token(name, body=body, typ="vc+sd-jwt", kid=METHOD, key=KEY)
    report = judge(text)
    assert (report.verdict, report.cause) == ("valid", None)
    assert report.document["name"] == "Data literacy"
    assert judge(token(body=body, typ="vc+sd-jwt", kid=METHOD, key=KEY)).verdict == "valid"
    assert judge(text, challenge="n1").cause == "proof-challenge"
    wrapped = envelope(text) | {"id": f"data:application/vc+sd-jwt,{text}"}
    assert judge(wrapped).verdict == "valid"


@pytest.mark.shared
def test_the_example_of_openid4vci():
    text = (SHARED / "standards/examples/oid4vci-1.0/credential_response_sd_jwt_vc.txt").read_text()
    found = re.sub(r"\s", "", re.search(r'"credential": "([^"]+)"', text)[1])
    opened = sd_jwt.parse(found)
    assert opened.token.payload["given_name"] == "John"
    assert opened.token.payload["address"]["country"] == "US"
    assert opened.token.payload["vct"] == "https://credentials.example.com/identity_credential"


@pytest.mark.parametrize(
    "name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aud", "_sd", "..."]
)
def test_what_has_to_be_seen_always_is_not_disclosed(name):
    text, digest = hidden(name, 5)
    body = {key: value for key, value in payload(_sd=[digest]).items() if key != name}
    if name != "_sd":
        assert judge(token(text, body=body)).cause == "schema"
    with pytest.raises(InputError, match=r"has to be seen always|no name of a claim") as refused:
        sd_jwt.parse(token(text, body=body))
    assert refused.value.code == "schema"


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "status", "aud"])
def test_only_the_tokens_own_claims_have_to_be_seen_always(name):
    """SD-JWT VC, 2.2.2.3: the same word further inside is any claim of the credential's kind."""
    text, digest = hidden(name, "active")
    report = judge(token(text, body=payload(_sd=[], employment={"_sd": [digest]})))
    assert (report.verdict, report.document["employment"]) == ("valid", {name: "active"})


def test_which_times_count():
    """A kind of credential may call its claims as it likes; the token's own times are nbf and exp."""
    plain = payload(
        _sd=[], issuanceDate="2024-01-01", validFrom="soon", validUntil="2020-01-01", expirationDate=5
    )
    assert judge(token(body=plain)).verdict == "valid"
    assert judge(token(body=plain | {"exp": TIME - 1})).cause == "expired"
    assert judge(token(body=plain | {"nbf": TIME + 1000})).cause == "not-yet-valid"
    assert judge(token(body=plain | {"iat": "soon"})).cause == "schema"


@pytest.mark.parametrize(
    ("marks", "cause"),
    [
        ({"use": "sig"}, "not-a-badge"),
        ({"key_ops": ["verify"]}, "not-a-badge"),
        ({"use": "enc"}, "key-not-authorised"),
        ({"key_ops": ["deriveKey"]}, "key-not-authorised"),
    ],
)
def test_a_key_that_is_for_something_else(marks, cause):
    keys = [METADATA["jwks"]["keys"][0] | marks]
    report = judge(token(), {ADDRESS: {"body": METADATA | {"jwks": {"keys": keys}}}})
    assert (report.verdict == "valid", report.cause) == (cause == "not-a-badge", cause)


def test_an_issuer_whose_address_is_none():
    report = judge(token(body=payload(iss="https://[abc")))
    assert (report.verdict, report.cause) == ("invalid", "key-unresolved")


@pytest.mark.parametrize("said", [{"nbf": TIME}, {"iat": TIME}, {"nbf": TIME, "iat": TIME + 2000}, {}])
def test_a_key_counts_at_the_instant_that_the_token_says(said):
    entry = {
        "id": "#key-1", "type": "Multikey", "controller": "did:web:issuer.example",
        "publicKeyMultibase": SIGNER.public_key.to_multibase(),
    }  # fmt: skip

    def judged(issued, **ends):
        body = {
            "id": "did:web:issuer.example",
            "verificationMethod": [entry | ends],
            "assertionMethod": ["#key-1"],
        }
        web = {"https://issuer.example/.well-known/did.json": {"body": body}}
        return judge(token(body=payload(iss="did:web:issuer.example") | issued, kid="#key-1"), web).cause

    assert judged(said, expires="2030-01-01T00:00:00Z") == "not-a-badge"
    assert judged(said, expires=encoding.format_datetime(NOW)) == "key-not-authorised"
    assert judged({"iat": TIME - 1}, revoked=encoding.format_datetime(NOW)) == "not-a-badge"


@pytest.mark.parametrize("levels", [10, 40])
def test_what_is_disclosed_counts_as_deep_as_it_stands(levels):
    """Each piece may be as deep as any JSON; put together they may not be."""
    digest, disclosures = "decoy", []
    for number in range(3):
        value = {"_sd": [digest]}
        for _ in range(levels):
            value = {"inner": value}
        text, digest = hidden(f"level{number}", value)
        disclosures.append(text)
    assert judge(token(*disclosures, body=payload(_sd=[digest]))).cause == (
        "too-deep" if levels == 40 else "not-a-badge"
    )


def test_nested_deeper_than_is_read():
    text, digest = hidden("deepest", 1)
    disclosures = [text]
    for number in range(70):
        text, digest = hidden(f"level{number}", {"_sd": [digest]})
        disclosures.append(text)
    assert judge(token(*disclosures, body=payload(_sd=[digest]))).cause == "too-deep"
