"""RDF literals as canonical N-Quads write them: texts, texts with a language, numbers.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 5; JSON-LD 1.1 Processing Algorithms and API, 8.2.2 and 8.6.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from gradatim.engine.errors import InputError, TermError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
I18N = "https://www.w3.org/ns/i18n#"
MAX_INTEGER = 2**53 - 1  # beyond it programs read different numbers
NO_INTEGER = 1e21  # from here on JSON-LD writes every number with an exponent

_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")


def literal(text: str, datatype: str | None = None, language: str | None = None) -> str:
    """A literal.

    Raises:
        InputError: as `quoted`.
    """
    return f"{quoted(text)}@{language}" if language else quoted(text) + suffix(datatype)


def quoted(text: str) -> str:
    """A text in quotation marks, escaped.

    Raises:
        InputError: ``encoding``, for half a character (a lone surrogate), and for U+FFFE and U+FFFF, which libraries
            write in two ways.
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def escaped(text: str) -> str:
    """As `quoted`, without the quotation marks."""
    return _ESCAPED.sub(_escape, text)


def suffix(datatype: str | None) -> str:
    """What follows the quoted text of a literal of this datatype."""
    return "" if datatype is None or datatype == f"{XSD}string" else f"^^<{datatype}>"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character >= "\ud800":
        raise InputError(
            "encoding", f"U+{ord(character):04X} alone is no character; take it out.", "RFC 7493, 2.1"
        )
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def text(value: Mapping[str, Any], path: str) -> str:
    """A language object: a text with its language and, if given, its direction.

    Directions are signed as i18n datatypes, as the issuing libraries in use sign them.

    Raises:
        TermError: ``term-dropped``, for anything that would be lost.
    """
    words, language, direction = value["@value"], value.get("@language", ""), value.get("@direction")
    if not (value.keys() <= {"@value", "@language", "@direction"} and isinstance(words, str)):
        raise TermError(
            "term-dropped",
            f"{path}: a text with a language has @value, @language and @direction and nothing that would be lost.",
            "JSON-LD 1.1, 9.5",
            path,
        )
    if not isinstance(language, str) or ("@language" in value and not _LANGUAGE.match(language)):
        raise TermError("term-dropped", f"{path}: {language!r} is no language tag.", "BCP 47, 2.1", path)
    language = language.lower()
    if "@direction" not in value:
        return literal(words, None, language)
    if direction not in ("ltr", "rtl"):
        raise TermError(
            "term-dropped", f"{path}: a direction is ltr or rtl, not {direction!r}.", "JSON-LD 1.1, 9.5", path
        )
    return literal(words, f"{I18N}{language}_{direction}")


def number(value: Any, datatype: str | None, path: str) -> str:  # noqa: ANN401 - a JSON value
    """A number: whole ones as integers, others in the canonical form of ``xsd:double``.

    Raises:
        InputError: ``parse``, for whole numbers that not every program can hold, and for what is no number.
    """
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise InputError(
            "parse", f"{path}: a {type(value).__name__} is no value of JSON here.", "RFC 8259, 6"
        )
    if abs(value) > MAX_INTEGER and (isinstance(value, int) or abs(value) < NO_INTEGER):
        raise InputError(
            "parse", f"{path}: the number is too large to be read exactly by every program.", "RFC 7493, 2.2"
        )
    if abs(value) <= MAX_INTEGER and value == int(value) and datatype != f"{XSD}double":
        return literal(str(int(value)), datatype or f"{XSD}integer")
    mantissa, exponent = f"{value + 0.0:.15E}".split("E")
    mantissa = mantissa.rstrip("0")
    return literal(
        f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}", datatype or f"{XSD}double"
    )
