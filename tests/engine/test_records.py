"""Records (CLR): the outside, every part, and the links between them."""

import pytest

from gradatim.engine import did
from gradatim.engine.issue import envelope, issue
from gradatim.engine.keys import PrivateKey
from gradatim.engine.model.vocabulary import IDENTITY_TYPES
from gradatim.engine.proof import claims, jose
from gradatim.engine.verify import person
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, from_elsewhere, signed
from tests.engine.test_presentations import CLR, HOLDER, V2, held, shown, token
from tests.engine.test_recipients import hashed, plain
from tests.engine.timing import within


def record(*parts, **changes):
    document = {
        "@context": CLR,
        "id": "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000c1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": credential()["issuer"],
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {
            "id": HOLDER,
            "type": ["ClrSubject"],
            "verifiableCredential": list(parts),
            **changes,
        },
    }
    return from_elsewhere(document)


def link(source, target):
    return {"type": "Association", "associationType": "isPartOf", "sourceId": source, "targetId": target}


def test_a_record_of_both_forms():
    there = "https://northfield.example/a/1"
    report = check(record(signed(held()), envelope(token()), association=[link(there, there)]))
    assert (report.verdict, report.cause) == ("valid", None)
    assert len(report.parts) == 2


def test_a_record_as_a_token_with_tokens():
    document = {k: v for k, v in record(signed(held())).items() if k != "proof"}
    document["credentialSubject"]["verifiableCredential"] = [token(), signed(held())]
    text = jose.sign(claims.of_credential(document), signer=KEY, kid=METHOD)
    assert check(text).verdict == "valid"


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        (record(signed(), signed(held())), "holder-mismatch"),
        (
            record(signed(held()), association=[link("https://northfield.example/a/1", "urn:x:none")]),
            "reference-unknown",
        ),
    ],
)
def test_what_a_reader_is_warned_of_is_marked_when_it_is_taken_over(document, cause):
    report = check(document)
    assert (report.verdict, report.cause) == ("valid", cause)
    report = check(document, importing=True)
    assert (report.verdict, report.cause) == ("valid-with-marked-parts", cause)


def test_a_part_that_cannot_be_read_holds_nothing():
    there = "https://northfield.example/a/1"
    document = record(signed(held()), association=[link(there, there)])
    document["credentialSubject"]["verifiableCredential"][0] = {
        "type": ["EnvelopedVerifiableCredential"],
        "id": "x",
    }
    assert {"reference-unknown"} & set(check(document).warnings)


@pytest.mark.parametrize("achievement", [{"type": ["Achievement"]}, "its id", ["id"]])
def test_a_part_whose_achievement_has_no_id_is_linked_to_by_nobody(achievement):
    there = "https://northfield.example/a/1"
    bad = credential()
    bad["credentialSubject"]["achievement"] = achievement
    report = check(record(bad, signed(held()), association=[link(there, there)]))
    assert (report.verdict, report.warnings) == ("valid-with-marked-parts", ())


def test_each_part_is_told_by_its_name():
    report = check(record(signed(held()), signed(held()) | {"name": "Changed"}))
    good, bad = report.parts
    assert (good["name"], good["verdict"], good["detail"]) == ("Data literacy", "valid", None)
    assert (bad["name"], bad["issuer"], bad["cause"]) == ("Changed", DID, "proof-invalid")
    told = next(one for one in report.checks if one.name == "parts")
    assert told.detail.startswith("“Changed” inside is not good")
    assert bad["detail"] in told.detail


def identity(entry):
    return {"type": "IdentityObject", "hashed": False} | entry


def without_id(*entries):
    return {"id": None, "identifier": [identity(entry) for entry in entries]}


def subject(document, changes):
    """A document whose subject differs in some members; those that are None are left out."""
    whole = document["credentialSubject"] | changes
    return document | {"credentialSubject": {k: v for k, v in whole.items() if v is not None}}


def compared(outside, inside, **options):
    """A record of one credential, whose subjects are described in their own ways."""
    document = record(signed(subject(held(), inside)))
    bare = {k: v for k, v in document.items() if k != "proof"}
    return check(from_elsewhere(subject(bare, outside)), **options)


