"""The station of the engine itself: what the table of the bench measures, with nothing left out.

Documents change from call to call, as they do in life: remembering the last answer would not help.
"""

from __future__ import annotations

import copy
import hashlib
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import nacl.bindings
from material import KEY, LIST, METHOD, NOW, credential, record, signed
from station import serve

from gradatim.engine import MemoryFetcher, issue, issue_many, issue_token, status_list, verify
from gradatim.engine.canonical.shape import canonical_text
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.proof import claims, jose
from gradatim.engine.reader import write_json
from gradatim.engine.verify.asking import Sitting

MATERIAL = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
WEB = MemoryFetcher({LIST: {"body": json.dumps(MATERIAL["list"])}})
MANY = 200


def compact(document: dict[str, Any]) -> bytes:
    """As credentials travel."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    """Offer all works."""
    serve(singles() | batches() | records() | tokens() | lists() | floors())


def accepted(source: bytes | str, sitting: Sitting) -> None:
    """Verify, and be sure that it was: a bench that measures refusals measures nothing."""
    report = verify(source, fetcher=WEB, now=NOW, sitting=sitting)
    WEB.requests.clear()
    if report.verdict != "valid":
        raise ValueError(report)


def singles() -> dict[str, Callable[[], object]]:
    """One credential at a time, each another."""
    unsigned = cycle([copy.deepcopy(credential(number)) for number in range(MANY)])
    files = cycle([compact(signed(credential(number))) for number in range(MANY)])
    sitting, sheets = Sitting(), Sheets()
    options = {"signer": KEY, "verification_method": METHOD, "created": NOW}
    return {
        "issue": lambda: issue(next(unsigned), **options, sheets=sheets),
        "issue alone": lambda: issue(next(unsigned), **options),
        "verify": lambda: accepted(next(files), sitting),
        "verify alone": lambda: accepted(next(files), Sitting()),
    }


def batches() -> dict[str, Callable[[], object]]:
    """One achievement to many learners."""
    rows = [credential(number) for number in range(1000)]

    def batch() -> int:
        return sum(1 for _ in issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW))

    store = sqlite3.connect(Path(tempfile.mkdtemp()) / "bench.sqlite3")
    store.execute("PRAGMA page_size=16384")  # pages of the usual size would be too small for one document
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("CREATE TABLE credential (id TEXT, document BLOB)")

    def stored() -> int:
        """As a batch, each written down, a commit for a hundred."""
        made = issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW)
        while group := [(one["id"], write_json(one)) for one in islice(made, 100)]:
            store.executemany("INSERT INTO credential VALUES (?, ?)", group)
            store.commit()
        store.execute("DELETE FROM credential")
        store.commit()
        return len(rows)

    return {"issue batch": batch, "issue stored": stored}


def records() -> dict[str, Callable[[], object]]:
    """The record of fifty."""
    unsigned, whole = record(), compact(MATERIAL["record_signed"])
    sitting = Sitting()
    return {
        "record canonical": lambda: canonical_text(unsigned),
        "record verify": lambda: accepted(whole, sitting),
    }


def tokens() -> dict[str, Callable[[], object]]:
    """The token layer alone, as the peer has it: claims, signature; header, strict JSON, signature, claims."""
    unsigned = [credential(number) for number in range(MANY)]
    made = cycle([issue_token(one, signer=KEY, verification_method=METHOD) for one in unsigned])
    rows = cycle(unsigned)

    def sign() -> str:
        return jose.sign(claims.of_credential(next(rows)), signer=KEY, kid=METHOD)

    def check() -> None:
        token = jose.parse(next(made))
        jose.check_header(token.header)
        jose.verify(token, KEY.public_key)
        claims.check_claims(token, claims.document_of(token))

    return {"token issue": sign, "token verify": check}


def lists() -> dict[str, Callable[[], object]]:
    """A status list of 131,072 entries."""
    encoded = MATERIAL["encoded_list"]
    bits = status_list.decode(encoded)

    def look_up() -> int:
        for index in range(0, 100_000, 1000):
            status_list.get(bits, index)
        return 100

    return {
        "list decode": lambda: status_list._decode(encoded, status_list.MAX_BYTES, old=False),  # noqa: SLF001 - nothing kept
        "list encode": lambda: status_list.encode(bits),
        "list look up": look_up,
    }


def floors() -> dict[str, Callable[[], object]]:
    """What no engine can go below: the signature, one hash of the canonical text, the JSON."""
    one = MATERIAL["signed"]
    data = compact(one)
    text = canonical_text(MATERIAL["unsigned"]).encode()
    secret = nacl.bindings.crypto_sign_seed_keypair(KEY.secret)[1]
    message = nacl.bindings.crypto_sign(hashlib.sha256(text).digest() * 2, secret)
    public = KEY.public_key.raw

    def issuing() -> None:
        nacl.bindings.crypto_sign(hashlib.sha256(text).digest() * 2, secret)
        json.dumps(one, ensure_ascii=False, separators=(",", ":"))

    def verifying() -> None:
        json.loads(data)
        hashlib.sha256(text).digest()
        nacl.bindings.crypto_sign_open(message, public)

    return {"floor issue": issuing, "floor verify": verifying}


if __name__ == "__main__":
    main()
