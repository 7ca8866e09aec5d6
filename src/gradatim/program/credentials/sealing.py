"""Sealing: secret keys are kept encrypted by a key that is not in the database."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused

NONCE = 12  # bytes, as AES-GCM wants it


def _cipher() -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"gradatim signing keys 1").derive(
        settings.SEALING_KEY.encode()
    )
    return AESGCM(derived)


def binding(did: str, public: str) -> str:
    """What a signing key's secret is bound to: it opens for this issuer and this public half only."""
    return f"{did} {public}"


def seal(secret: bytes, *, bound_to: str) -> bytes:
    """Encrypt a secret for one purpose.

    Args:
        secret: the bytes.
        bound_to: what it belongs to; opening it for anything else fails.

    Returns:
        Nonce and ciphertext.
    """
    nonce = os.urandom(NONCE)
    return nonce + _cipher().encrypt(nonce, secret, bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """The secret again.

    Args:
        sealed: from `seal`.
        bound_to: as it was sealed.

    Raises:
        Refused: ``key-sealed``, when the sealing key is another one than it was.
    """
    try:
        return _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except InvalidTag:
        raise Refused(
            "key-sealed",
            _(
                "The signing key cannot be opened: the sealing key is not the one it was sealed with. Put the backed-up "
                "file sealing.key back into the data folder, or set GRADATIM_SEALING_KEY to what it was."
            ),
        ) from None
