"""Who speaks for the issuer of an older badge: its own address, the keys it lists, the revocation lists it names."""

import time

import pytest

from gradatim.engine.keys import RSA, PrivateKey
from gradatim.engine.proof import jose
from gradatim.engine.verify.older import MAX_KEYS, MAX_LISTS
from tests.engine.test_older_badges import (
    BADGE,
    HOST,
    ISSUER,
    KEY_DOCUMENT,
    PEM,
    RSA_KEY,
    assertion,
    judge,
    pem_of,
    signed,
    web,
)
from tests.engine.test_older_reports import BAKED, told

MALLORY = f"{HOST}/~mallory"
V1_BADGE = {k: v for k, v in BADGE.items() if k != "id"} | {"issuer": f"{HOST}/org"}
V1_PROFILE = {"name": "Northfield", "url": HOST}
V1 = {
    "uid": "abc",
    "recipient": {"type": "email", "hashed": False, "identity": "asha@learner.example"},
    "badge": f"{HOST}/old",
    "issuedOn": 1359217910,
}
OTHER = pem_of(PrivateKey.generate(RSA))
UNLISTED = ("invalid", "key", "key-not-authorised", BAKED)
LISTS_NONE = {k: v for k, v in ISSUER.items() if k != "publicKey"}


def _of(pages, **more):
    pages.web = {**pages.web, **{f"{HOST}/{path}": {"body": body} for path, body in more.items()}}
    return pages


# The keys that a profile lists


@pytest.mark.parametrize("body", [KEY_DOCUMENT | {"id": f"{MALLORY}/key"}, PEM])
def test_a_key_counts_if_the_profile_lists_it(body):
    """Whoever may put a file on the issuer's host has no key of the issuer's."""
    token = signed(verification={"type": "signed", "creator": f"{MALLORY}/key"})
    pages = {"~mallory/key": body}
    assert told(judge(token, web(**pages))) == UNLISTED
    assert told(judge(token, _of(web(**pages), issuer=LISTS_NONE))) == UNLISTED
    assert (
        judge(token, web(issuer={"publicKey": [f"{HOST}/key", f"{MALLORY}/key"]}, **pages)).verdict == "valid"
    )
    plain = f"{MALLORY}/key".replace("https:", "http:")
    assert judge(token, web(issuer={"publicKey": plain}, **pages)).verdict == "valid"


@pytest.mark.parametrize(
    ("profile", "verdict"),
    [
        (V1_PROFILE, "valid"),  # version 1 knows no list of keys
        (V1_PROFILE | {"publicKey": f"{HOST}/key"}, "invalid"),
        (V1_PROFILE | {"publicKey": None}, "invalid"),
        (V1_PROFILE | {"publicKey": f"{HOST}/other"}, "invalid"),
        (V1_PROFILE | {"@context": "https://w3id.org/openbadges/v1"}, "valid"),
        (V1_PROFILE | {"@context": {"name": "https://schema.org/name"}}, "invalid"),
        (LISTS_NONE | {"id": f"{HOST}/org"}, "invalid"),
    ],
)
def test_an_older_form_gets_no_key_past_the_list(profile, verdict):
    """The signer chooses in which version the assertion is written, but not the profile."""
    old = V1 | {"verify": {"type": "signed", "url": f"{HOST}/k"}}
    pages = web(old=V1_BADGE, org=profile, k=PEM)
    report = judge(jose.sign(old, signer=RSA_KEY, kid="x"), pages)
    assert report.verdict == verdict
    assert verdict == "valid" or told(report) == UNLISTED
    modern = signed(verification={"type": "signed", "creator": f"{HOST}/k"}, badge=f"{HOST}/old")
    assert told(judge(modern, pages)) == UNLISTED


