"""What a reader is told besides the verdict: whose it is, a newer version, schemas and resources elsewhere."""

import base64
import hashlib

import pytest

from gradatim.engine import encoding
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.engine.verify.advice import MAX_HASHES, MAX_RESOURCES
from tests.engine.samples import METHOD, NOW, credential, signed, token
from tests.engine.timing import within

EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
EMAIL = "Ada@Example.org"
PAGE = "https://x.example/page"
BODY = b"what was signed for"
SHA256, SHA384, SHA512 = (hashlib.new(name, BODY).digest() for name in ("sha256", "sha384", "sha512"))
B64 = {
    name: base64.b64encode(digest).decode()
    for name, digest in (("sha256", SHA256), ("sha384", SHA384), ("sha512", SHA512))
}


def report(document, web=None, **options):
    pages = {url: {"body": body} for url, body in (web or {}).items()}
    return verify(document, fetcher=MemoryFetcher(pages), now=NOW, **options)


def extended(**changes):
    return signed(credential(**changes) | {"@context": [*credential()["@context"], EXTENSIONS]})


def made_out_to(**entry):
    document = credential()
    subject = document["credentialSubject"]
    if entry:
        subject["identifier"] = [
            {"type": "IdentityObject", "identityType": "emailAddress", "hashed": False} | entry
        ]
    return signed(document)


def hashed(text, salt="", name="sha256"):
    digest = hashlib.new(name, (text + salt).encode()).hexdigest()
    return {"hashed": True, "identityHash": f"{name}${digest}"} | ({"salt": salt} if salt else {})


@pytest.mark.parametrize(
    ("entry", "cause", "words"),
    [
        ({}, None, "names no address"),
        ({"identityHash": "x", "identityType": "systemId"}, None, "names no address"),
        ({"identityHash": " ada@example.ORG "}, None, "is made out to"),
        ({"identityHash": "bob@example.org"}, "recipient-mismatch", "another address"),
        (hashed(EMAIL, "salt"), None, "is made out to"),
        (hashed(EMAIL.lower(), "salt"), None, "is made out to"),
        (hashed(EMAIL, name="md5"), None, "is made out to"),
        (hashed("bob@example.org"), "recipient-mismatch", "another address"),
    ],
)
def test_the_recipient(entry, cause, words):
    told = report(made_out_to(**entry), recipient=EMAIL)
    check = next(check for check in told.checks if check.name == "recipient")
    assert (told.verdict, check.cause) == ("valid", cause)
    assert words in check.detail


def test_a_hash_of_an_unknown_kind():
    """In a credential of another kind, whose identities nobody has checked."""
    identity = {"identityType": "emailAddress", "hashed": True, "identityHash": "sha1$0"}
    other = credential(type=["VerifiableCredential"]) | {
        "credentialSubject": {"id": "urn:x:y", "identifier": identity}
    }
    made = token(other | {"sub": "urn:x:y"}, {"alg": "EdDSA", "kid": METHOD})
    told = report(made, recipient=EMAIL)
    assert (told.verdict, told.warnings) == ("valid", ("recipient-mismatch", "not-a-badge"))


def test_a_newer_version_at_a_forbidden_address():
    kind = {"type": "1EdTechCredentialRefresh"}
    told = report(extended(refreshService={"id": "https://localhost/x"} | kind))
    assert (told.verdict, told.warnings) == ("valid", ("refresh-blocked",))


@pytest.mark.parametrize(
    ("address", "verdict", "cause"),
    [
        ("https://x.example/schema.json", "valid", "schema-unchecked"),
        ("https://127.0.0.1/schema.json", "undetermined", "fetch-blocked"),
        (
            "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "valid",
            None,
        ),
    ],
)
def test_schemas_are_not_fetched(address, verdict, cause):
    entry = {"id": address, "type": "1EdTechJsonSchemaValidator2019"}
    told = report(extended(credentialSchema=entry))
    assert (told.verdict, told.cause, told.requests) == (verdict, cause, ())


def multibase(prefix, digest):
    return {"digestMultibase": encoding.multibase_encode(prefix + digest)}


@pytest.mark.parametrize(
    ("digest", "good"),
    [
        ({"digestSRI": f"sha256-{B64['sha256']}"}, True),
        ({"digestSRI": f"sha384-{B64['sha384']}?type=x"}, True),
        ({"digestSRI": f"md5-x sha512-{B64['sha512']}"}, True),
        ({"digestSRI": "sha256-x"}, False),
        ({"digestSRI": f"md5-{B64['sha256']}"}, False),
        (multibase(b"\x12\x20", SHA256), True),
        (multibase(b"\x20\x30", SHA384), True),
        (multibase(b"\x13\x40", SHA512), True),
        (multibase(b"\x12\x20", SHA256[::-1]), False),
        (multibase(b"\x11\x14", SHA256[:20]), False),
        ({"digestMultibase": "0?"}, False),
    ],
)
def test_related_resources(digest, good):
    document = signed(relatedResource=[{"id": PAGE} | digest])
    told = report(document, {PAGE: BODY.decode()})
    assert (told.verdict, told.cause) == (("valid", None) if good else ("invalid", "resource-mismatch"))


def test_a_related_resource_that_does_not_answer():
    document = signed(relatedResource=[{"id": PAGE, "digestSRI": "sha256-x"}])
    assert (report(document).verdict, report(document).cause) == ("undetermined", "resource-mismatch")
    inside = signed(relatedResource=[{"id": "https://127.0.0.1/x", "digestSRI": "sha256-x"}])
    assert (report(inside).verdict, report(inside).cause) == ("undetermined", "fetch-blocked")


@pytest.mark.parametrize(
    ("number", "hashes", "cause"),
    [
        (MAX_RESOURCES, MAX_HASHES, None),
        (MAX_RESOURCES + 1, 1, "resource-limit"),
        (1, MAX_HASHES + 1, "resource-limit"),
    ],
)
def test_as_many_related_resources_as_are_compared(number, hashes, cause):
    """Each is hashed once for each kind of hash, however many are named."""
    body = "x" * 300_000
    digest = base64.b64encode(hashlib.sha512(body.encode()).digest()).decode()
    text = " ".join([*["sha512-AA=="] * (hashes - 1), f"sha512-{digest}"])
    pages = {f"{PAGE}/{n}": body for n in range(number)}
    document = signed(relatedResource=[{"id": page, "digestSRI": text} for page in pages])
    with within(1):
        told = report(document, pages)
    assert (told.verdict, told.cause) == (("undetermined" if cause else "valid"), cause)


def test_nothing_in_the_place_of_related_resources():
    told = report(signed() | {"relatedResource": None})
    assert (told.verdict, told.cause) == ("refused", "schema")
