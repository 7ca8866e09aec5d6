"""What a verification takes in, from whom it asks what, and where it gives up."""

import json
from contextlib import suppress
from itertools import combinations

import pytest

from gradatim.engine import encoding, status_list
from gradatim.engine.bake import MAX_BYTES, bake
from gradatim.engine.canonical import jsonld
from gradatim.engine.canonical.active import UNSET, after_types, extend, initial
from gradatim.engine.canonical.declared import start
from gradatim.engine.errors import ContextError, FetchError, InputError, LimitError
from gradatim.engine.fetch import MemoryFetcher, check_address
from gradatim.engine.proof import claims, data_integrity, jose
from gradatim.engine.verify import asking, parts, proofs, verify
from tests.engine.samples import KEY, METHOD, NOW, check, credential, from_elsewhere, signed, token
from tests.engine.test_bake import PNG, SVG, inside, png

ME = credential()["id"]
OLD_CONTEXTS = [
    "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
]


def endorsement(number=0, **changes):
    about = {"id": ME, "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    kinds = ["VerifiableCredential", "EndorsementCredential"]
    name = f"urn:uuid:5f1c2f0e-0000-4000-9000-{number:012d}"
    return from_elsewhere(credential(id=name, type=kinds, credentialSubject=about, **changes))


def bare(stated):
    """A token with these stated and no more, signed well."""
    parts = ({"alg": "EdDSA", "kid": METHOD}, stated)
    text = ".".join(encoding.base64url_encode(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoding.base64url_encode(KEY.sign(text.encode()))}"


def test_an_instant_has_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        verify(signed(), fetcher=MemoryFetcher({}), now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("picture", [PNG, b"\xff\xd8\xff", SVG], ids=["png", "jpeg", "svg"])
def test_a_picture_in_a_picture(picture):
    text = b"\x89PNG\r\n\x1a\n" if picture is PNG else picture
    report = check(png(inside(text)))
    assert (report.verdict, report.cause) == ("refused", "image-invalid")


def test_a_jpeg_holds_nothing():
    assert check(b"\xff\xd8\xff\xe0").cause == "image-invalid"


@pytest.mark.parametrize("source", [None, 5, [signed()], (b"{}",)])
def test_what_is_no_credential_at_all(source):
    assert (check(source).verdict, check(source).cause) == ("refused", "type")


def test_a_document_that_contains_itself():
    document = signed()
    document["name"] = document
    assert check(document).cause in {"too-deep", "parse"}
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert check(signed() | {"name": deep}).cause == "too-deep"


@pytest.mark.parametrize("value", [b"x", {1}, float("nan"), object()])
def test_a_document_that_is_no_json(value):
    assert check(signed() | {"name": value}).cause == "parse"


def test_tokens_that_are_too_large_or_no_text():
    assert check(b"ey" + b"." * 2 + b"a" * 1024 * 1024).cause == "too-large"
    assert check("ey.é.x").cause == "encoding"


def test_the_claims_of_an_older_token_stand_for_members():
    older = credential() | {"@context": OLD_CONTEXTS}
    wanted = {"jti": older.pop("id"), "iss": older.pop("issuer")["id"], "nbf": 1780142400}
    del older["validFrom"]
    wanted["sub"] = older["credentialSubject"].pop("id")
    report = check(bare({"vc": older} | wanted))
    found = report.document
    assert (found["id"], found["issuer"], found["credentialSubject"]["id"]) == (
        wanted["jti"],
        wanted["iss"],
        wanted["sub"],
    )
    assert (report.verdict, report.cause) == ("valid", "legacy-vcdm11")


@pytest.mark.parametrize("subject", ["urn:x:y", [{"id": "urn:x:y"}]])
def test_an_older_token_about_nobody(subject):
    made = token(credential() | {"vc": {"credentialSubject": subject}}, {"alg": "EdDSA", "kid": METHOD})
    assert check(made).verdict == "refused"


def test_an_older_token_by_another():
    older = credential() | {"@context": OLD_CONTEXTS}
    older["issuanceDate"] = older.pop("validFrom")
    made = token(credential() | {"vc": older}, {"alg": "EdDSA", "kid": METHOD})
    assert (check(made).verdict, check(made).cause) == ("valid", "legacy-vcdm11")
    assert check(bare({"vc": older})).cause == "issuer-mismatch"
    assert check(bare({"vc": older, "iss": older["issuer"]["id"]})).verdict == "valid"
    payload = credential(issuer={"id": "did:key:z6Mk"}) | {"vc": older}
    assert check(token(payload, {"alg": "EdDSA", "kid": METHOD})).cause == "issuer-mismatch"


def test_a_picture_too_large_to_be_baked():
    with pytest.raises(InputError) as refused:
        bake(SVG + b" " * MAX_BYTES, b"{}")
    assert refused.value.code == "too-large"


def test_a_null_context_where_terms_are_protected():
    with pytest.raises(ContextError):
        extend(start(credential()["@context"], allowed=frozenset()), None)
    assert extend(initial(), None).terms == {}


@pytest.mark.slow
def test_a_document_of_too_many_statements():
    with pytest.raises(LimitError, match="statements"):
        jsonld.to_quads(credential(evidence=[{"type": ["Evidence"]}] * (jsonld.MAX_QUADS + 1)))


def test_ipv6_addresses_are_never_asked():
    for host in ("2001:db8::1", "::ffff:8.8.8.8"):
        with pytest.raises(FetchError) as blocked:
            check_address(f"https://[{host}]/")
        assert blocked.value.code == "fetch-blocked"


class Slow:
    """A fetcher that takes its time, by a clock of its own."""

    def __init__(self):
        self.time = 0.0
        self.fetcher = MemoryFetcher({})
        self.requests = self.fetcher.requests

    def get(self, url, *, accept="application/json"):
        self.time += 5
        return self.fetcher.get(url, accept=accept)


def test_only_so_much_is_asked_in_all():
    slow = Slow()
    patient = asking.Asking(slow, clock=lambda: slow.time)
    for number in range(10):
        with pytest.raises(FetchError):
            patient.get(f"https://x.example/{number}")
    assert len(patient.requests) == asking.MAX_SECONDS / 5
    many = asking.Asking(MemoryFetcher({}))
    for number in range(asking.MAX_ADDRESSES + 5):
        with pytest.raises(FetchError) as refused:
            many.get(f"https://x.example/{number}")
        assert refused.value.code == "unavailable"
        assert ("was not asked" in refused.value.message) == (number >= asking.MAX_ADDRESSES)
    assert len(many.requests) == asking.MAX_ADDRESSES


def test_too_many_proofs():
    document = signed()
    report = check(document | {"proof": [document["proof"]] * (proofs.MAX_PROOFS + 1)})
    assert (report.verdict, report.cause) == ("refused", "resource-limit")
    assert check(document | {"proof": [document["proof"]] * proofs.MAX_PROOFS}).verdict == "valid"


def test_a_document_of_too_many_contexts():
    report = check(signed() | {"@context": credential()["@context"] * 20})
    assert (report.verdict, report.cause) == ("refused", "resource-limit")


def test_more_parts_than_are_looked_at():
    few = check(signed(endorsement=[endorsement(n) for n in range(3)]))
    assert (few.verdict, len(few.parts)) == ("valid", 3)
    many = check(from_elsewhere(endorsementJwt=["ey.ey.x"] * (parts.MAX_PARTS + 1)))
    assert (many.verdict, many.cause) == ("undetermined", "resource-limit")
    hard = endorsement(endorsementJwt=["ey.ey.x"] * (parts.MAX_PARTS + 1))
    given_up = check(from_elsewhere(endorsement=[hard, endorsement(1)]))
    assert (given_up.verdict, given_up.cause, len(given_up.parts)) == ("undetermined", "resource-limit", 1)


def test_a_part_that_cannot_be_checked():
    by_web = credential(issuer={"id": "did:web:x.example", "type": ["Profile"], "name": "N"})
    about = {"id": ME, "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    part = signed(
        by_web
        | {
            "id": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000009",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "credentialSubject": about,
        },
        method="did:web:x.example#k",
    )
    report = check(signed(endorsement=[part, endorsement()]))
    assert (report.verdict, report.cause) == ("undetermined", "key-unresolved")


URL = "https://issuer.example/status/1"
ENTRY = status_list.entry(URL, index=7, purpose="revocation")


def with_list(entry, body):
    document = signed(credentialStatus=ENTRY | entry)
    return verify(document, fetcher=MemoryFetcher({URL: {"body": body}}), now=NOW)


def listing(purpose):
    bits = status_list.bits_of({7, 15})
    made = status_list.credential(
        url=URL, issuer=METHOD.partition("#")[0], purpose=purpose, bits=bits, valid_from=NOW
    )
    return data_integrity.add_proof(made, signer=KEY, verification_method=METHOD, created=NOW)


@pytest.mark.parametrize(
    ("purpose", "verdict", "cause"),
    [
        ("revocation", "invalid", "revoked"),
        ("suspension", "invalid", "suspended"),
        ("refresh", "valid", "refresh-available"),
        ("message", "valid", "status-message:0x1"),
        ("other", "undetermined", "status-unsupported"),
    ],
)
def test_what_a_set_bit_means(purpose, verdict, cause):
    report = with_list({"statusPurpose": purpose}, listing(purpose))
    assert (report.verdict, report.cause) == (verdict, cause)


def test_a_list_that_is_no_list():
    made = listing("revocation")
    other = signed(credential(id=URL))
    assert with_list({}, other).cause == "status-invalid"
    assert with_list({}, {"id": URL}).cause == "status-invalid"
    assert with_list({}, "[").cause == "status-invalid"
    assert with_list({}, json.dumps(made)).cause == "revoked"


def in_a_token(made):
    return jose.sign(claims.of_credential(made), signer=KEY, kid=METHOD)


def test_a_list_in_a_token():
    bits = status_list.bits_of({7})
    made = status_list.credential(
        url=URL, issuer=METHOD.partition("#")[0], purpose="revocation", bits=bits, valid_from=NOW
    )
    assert with_list({}, in_a_token(made)).cause == "revoked"
    assert with_list({}, in_a_token(made)[:-2]).cause == "status-invalid"


def test_a_list_is_asked_once_for_two_entries():
    entries = [ENTRY | {"id": f"{URL}#{n}", "statusListIndex": str(n)} for n in (1, 2)]
    other = credential(
        type=["VerifiableCredential"], credentialStatus=entries, issuer=METHOD.partition("#")[0]
    )
    other["credentialSubject"] = {"id": "urn:x:y"}
    fetcher = MemoryFetcher({URL: {"body": listing("revocation")}})
    report = verify(signed(other), fetcher=fetcher, now=NOW)
    assert (report.verdict, report.cause, len(report.requests)) == ("valid", "not-a-badge", 1)


def test_what_a_context_did_not_know_before_it_changed_is_not_added_afterwards():
    """Open Badges 3.0.3 changed in place in June 2026; a term that it had not before was not signed before."""
    assert check(signed() | {"endorsementJwt": ["ey.ey.x"]}).cause == "proof-invalid"


def test_a_document_that_changes_its_meaning_too_often():
    meaning = start(credential()["@context"], allowed=frozenset())
    kinds = sorted(
        name for name, term in meaning.terms.items() if name[:1].isupper() and term.scoped is not UNSET
    )
    nodes = []
    for types in combinations(kinds, 3):
        with suppress(ContextError):
            after_types(meaning, types)
            nodes.append({"type": list(types)})
    with pytest.raises(LimitError, match="too often"):
        jsonld.to_quads(credential(evidence=nodes))


def test_a_list_of_names_that_cannot_be_read():
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    entry = {"id": URL, "type": "1EdTechRevocationList"}
    document = signed(
        credential(credentialStatus=entry) | {"@context": [*credential()["@context"], extensions]}
    )
    for body, cause in (
        ("[]", "status-invalid"),
        ({"revokedCredential": [{"id": ME, "revocationReason": "Error"}]}, "revoked"),
    ):
        report = verify(document, fetcher=MemoryFetcher({URL: {"body": body}}), now=NOW)
        assert report.cause == cause


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"validFrom": "2026-06-01T12:05:00Z"}, None),  # two clocks may be so far apart
        ({"validFrom": "2026-06-01T12:05:01Z"}, "not-yet-valid"),
        ({"validUntil": "2026-06-01T12:00:00Z"}, None),
        ({"validUntil": "2026-06-01T11:59:59Z"}, "expired"),
    ],
)
def test_in_force_to_the_second(changes, cause):
    assert check(signed(**changes)).cause == cause


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"issuanceDate": "2026-06-02T12:00:00Z"}, "not-yet-valid"),
        ({"expirationDate": "2026-05-31T12:00:00Z"}, "expired"),
        ({}, "legacy-vcdm11"),
    ],
)
def test_in_force_in_the_older_data_model(changes, cause):
    document = credential(issuanceDate="2026-05-30T12:00:00Z") | changes
    del document["validFrom"]
    document["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        document["@context"][1],
        "https://w3id.org/security/data-integrity/v2",
    ]
    proved = data_integrity.add_proof(document, signer=KEY, verification_method=METHOD, created=NOW)
    assert check(proved).cause == cause


def test_a_text_that_is_none_is_refused():
    report = check('{"name": "half \ud800"}')
    assert (report.verdict, report.cause) == ("refused", "encoding")
