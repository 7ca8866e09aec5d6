"""Status lists: one bit for each credential, many credentials in one list.

Spec: Bitstring Status List v1.0, 2 Data Model and 3 Algorithms. Index 0 is the left-most bit of the first byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from zlib_ng import zlib_ng

from gradatim.engine import encoding
from gradatim.engine.errors import Error, LimitError, StatusError
from gradatim.engine.model.values import types_of

MINIMUM = 131_072  # entries: fewer would tell who is meant
MAX_BYTES = 4 * 1024 * 1024  # unfolded: 33 million entries of one bit
TTL = 60_000  # milliseconds a reader may keep a list
ENTRIES = frozenset({"BitstringStatusListEntry", "StatusList2021Entry"})
"""The types of entries that point to a bit; the second is the first one's forerunner and is only read."""
_LISTS = {
    "BitstringStatusListCredential": "BitstringStatusList",
    "StatusList2021Credential": "StatusList2021",
}
_OLD = "StatusList2021Credential"
_LEAST = MINIMUM // 8  # bytes
_EFFORT = 5  # of 9
_MEMORY = 9  # zlib: the most, 256 kB
_USUAL = 256 * 1024  # characters of a list whose bits are remembered
_SPEC = "Bitstring Status List v1.0"


def encode(bits: bytes) -> str:
    """``encodedList``: multibase base64url of the gzipped bits; the same bits give the same text.

    A list is written once and read many times. Of two hundred in ten thousand bits set, this gives a text that every reader
    unfolds in half the time of one of runs alone, for 7 % more bytes; more effort gains nothing.
    """
    folder = zlib_ng.compressobj(_EFFORT, zlib_ng.DEFLATED, 31, _MEMORY)
    return "u" + encoding.base64url_encode(folder.compress(bits) + folder.flush())


def decode(encoded: object, *, limit: int = MAX_BYTES, old: bool = False) -> bytes:
    """The bits of an ``encodedList``, unfolded to at most `limit` bytes.

    Args:
        encoded: as it stands in the list.
        limit: bytes.
        old: it is of a Status List 2021, whose text has no multibase letter (some have it all the same).

    Raises:
        StatusError: ``status-invalid``.
        LimitError: ``resource-limit``.
    """
    if isinstance(encoded, str) and len(encoded) <= _USUAL:
        return _decode_again(encoded, limit, old)
    return _decode(encoded, limit, old)


def _decode(encoded: object, limit: int, old: bool) -> bytes:  # noqa: FBT001 - as in `decode`
    bare = isinstance(encoded, str) and old and encoded[:4] == "H4sI"  # how every gzip begins in base64url
    if not isinstance(encoded, str) or not (bare or encoded[:1] == "u"):
        raise StatusError(
            "status-invalid",
            "The status list's encodedList does not start with the letter u.",
            f"{_SPEC}, 2.2",
        )
    try:
        folded = encoding.base64url_decode(encoded.rstrip("=") if bare else encoded[1:])
    except Error:
        raise StatusError(
            "status-invalid", "The status list's encodedList is no base64url text.", f"{_SPEC}, 2.2"
        ) from None
    inflater = zlib_ng.decompressobj(wbits=31)
    try:
        bits = inflater.decompress(folded, min(limit, _LEAST) + 1)
        if not inflater.eof and len(bits) <= limit:  # longer than most
            bits += inflater.decompress(inflater.unconsumed_tail, limit + 1 - len(bits))
    except zlib_ng.error:  # type: ignore[misc]  # its stub takes the class for an instance
        raise StatusError(
            "status-invalid",
            "The status list cannot be unfolded; ask its issuer to publish it anew, folded with gzip.",
            f"{_SPEC}, 3.3",
        ) from None
    if len(bits) > limit:
        raise LimitError(
            "resource-limit",
            f"The status list unfolds to more than {limit:,} bytes; it was given up.",
            f"{_SPEC}, 5.2",
        )
    if not inflater.eof or inflater.unused_data:
        raise StatusError(
            "status-invalid", "The status list is cut off or followed by other bytes.", f"{_SPEC}, 3.3"
        )
    return bits


_decode_again = lru_cache(maxsize=8)(_decode)  # the same list is asked for many credentials


