"""What issuers of Open Badges 1.x and 2.0 wrote in several ways, and what of it is shown."""

import json

import pytest

from gradatim.engine import encoding
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
from tests.engine.test_older_issuers import UNLISTED, V1, V1_BADGE, V1_PROFILE
from tests.engine.test_older_reports import BAKED, told

RUNS = "javascript:alert(1)"
V1_HOSTED = V1 | {"verify": {"type": "hosted", "url": f"{HOST}/v1"}}


def old(**changes):
    given = V1_HOSTED | changes
    return judge(given, web(v1=given, old=V1_BADGE, org=V1_PROFILE))


def new(**changes):
    given = assertion(**changes)
    return judge(given, web(hosted=given), recipient="asha@learner.example")


NOON = "2015-04-30T12:00:00Z"


@pytest.mark.parametrize(
    ("written", "read", "in_both"),
    [
        ("2015-04-30T12:00Z", NOON, True),
        ("2015-04-30T12:00:00.254310Z", NOON, True),
        ("2015-04-30T14:00:00+0200", NOON, True),
        ("2015-04-30T14:00+02:00", NOON, True),
        ("2015-04-30", "2015-04-30T00:00:00Z", True),
        (1430395200, NOON, True),
        ("2015-04-30T12:00:00", NOON, False),
        ("2015-04-30T12:00:00.254310", NOON, False),
        ("1430395200", NOON, False),
        ("2015-04-31", None, False),
        ("2015-04-30T12", None, False),
        ("2015-04-30T12:00:00+02", None, False),
        (f"{'1' * 11}", None, False),
        (True, None, False),
    ],
)
def test_dates(written, read, in_both):
    """1.1: an ISO 8601 date, or seconds since 1970; 2.0: with its time zone, seconds and colon being optional."""
    report = old(issuedOn=written)
    assert (report.document or {}).get("validFrom") == read
    assert report.cause == ("legacy-ob2" if read else "schema")
    report = new(issuedOn=written)
    assert (report.document or {}).get("validFrom") == (read if in_both else None)
    assert old(expires=written).cause == ("expired" if read else "schema")


def test_what_is_null_is_not_there():
    report = new(expires=None, evidence=None)
    assert report.verdict == "valid"
    assert not {"validUntil", "evidence"} & report.document.keys()
    assert new(issuedOn=None).cause == "schema"


@pytest.mark.parametrize(
    "kind",
    ["email", "schema:email", "http://schema.org/email", "https://schema.org/email", ["urn:x", "email"]],
)
def test_the_type_of_a_recipient(kind):
    """2.0, IdentityObject: an IRI mapped in the context, as email to http://schema.org/email."""
    report = new(recipient={"type": kind, "hashed": False, "identity": "other@learner.example"})
    assert report.cause == "recipient-mismatch"
    report = new(recipient={"type": kind, "hashed": False, "identity": "asha@learner.example"})
    assert report.cause == "legacy-ob2"


def test_an_alias_that_is_null():
    assert new(verification=None, verify={"type": "hosted"}).verdict == "valid"


@pytest.mark.parametrize("start", ["https:", "https:/", "https:///", "HTTP:", "https://[bad/"])
def test_a_badge_class_inside_takes_no_name_of_the_web(start):
    """Browsers open https:host/path as https://host/path, and nobody at that host said anything."""
    report = new(badge=BADGE | {"id": f"{start}famous.example/badge"})
    assert told(report) == ("undetermined", "proof", "fetch-blocked", BAKED)
    assert report.document is None


def test_a_recipient_of_another_type():
    report = new(recipient={"type": ["urn:x", "urn:y"], "hashed": False, "identity": "7"})
    assert report.document["credentialSubject"]["identifier"][0]["identityType"] == "ext:urn:x"