@pytest.mark.parametrize(
    ("keys", "cause"),
    [
        (f"{HOST}/key", "legacy-ob2"),
        ([f"{HOST}/key", 5], "legacy-ob2"),
        ([{"type": "CryptographicKey", "publicKeyPem": PEM}], "legacy-ob2"),
        ([f"{HOST}/key", f"{HOST}/unread"], "legacy-ob2"),
        ([f"{HOST}/unread", f"{HOST}/other", f"{HOST}/key"], "legacy-ob2"),
        (f"{HOST}/other", "proof-invalid"),
        ([f"{HOST}/stranger", f"{HOST}/other"], "proof-invalid"),
        ([f"{HOST}/other", f"{HOST}/unread", f"{HOST}/other"], "status-unavailable"),
        ([f"{HOST}/other{number}" for number in range(9)] + [f"{HOST}/key"], "legacy-ob2"),
        ([f"{HOST}/other{number}" for number in range(10)] + [f"{HOST}/key"], "key-not-authorised"),
        ([], "key-not-authorised"),
    ],
)
def test_without_a_creator_each_listed_key_counts(keys, cause):
    """2.0, SignedBadge: without a creator the keys that the profile declares are tried."""
    others = {"other": {"id": f"{HOST}/other", "owner": f"{HOST}/issuer", "publicKeyPem": OTHER}}
    others |= {f"other{number}": OTHER for number in range(10)}
    others["stranger"] = KEY_DOCUMENT | {"owner": f"{MALLORY}/issuer"}
    report = judge(signed(verification={"type": "SignedBadge"}), web(issuer={"publicKey": keys}, **others))
    assert report.cause == cause
    assert cause != "key-not-authorised" or "which key signed it" in report.decided_by.detail
    assert len(report.requests) <= 2 + MAX_KEYS


def test_a_key_may_stand_in_the_profile():
    key = KEY_DOCUMENT | {"id": f"{HOST}/issuer#key"}
    token = signed(verification={"type": "signed", "creator": f"{HOST}/issuer#key"})

    def judged(*keys):
        return judge(token, web(issuer={"publicKey": [f"{HOST}/key", *keys]}))

    report = judged(key)
    assert report.verdict == "valid"
    assert [one["url"] for one in report.requests] == [f"{HOST}/badge", f"{HOST}/issuer"]
    assert judged({k: v for k, v in key.items() if k != "owner"}).verdict == "valid"
    assert told(judged(key | {"owner": f"{MALLORY}/issuer"})) == UNLISTED
    assert told(judged(key | {"id": f"{HOST}/issuer#other"})) == UNLISTED
    assert told(judged(f"{HOST}/issuer#key")) == UNLISTED  # the profile is no key
    assert judged(key | {"publicKeyPem": "x"}).cause == "key-unresolved"


# The profile and the badge class


RULE = {"verification": {"type": "VerificationObject", "startsWith": f"{HOST}/a/"}}
MISMATCH = ("invalid", "issuer", "issuer-mismatch", BAKED)


@pytest.mark.parametrize(
    "badge", [BADGE | {"issuer": ISSUER}, BADGE | {"id": f"{HOST}/badge/2", "issuer": ISSUER}]
)
def test_a_profile_in_the_file_lifts_no_rule_of_the_issuer(badge):
    lie = assertion(id=f"{MALLORY}/a", badge=badge)
    pages = _of(web(issuer=RULE), **{"~mallory/a": lie, "badge/2": badge})
    assert told(judge(lie, pages)) == MISMATCH


OTHER_HOST = "https://hosting.example"


