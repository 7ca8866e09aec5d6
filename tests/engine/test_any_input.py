"""Whatever is handed in, verification answers with a report: it never raises, and never says valid by mistake."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.engine import encoding
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.report import VERDICTS
from gradatim.engine.verify import verify
from tests.engine.samples import KEY, METHOD, NOW, check, credential, from_elsewhere, places, signed, token

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "@type", "@id", "_:b", "urn:x:y", "https://a.example/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
RICH = from_elsewhere(
    endorsement=[
        signed(
            credential(
                type=["VerifiableCredential", "EndorsementCredential"],
                id="urn:uuid:5f1c2f0e-0000-4000-8000-000000000009",
                credentialSubject={
                    "id": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000001",
                    "type": ["EndorsementSubject"],
                    "endorsementComment": "Good.",
                },
            )
        )
    ],
    endorsementJwt=["ey.ey.ey"],
    evidence=[{"id": "https://x.example/e", "type": ["Evidence"], "name": "E"}],
    credentialSubject=credential()["credentialSubject"]
    | {
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$" + "0" * 64,
                "identityType": "emailAddress",
                "salt": "s",
            }
        ],
        "achievement": credential()["credentialSubject"]["achievement"]
        | {
            "creditsAvailable": 2.5,
            "resultDescription": [
                {
                    "id": "urn:x:r",
                    "type": ["ResultDescription"],
                    "name": "R",
                    "resultType": "Percent",
                    "allowedValue": ["1"],
                }
            ],
        },
        "result": [{"type": ["Result"], "resultDescription": "urn:x:r", "value": "1"}],
    },
    credentialStatus={
        "id": "https://issuer.example/status/1#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://issuer.example/status/1",
    },
    relatedResource=[{"id": "https://issuer.example/a", "digestMultibase": "zQmQ"}],
    validUntil="2027-05-30T12:00:00Z",
)
WAYS = sorted(places(RICH, leaves=False), key=str)
HEADERS = ["alg", "kid", "typ", "jwk", "crit", "jku"]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(WAYS), JSON)
def test_any_value_in_any_place(way, value):
    document = copy.deepcopy(RICH)
    at = document
    for step in way[:-1]:
        at = at[step]
    if at[way[-1]] == value:
        return
    at[way[-1]] = value
    assert check(document, recipient="a@b.example", trusted=[]).verdict in set(VERDICTS) - {"valid"}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data):
    for start in (b"", b"{", b"ey", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'>"):
        assert check(start + data).verdict == "refused"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HEADERS), JSON)
def test_any_header_of_a_token(name, value):
    report = check(token(credential(), {"alg": "EdDSA", "kid": METHOD, "typ": "JWT", name: value}))
    assert report.verdict in VERDICTS


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["iss", "jti", "sub", "nbf", "exp", "aud", "vc", "issuer", "credentialSubject"]), JSON)
def test_any_claim_of_a_token(name, value):
    report = check(token(credential() | {name: value}, {"alg": "EdDSA", "kid": METHOD, "typ": "JWT"}))
    assert report.verdict in VERDICTS


KEYED = "did:web:issuer.example"
DOCUMENT = {
    "id": KEYED,
    "verificationMethod": [
        {
            "id": f"{KEYED}#k",
            "type": "Multikey",
            "controller": KEYED,
            "publicKeyMultibase": KEY.public_key.to_multibase(),
        },
        {
            "id": f"{KEYED}#j",
            "type": "JsonWebKey",
            "controller": KEYED,
            "publicKeyJwk": KEY.public_key.to_jwk(),
        },
    ],
    "assertionMethod": [f"{KEYED}#k", f"{KEYED}#j"],
}
BY_WEB = credential(issuer={"id": KEYED, "type": ["Profile"], "name": "N"})
FORMS = {
    "proof": signed(BY_WEB, method=f"{KEYED}#k"),
    "kid": token(BY_WEB, {"alg": "EdDSA", "kid": f"{KEYED}#j"}),
    "jwk": token(BY_WEB, {"alg": "EdDSA", "jwk": KEY.public_key.to_jwk()}),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_key_document_itself_is_good(form):
    web = MemoryFetcher({"https://issuer.example/.well-known/did.json": {"body": DOCUMENT}})
    assert verify(FORMS[form], fetcher=web, now=NOW).verdict == "valid"


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(places(DOCUMENT, leaves=False), key=str)), JSON)
def test_any_value_in_a_key_document(form, way, value):
    document = copy.deepcopy(DOCUMENT)
    at = document
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    web = MemoryFetcher({"https://issuer.example/.well-known/did.json": {"body": json.dumps(document)}})
    assert verify(FORMS[form], fetcher=web, now=NOW).verdict in VERDICTS


@pytest.mark.parametrize("index", ["9" * 5000, "-1", "1.5", " 7", "\u0667", "", "0x7"])
def test_an_index_that_is_none(index):
    entry = RICH["credentialStatus"] | {"statusListIndex": index}
    assert check(RICH | {"credentialStatus": entry}).verdict == "refused"


def test_a_time_at_the_edge_of_time():
    for text in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"):
        assert check(RICH | {"validFrom": text}).verdict in {"invalid", "refused"}
    assert encoding.parse_datetime("9999-12-31T23:59:59Z").year == 9999
