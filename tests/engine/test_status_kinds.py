"""Lists of other kinds than our own, and lists that were seen before."""

import gzip
import json
import random
from datetime import timedelta

import pytest

from gradatim.engine import encoding, status_list
from gradatim.engine.fetch import MAX_BYTES, MemoryFetcher
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import verify
from gradatim.engine.verify.asking import Sitting
from gradatim.engine.verify.status import MAX_ENTRIES
from tests.engine.samples import DID, KEY, METHOD, NOW, credential, from_elsewhere, signed
from tests.engine.test_presentations import shown
from tests.engine.timing import within

URL = "https://issuer.example/status/1"
V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
CONTEXT_2021 = "https://w3id.org/vc/status-list/2021/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def signed_list(listing):
    return data_integrity.add_proof(
        listing,
        signer=KEY,
        verification_method=METHOD,
        created=encoding.parse_datetime("2026-05-01T00:00:00Z"),
    )


def judge(document, body, **options):
    pages = MemoryFetcher({} if body is None else {URL: {"body": body}})
    return verify(document, fetcher=pages, now=NOW, **options)


# Status List 2021, the forerunner: without the multibase letter, under data model 1.1


def badge_2021(index="7", purpose="revocation"):
    entry = {
        "id": f"{URL}#{index}", "type": "StatusList2021Entry", "statusPurpose": purpose, "statusListIndex": index,
        "statusListCredential": URL,
    }  # fmt: skip
    document = credential(credentialStatus=entry)
    document["@context"] = [V1, document["@context"][1], CONTEXT_2021, DATA_INTEGRITY]
    document["issuanceDate"] = document.pop("validFrom")
    return from_elsewhere(document)


def list_2021(indexes, *, purpose="revocation", letter="", kind="StatusList2021"):
    bits = gzip.compress(status_list.bits_of(indexes), mtime=0)
    return signed_list(
        {
            "@context": [V1, CONTEXT_2021, DATA_INTEGRITY],
            "id": URL,
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": DID,
            "issuanceDate": "2026-05-01T00:00:00Z",
            "credentialSubject": {
                "id": f"{URL}#list",
                "type": kind,
                "statusPurpose": purpose,
                "encodedList": letter + encoding.base64url_encode(bits),
            },
        }
    )


@pytest.mark.parametrize("letter", ["", "u"])
@pytest.mark.parametrize(
    ("indexes", "purpose", "cause"),
    [([7], "revocation", "revoked"), ([6], "revocation", "legacy-vcdm11"), ([7], "suspension", "suspended")],
)
def test_status_list_2021(letter, indexes, purpose, cause):
    report = judge(badge_2021(purpose=purpose), list_2021(indexes, purpose=purpose, letter=letter))
    assert report.cause == cause


def test_a_list_of_2021_that_is_none():
    assert judge(badge_2021(), list_2021([], purpose="suspension")).cause == "status-invalid"
    assert judge(badge_2021(), list_2021([], letter="z")).cause == "status-invalid"


def test_the_newer_list_needs_its_letter():
    bits = encoding.base64url_encode(gzip.compress(bytes(16384)))
    with pytest.raises(status_list.StatusError):
        status_list.decode(bits)
    assert len(status_list.decode(bits, old=True)) == 16384


# 1EdTech's list of ids


def badge_by_id(name="urn:uuid:5f1c2f0e-0000-4000-8000-000000000001"):
    entry = {"id": URL, "type": "1EdTechRevocationList"}
    extended = {"@context": [*credential()["@context"], EXTENSIONS]}
    return signed(credential(id=name, credentialStatus=entry, **extended))


