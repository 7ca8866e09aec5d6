"""Digests: what the database keeps of tokens and short codes, and what it finds long addresses by."""

from __future__ import annotations

import hashlib


def token_digest(token: str) -> str:
    """SHA-256 of a link's token, hex: what the row keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_digest(purpose: str, key: str, code: str) -> str:
    """SHA-256 of a short code bound to what it opens, hex; dashes, spaces and letter case do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"{purpose}:{key}:{plain}".encode()).hexdigest()


def place_digest(place: str) -> str:
    """SHA-256 of where something was seen, or of its host, hex."""
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()