A, B = plain("emailAddress", "a@x.example"), plain("emailAddress", "b@x.example")
A_HASHED, B_HASHED = hashed("emailAddress", "a@x.example"), hashed("emailAddress", "b@x.example")
A_SALTED = hashed("emailAddress", "a@x.example", salt="other")
NUMBER = plain("sourcedId", "S-1")
LONG = plain("emailAddress", "a" * person.MAX_LETTERS + "@x.example")
IMPERSONAL = IDENTITY_TYPES - {
    "accountId", "emailAddress", "identifier", "lisSourcedId", "ltiUserId", "nationalIdentityNumber", "oneRosterSourcedId",
    "sisSourcedId", "sourcedId", "userName",
}  # fmt: skip
NOBODY = [plain(kind, "https://lms.x.example") for kind in sorted(IMPERSONAL)]


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        (without_id(A), without_id(A)),
        (without_id(A), without_id(plain("emailAddress", "A@X.example"))),
        (without_id(A), without_id(A_HASHED)),
        (without_id(A_HASHED), without_id(A)),
        (without_id(A_HASHED), without_id(A_HASHED)),
        (without_id(A_HASHED), without_id(A_SALTED, A)),
        (without_id(A, NUMBER), without_id(B, NUMBER)),
        (without_id(LONG), without_id(LONG)),
        (without_id(plain("ext:card", "7")), without_id(plain("ext:card", "7"))),
        ({}, without_id(plain("identifier", HOLDER))),
        (without_id(hashed("identifier", HOLDER)), {}),
        (without_id(A) | {"id": HOLDER}, without_id(B) | {"id": HOLDER}),
    ],
)
def test_the_same_person_by_any_identity(outside, inside):
    report = compared(outside, inside, importing=True)
    assert (report.verdict, report.cause, [c for c in report.checks if c.name == "recipient"]) == (
        "valid",
        None,
        [],
    )
    assert report.parts[0]["outcome"] == "passed"


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        (without_id(A), without_id(B)),
        (without_id(A), without_id(B_HASHED)),
        (without_id(A_HASHED), without_id(B)),
        (without_id(A_HASHED), without_id(B_HASHED)),
        (without_id(A) | {"id": HOLDER}, without_id(B)),
        (without_id(A) | {"id": HOLDER}, without_id(A) | {"id": "urn:x:another"}),
        ({}, without_id(plain("identifier", "urn:x:another"))),
        *((without_id(A, shared), without_id(B, shared)) for shared in NOBODY),
    ],
)
def test_another_person_by_every_identity(outside, inside):
    report = compared(outside, inside)
    assert (report.verdict, report.cause, report.parts[0]["outcome"]) == (
        "valid",
        "holder-mismatch",
        "undetermined",
    )
    report = compared(outside, inside, importing=True)
    assert (report.verdict, report.cause) == ("valid-with-marked-parts", "holder-mismatch")


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        (without_id(A), {}),
        ({}, without_id(A)),
        (without_id(A), without_id(NUMBER)),
        (without_id(A_HASHED), without_id(A_SALTED)),
        (without_id(LONG), without_id(hashed("emailAddress", LONG["identityHash"]))),
        *((without_id(shared), without_id(shared)) for shared in NOBODY),
        (without_id(plain("name", "Ada")), without_id(plain("name", "Bob"))),
    ],
)
def test_where_nothing_can_be_compared_that_is_said(outside, inside):
    report = compared(outside, inside, importing=True)
    assert (report.verdict, report.cause, report.warnings) == ("valid", None, ())
    told = next(one for one in report.checks if one.name == "recipient")
    assert (told.outcome, told.detail) == (
        "undetermined",
        "The credential at credentialSubject.verifiableCredential[0] names nobody who could be compared.",
    )
    assert (report.parts[0]["outcome"], report.parts[0]["detail"]) == ("undetermined", told.detail)
    told = next(one for one in report.checks if one.name == "parts")
    assert told.detail == "The part inside is genuine, but it may be about something or somebody else."


BADGE_NUMBER = plain("ext:card", "7")


@pytest.mark.parametrize(
    ("outside", "inside", "cause", "said"),
    [
        (without_id(NUMBER), without_id(NUMBER), None, 1),
        (without_id(BADGE_NUMBER), without_id(BADGE_NUMBER), None, 1),
        (without_id(NUMBER), without_id(plain("sourcedId", "S-2")), None, 1),
        (without_id(A, NUMBER), without_id(A, plain("sourcedId", "S-2")), None, 0),
        (without_id(A, NUMBER), without_id(B, NUMBER), "holder-mismatch", 1),
    ],
)
def test_what_an_institution_calls_a_person_counts_between_two_of_its_own(outside, inside, cause, said):
    """Two colleges may have given the same number to two learners."""
    other = PrivateKey.generate()
    own = did.did_key(other.public_key)
    document = subject(held(), inside) | {"issuer": {"id": own, "type": ["Profile"], "name": "Southfield"}}
    method = f"{own}#{other.public_key.to_multibase()}"
    part = issue(document, signer=other, verification_method=method, created=NOW)
    bare = {k: v for k, v in record(part).items() if k != "proof"}
    report = check(from_elsewhere(subject(bare, outside)), importing=True)
    assert report.cause == cause
    assert len([one for one in report.checks if one.name == "recipient"]) == said


def general(*subjects):
    """A credential that is no badge: it may have several subjects."""
    return from_elsewhere(
        {
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": DID,
            "credentialSubject": list(subjects),
        }
    )


