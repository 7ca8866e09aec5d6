"""Whether an issuer signs with a key that was seen before: a domain can lapse, and who buys it can publish keys of his own.

Spec: none; Controlled Identifiers 1.0 leaves open what happens when a domain changes hands.

The first key that is found good for an issuer is noted in the reader's memory. Another one counts as good, too, but the
reader is told, until a key that was noted has signed the issuer's document with the new one in it (a Data Integrity proof).
So it is with every credential: the given one, a newer version of it, and each that stands inside. Status lists are not
compared: issuers sign them with keys of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gradatim.engine import did, encoding, reader
from gradatim.engine.errors import Error
from gradatim.engine.keys import PublicKey
from gradatim.engine.proof import data_integrity
from gradatim.engine.report import Check, Outcome

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

CAUSE = "issuer-key-changed"
MAX_KEYS = 50  # remembered of one issuer
MAX_ISSUERS = 10  # whose documents are asked in one verification whether they vouch
MAX_BYTES = 64 * 1024  # of such a document; with fifty keys and proofs it has about 40


def place(issuer: str) -> str:
    """Where a memory holds the keys of an issuer; who deletes it there starts anew with the next key that is seen."""
    return f"keys:{issuer}"


def check(issuer: str, setting: Setting) -> list[Check]:
    """Compare the key that signed with those seen before, and note it.

    Args:
        issuer: whose document was found good.
        setting: knows who signed, and remembers.
    """
    vouched = setting.vouched
    if vouched is None or not (setting.status and setting.signers and did.host_of(issuer)):
        return []  # other identifiers are their keys
    since, known = _remembered(setting.memory, issuer)
    if not known:
        _note(setting.memory, issuer, encoding.format_datetime(setting.now), setting.signers)
        return []
    if any(key in known for key in setting.signers):
        return []
    for key in setting.signers:
        if issuer not in vouched and len(vouched) < MAX_ISSUERS:  # many parts may ask
            vouched[issuer] = _vouched(issuer, known, setting)
        if len(known) < MAX_KEYS and key in vouched.get(issuer, ()):
            _note(setting.memory, issuer, since, [*known, key])
            return []
    words = (
        f"{issuer[:200]} signed with another key before (first seen {since[:10]}), and no earlier key vouches for this one. "
        "Issuers do change keys; so does whoever takes over a lapsed domain. If in doubt, ask them another way."
    )
    return [Check("issuer-known", Outcome.UNDETERMINED, words, None, CAUSE)]


def _remembered(memory: Mapping[str, str], issuer: str) -> tuple[str, list[PublicKey]]:
    """Since when, and which keys; what cannot be read is as if it was not there."""
    try:
        found = reader.read_object(memory.get(place(issuer), "").encode("utf-8", "replace"))
        return str(found["since"]), [PublicKey.from_jwk(jwk) for jwk in found["keys"]]
    except (Error, KeyError, TypeError):
        return "", []


def _note(memory: MutableMapping[str, str], issuer: str, since: str, keys: list[PublicKey]) -> None:
    memory[place(issuer)] = json.dumps({"since": since, "keys": [key.to_jwk() for key in keys]})


def _vouched(issuer: str, known: list[PublicKey], setting: Setting) -> list[PublicKey]:
    """The keys that the issuer's document lists, if it bears a proof by one that was known."""
    try:
        document = did.document_of(issuer, fetcher=setting.fetcher)
        listed = [method.key for method in did.methods_of(document, issuer)]
    except Error:
        return []
    if len(reader.write_json(document)) > MAX_BYTES:
        return []
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proofs = data_integrity.proofs_of(document)[:MAX_KEYS]
    if not any(_made_by(known, unsigned, proof) for proof in proofs):
        return []
    return listed


def _made_by(known: list[PublicKey], unsigned: Mapping[str, Any], proof: Mapping[str, Any]) -> bool:
    """Whether one of the keys made a proof; for all keys of a kind the document is hashed once."""
    for kind in dict.fromkeys(key.kind for key in known):
        with suppress(Error):
            data_integrity.verify_proof(unsigned, proof, *(key for key in known if key.kind == kind))
            return True
    return False
