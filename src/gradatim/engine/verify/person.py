"""Who is meant: whether what two documents say of a person is said of the same one.

Spec: Open Badges 3.0, 9.1 step 5 and IdentityObject; CLR Standard 2.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from gradatim.engine.model.values import listed

MAX_IDENTITIES = 16  # of a person, compared with as many of another: each pair may cost a hash


def subjects_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whom or what a credential is about."""
    return [one for one in listed(document.get("credentialSubject", [])) if isinstance(one, Mapping)]


def identities_of(subject: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a subject is identified by, each as an IdentityObject; its id comes first."""
    named = [one for one in listed(subject.get("identifier", [])) if isinstance(one, Mapping)]
    if isinstance(subject.get("id"), str):
        return [{"identityType": "identifier", "hashed": False, "identityHash": subject["id"]}, *named]
    return named


def is_about(document: Mapping[str, Any], person: Mapping[str, Any]) -> bool | None:
    """Whether a credential is about a person: one of its subjects is enough.

    Args:
        document: the credential.
        person: a subject of another one, or an object with an id.

    Returns:
        ``None`` when it cannot be told.
    """
    answers = [_is_same(subject, person) for subject in subjects_of(document)]
    if True in answers:
        return True
    return None if not answers or None in answers else False


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool | None:
    """Two ids decide. Without them one identity that fits is enough; ``None`` when there are no two of a kind."""
    if isinstance(one.get("id"), str) and isinstance(other.get("id"), str):
        return bool(one["id"] == other["id"])
    answers = [
        _agree(first, second)
        for first in identities_of(one)[:MAX_IDENTITIES]
        for second in identities_of(other)[:MAX_IDENTITIES]
        if first.get("identityType") == second.get("identityType")
    ]
    return True if True in answers else False if False in answers else None


def _agree(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool | None:
    """Whether two identities of a kind are equal; ``None`` when both are hashed, each in its own way."""
    if second.get("hashed") is not True:
        return fits(first, str(second.get("identityHash")))
    if first.get("hashed") is not True:
        return fits(second, str(first.get("identityHash")))
    ways = [(str(one.get("salt", "")), *_hash(one)) for one in (first, second)]
    return ways[0] == ways[1] if ways[0][:2] == ways[1][:2] else None


def _hash(identity: Mapping[str, Any]) -> tuple[str, str]:
    """The name of the hash function, and the hash in hexadecimal."""
    name, _, digest = str(identity.get("identityHash")).partition("$")
    return name, digest.lower()


def fits(identity: Mapping[str, Any], value: str) -> bool | None:
    """Whether an IdentityObject, hashed or not, is that of a value.

    Returns:
        ``None`` when it is hashed in a way that the standard does not know.
    """
    email = identity.get("identityType") == "emailAddress"
    if identity.get("hashed") is not True:
        given, wanted = str(identity.get("identityHash")).strip(), value.strip()
        return given.lower() == wanted.lower() if email else given == wanted
    name, digest = _hash(identity)
    if name not in {"sha256", "md5"}:
        return None
    salt = str(identity.get("salt", ""))
    hashes = (
        hashlib.new(name, (text + salt).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        for text in ({value, value.lower()} if email else {value})
    )
    return any(h == digest for h in hashes)
