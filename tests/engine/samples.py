"""One credential, one key and one instant, for the tests that need no more."""

import json
from datetime import UTC, datetime

from gradatim.engine import did, encoding, keys
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import issue
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import verify

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = keys.PrivateKey(keys.ED25519, bytes(range(32)))
DID = did.did_key(KEY.public_key)
METHOD = f"{DID}#{KEY.public_key.to_multibase()}"


def credential(**changes):
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Data literacy",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Northfield College"},
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000002",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://northfield.example/a/1",
                "type": ["Achievement"],
                "name": "Data literacy",
                "description": "Reads and explains data.",
                "criteria": {"narrative": "A case."},
                "alignment": [
                    {"type": ["Alignment"], "targetName": "Read", "targetUrl": "https://x.example/1"}
                ],
            },
        },
        **changes,
    }


def signed(document=None, *, method=METHOD, **changes):
    return issue(document or credential(**changes), signer=KEY, verification_method=method, created=NOW)


def from_elsewhere(document=None, *, method=METHOD, **changes):
    """Signed by an issuer who keeps fewer rules than ours has to, or by a forger: what a reader meets in the field."""
    return data_integrity.add_proof(
        document or credential(**changes), signer=KEY, verification_method=method, created=NOW
    )


def token(document, header):
    """A token whose header is whatever the test wants, with a good signature and the claims of a good one."""
    issuer = document["issuer"]
    claims = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": document["id"],
        "sub": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000002",
        "nbf": 1780142400,
    }
    text = ".".join(
        encoding.base64url_encode(json.dumps(part).encode()) for part in (header, claims | document)
    )
    return f"{text}.{encoding.base64url_encode(KEY.sign(text.encode()))}"


def check(document, **options):
    return verify(document, fetcher=MemoryFetcher({}), now=NOW, **options)


def places(value, path=(), *, leaves=True):
    """The way to every string of a document; without `leaves` to everything in it."""
    if path and (isinstance(value, str) or not leaves):
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*path, step), leaves=leaves)
