"""A key that was not seen before is told of wherever it signed: in a newer version, inside, and in other forms."""

import json

import pytest

from gradatim.engine import MemoryFetcher, did_key, issue, verify
from gradatim.engine.keys import ED25519, P256, P384, PrivateKey
from gradatim.engine.proof import data_integrity, jose
from gradatim.engine.verify import continuity
from tests.engine.samples import DID, METHOD, NOW, credential, signed
from tests.engine.test_continuity import (
    DOCUMENT,
    FIRST,
    LATER,
    SECOND,
    VOUCHED,
    WEB,
    badge,
    method,
    published,
    vouched,
)

CHANGED = continuity.CAUSE
BOTH = published(
    WEB, FIRST, SECOND
)  # whoever has the domain can publish a copy of the old key beside the new one
REFRESH = "https://college.example/refresh"
EXTENDED = [*credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
NEWER = "2026-05-31T12:00:00Z"


def made(key, **changes):
    document = credential(issuer={"id": WEB, "type": ["Profile"], "name": "Northfield College"}, **changes)
    return issue(document, signer=key, verification_method=method(WEB, key), created=NOW)


def renewable(key, **changes):
    service = {"id": REFRESH, "type": "1EdTechCredentialRefresh"}
    return made(key, **{"@context": EXTENDED, "refreshService": service} | changes)


def told(document, memory, page=BOTH, **pages):
    web = MemoryFetcher(
        {DOCUMENT[WEB]: {"body": page}} | {url: {"body": body} for url, body in pages.items()}
    )
    return verify(document, fetcher=web, now=LATER, memory=memory)


def known():
    memory = {}
    assert told(badge(WEB, FIRST), memory, published(WEB, FIRST)).warnings == ()
    return memory


def keys_in(memory):
    return json.loads(memory[continuity.place(WEB)])["keys"]


def several(*keys):
    """A credential by each key, each with an id of its own."""
    return [made(key, id=f"urn:x:{number}") for number, key in enumerate(keys)]


def shown(*parts, holder=DID, key=FIRST):
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(parts),
    }
    return data_integrity.add_proof(
        document,
        signer=key,
        verification_method=METHOD if holder == DID else method(holder, key),
        created=NOW,
        purpose="authentication",
    )


def test_an_old_credential_as_the_newer_version_of_a_forged_one():
    forged = renewable(SECOND, id="urn:uuid:5f1c2f0e-0000-4000-8000-000000000077")
    for answer in (badge(WEB, FIRST), renewable(FIRST, validFrom=NEWER)):
        report = told(forged, known(), **{REFRESH: answer})
        assert (report.verdict, report.cause) == ("valid", CHANGED)
        assert report.document == forged


@pytest.mark.parametrize("memory", [{}, known()], ids=["first contact", "seen before"])
def test_a_forged_newer_version_of_an_old_credential(memory):
    newer = renewable(SECOND, validFrom=NEWER, name="Forged")
    report = told(renewable(FIRST), memory, **{REFRESH: newer})
    assert report.document == newer
    assert (report.verdict, report.warnings) == ("valid", (CHANGED, "refreshed"))
    assert keys_in(memory) == [FIRST.public_key.to_jwk()]


def test_a_genuine_newer_version():
    report = told(renewable(FIRST), known(), **{REFRESH: renewable(FIRST, validFrom=NEWER)})
    assert report.warnings == ("refreshed",)


def test_a_stranger_who_answers_for_an_issuer_is_not_remembered_as_the_issuer():
    memory = {}
    told(renewable(SECOND), memory, **{REFRESH: signed()})
    assert keys_in(memory) == [SECOND.public_key.to_jwk()]


def test_a_presentation():
    memory = known()
    report = told(shown(*several(FIRST, SECOND, SECOND)), memory)
    assert report.warnings.count(CHANGED) == 1  # however many parts say the same
    assert CHANGED not in told(shown(made(FIRST)), memory).warnings
    assert keys_in(memory) == [FIRST.public_key.to_jwk()]


def test_a_part_is_noted_too():
    memory = {}
    assert CHANGED not in told(shown(made(SECOND)), memory).warnings
    assert keys_in(memory) == [SECOND.public_key.to_jwk()]
    assert told(badge(WEB, FIRST), memory).warnings == (CHANGED,)


def test_what_a_holder_says_without_a_proof_is_signed_by_the_presentation():
    page = BOTH | {"authentication": BOTH["assertionMethod"]}
    own = {name: value for name, value in made(FIRST).items() if name != "proof"}
    for key, warned in ((FIRST, False), (SECOND, True)):
        report = told(shown(own, holder=WEB, key=key), known(), page)
        assert report.parts[0]["verdict"] == "valid"
        assert (CHANGED in report.warnings) is warned