@pytest.mark.parametrize(
    ("criteria", "shown"),
    [
        (f"{HOST}/c", {"id": f"{HOST}/c"}),
        ("A case, and a talk.", {"narrative": "A case, and a talk."}),
        ({"id": f"{HOST}/c", "narrative": "N"}, {"id": f"{HOST}/c", "narrative": "N"}),
        ({"id": RUNS, "narrative": "N"}, {"narrative": "N"}),
        (RUNS, {"narrative": RUNS}),
    ],
)
def test_criteria(criteria, shown):
    document = judge(assertion(), web(badge={"criteria": criteria})).document
    assert document["credentialSubject"]["achievement"]["criteria"] == shown


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        (f"{HOST}/e", [{"id": f"{HOST}/e"}]),
        ([{"id": f"{HOST}/e", "name": "N"}, "A talk."], [{"id": f"{HOST}/e", "name": "N"}, {"narrative": "A talk."}]),
        ([5, None, True, "", {}], None),
        ({"id": RUNS, "narrative": "N"}, [{"narrative": "N"}]),
    ],
)  # fmt: skip
def test_evidence(evidence, shown):
    found = new(evidence=evidence).document.get("evidence")
    assert found == (shown and [{"type": ["Evidence"]} | entry for entry in shown])


def test_no_link_that_runs_is_shown():
    alignment = [{"targetName": "Read", "targetUrl": RUNS}, {"name": "Write", "url": RUNS}]
    pages = web(issuer={"url": RUNS, "image": RUNS}, badge={"image": {"id": RUNS}, "alignment": alignment})
    report = judge(assertion(), pages)
    assert report.verdict == "valid"
    assert RUNS not in json.dumps(report.document)
    aligned = report.document["credentialSubject"]["achievement"]["alignment"]
    assert [one["targetName"] for one in aligned] == ["Read", "Write"]


@pytest.mark.parametrize("kind", ["HostedBadge", "hosted", "HostedVerification", ["hosted", "urn:x"]])
def test_names_of_hosted(kind):
    assert new(verification={"type": kind}).verdict == "valid"


@pytest.mark.parametrize("kind", ["SignedBadge", "signed", "SignedVerification"])
def test_names_of_signed(kind):
    assert judge(signed(verification={"type": kind, "creator": f"{HOST}/key"})).verdict == "valid"


@pytest.mark.parametrize(
    "context", ["https://openbadgespec.org/v1/context.json", "https://w3id.org/openbadges/v1"]
)
def test_contexts_of_version_1(context):
    assert new(**{"@context": context}).verdict == "valid"


def test_the_usual_port_may_be_written():
    at = f"{HOST}:443/a/1"
    given = assertion(id=at)
    pages = web(hosted=given)
    pages.web = {**pages.web, at: {"body": given}}
    assert judge(given, pages).verdict == "valid"


@pytest.mark.parametrize(
    ("kind", "cause"), [("JOSE", "legacy-ob2"), ("JWS", "legacy-ob2"), ("at+jwt", "proof-unsupported")]
)
def test_names_of_a_token(kind, cause):
    """RFC 7515, 4.1.9: JOSE; the drafts that 2.0 refers to had JWS."""
    payload = assertion(verification={"type": "signed", "creator": f"{HOST}/key"})
    parts = ({"alg": "RS256", "typ": kind}, payload)
    text = ".".join(encoding.base64url_encode(json.dumps(part).encode()) for part in parts)
    token = f"{text}.{encoding.base64url_encode(RSA_KEY.sign(text.encode()))}"
    assert judge(token).cause == cause


def test_whose_a_key_is():
    """2.0, CryptographicKey: the owner need not be there; the profile lists the key."""
    silent = {k: v for k, v in KEY_DOCUMENT.items() if k != "owner"}
    assert judge(signed(), web(key=silent)).verdict == "valid"
    assert judge(signed(), web(key=KEY_DOCUMENT | {"owner": {"id": ISSUER["id"]}})).verdict == "valid"
    assert told(judge(signed(), web(key=KEY_DOCUMENT | {"owner": None}))) == UNLISTED
    unlisted = V1 | {"verify": {"type": "signed", "url": f"{HOST}/key"}}
    token = signed(**{"@context": "https://w3id.org/openbadges/v1"}, **unlisted)
    pages = {"old": V1_BADGE, "org": V1_PROFILE}
    assert told(judge(token, web(key=silent, **pages))) == UNLISTED
