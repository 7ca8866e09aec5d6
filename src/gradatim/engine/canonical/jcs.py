"""JSON Canonicalization Scheme: one text for one JSON value.

Spec: RFC 8785.
"""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import Any

from gradatim.engine.errors import InputError


def canonicalize(value: Any) -> bytes:  # noqa: ANN401 - a JSON value
    """The canonical UTF-8 text of a JSON value.

    Raises:
        InputError: ``parse`` for what JSON has no way to say and numbers that a double cannot hold, ``encoding`` for
            lone surrogates.
    """
    pieces: list[str] = []
    _write(value, pieces)
    try:
        return "".join(pieces).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(
            "encoding", "The text holds half a character (a lone surrogate).", "RFC 8785, 3.2.2.2"
        ) from None


def _write(value: Any, pieces: list[str]) -> None:  # noqa: ANN401 - a JSON value
    if isinstance(value, str):
        pieces.append(encode_basestring(value))
    elif value is None or isinstance(value, bool):
        pieces.append("null" if value is None else "true" if value else "false")
    elif isinstance(value, int | float):
        pieces.append(number(value))
    elif isinstance(value, dict):
        opening = "{"
        for key in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass")):
            pieces.append(f"{opening}{encode_basestring(key)}:")
            _write(value[key], pieces)
            opening = ","
        pieces.append("{}" if opening == "{" else "}")
    elif isinstance(value, list | tuple):
        opening = "["
        for entry in value:
            pieces.append(opening)
            _write(entry, pieces)
            opening = ","
        pieces.append("[]" if opening == "[" else "]")
    else:
        raise InputError("parse", f"A {type(value).__name__} is no JSON value.", "RFC 8259, 3")


def number(value: float) -> str:
    """A number as ECMAScript writes it (RFC 8785, 3.2.2.3).

    Raises:
        InputError: ``parse``, for NaN, infinities, and integers that a double would round to others: what is read would
            not be what is signed.
    """
    try:
        text = _double(float(value)) if math.isfinite(value) else ""
    except OverflowError:
        text = ""
    if not text or (float(value) != value and text != str(value)):
        raise InputError(
            "parse", "It holds a number that not every program reads alike.", "RFC 8785, 3.2.2.3"
        )
    return text


def _double(value: float) -> str:
    """A finite double by ECMAScript's Number::toString."""
    if value == 0:
        return "0"
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    exponent = int(power or 0) + len(whole)
    digits = whole + fraction
    exponent -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= exponent <= 21:  # noqa: PLR2004 - ECMAScript, Number::toString
        return sign + digits.ljust(exponent, "0")
    if 0 < exponent <= 21:  # noqa: PLR2004 - as above
        return f"{sign}{digits[:exponent]}.{digits[exponent:]}"
    if -6 < exponent <= 0:  # noqa: PLR2004 - as above
        return f"{sign}0.{'0' * -exponent}{digits}"
    tail = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{sign}{tail}e{'+' if exponent > 0 else '-'}{abs(exponent - 1)}"
