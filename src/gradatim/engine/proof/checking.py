"""Checking signatures, as a part of the work that a verification may take.

Spec: VC Data Integrity 1.0, 4.4; RFC 7515, 5.2. A document of a megabyte can hold thousands of signatures that have to be checked.
"""

from __future__ import annotations

from gradatim.engine.canonical import rdfc
from gradatim.engine.keys import ED25519, P256, P384, RSA, PublicKey

_COSTS = {ED25519: 6, P256: 10, P384: 100, RSA: 40}
"""By the kind of key, in statements that are made and put in order meanwhile."""
_AS_A_STATEMENT = 256  # bytes of canonical JSON that are as much work as one


def is_by(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature is a key's.

    Raises:
        LimitError: ``resource-limit``, when the work of the verification is used up.
    """
    rdfc.charge(_COSTS[key.kind])
    return key.verify(signature, data)


def weighed(text: bytes) -> bytes:
    """Canonical JSON, as it is given.

    Raises:
        LimitError: as `is_by`.
    """
    rdfc.charge(len(text) // _AS_A_STATEMENT)
    return text
