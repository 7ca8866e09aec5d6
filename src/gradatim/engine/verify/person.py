"""Who is meant: whether what two documents say of a person is said of the same one.

Spec: Open Badges 3.0, 9.1 step 5 and IdentityObject; CLR Standard 2.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.values import listed
from gradatim.engine.model.vocabulary import IDENTITY_TYPES

MAX_SUBJECTS = 16  # of a credential, each compared with one person
MAX_IDENTITIES = 16  # of a person beside the id, compared with as many of another: each pair may cost a hash
MAX_LETTERS = 1_000  # of an identity and its salt; a longer one fits only what is the same letter by letter

_OF_PERSONS = IDENTITY_TYPES - {
    "name",
    "systemId",
    "productId",
    "isbn",
    "issn",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiToolId",
    "ltiPlatformId",
}
"""Kinds of identity that only one person has. A name is shared by many and written in many ways; a course, a platform, a
product or a book is no person."""

_EVERYWHERE = frozenset({"emailAddress", "identifier", "nationalIdentityNumber"})
"""Those that are the same whoever writes them; the others an institution gives, and each may give the same to another."""


def subjects_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whom or what a credential is about."""
    return [one for one in listed(document.get("credentialSubject", [])) if isinstance(one, Mapping)]


def identities_of(subject: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What tells a subject from all other persons, each as an IdentityObject; its id comes first."""
    entries = listed(subject.get("identifier", []))[:MAX_IDENTITIES]
    named = [one for one in entries if isinstance(one, Mapping) and _is_of_a_person(one)]
    if isinstance(subject.get("id"), str):
        return [{"identityType": "identifier", "hashed": False, "identityHash": subject["id"]}, *named]
    return named


def _is_of_a_person(identity: Mapping[str, Any]) -> bool:
    """Whether it has a value, of a kind of `_OF_PERSONS` or one of the issuer's own."""
    kind, value = identity.get("identityType"), identity.get("identityHash")
    return (
        isinstance(kind, str)
        and (kind in _OF_PERSONS or kind.startswith("ext:"))
        and isinstance(value, str)
        and bool(value[:MAX_LETTERS].strip())
    )


def is_about(
    document: Mapping[str, Any], person: Mapping[str, Any], issuer: str | None = None
) -> bool | None:
    """Whether a credential is about a person: one of its subjects is enough.

    Args:
        document: the credential.
        person: a subject of another one, or an object with an id.
        issuer: of that other one; what an institution calls a person counts only between two of its own.

    Returns:
        ``None`` when it cannot be told.
    """
    subjects, comparison = subjects_of(document), _Comparison(own=issuer == issuer_of(document))
    answers = [comparison.same(subject, person) for subject in subjects[:MAX_SUBJECTS]]
    if True in answers:
        return True
    return None if not answers or None in answers or len(subjects) > MAX_SUBJECTS else False


def fits(identity: Mapping[str, Any], value: str) -> bool | None:
    """Whether an IdentityObject, hashed or not, is that of a value.

    Returns:
        ``None`` when it is hashed in a way that the standard does not know, or is too long to be hashed.
    """
    return _Comparison(own=True).fits(identity, value)


class _Comparison:
    """Compares identities, each value perhaps with many: what costs by its length is done once for it."""

    def __init__(self, *, own: bool) -> None:
        self._own = own
        self._plain, self._begun = cache(_plain), cache(_begun)

    def same(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool | None:
        """Two ids decide. Without them one identity that fits is enough; ``None`` when there are no two of a kind."""
        if isinstance(one.get("id"), str) and isinstance(other.get("id"), str):
            return bool(one["id"] == other["id"])
        answers = {
            self.agree(first, second)
            for first, second in product(identities_of(one), identities_of(other))
            if first.get("identityType") == second.get("identityType")
            and (self._own or first.get("identityType") in _EVERYWHERE)
        }
        return True if True in answers else False if False in answers else None

    def agree(self, first: Mapping[str, Any], second: Mapping[str, Any]) -> bool | None:
        """Whether two identities of a kind are equal; ``None`` when both are hashed, each in its own way."""
        if second.get("hashed") is not True:
            return self.fits(first, str(second.get("identityHash")))
        if first.get("hashed") is not True:
            return self.fits(second, str(first.get("identityHash")))
        ways = [(str(one.get("salt", "")), *_hash(one)) for one in (first, second)]
        return ways[0] == ways[1] if ways[0][:2] == ways[1][:2] else None

    def fits(self, identity: Mapping[str, Any], value: str) -> bool | None:
        """As `fits`."""
        email = identity.get("identityType") == "emailAddress"
        if identity.get("hashed") is not True:
            given = str(identity.get("identityHash"))
            if max(len(given), len(value)) > MAX_LETTERS:
                return given == value
            return bool(self._plain(given, email) == self._plain(value, email))
        (name, digest), salt = _hash(identity), str(identity.get("salt", ""))
        if name not in {"sha256", "md5"} or len(value) + len(salt) > MAX_LETTERS:
            return None
        return any(_finished(begun, salt) == digest for begun in self._begun(name, value, email))


def _hash(identity: Mapping[str, Any]) -> tuple[str, str]:
    """The name of the hash function, and the hash in hexadecimal."""
    name, _, digest = str(identity.get("identityHash")).partition("$")
    return name, digest.lower()


def _plain(value: str, email: bool) -> str:  # noqa: FBT001 - it is remembered by position
    """A value without what makes no difference."""
    return value.strip().lower() if email else value.strip()


def _begun(name: str, value: str, email: bool) -> list[Any]:  # noqa: FBT001 - it is remembered by position
    """Hashes of a value that still lack their salt: of an e-mail address as it is written, and in small letters."""
    return [
        hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False)
        for text in ({value, value.lower()} if email else {value})
    ]


def _finished(begun: Any, salt: str) -> str:  # noqa: ANN401 - hashlib names no type of its own
    """A hash in hexadecimal, salt and all."""
    whole = begun.copy()
    whole.update(salt.encode("utf-8", "surrogatepass"))
    return str(whole.hexdigest())
