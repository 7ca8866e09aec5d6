"""What the report of an older badge says: which check decided, whom it asked, and what it shows."""

import json

import pytest

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.proof import jose
from tests.engine.test_bake import _chunk, png
from tests.engine.test_older_badges import (
    BADGE,
    HOST,
    ISSUER,
    KEY_DOCUMENT,
    RSA_KEY,
    assertion,
    judge,
    signed,
    web,
)


def told(report):
    decided = report.decided_by
    return (report.verdict, decided.name, decided.cause, decided.spec)


ELSEWHERE = "https://elsewhere.example"
BAKED = "Open Badges 2.0, Badge Verification"


@pytest.mark.parametrize(
    ("given", "fetcher", "expected"),
    [
        (assertion(type="BadgeClass"), {}, ("refused", "type", "type", "Open Badges 2.0, Data Classes")),
        (assertion(badge=5), {}, ("refused", "shape", "schema", "Open Badges 2.0, Data Classes")),
        (assertion(), {"hosted": assertion(badge=5)}, ("invalid", "proof", "schema", "Open Badges 2.0, Data Classes")),
        (assertion(), {"hosted": assertion(recipient="x")}, ("invalid", "proof", "schema", "Open Badges 2.0, Data Classes")),
        (assertion(), {"hosted": assertion(issuedOn="2026-01-16")}, ("invalid", "proof", "proof-invalid", BAKED)),
        (assertion(), {"hosted": b"<html>"}, ("invalid", "proof", "parse", "RFC 8259")),
        (assertion(), {"hosted": assertion(revoked=True)}, ("invalid", "status", "revoked", BAKED)),
        (assertion(), {"hosted": assertion(id=f"{ELSEWHERE}/a")}, ("invalid", "issuer", "issuer-mismatch", BAKED)),
        (assertion(verification={"type": "signed"}), {}, ("invalid", "proof", "proof-missing", BAKED)),
        (assertion(badge=f"{ELSEWHERE}/b"), {}, ("invalid", "proof", "proof-invalid", BAKED)),
    ],
)  # fmt: skip
def test_the_check_that_decides(given, fetcher, expected):
    assert told(judge(given, web(**fetcher))) == expected


def test_the_check_that_decides_about_a_signed_one():
    def judged(**pages):
        return told(judge(signed(), web(**pages)))

    assert judged(key=KEY_DOCUMENT | {"owner": "x"}) == ("invalid", "key", "key-not-authorised", BAKED)
    assert judged(key=b"{") == ("invalid", "proof", "parse", "RFC 8259")
    listed = {"issuer": {"revocationList": f"{HOST}/revoked"}}
    assert judged(**listed) == ("undetermined", "status", "status-unavailable", BAKED)
    assert judged(**listed, revoked=b"{") == ("undetermined", "status", "status-invalid", BAKED)
    taken_back = {"revokedAssertions": [{"id": f"{HOST}/a/1", "revocationReason": "A mistake"}]}
    assert judged(**listed, revoked=taken_back) == ("invalid", "status", "revoked", BAKED)
    assert "says: A mistake." in judge(signed(), web(**listed, revoked=taken_back)).decided_by.detail


def test_what_proves_it_is_said():
    def proof(report):
        return next(check.detail for check in report.checks if check.name == "proof")

    assert "address says the same" in proof(judge(assertion()))
    assert "since it was signed" in proof(judge(signed()))
    assert judge(assertion()).notes == {"hosted": True}
    assert judge(signed()).notes == {"hosted": False}
    taken_back = assertion(revoked=True, revocationReason="A mistake")
    assert "says: A mistake." in judge(assertion(), web(hosted=taken_back)).decided_by.detail
    link = png(_chunk(b"tEXt", b"openbadges\0" + f"{HOST}/a/1".encode()))
    report = judge(link, web(hosted=taken_back))
    assert (report.cause, report.notes) == ("revoked", {"hosted": True})


def test_a_picture_with_a_forbidden_address_is_refused():
    blocked = judge(png(_chunk(b"tEXt", b"openbadges\0https://10.0.0.1/a")))
    assert blocked.verdict == "refused"
    name = MemoryFetcher({f"{HOST}/a/1": {"body": assertion(), "dns": ["10.0.0.1"]}})
    inside_a_picture = png(_chunk(b"tEXt", b"openbadges\0" + f"{HOST}/a/1".encode()))
    assert told(judge(inside_a_picture, name)) == ("refused", "shape", "fetch-blocked", BAKED)
    silent = judge(inside_a_picture, MemoryFetcher({}))
    assert told(silent) == ("undetermined", "shape", "status-unavailable", BAKED)


