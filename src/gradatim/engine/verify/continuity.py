"""Whether an issuer signs with a key that was seen before: a domain can lapse, and who buys it can publish keys of his own.

Spec: none; Controlled Identifiers 1.0 leaves open what happens when a domain changes hands.

The first key that is found good for an issuer is noted in the reader's memory. Another one counts as good, too, but the
reader is told, until a key that was noted has signed the issuer's document with the new one in it (a Data Integrity proof).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
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


def place(issuer: str) -> str:
    """Where a memory holds the keys of an issuer; who deletes it there starts anew with the next key that is seen."""
    return f"keys:{issuer}"


def check(issuer: str, setting: Setting) -> list[Check]:
    """Compare the key that signed with those seen before, and note it.

    Args:
        issuer: whose document was found good.
        setting: knows who signed, and remembers.
    """
    if setting.depth or not setting.signers or not did.host_of(issuer):
        return []  # other identifiers are their keys
    since, known = _remembered(setting.memory, issuer)
    if not known:
        _note(setting.memory, issuer, encoding.format_datetime(setting.now), setting.signers)
        return []
    if any(key in known for key in setting.signers):
        return []
    for key in setting.signers:
        if len(known) < MAX_KEYS and _vouched(issuer, key, known, setting):
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


def _vouched(issuer: str, key: PublicKey, known: list[PublicKey], setting: Setting) -> bool:
    """Whether the issuer's document lists the key and bears a proof by one that was known."""
    try:
        document = did.document_of(issuer, fetcher=setting.fetcher)
        listed = any(method.key == key for method in did.methods_of(document, issuer))
    except Error:
        return False
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proofs = data_integrity.proofs_of(document)[:MAX_KEYS]
    return listed and any(_fits(unsigned, proof, each) for proof in proofs for each in known)


def _fits(unsigned: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey) -> bool:
    try:
        data_integrity.verify_proof(unsigned, proof, key)
    except Error:
        return False
    return True