@pytest.mark.parametrize(
    ("body", "verdict", "cause"),
    [
        ({"revokedCredential": []}, "valid", None),
        ({"revokedCredential": [{"id": credential()["id"]}]}, "invalid", "revoked"),
        ({"revokedCredential": [{"id": credential()["id"], "revoked": False}]}, "valid", None),
        ({"revokedCredential": [credential()["id"]]}, "invalid", "revoked"),
        ({"revokedCredential": {"id": credential()["id"]}}, "invalid", "revoked"),
        ({"revokedCredentials": [{"id": credential()["id"], "revoked": True}]}, "invalid", "revoked"),
        ({"revokedCredentials": [{"id": "urn:x:other"}, "urn:x:another"]}, "valid", None),
        ({"revokedCredential": [5, {"id": credential()["id"]}]}, "invalid", "revoked"),
        ({"revokedCredential": [{"id": credential()["id"], "revoked": "true"}]}, "undetermined", "status-invalid"),
        ({"revokedCredential": [{"id": "urn:x:other", "revoked": None}]}, "undetermined", "status-invalid"),
        ({"revokedCredential": [{"id": ["urn:x:other"]}]}, "undetermined", "status-invalid"),
        ({"revokedCredential": [{"revoked": True}]}, "undetermined", "status-invalid"),
        ({"revokedCredential": [None]}, "undetermined", "status-invalid"),
        ({"revokedCredential": "x"}, "undetermined", "status-invalid"),
        ({"revokedCredential": {}}, "undetermined", "status-invalid"),
        ({"revokedCredential": None}, "undetermined", "status-invalid"),
        ({"error": "not found"}, "undetermined", "status-invalid"),
        ({}, "undetermined", "status-invalid"),
        ({"issuer": DID, "revokedCredential": []}, "valid", None),
        ({"issuer": {"id": "did:example:other"}, "revokedCredential": []}, "invalid", "status-invalid"),
        (b"[]", "undetermined", "status-invalid"),
        (None, "undetermined", "status-unavailable"),
    ],
)  # fmt: skip
def test_revocation_list(body, verdict, cause):
    report = judge(badge_by_id(), body)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_the_issuer_may_say_why():
    taken_back = {"id": credential()["id"], "revocationReason": "A mistake"}
    told = judge(badge_by_id(), {"revokedCredential": ["x", {"id": "urn:x:other"}, taken_back]})
    assert "says: A mistake." in told.decided_by.detail
    silent = judge(badge_by_id(), {"revokedCredential": [taken_back | {"revocationReason": 5}]})
    assert (silent.cause, silent.decided_by.detail) == ("revoked", "It was taken back by its issuer.")


def test_a_list_of_names_says_nothing_of_the_nameless():
    document = {
        "@context": [V2, EXTENSIONS],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "urn:x:somebody"},
        "credentialStatus": {"id": URL, "type": "1EdTechRevocationList"},
    }
    report = judge(signed_list(document), {"revokedCredential": [{"revoked": True}]})
    assert (report.verdict, report.cause) == ("undetermined", "status-invalid")
    assert "has no id" in report.decided_by.detail
    assert judge(signed_list(document | {"id": "urn:x:1"}), {"revokedCredential": []}).verdict == "valid"


@pytest.mark.parametrize("document", [badge_2021(), badge_by_id()], ids=["bits", "names"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, f"The status list could not be read: {URL} refused the connection."),
        (b"{", "The status list could not be read: "),
        (b" " * (MAX_BYTES + 1), f"The status list could not be read: {URL} answers with more than"),
    ],
)
def test_the_sentence_says_what_it_is_about(document, body, words):
    report = judge(document, body)
    assert (report.verdict, report.decided_by.name) == ("undetermined", "status")
    assert report.decided_by.detail.startswith(words)


def test_a_list_of_names_is_read_once():
    """Whatever the number of entries that name it, and of credentials in a presentation."""
    listing = {"revokedCredential": [f"urn:x:{number}" for number in range(60_000)]}
    other = badge_by_id() | {"type": ["VerifiableCredential"], "credentialSubject": {"id": "urn:x:y"}}
    other.pop("proof")
    entry = other["credentialStatus"]
    with within(1):
        assert (
            judge(signed_list(other | {"credentialStatus": [entry] * MAX_ENTRIES}), listing).cause
            == "not-a-badge"
        )
    report = judge(signed_list(other | {"credentialStatus": [entry] * (MAX_ENTRIES + 1)}), listing)
    assert (report.verdict, report.cause) == ("refused", "resource-limit")
    assert [request["url"] for request in report.requests] == []
    with within(2):
        told = judge(shown(*[badge_by_id(f"urn:x:a{n}") for n in range(60)]), listing, challenge="c1")
    assert [part["cause"] for part in told.parts] == [
        "holder-mismatch"
    ] * 60  # and nothing is wrong with its status