def test_an_address_that_is_gone_for_good_takes_back():
    """2.0, Revoking Hosted Assertions: either the status or the body says so; the body may hold nothing else."""

    def judged(given, **answer):
        return judge(given, MemoryFetcher(dict(web().web) | {f"{HOST}/a/1": answer}))

    stripped = {"id": f"{HOST}/a/1", "revoked": True, "revocationReason": "A mistake"}
    link = png(_chunk(b"tEXt", b"openbadges\0" + f"{HOST}/a/1".encode()))
    for given in (assertion(), link):
        for body in (stripped, {"revoked": True}, b"<html>"):
            report = judged(given, body=body, status=410)
            assert told(report) == ("invalid", "status", "revoked", BAKED)
            assert "gone for good" in report.decided_by.detail
        report = judged(given, body=stripped)
        assert told(report) == ("invalid", "status", "revoked", BAKED)
        assert "says: A mistake." in report.decided_by.detail
        assert judged(given, body=stripped, status=404).cause == "status-unavailable"
    assert judged(assertion(), body=assertion(revoked="true")).cause == "schema"
    assert judged(assertion(), body=assertion(revoked=False)).verdict == "valid"
    for page in ("badge", "issuer"):
        pages = web()
        pages.web = {**pages.web, f"{HOST}/{page}": {"status": 410}}
        assert judge(assertion(), pages).cause == "status-unavailable"


def test_whom_it_asks():
    def asked(given, **pages):
        return [one["url"].removeprefix(HOST) for one in judge(given, web(**pages)).requests]

    assert asked(assertion()) == ["/a/1", "/badge", "/issuer"]
    whole = assertion(badge=BADGE | {"issuer": ISSUER})
    assert asked(whole, hosted=whole) == ["/a/1", "/badge", "/issuer"]
    # what has no address of its own stands in the assertion alone
    alone = assertion(badge=BADGE | {"id": "urn:x:badge", "issuer": ISSUER})
    assert asked(alone, hosted=alone) == ["/a/1", "/issuer"]
    # a copy that says itself that it does not fit is not asked for
    rule = {"verification": {"startsWith": f"{HOST}/b"}}
    lie = assertion(badge=BADGE | {"issuer": ISSUER | rule})
    assert asked(lie) == []
    assert told(judge(lie)) == ("invalid", "issuer", "issuer-mismatch", BAKED)
    # of a signed one the issuer's own address, the key and the list
    listed = {"issuer": {"revocationList": f"{HOST}/revoked"}, "revoked": {"revokedAssertions": []}}
    assert asked(signed(), **listed) == ["/badge", "/issuer", "/key", "/revoked"]


def test_a_badge_class_on_another_host_than_its_issuer():
    other = f"{ELSEWHERE}/badge"
    given = assertion(badge=other)
    pages = web(hosted=given)
    pages.web = {**pages.web, other: {"body": BADGE | {"id": other}}}
    assert told(judge(given, pages)) == ("invalid", "issuer", "issuer-mismatch", BAKED)
    pages.web[f"{HOST}/issuer"] = {"body": ISSUER | {"verification": {"allowedOrigins": [HOST, ELSEWHERE]}}}
    assert judge(given, pages).verdict == "valid"


def test_a_copy_may_write_out_what_its_address_only_names():
    assert judge(assertion(badge=BADGE)).verdict == "valid"
    assert judge(assertion(), web(hosted=assertion(badge=BADGE))).verdict == "valid"


def test_what_has_no_id_is_called_by_its_address():
    nameless = {key: value for key, value in BADGE.items() if key != "id"}
    pages = web()
    pages.web = {**pages.web, f"{HOST}/badge": {"body": nameless}}
    report = judge(assertion(), pages)
    assert report.document["credentialSubject"]["achievement"]["id"] == f"{HOST}/badge"
    away = assertion(badge=f"{ELSEWHERE}/badge")
    strange = web(hosted=away)
    strange.web = {**strange.web, f"{ELSEWHERE}/badge": {"body": nameless}}
    assert judge(away, strange).cause == "issuer-mismatch"
    no_id = {key: value for key, value in ISSUER.items() if key != "id"}
    pages.web[f"{HOST}/issuer"] = {"body": no_id | {"url": f"{HOST}/about"}}  # as in version 1
    assert judge(assertion(), pages).document["issuer"]["id"] == f"{HOST}/issuer"
    inner = assertion(badge=nameless | {"id": "urn:uuid:1", "issuer": no_id | {"url": f"{HOST}/about"}})
    pages = web(hosted=inner, about=no_id | {"url": HOST})
    assert judge(inner, pages).document["issuer"]["id"] == f"{HOST}/about"