@pytest.mark.parametrize(
    ("rule", "at", "badge", "cause"),
    [  # 2.0, VerificationObject: startsWith and allowedOrigins are about assertions, the latter names hosts
        ({"startsWith": f"{HOST}/a/"}, f"{HOST}/a/1", f"{HOST}/classes/1", "legacy-ob2"),
        ({"allowedOrigins": "hosting.example"}, f"{OTHER_HOST}/a/1", f"{HOST}/classes/1", "legacy-ob2"),
        ({"allowedOrigins": "hosting.example"}, f"{OTHER_HOST}/a/1", f"{OTHER_HOST}/classes/1", "legacy-ob2"),
        ({"allowedOrigins": "hosting.example"}, f"{OTHER_HOST}:8443/a/1", f"{HOST}/classes/1", "legacy-ob2"),
        ({"allowedOrigins": "Hosting.Example"}, f"{OTHER_HOST}/a/1", f"{HOST}/classes/1", "legacy-ob2"),
        ({"allowedOrigins": OTHER_HOST}, f"{OTHER_HOST}:8443/a/1", f"{HOST}/classes/1", "issuer-mismatch"),
        ({"allowedOrigins": "hosting.example"}, f"{HOST}/a/1", f"{HOST}/classes/1", "issuer-mismatch"),
        ({"startsWith": f"{HOST}/a/"}, f"{HOST}/a/1", f"{OTHER_HOST}/classes/1", "issuer-mismatch"),
        ({"startsWith": f"{HOST}/a/"}, f"{HOST}/b/1", f"{HOST}/a/classes/1", "issuer-mismatch"),
        ({}, f"{HOST}:8443/a/1", f"{HOST}/classes/1", "issuer-mismatch"),
    ],
)
def test_the_rule_of_an_issuer_is_about_its_assertions(rule, at, badge, cause):
    given = assertion(id=at, badge=badge)
    pages = web(issuer={"verification": rule})
    pages.web = {**pages.web, at: {"body": given}, badge: {"body": BADGE | {"id": badge}}}
    assert judge(given, pages).cause == cause


def test_one_that_says_itself_that_it_was_taken_back():
    report = judge(signed(revoked=True, revocationReason="A mistake"))
    assert told(report)[:3] == ("invalid", "status", "revoked")
    assert "A mistake" in report.decided_by.detail
    assert judge(signed(revoked=False)).verdict == "valid"


def test_an_address_does_not_climb_out_of_the_rule():
    for climbing in (
        "a/../~mallory/a",
        "a/%2e%2E/~mallory/a",
        "a/..%2f~mallory/a",
        "a/..;/~mallory/a",
        "a/..%5c~mallory/a",
        "a/%252e%252e/~mallory/a",
    ):
        lie = assertion(id=f"{HOST}/{climbing}")
        assert told(judge(lie, _of(web(issuer=RULE), **{climbing: lie}))) == MISMATCH
    assert judge(assertion(), web(issuer=RULE)).verdict == "valid"


@pytest.mark.parametrize("sign", [False, True])
def test_what_a_copy_writes_out_is_read_at_its_address(sign):
    invented = {"name": "Invented", "issuer": ISSUER | {"name": "Anything"}}
    given = assertion(badge=BADGE | invented)
    document = signed(badge=BADGE | invented) if sign else given
    report = judge(document, web(hosted=given))
    assert report.verdict == "valid"
    assert report.document["issuer"]["name"] == "Northfield"
    assert report.document["credentialSubject"]["achievement"]["name"] == "Data literacy"
    for path in ("badge", "issuer"):
        silent = web(hosted=given)
        silent.web = {url: page for url, page in silent.web.items() if url != f"{HOST}/{path}"}
        report = judge(document, silent)
        assert told(report) == ("undetermined", "proof", "status-unavailable", BAKED)
        assert report.document is None


def test_a_file_is_called_by_its_own_address_or_by_one_that_agrees():
    """A file on the issuer's host that says that it is the issuer's profile is not shown as that."""

    def shown(given, pages):
        report = judge(given, pages)
        assert report.verdict == "valid"
        return report.document["issuer"], report.document["credentialSubject"]["achievement"]

    lie = assertion(badge=f"{MALLORY}/badge")
    files = {
        "~mallory/badge": BADGE | {"name": "Invented", "issuer": f"{MALLORY}/issuer"},
        "~mallory/issuer": ISSUER | {"name": "Anything"},
    }
    issuer, achievement = shown(lie, web(hosted=lie, **files))
    assert (achievement["id"], achievement["name"]) == (f"{HOST}/badge", "Data literacy")
    assert (issuer["id"], issuer["name"]) == (f"{HOST}/issuer", "Northfield")
    files["~mallory/badge"]["id"] = f"{HOST}/nothing"
    issuer, achievement = shown(lie, web(hosted=lie, **files))
    assert (achievement["id"], achievement["name"]) == (f"{MALLORY}/badge", "Invented")
    assert (issuer["id"], issuer["name"]) == (f"{HOST}/issuer", "Northfield")
    for other in (KEY_DOCUMENT, V1_PROFILE, "<html>"):
        issuer, _ = shown(lie, _of(web(hosted=lie, **files), issuer=other))
        assert (issuer["id"], issuer["name"]) == (f"{MALLORY}/issuer", "Anything")