def test_an_endorsement_and_what_stands_in_it():
    def endorsed(key, about, name, **changes):
        subject = {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "Good."}
        kind = ["VerifiableCredential", "EndorsementCredential"]
        return made(key, type=kind, id=name, credentialSubject=subject, **changes)

    inner = endorsed(SECOND, "urn:x:outer", "urn:x:inner")
    about = credential()["id"]
    for forged in (
        endorsed(SECOND, about, "urn:x:e"),
        endorsed(FIRST, about, "urn:x:outer", endorsement=[inner]),
    ):
        report = told(signed(endorsement=[forged]), known())
        assert (report.verdict, report.warnings) == ("valid", (CHANGED,))
    again = told(made(SECOND, endorsement=[endorsed(SECOND, about, "urn:x:e")]), known())
    assert again.warnings == (CHANGED,)  # of outside and inside once


def test_a_token_with_disclosures():
    issuer = "https://college.example"
    address = f"{issuer}/.well-known/jwt-vc-issuer"
    memory = {}
    for seed, warnings in ((3, ("not-a-badge",)), (5, (CHANGED, "not-a-badge"))):
        key = PrivateKey(P256, bytes(range(seed, seed + 32)))
        text = jose.sign({"iss": issuer, "vct": "urn:x:y"}, signer=key, kid="1", typ="dc+sd-jwt") + "~"
        entry = {"issuer": issuer, "jwks": {"keys": [key.public_key.to_jwk() | {"kid": "1"}]}}
        web = MemoryFetcher({address: {"body": entry}})
        assert verify(text, fetcher=web, now=NOW, memory=memory).warnings == warnings


def test_without_a_memory_nothing_is_said():
    newer = renewable(SECOND, validFrom=NEWER)
    assert told(renewable(FIRST), None, **{REFRESH: newer}).warnings == ("refreshed",)
    assert CHANGED not in told(shown(*several(FIRST, SECOND)), None).warnings


def test_a_status_list_may_have_a_key_of_its_own():
    url = "https://college.example/status/1"
    listing = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": WEB,
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA",
        },
    }
    entry = {
        "id": f"{url}#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": url,
    }
    signed_list = data_integrity.add_proof(
        listing, signer=SECOND, verification_method=method(WEB, SECOND), created=NOW
    )
    memory = {}
    report = told(made(FIRST, credentialStatus=entry), memory, **{url: signed_list})
    assert (report.verdict, report.warnings) == ("valid", ())
    assert keys_in(memory) == [FIRST.public_key.to_jwk()]


def test_a_key_that_an_earlier_one_vouches_for_in_many_parts():
    memory, third = known(), PrivateKey(ED25519, bytes(range(9, 41)))
    page = vouched(WEB, FIRST, FIRST, SECOND, third)
    report = told(shown(*several(SECOND, third, SECOND)), memory, page)
    assert CHANGED not in report.warnings
    assert len(keys_in(memory)) == 3


def test_keys_of_other_kinds_beside_the_one_that_vouches():
    """What was remembered of an issuer may be of several kinds; each proof is held against all of them."""
    memory = known()
    kept = json.loads(memory[continuity.place(WEB)])
    others = [PrivateKey(kind, bytes(range(1, size + 1))) for kind, size in ((P384, 48), (ED25519, 32))]
    kept["keys"] = [key.public_key.to_jwk() for key in others] + kept["keys"]
    memory[continuity.place(WEB)] = json.dumps(kept)
    assert told(badge(WEB, SECOND), memory, vouched(WEB, FIRST, SECOND)).warnings == ()


def test_a_document_that_is_too_large_vouches_for_nothing():
    large = VOUCHED | {"alsoKnownAs": ["https://college.example/" + "x" * continuity.MAX_BYTES]}
    page = data_integrity.add_proof(
        published(WEB, FIRST, SECOND, context=large),
        signer=FIRST,
        verification_method=method(WEB, FIRST),
        created=NOW,
        cryptosuite="eddsa-jcs-2022",
    )
    assert told(badge(WEB, SECOND), known(), page).warnings == (CHANGED,)


def test_only_so_many_issuers_are_asked_whether_they_vouch(monkeypatch):
    monkeypatch.setattr(continuity, "MAX_ISSUERS", 0)
    assert told(badge(WEB, SECOND), known(), vouched(WEB, FIRST, FIRST, SECOND)).warnings == (CHANGED,)


def test_identifiers_that_are_keys_are_not_noted_inside_either():
    memory = {}
    told(shown(signed()), memory)
    assert did_key(FIRST.public_key) == DID
    assert memory == {}