def test_a_key_on_another_host_that_the_issuer_lists():
    key = f"{ELSEWHERE}/key"
    token = jose.sign(
        assertion(verification={"type": "signed", "creator": key}), signer=RSA_KEY, kid="x"
    )  # the address of the key is the creator
    text = json.dumps(KEY_DOCUMENT | {"id": key, "owner": f"http{HOST.removeprefix('https')}/issuer"})

    def judged(public_key):
        pages = web(issuer={"publicKey": public_key})
        pages.web = {**pages.web, key: {"body": f"  {text}"}}
        return judge(token, pages)

    assert judged([f"{HOST}/key", key]).verdict == "valid"
    assert judged({"id": key}).verdict == "valid"
    assert told(judged(f"{HOST}/key")) == ("invalid", "key", "key-not-authorised", BAKED)


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        ({"id": f"{HOST}/a/1"}, "invalid"),
        ({"uid": "abc"}, "invalid"),
        ({"uid": "other", "id": f"{HOST}/a/1"}, "invalid"),
        ({"uid": f"{HOST}/a/2"}, "valid"),
        ({"id": f"{HOST}/a/1", "revoked": False}, "valid"),
        ("abc", "invalid"),
        ("urn:x:other", "valid"),
        ({}, "undetermined"),
    ],
)
def test_a_signed_one_is_taken_back_by_either_name(entry, verdict):
    pages = web(issuer={"revocationList": f"{HOST}/revoked"}, revoked={"revokedAssertions": [entry]})
    assert judge(signed(uid="abc"), pages).verdict == verdict


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"error": "not found"},
        {f"{HOST}/a/1": "A mistake"},
        {"revokedAssertions": "x"},
        {"revokedAssertions": None},
        {"revokedAssertions": {f"{HOST}/a/1": "A mistake"}},
        {"revokedAssertions": [5]},
        {"revokedAssertions": [{"id": f"{HOST}/a/1", "revoked": "true"}]},
    ],
)
def test_what_is_no_list_says_nothing(body):
    report = judge(signed(), web(issuer={"revocationList": f"{HOST}/revoked"}, revoked=body))
    assert told(report) == ("undetermined", "status", "status-invalid", BAKED)
    assert "no revocation list" in report.decided_by.detail


def test_a_list_of_one_may_be_that_one():
    def cause(entry):
        pages = web(issuer={"revocationList": f"{HOST}/revoked"}, revoked={"revokedAssertions": entry})
        return judge(signed(), pages).cause

    assert cause(f"{HOST}/a/1") == cause({"id": f"{HOST}/a/1"}) == "revoked"
    assert cause(f"{HOST}/a/2") == cause({"id": f"{HOST}/a/2"}) == "legacy-ob2"


def test_a_hosted_one_is_not_looked_up_in_the_list_of_signed_ones():
    listed = {"revokedAssertions": [f"{HOST}/a/1"]}
    report = judge(assertion(), web(issuer={"revocationList": f"{HOST}/revoked"}, revoked=listed))
    assert report.verdict == "valid"
    assert [check.spec for check in report.checks if check.name == "status"] == [BAKED]


def test_every_endorsement_is_told():
    def endorsement(number, about):
        return {"type": "Endorsement", "claim": {"id": about}, "issuer": {"id": f"{HOST}/board"}} | {
            "id": f"{HOST}/e{number}"
        }

    abouts = [f"{HOST}/a/1", f"{HOST}/badge", f"{HOST}/issuer", "urn:x:other"]
    pages = {f"e{number}": endorsement(number, about) for number, about in enumerate(abouts)}
    addresses = [f"{HOST}/{name}" for name in pages]
    pages["board"] = ISSUER | {"id": f"{HOST}/board"}

    def causes(named):
        given = assertion(endorsement=named)
        return [part["cause"] for part in judge(given, web(hosted=given, **pages)).parts]

    assert causes(addresses) == [None, None, None, "endorsement-mismatch"]
    of_the_badge = judge(assertion(), web(badge={"endorsement": addresses}, **pages))
    assert [part["cause"] for part in of_the_badge.parts] == [
        "endorsement-mismatch", None, "endorsement-mismatch", "endorsement-mismatch",
    ]  # fmt: skip
    of_the_issuer = judge(assertion(), web(issuer={"endorsement": [f"{HOST}/e2", f"{HOST}/e9", 5]}, **pages))
    good, silent = of_the_issuer.parts
    blank = {"name": None, "issuer": None}
    assert good == blank | {
        "path": f"endorsement {HOST}/e2", "verdict": "valid", "outcome": "passed", "cause": None, "detail": None,
    }  # fmt: skip
    assert silent["detail"]
    assert silent | {"detail": None} == blank | {
        "path": f"endorsement {HOST}/e9", "verdict": "undetermined", "outcome": "undetermined", "cause": "status-unavailable", "detail": None,
    }  # fmt: skip
    bad = of_the_badge.parts[0]
    assert (bad["verdict"], bad["outcome"]) == ("invalid", "failed")
    assert "something else" in bad["detail"]
    assert told(of_the_badge) == (
        "valid-with-marked-parts",
        "parts",
        "endorsement-mismatch",
        "Open Badges 3.0, 9.1",
    )
    assert len(causes([f"{HOST}/e1"] * 21)) == 20