def test_a_list_that_cannot_be_unfolded_is_tried_once():
    bits = random.Random(1).randbytes(600_000) + bytes(3 * 1024 * 1024)
    listing = status_list.credential(url=URL, issuer=DID, purpose="revocation", bits=bits, valid_from=NOW)
    whole = listing["credentialSubject"]["encodedList"]
    listing["credentialSubject"]["encodedList"] = whole[: 1 + (len(whole) // 4 - 9) * 4]
    entry = status_list.entry(URL, index=3, purpose="revocation")
    parts = [signed(credential(id=f"urn:x:a{n}", credentialStatus=entry)) for n in range(250)]
    with within(0.8):
        told = judge(shown(*parts), signed_list(listing))
    assert [part["cause"] for part in told.parts] == ["status-invalid"] * 250
    assert (
        told.parts[0]["detail"]
        == told.parts[-1]["detail"]
        == "The status list is cut off or followed by other bytes."
    )


def test_purposes_are_named_in_short():
    listing = status_list.credential(
        url=URL, issuer=DID, purpose="x", bits=status_list.bits_of([]), valid_from=NOW
    )
    listing["credentialSubject"]["statusPurpose"] = ["x" * 50] * 10_000
    report = judge(badge(), signed_list(listing))
    assert report.cause == "status-invalid"
    assert len(report.decided_by.detail) < 300


def test_a_list_of_many_purposes_is_unfolded_once():
    purposes = ["revocation", "suspension", "x"]
    listing = status_list.credential(
        url=URL, issuer=DID, purpose="revocation", bits=status_list.bits_of([]), valid_from=NOW
    )
    listing["credentialSubject"]["statusPurpose"] = purposes
    entries = [status_list.entry(URL, index=3, purpose=purpose) for purpose in purposes]
    document = credential(type=["VerifiableCredential"]) | {"credentialSubject": {"id": "urn:x:y"}}
    sitting = Sitting()
    report = judge(
        signed_list(document | {"credentialStatus": entries}), signed_list(listing), sitting=sitting
    )
    assert (report.verdict, report.cause) == ("valid", "not-a-badge")
    assert len({id(bits) for bits, _ in sitting.bits.values()}) == 1


def test_of_when_the_list_was():
    assert judge(badge_2021(), list_2021([])).notes == {"status_list_from": "2026-05-01T00:00:00Z"}
    assert judge(badge(), bitstring([])).notes == {"status_list_from": "2026-06-01T11:50:00Z"}
    assert judge(badge_by_id(), {}).notes == {}


# A list seen before, when nothing answers


def bitstring(indexes, **changes):
    listing = status_list.credential(
        url=URL,
        issuer=DID,
        purpose="revocation",
        bits=status_list.bits_of(indexes),
        valid_from=NOW - timedelta(minutes=10),
        ttl=5 * 60_000,
    )
    return json.dumps(signed_list(listing | changes))


def badge():
    return signed(credential(credentialStatus=status_list.entry(URL, index=7, purpose="revocation")))


UNTIL = {"validUntil": "2026-06-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (bitstring([], **UNTIL), None),
        (bitstring([7], **UNTIL), "revoked"),
        (bitstring([]), "status-unavailable"),
        (bitstring([], validUntil="2026-06-01T11:00:00Z"), "status-unavailable"),
        (bitstring([], validFrom="2026-06-01T11:58:00Z"), None),
        ("{}", "status-unavailable"),
        (bitstring([], issuer="did:example:other", **UNTIL), "status-unavailable"),
    ],
)
def test_without_the_network_a_list_counts_as_long_as_its_issuer_lets_it(text, cause):
    assert judge(badge(), None, memory={URL: text}).cause == cause


@pytest.mark.parametrize("changes", [{"validUntil": "tomorrow"}, {"validFrom": "x"}])
def test_a_list_whose_time_cannot_be_read_is_not_kept(changes):
    kept = json.loads(bitstring([])) | changes
    assert judge(badge(), None, memory={URL: json.dumps(kept)}).cause == "status-unavailable"
    kept["credentialSubject"]["ttl"] = "soon"
    assert judge(badge(), None, memory={URL: json.dumps(kept)}).cause == "status-unavailable"


def test_a_list_that_says_nothing_of_its_time_is_not_kept():
    kept = json.loads(bitstring([]))
    kept["credentialSubject"]["ttl"] = "soon"
    assert judge(badge(), None, memory={URL: json.dumps(kept)}).cause == "status-unavailable"
