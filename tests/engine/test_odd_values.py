"""A value of any kind in any member of any document, signed or not: verification answers, and never raises.

Signed ones are tokens: nothing keeps what their issuer writes away from the checks behind the signature.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.engine.encoding import base64url_encode as encoded
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import envelope
from gradatim.engine.keys import P256, PrivateKey
from gradatim.engine.proof import data_integrity, jose
from gradatim.engine.report import VERDICTS
from gradatim.engine.verify import verify
from tests.engine.samples import DID, KEY, METHOD, NOW, credential, signed
from tests.engine.test_older_badges import BADGE, HOST, ISSUER, KEY_DOCUMENT, RSA_KEY, assertion
from tests.engine.test_sd_jwt import ADDRESS, METADATA, SIGNER, payload

V2 = "https://www.w3.org/ns/credentials/v2"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
SITE = "https://site.example/x"
ODD = [
    None, True, 0, -1, 1.5, 1e308, 10**30, 10**390, "", " ", "x", "soon", "\ud800", "\x00", "https://[", "https://[::1]:x/", "http://a.example:99999/",
    SITE, "did:web:", "did:key:z", "did:jwk:x", "urn:x:y", "ey.ey.ey", "ey..", "~", "data:application/vc+jwt,ey.ey.ey", "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "24:00", "9" * 5000 + "-01-01T00:00:00Z", [], [[]], [[["x"]]], [None], [0], ["x", "x"], [{}], {}, {"id": None}, {"id": []},
    {"id": {}}, {"id": SITE}, {"id": 5, "type": 5}, {"type": []}, {"type": [[]]}, {"type": ["x"], "id": "https://["}, {"@value": 5}, {"": {}},
    {"id": SITE, "type": "1EdTechCredentialRefresh"}, {"id": SITE, "type": "1EdTechRevocationList"}, {"jwk": 5}, {"jwk": {"kty": []}},
    {"type": "BitstringStatusListEntry", "statusListIndex": "0", "statusPurpose": "revocation", "statusListCredential": "https://["},
    {"type": "DataIntegrityProof", "cryptosuite": [], "proofPurpose": {}, "verificationMethod": {}, "created": 5, "proofValue": 5},
]  # fmt: skip
VALUES = st.sampled_from(ODD) | st.recursive(
    st.sampled_from(ODD)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "@id", "", "proof", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
ENDORSEMENT = credential(
    id="urn:x:e",
    type=["VerifiableCredential", "EndorsementCredential"],
    credentialSubject={"id": "urn:x:a", "type": ["EndorsementSubject"], "endorsementComment": "Good."},
)
RECORD = credential(
    **{"@context": [V2, CLR, credential()["@context"][1]]},
    type=["VerifiableCredential", "ClrCredential"],
    credentialSubject={
        "id": "urn:x:p",
        "type": ["ClrSubject"],
        "verifiableCredential": [signed()],
        "achievement": [credential()["credentialSubject"]["achievement"]],
        "association": [
            {
                "type": "Association",
                "associationType": "isChildOf",
                "sourceId": "urn:x:1",
                "targetId": "urn:x:2",
            }
        ],
    },
)
STATUS_LIST = {
    "@context": [V2],
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "issuer": DID,
    "credentialSubject": {
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": "uH4sI",
    },
}
PRESENTATION = {
    "@context": [V2],
    "type": ["VerifiablePresentation"],
    "holder": DID,
    "verifiableCredential": [
        signed(),
        envelope(jose.sign(credential(), signer=KEY, kid=METHOD, typ="vc+jwt")),
    ],
}
OTHER = {
    "@context": [V2],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "credentialSubject": {"id": "urn:x:p"},
}
DOCUMENTS = {
    "presentation": PRESENTATION, "endorsement": ENDORSEMENT, "record": RECORD, "badge": credential(), "other": OTHER, "list": STATUS_LIST,
}  # fmt: skip
MORE = (
    "id", "name", "description", "image", "evidence", "proof", "holder", "issuer", "verifiableCredential", "endorsement", "endorsementJwt",
    "credentialStatus", "credentialSchema", "refreshService", "relatedResource", "termsOfUse", "validFrom", "validUntil", "issuanceDate",
    "expirationDate", "awardedDate", "iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce", "vc", "vp", "_sd", "_sd_alg", "...",
)  # fmt: skip
INSIDE = (
    "id",
    "type",
    "name",
    "identifier",
    "achievement",
    "result",
    "association",
    "verifiableCredential",
    "endorsement",
)
CLAIMS = (
    "iss",
    "vct",
    "nbf",
    "exp",
    "iat",
    "cnf",
    "status",
    "_sd",
    "_sd_alg",
    "name",
    "validFrom",
    "validUntil",
    "...",
    "aud",
)


def changed(document, more, inside=()):
    """A copy of a document with an odd value in one of its members, or in a member of one of these."""

    def put(at, value):
        name, inner = at
        if inner is None:
            return document | {name: value}
        whole = document[name]
        if isinstance(whole, list):
            return document | {name: [value, *whole[1:]] if inner == 0 else [*whole, value]}
        return document | {name: whole | {inner: value}}

    deeper = [
        (name, inner)
        for name, value in document.items()
        for inner in (
            (0, 1) if isinstance(value, list) else {*value, *inside} if isinstance(value, dict) else ()
        )
    ]
    ways = [(name, None) for name in sorted({*document, *more})] + sorted(deeper, key=str)
    return st.builds(put, st.sampled_from(ways), VALUES)


def answers(source, pages=None, **options):
    web = MemoryFetcher({url: {"body": body} for url, body in (pages or {}).items()})
    memory = {f"keys:{SITE}": '{"since": "", "keys": []}'}
    asked = {"recipient": "a@b.example", "trusted": [], "memory": memory} | options
    assert verify(source, fetcher=web, now=NOW, **asked).verdict in VERDICTS


def some(examples):
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def written(document):
    """As JSON, half characters too."""
    return json.dumps(document).encode()


@pytest.mark.parametrize("kind", DOCUMENTS)
@some(60)
@given(st.data())
def test_documents(kind, data):
    document = data.draw(changed(DOCUMENTS[kind], MORE, INSIDE))
    proof = data_integrity.add_proof(
        DOCUMENTS[kind], signer=KEY, verification_method=METHOD, created=NOW, cryptosuite="eddsa-jcs-2022"
    )["proof"]
    answers(document, {SITE: written(document)})
    answers({"proof": proof} | document)
    typ = "vp+jwt" if kind == "presentation" else "vc+jwt"
    text = token(document, typ)
    answers(text, {SITE: text})
    answers(written(PRESENTATION | {"verifiableCredential": [document, text]}))
    answers(token({"vp" if kind == "presentation" else "vc": document}, "JWT"))


def token(document, typ, key=KEY, kid=METHOD):
    """What `jose.sign` makes, of any JSON: the engine writes no half characters and no very long numbers."""
    header, _, _ = jose.sign({}, signer=key, kid=kid, typ=typ).split(".")
    body = encoded(written(document))
    return f"{header}.{body}.{encoded(key.sign(f'{header}.{body}'.encode()))}"


@some(200)
@given(
    changed(
        signed(),
        MORE,
        ("created", "expires", "id", "previousProof", "domain", "challenge", "cryptosuite", "@context"),
    )
)
def test_proofs(document):
    answers(document, challenge="c1", domain="a.example")


@some(200)
@given(changed(payload(), CLAIMS, ("jwk", "status_list")))
def test_tokens_with_disclosures(body):
    pages = {ADDRESS: METADATA, "https://issuer.example/.well-known/jwt-vc-issuer": METADATA}
    answers(f"{token(body, 'dc+sd-jwt', SIGNER, 'k1')}~", pages)
    answers(f"{token(body, 'dc+sd-jwt', KEY, METHOD)}~")
    binding = token({"iat": int(NOW.timestamp())}, "kb+jwt", PrivateKey(P256, bytes(range(1, 33))), "")
    answers(f"{token(body, 'dc+sd-jwt', SIGNER, 'k1')}~{binding}", pages, challenge="c1")


@some(200)
@given(
    changed(METADATA, ("jwks_uri", "issuer"), ("keys",)),
    changed(METADATA["jwks"]["keys"][0], ("kid", "kty", "crv", "x", "y", "n", "e")),
)
def test_issuer_metadata(metadata, key):
    text = f"{token(payload(), 'dc+sd-jwt', SIGNER, 'k1')}~"
    for body in (metadata, METADATA | {"jwks": {"keys": [key]}}):
        answers(text, {ADDRESS: written(body), SITE: written(body)})


PROFILE = {"email", "url", "image", "publicKey", "revocationList", "verification", "endorsement"}


@some(200)
@given(
    changed(
        assertion(),
        ("uid", "expires", "verify", "image", "narrative", "evidence", "endorsement", "revoked"),
        ("type", "salt", "url", "creator"),
    ),
    changed(BADGE, ("image", "criteria", "tags", "alignment", "endorsement"), ("id", "narrative")),
    changed(ISSUER, PROFILE, ("startsWith", "allowedOrigins")),
    changed(KEY_DOCUMENT, ()),
    st.integers(0, 5),
)
def test_older_badges(given_one, badge, issuer, key, odd):
    pages = {
        "a/1": assertion(),
        "badge": BADGE,
        "issuer": ISSUER,
        "key": KEY_DOCUMENT,
        "list": {"revokedAssertions": [given_one]},
    }
    shown = given_one if odd == 0 else assertion()
    pages |= {0: {"a/1": given_one}, 1: {"badge": badge}, 2: {"issuer": issuer}, 3: {"key": key}}.get(odd, {})
    if odd == 4:
        shown = assertion(badge=badge | {"issuer": issuer})
        pages |= {"a/1": shown}
    found = {f"{HOST}/{path}": written(body) for path, body in pages.items()} | {SITE: written(badge)}
    answers(written(shown), found)
    hosted = {"type": "signed", "creator": f"{HOST}/key"}
    verification = {"verification": hosted} if isinstance(shown.get("verification"), dict) else {}
    profile = pages["issuer"] | {"publicKey": f"{HOST}/key", "revocationList": f"{HOST}/list"}
    text = token(shown | verification, "JWT", RSA_KEY, f"{HOST}/key")
    answers(text, found | {f"{HOST}/issuer": written(profile)})


DOCUMENT = {
    "id": SITE,
    "verificationMethod": [
        {
            "id": f"{SITE}#k",
            "type": "Multikey",
            "controller": SITE,
            "publicKeyMultibase": KEY.public_key.to_multibase(),
        }
    ],
    "assertionMethod": [f"{SITE}#k"],
    "proof": [{"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": "z3"}],
}


@some(200)
@given(
    changed(DOCUMENT, ("@context", "authentication")),
    changed(DOCUMENT["proof"][0], ("@context", "created", "previousProof")),
    VALUES,
)
def test_key_documents_and_memories(document, proof, value):
    """An issuer that signed with another key before, and whose document is asked whether that vouches for the new one."""
    made = credential(issuer={"id": SITE, "type": ["Profile"], "name": "N"})
    made = data_integrity.add_proof(made, signer=KEY, verification_method=f"{SITE}#k", created=NOW)
    before = [PrivateKey(KEY.kind, bytes(range(5, 37))).public_key.to_jwk()]
    for body in (document, DOCUMENT | {"proof": proof}):
        for kept in ({"since": "2026", "keys": before}, {"since": value, "keys": value}, value):
            answers(made, {SITE: written(body)}, memory={f"keys:{SITE}": json.dumps(kept)})