@pytest.mark.parametrize(
    ("subjects", "cause", "said"),
    [
        ([{"id": "urn:x:another"}], "holder-mismatch", 1),
        ([{"id": "urn:x:another"}, {"id": "urn:x:third"}], "holder-mismatch", 1),
        ([{"id": "urn:x:another"}, {"id": HOLDER}], None, 0),
        ([{"id": "urn:x:another"}, {"name": "Asha"}], None, 1),
        ([{"name": "Asha"}], None, 1),
        ([{"id": f"urn:x:{n}"} for n in range(person.MAX_SUBJECTS)], "holder-mismatch", 1),
        ([{"id": f"urn:x:{n}"} for n in range(person.MAX_SUBJECTS + 1)], None, 1),
    ],
)
def test_of_several_subjects_one_is_enough(subjects, cause, said):
    part = general(*subjects)
    for document in (record(part), shown(part)):
        report = check(document, importing=True)
        assert report.verdict == ("valid-with-marked-parts" if cause else "valid")
        assert report.parts[0]["cause"] == (cause or "not-a-badge")
        assert ("holder-mismatch" in report.warnings) is (cause is not None)
        told = [
            one for one in report.checks if one.name == "recipient" and "verifiableCredential" in one.detail
        ]
        assert len(told) == said


def test_whose_a_bad_part_is_does_not_matter():
    for part in (
        signed() | {"name": "Changed"},
        general({"id": "urn:x:another"}) | {"issuer": "did:example:x"},
    ):
        report = check(record(part))
        assert (report.verdict, report.warnings) == ("valid-with-marked-parts", ())


@pytest.mark.parametrize(
    "odd",
    [
        {"identityType": "emailAddress"},
        {"identityType": "emailAddress", "identityHash": " "},
        {"identityType": ["emailAddress"], "identityHash": "None"},
        {"identityHash": "None"},
        "None",
    ],
)
def test_an_identity_without_kind_or_value_fits_nobody(odd):
    for mine in (odd, plain("emailAddress", "None")):
        assert person.is_about({"credentialSubject": {"identifier": odd}}, {"identifier": mine}) is None


def test_a_hash_of_an_unknown_kind_is_no_other_person():
    odd = {"identityType": "emailAddress", "hashed": True, "identityHash": "sha3$00"}
    assert person.fits(odd, "a@x.example") is None


def test_the_parts_are_counted_in_words():
    def words(*given):
        return next(one.detail for one in check(record(*given)).checks if one.name == "parts")

    assert words(signed(held())) == "The part inside is good."
    assert words(signed(held()), signed(held())) == "All 2 parts inside are good."
    assert words(signed(held()), signed()) == (
        "All 2 parts inside are genuine, but 1 of them may be about something or somebody else."
    )


def test_many_identities_cost_little():
    crowd = [identity(hashed("emailAddress", f"{n}@x.example", salt=str(n))) for n in range(2000)]
    mine = [identity(plain("emailAddress", f"{n}@y.example")) for n in range(2000)]
    with within(0.5):
        assert person.is_about({"credentialSubject": {"identifier": crowd}}, {"identifier": mine}) is False


HASHED = {"hashed": True, "identityHash": "md5$"}
PLAIN = {"hashed": False, "identityHash": "b@x.example"}


def hard_part(number, entry, subjects):
    """A credential about many, each with as many addresses as are looked at, all salted in ways of their own."""
    people = [
        {
            "identifier": [
                {"identityType": "emailAddress", "salt": f"{number}-{one}-{n}", **entry}
                for n in range(person.MAX_IDENTITIES)
            ]
        }
        for one in range(subjects)
    ]
    document = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": people,
    }
    return envelope(jose.sign(document, signer=KEY, kid=METHOD, typ="vc+jwt"))


@pytest.mark.parametrize(
    ("parts", "subjects", "entry", "letters"),
    [
        (20, 16, HASHED, person.MAX_LETTERS - 50),
        (20, 16, PLAIN, person.MAX_LETTERS - 50),
        (16, 16, HASHED, 5_000),
        (16, 16, PLAIN, 5_000),
        (1, 350, HASHED, person.MAX_LETTERS - 50),
        (1, 350, HASHED, 2_000),
    ],
)
def test_whose_the_parts_of_a_large_record_are_is_told_soon(parts, subjects, entry, letters):
    bare = record(*(hard_part(number, entry, subjects) for number in range(parts)))
    mine = [plain("emailAddress", f"{'Ä' * letters}{n}@x.example") for n in range(person.MAX_IDENTITIES)]
    del bare["proof"]
    document = from_elsewhere(subject(bare, without_id(*mine)))
    with within(1.2):
        report = check(document)
    assert (report.verdict, {part["verdict"] for part in report.parts}) == ("valid", {"valid"})
