"""Records (CLR): the outside, every part, and the links between them."""

import pytest

from gradatim.engine.issue import envelope
from gradatim.engine.proof import claims, jose
from tests.engine.samples import DID, KEY, METHOD, check, credential, from_elsewhere, signed
from tests.engine.test_presentations import CLR, HOLDER, held, token


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
    assert (report.verdict, report.warnings) == ("valid-with-marked-parts", ("holder-mismatch",))


def test_each_part_is_told_by_its_name():
    report = check(record(signed(held()), signed(held()) | {"name": "Changed"}))
    good, bad = report.parts
    assert (good["name"], good["verdict"], good["detail"]) == ("Data literacy", "valid", None)
    assert (bad["name"], bad["issuer"], bad["cause"]) == ("Changed", DID, "proof-invalid")
    told = next(one for one in report.checks if one.name == "parts")
    assert told.detail.startswith("“Changed” inside is not good")
    assert bad["detail"] in told.detail
