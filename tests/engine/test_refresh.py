"""A newer version of a credential is asked for once, and stands in only if it is the same one, later, and genuine."""

import json

import pytest

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from tests.engine.samples import NOW, credential, from_elsewhere, signed
from tests.engine.timing import within

URL = "https://northfield.example/refresh/1"
CONTEXTS = [*credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}


def made(**changes):
    return signed(credential(**{"@context": CONTEXTS, "refreshService": SERVICE} | changes))


def judge(given, answer):
    pages = MemoryFetcher({} if answer is None else {URL: {"body": answer}})
    return verify(given, fetcher=pages, now=NOW), pages


def test_the_newer_one_is_judged():
    expired = made(validUntil="2026-05-31T00:00:00Z")
    newer = made(validFrom="2026-05-31T12:00:00Z", name="Newer")
    report, pages = judge(expired, newer)
    assert (report.verdict, report.cause) == ("valid", "refreshed")
    assert report.document == newer
    assert [request["url"] for request in pages.requests] == [URL]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"<html>",
        made(),
        made(validFrom="2026-05-29T12:00:00Z"),
        made(validFrom="2026-05-31T12:00:00Z", id="urn:uuid:5f1c2f0e-0000-4000-8000-000000000099"),
        made(validFrom="2026-05-31T12:00:00Z") | {"name": "Changed"},
    ],
)
def test_the_given_one_is_judged(answer):
    report, _ = judge(made(validUntil="2026-05-31T00:00:00Z"), answer)
    assert report.cause == "expired"


def test_nothing_is_asked_for_a_forgery():
    report, pages = judge(made() | {"name": "Changed"}, made(validFrom="2026-05-31T12:00:00Z"))
    assert report.cause == "proof-invalid"
    assert pages.requests == []


def test_a_service_of_another_kind_is_not_asked():
    other = credential(
        **{"@context": CONTEXTS, "refreshService": SERVICE | {"type": "https://x.example/Refresh"}}
    )
    report, pages = judge(signed(other), made(validFrom="2026-05-31T12:00:00Z"))
    assert report.verdict == "valid"
    assert pages.requests == []


def test_without_a_date_none_is_newer():
    plain = {
        "@context": [CONTEXTS[0], CONTEXTS[2]], "id": "urn:x:1", "type": ["VerifiableCredential"], "issuer": credential()["issuer"]["id"],
        "credentialSubject": {"id": "urn:x:2"}, "refreshService": SERVICE,
    }  # fmt: skip
    given = signed(plain)
    report, _ = judge(given, signed(plain | {"validFrom": "2026-05-31T12:00:00Z"}))
    assert report.document == given


def test_many_services_cost_no_more_than_a_few():
    long = credential()
    long["credentialSubject"]["achievement"]["tag"] = [f"t{number}" for number in range(20_000)]
    many = [SERVICE] * 500 + [SERVICE | {"id": f"{URL}/{number}"} for number in range(500)]
    given = from_elsewhere(**{"@context": CONTEXTS, "refreshService": many})
    body = json.dumps(from_elsewhere(long))
    pages = MemoryFetcher({name["id"]: {"body": body} for name in many})
    with within(1):
        report = verify(given, fetcher=pages, now=NOW)
    assert report.verdict == "valid"
    assert [request["url"] for request in pages.requests] == [URL, f"{URL}/0", f"{URL}/1"]


def test_many_services_that_are_not_asked_are_told_of_once():
    inside = [SERVICE | {"id": f"https://10.0.0.1/{number}"} for number in range(50)]
    report, pages = judge(from_elsewhere(**{"@context": CONTEXTS, "refreshService": inside}), None)
    assert (report.verdict, report.warnings, pages.requests) == ("valid", ("refresh-blocked",), [])
