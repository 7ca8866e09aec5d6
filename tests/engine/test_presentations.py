"""Presentations, envelopes and records: the outside and every part, each on its own."""

import pytest

from gradatim.engine import did
from gradatim.engine.errors import KeyRefusedError, ShapeError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import envelope, issue_token, present
from gradatim.engine.keys import ED25519, PrivateKey
from gradatim.engine.proof import claims, data_integrity, jose
from gradatim.engine.report import Outcome
from gradatim.engine.verify import verify
from gradatim.engine.verify.dates import dates
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, from_elsewhere, signed

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
HOLDER_KEY = PrivateKey(ED25519, bytes(range(2, 34)))
HOLDER = did.did_key(HOLDER_KEY.public_key)
HOLDER_METHOD = f"{HOLDER}#{HOLDER_KEY.public_key.to_multibase()}"
CLR = [V2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", credential()["@context"][1]]


def held(**changes):
    document = credential(**changes)
    document["credentialSubject"]["id"] = HOLDER
    return document


def token(document=None, **options):
    return issue_token(document or held(), signer=KEY, verification_method=METHOD, **options)


def shown(*parts, options=None, **changes):
    document = {
        "@context": [V2], "type": ["VerifiablePresentation"], "holder": HOLDER, "verifiableCredential": list(parts), **changes,
    }  # fmt: skip
    return data_integrity.add_proof(
        document,
        signer=HOLDER_KEY,
        verification_method=HOLDER_METHOD,
        created=NOW,
        purpose="authentication",
        options=options or {"challenge": "c1", "domain": "verifier.example"},
    )


def test_a_presentation_of_both_forms():
    report = check(shown(signed(held()), envelope(token())), challenge="c1", domain="verifier.example")
    assert (report.verdict, report.cause) == ("valid", None)
    assert [part["path"] for part in report.parts] == ["verifiableCredential[0]", "verifiableCredential[1]"]


@pytest.mark.parametrize(
    ("document", "asked", "cause"),
    [
        (shown(signed(held())), {"challenge": "c2"}, "proof-challenge"),
        (shown(signed(held())), {"challenge": "c1", "domain": "other.example"}, "proof-domain"),
        (shown(signed(held())), {}, "challenge-unchecked"),
        (shown(signed(held()), holder=did.did_key(KEY.public_key)), {"challenge": "c1"}, "holder-mismatch"),
        (shown(signed()), {"challenge": "c1"}, "holder-mismatch"),
        (shown(signed(held()) | {"name": "Other"}), {"challenge": "c1"}, "proof-invalid"),
        (shown(signed(held())) | {"holder": "not an address"}, {"challenge": "c1"}, "schema"),
        (shown(signed(held())) | {"id": "x"}, {"challenge": "c1"}, "schema"),
        (shown() | {"verifiableCredential": ["x"]}, {"challenge": "c1"}, "schema"),
        (shown() | {"verifiableCredential": [5]}, {"challenge": "c1"}, "schema"),
        (shown() | {"verifiableCredential": [{}]}, {"challenge": "c1"}, "schema"),
        (shown() | {"type": ["Other"]}, {"challenge": "c1"}, "type"),
        (shown(signed(held())) | {"@context": ["https://x.example"]}, {"challenge": "c1"}, "context"),
    ],
)
def test_what_is_wrong_with_a_presentation(document, asked, cause):
    report = check(document, **asked)
    assert cause in {report.cause, *report.warnings}


def test_what_the_engine_presents_it_verifies():
    document = present(
        [signed(held()), token(typ="vc+jwt")],
        holder=HOLDER,
        signer=HOLDER_KEY,
        verification_method=HOLDER_METHOD,
        created=NOW,
        challenge="c1",
        domain="verifier.example",
    )
    assert check(document, challenge="c1", domain="verifier.example").verdict == "valid"
    alone = present(
        [], holder=HOLDER, signer=HOLDER_KEY, verification_method=HOLDER_METHOD, created=NOW, challenge="c1"
    )
    assert check(alone, challenge="c1").verdict == "valid"


@pytest.mark.parametrize(
    ("holder", "method", "refused"),
    [
        (HOLDER, METHOD, True),
        ("https://holder.example/me", HOLDER_METHOD, True),
        ("https://holder.example/me", "https://other.example/me#key-1", True),
        (HOLDER, HOLDER_METHOD, False),
        ("https://holder.example/me", "https://holder.example/keys#key-1", False),
    ],
)
def test_nobody_presents_with_a_key_of_another(holder, method, refused):
    how = {"signer": HOLDER_KEY, "verification_method": method, "created": NOW, "challenge": "c1"}
    if not refused:
        assert present([], holder=holder, **how)["proof"]["verificationMethod"] == method
        return
    with pytest.raises(KeyRefusedError, match="not under the holder") as error:
        present([], holder=holder, **how)
    assert error.value.code == "holder-mismatch"


@pytest.mark.parametrize("odd", [None, 5, b"{}", [], [("id", "urn:x:y")]])
def test_only_objects_and_tokens_are_presented(odd):
    how = {"signer": HOLDER_KEY, "verification_method": HOLDER_METHOD, "created": NOW, "challenge": "c1"}
    with pytest.raises(ShapeError, match="as an object, or a compact token") as refused:
        present([signed(held()), odd], holder=HOLDER, **how)
    assert (refused.value.code, refused.value.path) == ("schema", "verifiableCredential[1]")


def test_a_bare_credential_is_no_answer_to_a_challenge():
    assert check(signed(), challenge="c1").cause == "proof-challenge"


def test_a_presentation_proof_is_no_credential_proof():
    document = data_integrity.add_proof(
        credential(), signer=KEY, verification_method=METHOD, created=NOW, purpose="authentication"
    )
    assert check(document).cause == "proof-purpose"


@pytest.mark.parametrize("legacy", [False, True])
def test_a_presentation_as_a_token(legacy):
    document = {
        "@context": [V1] if legacy else [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [token()],
    }
    claims = {"iss": HOLDER, "aud": "verifier.example", "nonce": "c1"}
    payload = claims | ({"vp": document} if legacy else document | {"holder": HOLDER})
    text = jose.sign(payload, signer=HOLDER_KEY, kid=HOLDER_METHOD, typ="JWT" if legacy else "vp+jwt")
    asked = {"challenge": "c1", "domain": "verifier.example"}
    assert check(text, **asked).verdict == "valid"
    assert check(text, **asked | {"challenge": "c2"}).cause == "proof-challenge"
    assert check(text, **asked | {"domain": "other.example"}).cause == "proof-domain"
    strange = jose.sign(payload | {"iss": "did:example:1"}, signer=HOLDER_KEY, kid=HOLDER_METHOD)
    assert check(strange, **asked).verdict == "invalid"


def test_an_envelope_by_itself():
    assert check(envelope(token())).verdict == "valid"
    assert check(envelope(token()[:-4] + "AAAA")).cause == "proof-invalid"
    assert check(envelope("x") | {"id": "data:text/plain,x"}).cause == "schema"
    assert check(envelope("x")).verdict == "refused"


@pytest.mark.parametrize("typ", ["vc+jwt", "application/vc+jwt"])
def test_a_token_of_the_newer_type_needs_no_claims_but_they_must_fit(typ):
    def made(**claims):
        return jose.sign(held() | claims, signer=KEY, kid=METHOD, typ=typ)

    assert check(made()).verdict == "valid"
    assert check(made(iss="did:example:1")).cause == "issuer-mismatch"
    assert check(made(jti="urn:x")).cause == "schema"
    assert check(made(sub="urn:x")).cause == "schema"
    assert check(made(vc={"@context": [V1]})).cause == "schema"
    assert check(jose.sign(held(), signer=KEY, kid=METHOD, typ="at+jwt")).cause == "proof-unsupported"


def test_the_claim_vc_is_for_data_model_1_1_only():
    text = jose.sign({"vc": held(), "iss": held()["issuer"]["id"]}, signer=KEY, kid=METHOD)
    assert check(text).cause == "context"
    both = jose.sign({"vc": {"@context": [V1]}, "vp": {"@context": [V1]}}, signer=KEY, kid=METHOD)
    assert (check(both).verdict, check(both).cause) == ("refused", "schema")
    newer = jose.sign({"vc": {"@context": [V1]}}, signer=KEY, kid=METHOD, typ="vc+jwt")
    assert (check(newer).verdict, check(newer).cause) == ("refused", "schema")
    shown_old = jose.sign({"vp": {"@context": [V2]}}, signer=KEY, kid=METHOD)
    assert check(shown_old).cause == "context"


def endorsed(*parts, of="urn:x:subject", **changes):
    document = {
        "@context": credential()["@context"],
        "id": f"urn:x:about:{of}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": credential()["issuer"],
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {"id": of, "type": ["EndorsementSubject"]},
        **({"endorsement": list(parts)} if parts else {}),
        **changes,
    }
    return signed(document)


def nested(depth):
    """An endorsement with an endorsement in it, and so on; each is about something else than the one around it."""
    found = endorsed(of="urn:x:0")
    for number in range(1, depth + 1):
        found = endorsed(found, of=f"urn:x:{number}")
    return found


def test_parts_are_looked_at_three_deep():
    report = check(nested(3))
    assert (report.verdict, report.cause) == ("valid", "endorsement-mismatch")
    report = check(nested(4))
    assert (report.verdict, report.cause) == ("undetermined", "resource-limit")


@pytest.mark.parametrize(
    ("kid", "cause"),
    [
        ("key-1", None),
        ("#key-1", None),
        ("key-2", "key-unresolved"),
        ("did:web:other.example#key-1", "key-not-authorised"),
    ],
)
def test_a_key_by_its_name_alone(kid, cause):
    issuer = "did:web:issuer.example"
    entry = {"id": "#key-1", "controller": issuer, "publicKeyMultibase": KEY.public_key.to_multibase()}
    body = {"id": issuer, "verificationMethod": [entry], "assertionMethod": ["#key-1"]}
    document = held(issuer={"id": issuer, "type": ["Profile"]})
    text = jose.sign(claims.of_credential(document), signer=KEY, kid=kid)
    pages = MemoryFetcher({"https://issuer.example/.well-known/did.json": {"body": body}})
    assert verify(text, fetcher=pages, now=NOW).cause == cause


@pytest.mark.parametrize(
    ("owner", "cause"),
    [
        ({}, None),
        ({"iss": "https://issuer.example/i"}, None),
        ({"iss": "https://issuer.example/j"}, "key-not-authorised"),
    ],
)
def test_one_jwk_at_an_address(owner, cause):
    document = held(issuer={"id": "https://issuer.example/i", "type": ["Profile"]})
    text = jose.sign(claims.of_credential(document), signer=KEY, kid="https://issuer.example/key")
    jwk = KEY.public_key.to_jwk() | owner
    at = {"https://issuer.example/key": jwk, "https://issuer.example/.well-known/jwks.json": {"keys": [jwk]}}
    pages = MemoryFetcher({url: {"body": body} for url, body in at.items()})
    assert verify(text, fetcher=pages, now=NOW).cause == cause


def test_without_a_holder_the_one_who_signed_is_compared():
    def unnamed(*parts, method=HOLDER_METHOD):
        document = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": list(parts)}
        return data_integrity.add_proof(
            document,
            signer=HOLDER_KEY,
            verification_method=method,
            created=NOW,
            purpose="authentication",
            options={"challenge": "c1"},
        )

    assert check(unnamed(signed(held())), challenge="c1").cause is None
    assert check(unnamed(signed()), challenge="c1").cause == "holder-mismatch"
    assert check(unnamed() | {"proof": []}, challenge="c1").cause == "proof-missing"
    # whose credential it is, a proof that is not good says of nobody
    document = unnamed(signed())
    own = document["proof"]
    false = own | {"verificationMethod": f"{signed()['credentialSubject']['id']}#key-1"}
    for proofs in ([false, own], [own, false]):
        report = check(document | {"proof": proofs}, challenge="c1")
        assert (report.verdict, report.cause) == ("valid", "holder-mismatch")
    document = unnamed(signed(held()))
    own = document["proof"]
    false = own | {"verificationMethod": METHOD}
    for proofs in ([false, own], [own, false]):
        assert check(document | {"proof": proofs}, challenge="c1").cause is None
    assert "holder-mismatch" not in check(document | {"proof": false}, challenge="c1").warnings


@pytest.mark.parametrize(
    ("document", "typ"),
    [(held(), "vp+jwt"), ({"@context": [V2], "type": ["VerifiablePresentation"]}, "vc+jwt")],
)
def test_a_token_holds_what_its_type_says(document, typ):
    assert check(jose.sign(document | {"iss": DID}, signer=KEY, kid=METHOD, typ=typ)).cause == "schema"


@pytest.mark.parametrize("name", ["validFrom", "validUntil"])
def test_times_of_the_newer_data_model_count_in_the_older_one_too(name):
    document = held(issuanceDate="2026-05-30T12:00:00Z")
    del document["validFrom"]
    document["@context"] = [V1, document["@context"][1], "https://w3id.org/security/data-integrity/v2"]

    def judged(value):
        whole = document | {name: value}
        return check(
            data_integrity.add_proof(whole, signer=KEY, verification_method=METHOD, created=NOW)
        ).cause

    assert judged("x") == "schema"
    assert judged("2026-05-31T00:00:00Z") == ("expired" if name == "validUntil" else "legacy-vcdm11")


def test_a_token_without_its_beginning():
    payload = {
        k: v for k, v in claims.of_credential(held(validFrom="2026-05-30T12:00:00Z")).items() if k != "nbf"
    }
    assert check(jose.sign(payload, signer=KEY, kid=METHOD)).cause == "schema"
    bare = {k: v for k, v in payload.items() if k != "validFrom"}
    assert check(jose.sign(bare, signer=KEY, kid=METHOD)).verdict == "refused"


def test_what_the_holder_says_needs_no_other_proof():
    own = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": HOLDER,
        "credentialSubject": {"id": HOLDER, "name": "Asha"},
    }
    assert check(shown(own), challenge="c1").verdict == "valid"
    other = own | {"issuer": "did:example:other"}
    report = check(shown(other), challenge="c1")
    assert (report.verdict, report.cause) == ("valid-with-marked-parts", "proof-missing")
    assert check(own).cause == "proof-missing"


@pytest.mark.parametrize("name", ["validFrom", "validUntil", "issuanceDate", "expirationDate"])
@pytest.mark.parametrize(
    "value", ["soon", "", "2026-02-30T00:00:00Z", 5, 10**30, None, [], ["soon"], {}, True]
)
def test_a_time_of_a_presentation_that_is_none(name, value):
    document = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": HOLDER, name: value}
    token = jose.sign(document, signer=HOLDER_KEY, kid=HOLDER_METHOD, typ="vp+jwt")
    for given in (
        token,
        document,
        document | {"id": "x"},
        document | {"proof": {"type": "DataIntegrityProof"}},
    ):
        report = check(given, challenge="c1")
        assert (report.verdict, report.cause) == ("refused", "schema")
    inside = jose.sign(credential() | {name: value}, signer=KEY, kid=METHOD, typ="vc+jwt")
    report = check(shown(envelope(inside)), challenge="c1")
    assert [part["cause"] for part in report.parts] == ["schema"]


def test_the_times_of_a_presentation_count():
    def made(**times):
        document = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": HOLDER} | times
        return jose.sign(document, signer=HOLDER_KEY, kid=HOLDER_METHOD, typ="vp+jwt")

    assert check(made(validUntil="2026-05-31T00:00:00Z")).cause == "expired"
    assert check(made(validFrom="2026-07-01T00:00:00Z")).cause == "not-yet-valid"
    assert check(made(validFrom="2026-05-01T00:00:00Z")).verdict == "valid"


@pytest.mark.parametrize("name", ["validFrom", "validUntil", "issuanceDate", "expirationDate"])
@pytest.mark.parametrize("value", ["soon", "2026-01-01", 5, None, [], {}])
def test_a_time_that_nothing_was_held_against(name, value):
    told = dates({name: value}, NOW)
    assert (told.outcome, told.cause) == (Outcome.UNDETERMINED, "parse")


def test_the_same_credential_twice():
    """All statements of a proof name one graph; the order of equal names is no choice."""
    issuer = did.did_key(KEY.public_key)
    plain = {"@context": [V2], "id": "urn:x:1", "type": ["VerifiableCredential"], "issuer": issuer}
    for subject in ({"id": HOLDER}, {"name": "N", "description": [f"n{number}" for number in range(2_000)]}):
        made = from_elsewhere(plain | {"credentialSubject": subject})
        report = check(shown(made, made), challenge="c1")
        assert (report.verdict, len(report.parts)) == ("valid", 2)
