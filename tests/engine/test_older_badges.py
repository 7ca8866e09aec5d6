"""Open Badges 2.0 and 1.x: hosted and signed, and every way in which a copy could lie."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gradatim.engine import encoding
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.keys import P256, RSA, PrivateKey
from gradatim.engine.proof import jose
from gradatim.engine.verify import verify
from tests.engine.samples import NOW
from tests.engine.test_bake import _chunk, inside, png, svg

HOST = "https://badges.example"
ISSUER = {
    "@context": "https://w3id.org/openbadges/v2",
    "id": f"{HOST}/issuer",
    "type": "Issuer",
    "name": "Northfield",
    "publicKey": f"{HOST}/key",
}
BADGE = {
    "id": f"{HOST}/badge",
    "type": "BadgeClass",
    "name": "Data literacy",
    "description": "Reads data.",
    "image": f"{HOST}/badge.png",
    "criteria": {"narrative": "A case."},
    "issuer": f"{HOST}/issuer",
    "tags": ["data"],
    "alignment": [{"targetName": "Read", "targetUrl": "https://x.example/1"}],
}
RSA_KEY = PrivateKey.generate(RSA)


def pem_of(key):
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return serialization.load_der_public_key(key.public_key.raw).public_bytes(*pem).decode()


PEM = pem_of(RSA_KEY)
KEY_DOCUMENT = {
    "id": f"{HOST}/key",
    "type": "CryptographicKey",
    "owner": f"{HOST}/issuer",
    "publicKeyPem": PEM,
}


def assertion(**changes):
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{HOST}/a/1",
        "type": "Assertion",
        "recipient": {"type": "email", "hashed": False, "identity": "asha@learner.example"},
        "badge": f"{HOST}/badge",
        "issuedOn": "2026-01-15T09:00:00Z",
        "verification": {"type": "hosted"},
        "evidence": [{"narrative": "What was done."}, f"{HOST}/work"],
        **changes,
    }


def web(*, hosted=None, issuer=None, badge=None, **more):
    pages = {
        "a/1": assertion() if hosted is None else hosted,
        "badge": BADGE | (badge or {}),
        "issuer": ISSUER | (issuer or {}),
        "key": KEY_DOCUMENT,
    }
    return MemoryFetcher({f"{HOST}/{path}": {"body": body} for path, body in (pages | more).items()})


V11 = {"@context": "https://w3id.org/openbadges/v1", "type": "Assertion", "id": f"{HOST}/a/2"}


def judge(document, fetcher=None, **options):
    data = document if isinstance(document, str | bytes) else json.dumps(document).encode()
    return verify(data, fetcher=fetcher or web(), now=NOW, **options)


def test_a_hosted_one_in_the_shape_of_today():
    report = judge(assertion(), recipient="asha@learner.example")
    assert (report.verdict, report.warnings) == ("valid", ("legacy-ob2",))
    subject = report.document["credentialSubject"]
    assert report.document["validFrom"] == "2026-01-15T09:00:00Z"
    assert report.document["issuer"] == {"id": f"{HOST}/issuer", "type": ["Profile"], "name": "Northfield"}
    assert subject["achievement"]["criteria"] == {"narrative": "A case."}
    assert subject["achievement"]["tag"] == ["data"]
    assert subject["achievement"]["alignment"][0]["targetName"] == "Read"
    assert subject["identifier"][0]["identityType"] == "emailAddress"
    assert report.document["evidence"][1] == {"type": ["Evidence"], "id": f"{HOST}/work"}
    assert judge(assertion(), recipient="other@learner.example").cause == "recipient-mismatch"


@pytest.mark.parametrize(
    ("given", "fetcher", "verdict", "cause"),
    [
        (assertion(recipient={"type": "email", "hashed": False, "identity": "me@evil.example"}), web(), "invalid", "proof-invalid"),
        (assertion(badge=f"{HOST}/better"), web(), "invalid", "proof-invalid"),
        (assertion(), web(hosted=assertion(revoked=True, revocationReason="A mistake")), "invalid", "revoked"),
        (assertion(), web(hosted=assertion(expires="2026-02-01")), "invalid", "expired"),
        (assertion(issuedOn="2027-01-01"), web(hosted=assertion(issuedOn="2027-01-01")), "invalid", "not-yet-valid"),
        (assertion(), MemoryFetcher({}), "undetermined", "status-unavailable"),
        (assertion(id="https://10.0.0.1/a"), web(), "undetermined", "fetch-blocked"),
        (assertion(), web(hosted=b"<html>"), "invalid", "parse"),
        (assertion(), web(hosted=assertion(id="https://other.example/a/1")), "invalid", "issuer-mismatch"),
        (assertion(), web(badge={"issuer": "https://other.example/i"}), "undetermined", "status-unavailable"),
        (assertion(), web(badge={"name": 5}), "invalid", "schema"),
        (assertion(), web(issuer={"name": None}), "invalid", "schema"),
        (assertion(), web(issuer={"verification": {"allowedOrigins": "other.example"}}), "invalid", "issuer-mismatch"),
        (assertion(), web(issuer={"verification": {"startsWith": f"{HOST}/b"}}), "invalid", "issuer-mismatch"),
        (assertion(), web(issuer={"verification": {"startsWith": [f"{HOST}/b", f"{HOST}/a"]}}), "valid", "legacy-ob2"),
        (assertion(), web(issuer={"verification": {"startsWith": [f"{HOST}/"]}}), "valid", "legacy-ob2"),
        (assertion(), web(issuer={"verification": {"allowedOrigins": ["https://[bad"]}}), "invalid", "issuer-mismatch"),
        (assertion(issuedOn="yesterday"), web(), "refused", "schema"),
        (assertion(recipient="asha"), web(), "refused", "schema"),
        (assertion(badge=5), web(), "refused", "schema"),
        (assertion(verification={"type": "other"}), web(), "refused", "schema"),
        (assertion(type="BadgeClass"), web(), "refused", "type"),
        (assertion(image={"id": "data:image/png;base64,AA"}), web(), "refused", "schema"),
        (assertion(image=5), web(), "valid", "legacy-ob2"),
        (assertion(verification={"type": "signed", "creator": f"{HOST}/key"}), web(), "invalid", "proof-missing"),
    ],
)  # fmt: skip
def test_a_copy_is_not_believed(given, fetcher, verdict, cause):
    report = judge(given, fetcher)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_only_the_issuers_own_profile_may_allow_another_host():
    evil = "https://evil.example/a"
    issuer = ISSUER | {"verification": {"allowedOrigins": ["badges.example", "evil.example"]}}
    lie = assertion(id=evil, badge=BADGE | {"issuer": issuer})
    pages = web()
    pages.web = {**pages.web, evil: {"body": lie}}
    assert judge(lie, pages).cause == "issuer-mismatch"
    honest = web(issuer={"verification": {"allowedOrigins": ["badges.example", "evil.example"]}})
    honest.web = {**honest.web, evil: {"body": lie}}
    assert judge(lie, honest).verdict == "valid"


def signed(**changes):
    payload = assertion(verification={"type": "signed", "creator": f"{HOST}/key"}) | changes
    return jose.sign(payload, signer=RSA_KEY, kid=f"{HOST}/key")


@pytest.mark.parametrize(
    ("fetcher", "verdict", "cause"),
    [
        (web(issuer={"publicKey": f"{HOST}/key"}), "valid", "legacy-ob2"),
        (web(issuer={"publicKey": [f"{HOST}/key"]}, key=PEM), "valid", "legacy-ob2"),
        (web(key=KEY_DOCUMENT | {"owner": "https://other.example/i"}), "invalid", "key-not-authorised"),
        (web(key=KEY_DOCUMENT | {"publicKeyPem": "x"}), "invalid", "key-unresolved"),
        (web(issuer={"revocationList": f"{HOST}/revoked"}), "undetermined", "status-unavailable"),
        (web(issuer={"revocationList": f"{HOST}/revoked"}, revoked=b"{"), "undetermined", "status-invalid"),
        (web(issuer={"revocationList": f"{HOST}/revoked"}, revoked={"revokedAssertions": [f"{HOST}/a/1"]}), "invalid", "revoked"),
        (web(issuer={"revocationList": f"{HOST}/revoked"}, revoked={"revokedAssertions": [{"id": "urn:x"}]}), "valid", "legacy-ob2"),
    ],
)  # fmt: skip
def test_a_signed_one(fetcher, verdict, cause):
    report = judge(signed(), fetcher)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_a_signed_one_brings_no_profile_of_its_own():
    other = PrivateKey.generate(RSA)
    profile = ISSUER | {"publicKey": "https://evil.example/key"}
    payload = assertion(
        verification={"type": "signed", "creator": "https://evil.example/key"},
        badge=BADGE | {"issuer": profile},
    )
    token = jose.sign(payload, signer=other, kid="x")
    assert judge(token, web()).cause == "key-not-authorised"


def test_a_changed_token():
    head, payload, signature = signed().split(".")
    body = json.loads(encoding.base64url_decode(payload)) | {"issuedOn": "2025-01-01"}
    changed = f"{head}.{encoding.base64url_encode(json.dumps(body).encode())}.{signature}"
    assert judge(changed).cause == "proof-invalid"


def test_version_1():
    badge = {
        "name": "Old", "description": "Older", "image": f"{HOST}/b.png", "criteria": f"{HOST}/c", "issuer": f"{HOST}/org",
        "alignment": [{"name": "Read", "url": "https://x.example/1"}],
    }  # fmt: skip
    old = {
        "uid": "abc", "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": "sha256$" + "0" * 64},
        "badge": f"{HOST}/old", "verify": {"type": "hosted", "url": f"{HOST}/a/2"}, "issuedOn": 1359217910, "evidence": f"{HOST}/e",
    }  # fmt: skip
    pages = web(old=badge, org={"name": "Northfield", "url": HOST}, **{"a/2": old})
    report = judge(old, pages)
    assert (report.verdict, report.cause) == ("valid", "legacy-ob2")
    assert report.document["id"] == "urn:uuid:abc"
    assert (
        report.document["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"]
        == "https://x.example/1"
    )


@pytest.mark.parametrize(
    ("changes", "body", "verdict", "cause"),
    [
        ({}, {"abc": "A mistake"}, "invalid", "revoked"),
        ({}, {"other": "A mistake"}, "valid", "legacy-ob2"),
        ({}, {}, "valid", "legacy-ob2"),
        ({}, {"abc": None}, "invalid", "revoked"),
        ({}, {"error": {"id": "E404"}}, "undetermined", "status-invalid"),
        ({}, b"<html>", "undetermined", "status-invalid"),
        ({}, {"revokedAssertions": [{"uid": "abc"}]}, "invalid", "revoked"),
        ({}, {"revokedAssertions": {"abc": "A mistake"}}, "undetermined", "status-invalid"),
        (V11, {"abc": "A mistake"}, "invalid", "revoked"),
        (V11, {f"{HOST}/a/2": "A mistake"}, "invalid", "revoked"),
        (V11, {"other": "A mistake"}, "valid", "legacy-ob2"),
    ],
)
def test_a_signed_one_of_version_1_is_taken_back_by_its_name(changes, body, verdict, cause):
    """1.0 and 1.1: an object, its keys are names of what is revoked, its values the reasons."""
    old = {
        "uid": "abc", "recipient": {"type": "email", "hashed": False, "identity": "asha@learner.example"},
        "badge": f"{HOST}/old", "verify": {"type": "signed", "url": f"{HOST}/key"}, "issuedOn": 1359217910,
    }  # fmt: skip
    pages = web(
        old={key: value for key, value in BADGE.items() if key != "id"} | {"issuer": f"{HOST}/org"},
        org={"name": "Northfield", "url": HOST, "revocationList": f"{HOST}/revoked"},
        revoked=body,
        key=PEM,
    )
    report = judge(jose.sign(old | changes, signer=RSA_KEY, kid="x"), pages)
    assert (report.verdict, report.cause) == (verdict, cause)
    if verdict == "invalid" and "A mistake" in body.values():
        assert "says: A mistake." in report.decided_by.detail


def test_endorsements_are_looked_at_one_by_one():
    def endorsement(number, **changes):
        return {
            "id": f"{HOST}/e{number}", "type": "Endorsement", "claim": {"id": f"{HOST}/badge"}, "issuer": f"{HOST}/issuer",
        } | changes  # fmt: skip

    named = [f"{HOST}/e{number}" for number in range(6)]
    pages = web(
        badge={"endorsement": named},
        e0=endorsement(0),
        e1=endorsement(1, claim={"id": "https://x.example/b"}),
        e2=endorsement(2, issuer="https://other.example/i"),
        e3=endorsement(3, type="Assertion"),
        e5=endorsement(5, revoked=True),
    )
    report = judge(assertion(), pages)
    assert report.verdict == "valid-with-marked-parts"
    assert [part["cause"] for part in report.parts] == [
        None, "endorsement-mismatch", "issuer-mismatch", "schema", "status-unavailable", "revoked",
    ]  # fmt: skip


def test_out_of_a_picture():
    link = png(_chunk(b"tEXt", b"openbadges\0" + f"{HOST}/a/1".encode()))
    assert (judge(link).verdict, judge(link).cause) == ("valid", "legacy-ob2")
    assert judge(link, MemoryFetcher({})).verdict == "undetermined"
    whole = png(inside(json.dumps(assertion()).encode(), b"openbadges"))
    assert judge(whole).verdict == "valid"
    token = png(inside(signed().encode(), b"openbadges"))
    assert judge(token, web(issuer={"publicKey": f"{HOST}/key"})).verdict == "valid"
    plain = png(_chunk(b"tEXt", b"openbadges\0http://badges.example/a/1"))
    assert judge(plain).verdict == "valid"  # what was written with http is asked by https
    assert judge(png(_chunk(b"tEXt", b"openbadges\0https://10.0.0.1/a"))).cause == "fetch-blocked"
    assert judge(png(_chunk(b"tEXt", b"openbadges\0https://\xff/a"))).cause == "encoding"


def test_out_of_a_drawing():
    """Open Badges 2.0, Baking: a hosted one stands in the body, its address beside it; a signed one in the attribute."""

    def drawn(verify, body=""):
        element = f'<openbadges:assertion verify="{verify}">\n{body}\n</openbadges:assertion>'
        return svg(element, 'xmlns:openbadges="http://openbadges.org"')

    whole = f"<![CDATA[ {json.dumps(assertion())} ]]>"
    for picture in (drawn(f"{HOST}/a/1", whole), drawn("", whole), drawn(f"{HOST}/a/1")):
        assert (judge(picture).verdict, judge(picture).cause) == ("valid", "legacy-ob2")
    assert judge(drawn(signed())).verdict == "valid"
    assert judge(drawn(signed(), whole)).cause == "several-credentials-found"


@pytest.mark.parametrize(
    ("given", "fetcher", "cause"),
    [
        (assertion(id="x", uid=5), web(), "schema"),
        (assertion(verification="hosted"), web(), "schema"),
        (assertion(recipient={"identity": "asha"}), web(), "schema"),
        (assertion(), web(badge={"criteria": 5}), "schema"),
        (assertion(), web(badge={"issuer": 5}), "schema"),
        (assertion(id="https://[bad/a"), web(), "fetch-blocked"),
        (assertion(), web(badge={"id": None}), "issuer-mismatch"),
        (
            assertion(),
            web(hosted=assertion(badge={k: v for k, v in BADGE.items() if k != "id"})),
            "proof-invalid",
        ),
    ],
)
def test_what_does_not_fit(given, fetcher, cause):
    assert judge(given, fetcher).cause == cause


def test_a_badge_class_inside_without_an_address():
    """It needs an ``id`` (2.0, BadgeClass), of whatever kind."""
    inside_badge = BADGE | {"id": "urn:uuid:0f1f7a3c-53a8-4f2a-9d7e-3f8f8f0e6a11"}
    given = assertion(badge=inside_badge)
    report = judge(given, web(hosted=given))
    assert report.verdict == "valid"
    assert report.document["credentialSubject"]["achievement"]["id"] == inside_badge["id"]
    given = assertion(badge={k: v for k, v in BADGE.items() if k != "id"})
    report = judge(given, web(hosted=given))
    assert (report.verdict, report.cause) == ("invalid", "schema")
    assert report.decided_by.detail == "badge.id is missing."


def test_a_key_of_another_kind_than_the_signature():
    other = PrivateKey.generate(P256)
    public = load_der(other.public_key)
    report = judge(signed(), web(key=public))
    assert report.cause == "proof-invalid"


def load_der(key):
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.raw)
    return point.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


REDIRECTED = [
    ("a/1", assertion(), {}),
    ("badge", assertion(), {}),
    ("issuer", assertion(), {}),
    ("issuer", signed(), {}),
    ("key", signed(), {"publicKey": f"{HOST}/key"}),
    ("revoked", signed(), {"publicKey": f"{HOST}/key", "revocationList": f"{HOST}/revoked"}),
    ("a/1", png(_chunk(b"tEXt", f"openbadges\0{HOST}/a/1".encode())), {}),
]


@pytest.mark.parametrize(("path", "document", "issuer"), REDIRECTED)
@pytest.mark.parametrize(
    ("host", "verdict", "cause"),
    [
        ("https://evil.example", "undetermined", "status-unavailable"),
        (f"{HOST}/elsewhere", "valid", "legacy-ob2"),
    ],
)
def test_an_answer_from_another_host_is_not_the_issuers(path, document, issuer, host, verdict, cause):
    """An open redirect on the issuer's host would let anybody speak for it."""
    pages = web(issuer=issuer, revoked={"revokedAssertions": []})
    away = {f"{HOST}/{path}": {"status": 302, "location": f"{host}/{path}"}}
    pages.web = {**pages.web, f"{host}/{path}": pages.web[f"{HOST}/{path}"], **away}
    report = judge(document, pages)
    assert (report.verdict, report.cause) == (verdict, cause)
    if verdict != "valid":
        assert f"{HOST}/{path} leads to evil.example" in report.decided_by.detail
        assert report.decided_by.detail.startswith("The revocation list could not be read: ") is (
            path == "revoked"
        )


@pytest.mark.parametrize("document", [assertion(), signed()], ids=["hosted", "signed"])
@pytest.mark.parametrize(
    ("asked", "cause"),
    [({"challenge": "c1", "domain": "me"}, "proof-challenge"), ({"domain": "me"}, "proof-domain")],
)
def test_it_answers_no_request(document, asked, cause):
    report = judge(document, web(issuer={"publicKey": f"{HOST}/key"}), **asked)
    assert (report.verdict, report.cause, report.decided_by.name) == ("invalid", cause, "proof")
    assert report.requests == ()