def get(bits: bytes, index: int, size: int = 1) -> int:
    """The value at an index.

    Args:
        bits: from `decode`.
        index: from 0.
        size: bits an entry has, at least 1.

    Raises:
        StatusError: ``status-invalid``: a list of fewer than `MINIMUM` entries, or an index outside it.
        ValueError: a size below 1.
    """
    if size == 1 and index >= 0 and len(bits) >= _LEAST:
        try:
            byte = bits[index >> 3]
        except IndexError:
            pass  # why not is said below
        else:
            return byte and byte >> (~index & 7) & 1
    if size < 1:
        raise ValueError(f"an entry of {size} bits holds nothing")
    entries = len(bits) * 8 // size
    if entries < MINIMUM:
        raise StatusError(
            "status-invalid",
            f"STATUS_LIST_LENGTH_ERROR: the list has {entries:,} entries, fewer than {MINIMUM:,}.",
            f"{_SPEC}, 3.2",
        )
    if not 0 <= index < entries:
        raise StatusError(
            "status-invalid",
            f"RANGE_ERROR: index {index:,} is outside the list's {entries:,} entries.",
            f"{_SPEC}, 3.2",
        )
    first = index * size
    value = 0
    for position in range(first, first + size):
        value = value << 1 | (bits[position >> 3] >> (7 - (position & 7)) & 1)
    return value


def bits_of(indexes: Iterable[int], *, entries: int = MINIMUM) -> bytes:
    """A list in which the given indexes are set.

    Raises:
        ValueError: an index outside the list.
    """
    bits = bytearray(entries // 8)
    for index in indexes:
        if not 0 <= index < entries:
            raise ValueError(f"index {index} is outside a list of {entries}")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return bytes(bits)


def entry(list_url: str, *, index: int, purpose: str) -> dict[str, Any]:
    """The ``credentialStatus`` of a credential."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def credential(
    *, url: str, issuer: str, purpose: str, bits: bytes, valid_from: datetime, ttl: int = TTL
) -> dict[str, Any]:
    """The list as an unsigned credential.

    Args:
        url: where it is served; also its id.
        issuer: the identifier that signs it.
        purpose: ``"revocation"`` or ``"suspension"``.
        bits: from `bits_of`.
        valid_from: of this edition; a later edition has a later one.
        ttl: milliseconds a reader may keep it.
    """
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": encoding.format_datetime(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(bits),
            "ttl": ttl,
        },
    }


def check(listed: Mapping[str, Any]) -> None:
    """Hold a list that is about to be signed against what every verifier needs of it.

    Raises:
        StatusError: ``status-invalid``; LimitError: ``resource-limit``.
    """
    subject = listed.get("credentialSubject")
    wrong = None
    if not isinstance(subject, Mapping) or "BitstringStatusList" not in types_of(subject):
        wrong = "its credentialSubject has to be of the type BitstringStatusList"
    elif not isinstance(subject.get("statusPurpose"), str | list):
        wrong = "it has to say its statusPurpose, for example revocation"
    elif type(subject.get("ttl", TTL)) is not int or subject.get("ttl", TTL) < 1:
        wrong = "its ttl has to be a whole number of milliseconds"
    elif len(decode(subject.get("encodedList"))) < _LEAST:
        wrong = f"with fewer than {MINIMUM:,} entries it would tell who is meant; make it longer"
    if wrong is not None:
        raise StatusError("status-invalid", f"This status list cannot be issued: {wrong}.", f"{_SPEC}, 2.2")


def subject_of(listed: Mapping[str, Any], *, url: str, purpose: str) -> Mapping[str, Any]:
    """The list's subject, after checking that it is the list that was asked for, with the purpose that was named.

    Raises:
        StatusError: ``status-invalid``.
    """
    subject = listed.get("credentialSubject")
    kinds = {_LISTS[name] for name in types_of(listed) if name in _LISTS}
    if not isinstance(subject, Mapping) or not kinds & set(types_of(subject)):
        raise StatusError("status-invalid", "The answer is no Bitstring Status List.", f"{_SPEC}, 2.2")
    if listed.get("id") != url:
        raise StatusError(
            "status-invalid", "The list's id is another address than the one that was asked.", f"{_SPEC}, 3.2"
        )
    purposes = _several(subject.get("statusPurpose"))
    if purpose not in purposes:
        raise StatusError(
            "status-invalid",
            f"The list is for {str(purposes[:9])[:200]}, the credential asks for {purpose[:200]}.",
            f"{_SPEC}, 3.2",
        )
    return subject


def is_old(listed: Mapping[str, Any]) -> bool:
    """Whether a list is a Status List 2021."""
    return _OLD in types_of(listed)


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
