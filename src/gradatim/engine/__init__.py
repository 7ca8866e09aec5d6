"""The standards engine: bytes and dicts in, bytes and reports out. Nothing else of it is promised.

>>> from gradatim.engine import PrivateKey, did_key
>>> did_key(PrivateKey.from_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq").public_key)[:12]
'did:key:z6Mk'
"""

from gradatim.engine.bake import bake, unbake
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.did import did_key
from gradatim.engine.errors import Error
from gradatim.engine.fetch import Fetcher, MemoryFetcher, WebFetcher
from gradatim.engine.issue import (
    append_proof,
    envelope,
    issue,
    issue_many,
    issue_selective,
    issue_token,
    present,
)
from gradatim.engine.keys import PrivateKey, PublicKey, Signer
from gradatim.engine.proof.selective import derive
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import Sitting, verify

__all__ = [
    "Check",
    "Error",
    "Fetcher",
    "MemoryFetcher",
    "Outcome",
    "PrivateKey",
    "PublicKey",
    "Report",
    "Sheets",
    "Signer",
    "Sitting",
    "WebFetcher",
    "append_proof",
    "bake",
    "derive",
    "did_key",
    "envelope",
    "issue",
    "issue_many",
    "issue_selective",
    "issue_token",
    "present",
    "unbake",
    "verify",
]
