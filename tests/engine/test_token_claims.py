"""The claims of tokens: what they say beside or around a document, and that both say the same."""

import pytest

from gradatim.engine.errors import InputError, ProofError
from gradatim.engine.issue import issue_token
from gradatim.engine.proof import claims, jose
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential
from tests.engine.test_presentations import HOLDER, HOLDER_KEY, HOLDER_METHOD, V1, V2, held, token


@pytest.mark.parametrize("legacy", [False, True])
def test_a_presentation_as_a_token_is_its_issuers(legacy):
    """Where it names no holder, whoever the token is by holds it."""
    document = {
        "@context": [V1] if legacy else [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [token(credential())],
    }
    payload = {"iss": HOLDER, "nonce": "c1"} | ({"vp": document} if legacy else document)
    text = jose.sign(payload, signer=HOLDER_KEY, kid=HOLDER_METHOD, typ="JWT" if legacy else "vp+jwt")
    report = check(text, challenge="c1")
    assert (report.verdict, report.document["holder"]) == ("valid", HOLDER)
    assert "holder-mismatch" in report.warnings
    stated = jose.parse(
        jose.sign({"iss": "urn:x:iss", "vp": document | {"holder": HOLDER}}, signer=HOLDER_KEY, kid="x")
    )
    if legacy:
        assert claims.document_of(stated)["holder"] == HOLDER


def test_what_the_claims_of_an_older_token_say_stands_in_its_document():
    body = {key: held()[key] for key in ("type", "credentialSubject")} | {"@context": [V1]}
    stated = {"iss": DID, "jti": "urn:x:jti", "sub": "urn:x:sub", "nbf": 1780142400, "exp": 1798761600}
    del body["credentialSubject"]["id"]

    def document(**inner):
        return claims.document_of(
            jose.parse(jose.sign(stated | {"vc": body | inner}, signer=KEY, kid=METHOD))
        )

    made = document()
    assert {name: made[name] for name in ("id", "issuer", "issuanceDate", "expirationDate")} == {
        "id": "urn:x:jti",
        "issuer": DID,
        "issuanceDate": "2026-05-30T12:00:00Z",
        "expirationDate": "2027-01-01T00:00:00Z",
    }
    assert made["credentialSubject"]["id"] == "urn:x:sub"
    own = {"id": "urn:x:own", "issuer": "urn:x:me", "issuanceDate": "x", "expirationDate": "y"}
    assert {name: document(**own)[name] for name in own} == own


@pytest.mark.parametrize("value", ["soon", True, [], 1e300, float("nan")])
def test_a_claim_that_is_no_time(value):
    with pytest.raises(InputError) as refused:
        claims.instant({"nbf": value}, "nbf")
    assert refused.value.code == "schema"
    assert claims.instant({"nbf": 1780142400.9}, "nbf") == claims.instant({"nbf": 1780142400}, "nbf")
    assert claims.instant({"exp": 1}, "nbf") is None


def test_the_times_of_an_older_token_are_those_of_its_document():
    body = held(issuanceDate="2026-05-30T12:00:00Z", expirationDate="2027-01-01T00:00:00Z") | {
        "@context": [V1]
    }
    stated = {"iss": DID, "jti": body["id"], "sub": HOLDER, "nbf": 1780142400, "exp": 1798761600}

    def checked(**changes):
        made = jose.parse(jose.sign(stated | {"vc": body} | changes, signer=KEY, kid=METHOD))
        claims.check_claims(made, claims.document_of(made))

    checked()
    for claim in ("nbf", "exp", "jti", "sub", "iss"):
        with pytest.raises(ProofError, match=claim) as refused:
            checked(**{claim: stated[claim] + (1 if claim in {"nbf", "exp"} else "x")})
        assert refused.value.code == ("issuer-mismatch" if claim == "iss" else "schema")


@pytest.mark.parametrize("typ", ["jwt", "Jwt", "application/JWT", "VC+JWT", "Application/vc+ld+jwt"])
def test_a_type_is_the_same_in_any_case(typ):
    claimed = claims.of_credential(held())
    assert check(jose.sign(claimed, signer=KEY, kid=METHOD, typ=typ)).verdict == "valid"
    changed = "valid" if "vc" in typ.lower() else "invalid"
    assert (
        check(jose.sign(claimed | {"nbf": 1780142400 - 60}, signer=KEY, kid=METHOD, typ=typ)).verdict
        == changed
    )


@pytest.mark.parametrize("typ", ["vc+jwt", "application/vc+jwt", "vc+ld+json+jwt"])
def test_the_times_of_a_newer_token_are_those_of_its_signature(typ):
    """Securing VCs using JOSE and COSE, 3.1.3: they may differ from the document's; whichever ends first decides."""
    day = 86_400
    now = int(NOW.timestamp())

    def judged(until="2030-01-01T00:00:00Z", **stated):
        return check(jose.sign(held(validUntil=until) | stated, signer=KEY, kid=METHOD, typ=typ)).cause

    assert judged() is None
    assert judged(nbf=now - day, exp=now + day) is None
    assert judged(exp=now - day) == "expired"
    assert judged(nbf=now + day) == "not-yet-valid"
    assert judged(until="2026-05-31T00:00:00Z", exp=now + day) == "expired"
    older = claims.of_credential(held(validUntil="2030-01-01T00:00:00Z"))
    for changed in ({"exp": now + day}, {"nbf": now - day}):
        assert check(jose.sign(older | changed, signer=KEY, kid=METHOD)).cause == "schema"


def test_what_a_credential_does_not_say_is_no_claim():
    plain = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "did:example:subject"},
    }
    text = issue_token(plain, signer=KEY, verification_method=METHOD, typ="vc+jwt")
    assert jose.parse(text).payload == plain | {"iss": DID, "sub": "did:example:subject"}
    assert check(text).verdict == "valid"
    for part in ({}, {"id": "urn:x:1"}, {"validFrom": "2026-05-30T12:00:00Z"}):
        missing = "validFrom" if "id" in part else "id"
        with pytest.raises(ProofError, match=f"without {missing} .* choose vc") as refused:
            issue_token(plain | part, signer=KEY, verification_method=METHOD)
        assert refused.value.code == "schema"


def test_a_credential_about_nobody_is_no_token():
    nobody = credential()
    del nobody["credentialSubject"]["id"]
    for document in (nobody, credential(credentialSubject=[credential()["credentialSubject"]])):
        with pytest.raises(ProofError) as refused:
            claims.of_credential(document)
        assert refused.value.code == "schema"
    made = claims.of_credential(credential(issuer=DID, validUntil="2027-01-01T00:00:00Z"))
    assert {name: made[name] for name in ("iss", "nbf", "exp")} == {
        "iss": DID, "nbf": 1780142400, "exp": 1798761600,
    }  # fmt: skip
    assert "exp" not in claims.of_credential(credential())