def test_a_profile_has_to_have_an_address():
    nowhere = assertion(
        badge={k: v for k, v in BADGE.items() if k != "id"} | {"issuer": {"name": "Anything"}}
    )
    report = judge(nowhere, web(hosted=nowhere))
    assert told(report) == ("invalid", "proof", "schema", "Open Badges 2.0, Data Classes")
    elsewhere = assertion(badge=BADGE | {"id": "urn:x:badge", "issuer": ISSUER | {"id": "urn:x:issuer"}})
    report = judge(elsewhere, web(hosted=elsewhere))
    assert (report.verdict, report.cause) == ("undetermined", "fetch-blocked")


# The revocation lists that a profile names


EMPTY, FULL = {"revokedAssertions": []}, {"revokedAssertions": [f"{HOST}/a/1"]}


@pytest.mark.parametrize(
    ("named", "cause"),
    [
        ({"id": f"{HOST}/full", "type": "RevocationList", "revokedAssertions": []}, "revoked"),
        ([f"{HOST}/full"], "revoked"),
        ([f"{HOST}/empty", {"id": f"{HOST}/full"}], "revoked"),
        ([f"{HOST}/silent", f"{HOST}/full", 5], "revoked"),
        ([f"{HOST}/empty"], "legacy-ob2"),
        ([f"{HOST}/silent", f"{HOST}/empty"], "status-unavailable"),
        ([f"{HOST}/empty", 5], "status-invalid"),
        ({"type": "RevocationList", **EMPTY}, "status-invalid"),
        ({"id": None}, "status-invalid"),
        ("revoked.json", "status-invalid"),
        ([], "status-invalid"),
        (None, "status-invalid"),
    ],
)
def test_every_list_that_a_profile_names_is_asked(named, cause):
    report = judge(signed(), web(issuer={"revocationList": named}, empty=EMPTY, full=FULL))
    verdict = {"legacy-ob2": "valid", "revoked": "invalid"}.get(cause, "undetermined")
    assert (report.verdict, report.cause) == (verdict, cause)
    assert cause != "status-invalid" or "without its address" in report.decided_by.detail


def test_a_profile_names_only_so_many_lists():
    """Each list named once more would be read once more, and a profile holds tens of thousands of names."""

    def judged(named):
        pages = {f"list{number}": EMPTY for number in range(MAX_LISTS + 1)}
        return judge(signed(), web(issuer={"revocationList": named}, full=FULL, **pages))

    report = judged([f"{HOST}/full"] * 30_000)
    assert (report.cause, len(report.requests)) == ("revoked", 4)
    report = judged([f"{HOST}/list{number}" for number in range(MAX_LISTS)])
    assert (report.verdict, len(report.requests)) == ("valid", 3 + MAX_LISTS)
    report = judged([f"{HOST}/list{number}" for number in range(MAX_LISTS + 1)])
    assert told(report) == ("undetermined", "status", "resource-limit", BAKED)
    assert len(report.requests) == 3


def test_a_rule_of_many_lines_is_held_against_a_long_address_at_once():
    away = f"{HOST}/" + "b/" * 100_000
    lie = assertion(id=away)
    pages = web(issuer={"verification": {"startsWith": [f"{HOST}/a/"] * 25_000}})
    pages.web = {**pages.web, away: {"body": lie}}
    started = time.process_time()
    assert told(judge(lie, pages)) == MISMATCH
    assert time.process_time() - started < 5


@pytest.mark.parametrize("address", ["https://[bad/a", "https://℀.example/a"])
@pytest.mark.parametrize(
    "rule",
    [
        {"allowedOrigins": "badges.example"},
        {"allowedOrigins": ["https://[bad", ""], "startsWith": ["https://[bad/", ""]},
    ],
)
def test_a_copy_that_writes_out_a_rule_and_no_address_is_judged(address, rule):
    lie = assertion(id=address, badge=BADGE | {"issuer": ISSUER | {"verification": rule}})
    assert told(judge(lie)) == MISMATCH
