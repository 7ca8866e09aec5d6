"""What poses as something else: well signed, and read as if another had signed it, or as if it said something else."""

import pytest

from gradatim.engine import did, status_list
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import envelope, issue_token
from gradatim.engine.keys import P256, PrivateKey
from gradatim.engine.proof import jose
from gradatim.engine.verify import verify
from tests.engine.samples import DID, NOW, check, credential, from_elsewhere, signed
from tests.engine.test_presentations import HOLDER, V2, shown
from tests.engine.test_records import record

FORGER = PrivateKey(P256, bytes(range(7, 39)))
FORGER_DID = did.did_key(FORGER.public_key)
FORGER_METHOD = f"{FORGER_DID}#{FORGER.public_key.to_multibase()}"
LIST = "https://lists.example/1"
SERVICE = "https://refresh.example/1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def plain(document):
    """A document's members as the claims of an SD-JWT VC of the forger's own."""
    claims = {name: value for name, value in document.items() if name != "@context"}
    body = claims | {"iss": FORGER_DID, "vct": "https://x.example/kind"}
    return jose.sign(body, signer=FORGER, kid=FORGER_METHOD, typ="dc+sd-jwt") + "~"


def asked(document, web):
    return verify(
        document, fetcher=MemoryFetcher({url: {"body": body} for url, body in web.items()}), now=NOW
    )


def endorsed_by(token):
    document = credential()
    document["credentialSubject"]["achievement"]["endorsementJwt"] = [token]
    return check(from_elsewhere(document))


def endorsement():
    about = {"id": "https://northfield.example/a/1", "type": ["EndorsementSubject"]}
    return credential(type=["VerifiableCredential", "EndorsementCredential"], credentialSubject=about)


@pytest.mark.parametrize("left_out", ["issuer", "credentialSubject"])
def test_claims_that_would_be_read_as_those_of_a_credential_need_a_context(left_out):
    claims = {name: value for name, value in endorsement().items() if name != left_out}
    report = check(plain(claims))
    assert (report.verdict, report.cause, report.document) == ("refused", "context", None)


def test_a_status_list_whose_issuer_is_only_claimed():
    given = status_list.credential(
        url=LIST, issuer=DID, purpose="revocation", bits=status_list.bits_of([]), valid_from=NOW
    )
    document = signed(credential(credentialStatus=status_list.entry(LIST, index=7, purpose="revocation")))
    report = asked(document, {LIST: plain(given)})
    assert (report.verdict, report.cause) == ("invalid", "status-invalid")


def test_a_newer_version_whose_issuer_is_only_claimed():
    document = credential(refreshService={"id": SERVICE, "type": "1EdTechCredentialRefresh"})
    document["@context"].append(EXTENSIONS)
    newer = credential(validFrom="2026-05-31T12:00:00Z", name="Doctor of everything")
    report = asked(signed(document), {SERVICE: plain(newer)})
    assert (report.verdict, report.warnings, report.document["name"]) == ("valid", (), "Data literacy")


def test_an_endorsement_whose_endorser_is_only_claimed():
    report = endorsed_by(plain(endorsement()))
    assert (report.verdict, report.parts[0]["verdict"]) == ("valid-with-marked-parts", "refused")


def test_a_token_of_plain_claims_in_a_presentation_is_its_signers():
    part = envelope(plain({"name": "N"})) | {"id": f"data:application/dc+sd-jwt,{plain({'name': 'N'})}"}
    told = check(shown(part)).parts[0]
    assert (told["verdict"], told["issuer"], told["name"]) == ("valid", FORGER_DID, "N")
    nameless = jose.sign({"iss": {}}, signer=FORGER, kid=FORGER_METHOD, typ="dc+sd-jwt") + "~"
    told = check(shown(part | {"id": f"data:application/dc+sd-jwt,{nameless}"})).parts[0]
    assert (told["verdict"], told["issuer"]) == ("refused", None)


@pytest.mark.parametrize(("importing", "verdict"), [(False, "valid"), (True, "valid-with-marked-parts")])
def test_a_badge_of_something_is_no_endorsement_of_it(importing, verdict):
    badge = credential(issuer={"id": FORGER_DID, "type": ["Profile"], "name": "F"})
    badge["credentialSubject"]["id"] = "https://northfield.example/a/1"
    document = credential()
    document["credentialSubject"]["achievement"]["endorsementJwt"] = [
        issue_token(badge, signer=FORGER, verification_method=FORGER_METHOD)
    ]
    report = check(from_elsewhere(document), importing=importing)
    assert (report.verdict, report.cause) == (verdict, "endorsement-mismatch")
    assert "no endorsement" in report.parts[0]["detail"]


def test_nothing_is_said_by_a_holder_whose_proof_is_broken():
    own = credential(issuer={"id": HOLDER, "type": ["Profile"], "name": "H"})
    good = shown(own)
    assert check(good).parts[0]["verdict"] == "valid"
    report = check(good | {"id": "urn:x:changed"})
    assert (report.verdict, report.parts[0]["cause"]) == ("invalid", "proof-missing")


def test_a_presentation_has_no_status_whatever_stands_there():
    entry = {"type": "BitstringStatusListEntry"}
    document = {
        "@context": [V2], "type": ["VerifiablePresentation"], "id": 5, "proof": {"type": "X"}, "credentialStatus": entry,
    }  # fmt: skip
    report = check(document)
    assert (report.verdict, report.cause) == ("refused", "schema")


@pytest.mark.parametrize(("importing", "verdict"), [(False, "valid"), (True, "valid-with-marked-parts")])
def test_a_presentation_is_no_credential_of_a_record(importing, verdict):
    claims = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [],
        "holder": FORGER_DID,
    }
    inner = jose.sign(claims, signer=FORGER, kid=FORGER_METHOD, typ="vp+jwt")
    part = {
        "@context": [V2],
        "type": ["EnvelopedVerifiableCredential"],
        "id": f"data:application/vp+jwt,{inner}",
    }
    document = record(signed())
    document["credentialSubject"]["verifiableCredential"] = [part]
    report = check(from_elsewhere(document), importing=importing)
    assert (report.verdict, report.cause) == (verdict, "type")
    assert "no credential" in report.parts[0]["detail"]


@pytest.mark.parametrize(
    ("bits", "named", "cause"), [([], [], None), ([7], [], "revoked"), ([], [credential()["id"]], "revoked")]
)
def test_a_status_of_two_kinds_is_looked_up_in_both(bits, named, cause):
    entry = status_list.entry(LIST, index=7, purpose="revocation")
    entry |= {"type": ["1EdTechRevocationList", "BitstringStatusListEntry"], "id": f"{LIST}/names"}
    document = credential(credentialStatus=entry)
    document["@context"].append(EXTENSIONS)
    listed = status_list.credential(
        url=LIST, issuer=DID, purpose="revocation", bits=status_list.bits_of(bits), valid_from=NOW
    )
    web = {LIST: signed(listed), f"{LIST}/names": {"revokedCredential": named}}
    assert asked(from_elsewhere(document), web).cause == cause


@pytest.mark.parametrize(
    ("singular", "plural", "cause"),
    [
        ([], [], None),
        ([], [credential()["id"]], "revoked"),
        ([credential()["id"]], [], "revoked"),
        ([], None, "status-invalid"),
    ],
)
def test_a_revocation_list_under_both_names(singular, plural, cause):
    document = credential(credentialStatus={"type": "1EdTechRevocationList", "id": LIST})
    document["@context"].append(EXTENSIONS)
    web = {LIST: {"revokedCredential": singular, "revokedCredentials": plural}}
    assert asked(from_elsewhere(document), web).cause == cause