OLD = {"@context": "https://w3id.org/openbadges/v1"}
BACKUP = {"verification": {"type": "hosted", "url": f"{HOST}/backup/1"}}
GONE = {"status": 410}


@pytest.mark.parametrize("edition", [{}, OLD])
@pytest.mark.parametrize(("at", "cause"), [(GONE, "revoked"), ({"body": assertion()}, "legacy-ob2")])
def test_a_copy_left_on_the_issuers_host_is_not_its_address(edition, at, cause):
    """2.0, HostedBadge: it is verified at its id; 1.1: at the url it says itself."""
    pages = web()
    pages.web = {**pages.web, f"{HOST}/backup/1": {"body": assertion()}, f"{HOST}/a/1": at}
    assert judge(assertion(**edition, **BACKUP), pages).cause == cause


def test_what_is_signed_is_not_proved_by_an_address():
    """Else a signed one that its issuer took back would be good again as soon as it says that it is hosted."""
    shown = assertion(verification={"type": "signed", "creator": f"{HOST}/key"})
    pages = {"issuer": {"revocationList": f"{HOST}/list"}, "list": {"revokedAssertions": [f"{HOST}/a/1"]}}
    report = judge(assertion(), web(hosted=shown, **pages))
    assert told(report) == ("invalid", "proof", "proof-missing", BAKED)


def test_where_it_says_that_it_belongs_has_to_be_in_the_issuers_rule():
    elsewhere = assertion(id=f"{HOST}/~mallory/1")
    pages = web(
        hosted=elsewhere,
        issuer={"verification": {"startsWith": f"{HOST}/a/"}},
        **{"~mallory/1": elsewhere},
    )
    assert judge(assertion(), pages).cause == "issuer-mismatch"


@pytest.mark.parametrize(
    "changes",
    [
        {"badge": "http://badges.example/badge"},
        {"issuedOn": "2026-01-15T10:00:00+01:00"},
        {"issuedOn": 1768467600},
    ],
)
def test_a_copy_may_write_the_same_in_an_older_way(changes):
    assert judge(assertion(**changes)).verdict == "valid"
    assert judge(assertion(), web(hosted=assertion(**changes))).verdict == "valid"


@pytest.mark.parametrize("own", [HOST, "http://badges.example"])
@pytest.mark.parametrize("entry", ["https", "http"])
def test_a_list_may_write_http_for_https(own, entry):
    revoked = {"revokedAssertions": [f"{entry}://badges.example/a/1"]}
    pages = web(issuer={"revocationList": f"{HOST}/list"}, list=revoked)
    assert judge(signed(id=f"{own}/a/1"), pages).cause == "revoked"


def test_a_list_counts_whatever_it_calls_itself():
    """The profile names its address; to have an id of its own it needs not (2.0, Revocation List)."""
    revoked = {"id": f"{ELSEWHERE}/list", "revokedAssertions": [f"{HOST}/a/2"]}
    pages = web(issuer={"revocationList": f"{HOST}/list"}, list=revoked)
    assert judge(signed(), pages).verdict == "valid"
    assert judge(signed(id=f"{HOST}/a/2"), pages).cause == "revoked"


def _endorsed(named=f"{HOST}/e0", profile=None, **changes):
    endorsement = {
        "id": f"{HOST}/e0", "type": "Endorsement", "claim": {"id": f"{HOST}/badge"}, "issuer": f"{HOST}/issuer",
    } | changes  # fmt: skip
    (part,) = judge(assertion(), web(badge={"endorsement": named}, issuer=profile, e0=endorsement)).parts
    return part["cause"]


def test_an_endorsement_follows_the_rule_of_who_made_it():
    assert _endorsed() is None
    assert _endorsed(named={"id": f"{HOST}/e0", "type": "Endorsement"}) is None
    assert _endorsed(claim={"id": "http://badges.example/badge"}) is None
    assert _endorsed(profile={"verification": {"startsWith": f"{HOST}/a/"}}) == "issuer-mismatch"
    assert _endorsed(issuer=f"{HOST}/nobody") == "status-unavailable"
    assert _endorsed(verification={"type": "SignedBadge"}) == "proof-missing"
