"""The few shapes of CBOR that selective disclosure needs, one text of bytes for each value.

Spec: RFC 8949, 4.2.1 Core Deterministic Encoding: whole numbers from 0, byte strings, texts, arrays, maps.
"""

from __future__ import annotations

from typing import Any

from gradatim.engine.errors import InputError

MAX_ITEMS = 20_000  # of one array or map
_MAX_DEPTH = 3
_NUMBER, _BYTES, _TEXT, _ARRAY, _MAP = 0, 2, 3, 4, 5


def encode(value: Any) -> bytes:  # noqa: ANN401 - any of the shapes named above
    """A value as CBOR.

    Raises:
        InputError: ``parse``, for a shape that is not among those.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return _head(_NUMBER, value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    if isinstance(value, list):
        return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        entries = sorted((encode(key), encode(entry)) for key, entry in value.items())
        return _head(_MAP, len(value)) + b"".join(key + entry for key, entry in entries)
    raise InputError("parse", f"A {type(value).__name__} is not written as CBOR here.", "RFC 8949, 3.1")


def decode(data: bytes) -> Any:  # noqa: ANN401 - any of the shapes named above
    """The one value of a CBOR text.

    Raises:
        InputError: ``parse``, for anything but the shortest way of writing those shapes, or for bytes left over.
    """
    value, end = _read(data, 0, 0)
    if end != len(data):
        raise _damaged()
    return value


def _head(major: int, size: int) -> bytes:
    if size < 24:  # noqa: PLR2004 - RFC 8949, 3: small sizes stand in the first byte
        return bytes([major << 5 | size])
    for extra, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if size < 1 << 8 * width:
            return bytes([major << 5 | extra]) + size.to_bytes(width, "big")
    raise InputError("parse", "The number is too large for CBOR.", "RFC 8949, 3")


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > _MAX_DEPTH:
        raise _damaged()
    major, size, at = _read_head(data, at)
    if major == _NUMBER:
        return size, at
    if major in {_BYTES, _TEXT}:
        piece = data[at : at + size]
        if len(piece) != size:
            raise _damaged()
        return piece if major == _BYTES else _text(piece), at + size
    if size > MAX_ITEMS or major not in {_ARRAY, _MAP}:
        raise _damaged()
    if major == _MAP:
        return _read_map(data, at, size, depth)
    found = []
    for _ in range(size):
        entry, at = _read(data, at, depth + 1)
        found.append(entry)
    return found, at


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Kind, size, and where the content begins."""
    if at >= len(data):
        raise _damaged()
    major, size, end = data[at] >> 5, data[at] & 31, at + 1
    if size >= 24:  # noqa: PLR2004 - as above
        end += 1 << (size - 24)
        size = int.from_bytes(data[at + 1 : end])
    if data[at:end] != _head(major, size):  # also what is reserved, or of no stated length
        raise _damaged()
    return major, size, end


def _read_map(data: bytes, at: int, size: int, depth: int) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    before = b""
    for _ in range(size):
        start = at
        key, at = _read(data, at, depth + 1)
        if isinstance(key, list | dict) or data[start:at] <= before:
            raise _damaged()
        before = data[start:at]
        found[key], at = _read(data, at, depth + 1)
    return found, at


def _text(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        raise _damaged() from None


def _damaged() -> InputError:
    return InputError(
        "parse", "The proof's value is damaged: it is no deterministic CBOR.", "RFC 8949, 4.2.1"
    )
