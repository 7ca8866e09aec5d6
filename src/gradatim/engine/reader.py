"""The strict JSON reader: what two programs could read differently is not taken in.

Spec: RFC 8259; I-JSON (RFC 7493), 2.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import orjson

from gradatim.engine.errors import InputError

MAX_BYTES = 1024 * 1024  # of a document
MAX_DEPTH = 64  # nested objects and lists
MAX_VALUES = 100_000  # objects, members and list entries together, counted by their separators
MAX_DIGITS = 400  # of a number

_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SURROGATE = re.compile("[\ud800-\udfff]")
# A string that never ends runs to the end of the text: looking for its end again from every quote inside would take for ever.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_STRINGS = re.compile(_STRING, re.DOTALL)
_BRACKETS = re.compile(_STRING + rb"|[\[\]{}]", re.DOTALL)
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % MAX_DIGITS)
_STRIDE = MAX_DIGITS // 4
_PERHAPS_LONG = re.compile(
    rb"[0-9]{4}"
)  # in every `_STRIDE`th byte: a long number is met four times in a row


def read_json(data: bytes, *, limit: int = MAX_BYTES, values: int = MAX_VALUES) -> Any:  # noqa: ANN401 - a JSON value
    """Read one JSON value, strictly.

    Args:
        data: UTF-8, with or without a byte-order mark.
        limit: at most so many bytes.
        values: at most so many objects, members and list entries.

    Returns:
        The value; objects as dicts in the order of the text.

    Raises:
        InputError: ``too-large``, ``too-deep``, ``encoding`` (not UTF-8, lone surrogates), ``duplicate-key`` or
            ``parse`` with line and column.
    """
    if len(data) > limit:
        raise InputError("too-large", f"The document has {len(data):,} bytes; at most {limit:,} are read.")
    if data.startswith(_BOMS):
        raise InputError("encoding", "The document is written in UTF-16; it must be UTF-8.", "RFC 8259, 8.1")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    value = _usual(data, values)
    if value is not None:
        return value
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("encoding", f"Byte {error.start + 1} is not UTF-8.", "RFC 8259, 8.1") from None
    _check_size(data, values)
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        what = "The document is empty" if not text.strip() else error.msg
        raise InputError(
            "parse", f"Not JSON at line {error.lineno}, column {error.colno}: {what}.", "RFC 8259"
        ) from None
    if "\\u" in text and _has_surrogate(value):
        raise InputError("encoding", "The text holds half a character (a lone surrogate).", "RFC 7493, 2.1")
    return value


def _usual(data: bytes, values: int) -> Any:  # noqa: ANN401 - a JSON value
    """A value whose text is the one way to write it: nothing stands twice, and no number or letter can be read otherwise.

    Any other text, and every bad one, is left to the reader that can say what is wrong.
    """
    if len(data) > values and _separators(data) > values:
        return None
    if b'": ' in data[:100]:  # written with spaces
        return None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _deeper(value, MAX_DEPTH):
        return None
    return value if orjson.dumps(value) == data else None


def _deeper(value: Any, levels: int) -> bool:  # noqa: ANN401 - a JSON value
    """Whether objects and lists stand in each other more than so many levels deep."""
    level = [value]
    for _ in range(levels + 1):
        level = [one for one in level if type(one) is dict or type(one) is list]
        if not level:
            return False
        level = [inner for one in level for inner in (one.values() if type(one) is dict else one)]
    return True


def read_object(data: bytes, *, limit: int = MAX_BYTES) -> dict[str, Any]:
    """Read one JSON object, strictly.

    Raises:
        InputError: as `read_json`; ``type`` when the value is no object.
    """
    value = read_json(data, limit=limit)
    if isinstance(value, list):
        raise InputError("type", "This is a list; one credential is expected. Check its entries one by one.")
    if not isinstance(value, dict):
        raise InputError("type", "This is JSON, but not an object; a credential is expected.")
    return value


def write_json(value: Any) -> bytes:  # noqa: ANN401 - a JSON value
    """A JSON value as compact UTF-8, members in their order.

    Raises:
        TypeError, ValueError: it holds something that is not JSON, or text that is no text.
    """
    try:
        return orjson.dumps(value)
    except TypeError:  # whole numbers beyond 64 bits, or nothing that is JSON
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _separators(data: bytes) -> int:
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _check_size(data: bytes, values: int) -> None:
    """Depth, number of values and digits, before any of it is built."""
    if len(data) > values and _separators(data) > values:
        raise InputError("too-large", f"The document has more than {values:,} values.")
    if (
        _PERHAPS_LONG.search(data[::_STRIDE])
        and _LONG_NUMBER.search(data)
        and _LONG_NUMBER.search(_STRINGS.sub(b'""', data))
    ):
        raise InputError("parse", f"A number of more than {MAX_DIGITS} digits is not read.")
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _BRACKETS.finditer(data):
        first = token[0][0]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InputError("too-deep", f"The document is nested more than {MAX_DEPTH} deep.")
        elif first in b"]}":
            depth -= 1


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise InputError("duplicate-key", f"The key {twice!r} stands twice in one object.", "RFC 7493, 2.3")
    return found


def _constant(name: str) -> float:
    raise InputError("parse", f"{name} is no JSON number.", "RFC 8259, 6")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise InputError("parse", f"The number {text[:40]} is too large to be read exactly.", "RFC 7493, 2.2")
    return value


_decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float)


def _has_surrogate(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_SURROGATE.search(k) or _has_surrogate(v) for k, v in value.items())
    return isinstance(value, list) and any(_has_surrogate(v) for v in value)
