"""How keys, signatures and times are written as text.

Spec: Controlled Identifiers 1.0, 2.4 Multibase; RFC 4648, 5; XML Schema 1.1 dateTimeStamp.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import pybase64

from gradatim.engine.errors import InputError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LETTERS = _ALPHABET.encode().ljust(256)
_NONE = 255
_DIGITS = bytes(
    _ALPHABET.index(letter) if (letter := chr(code)) in _ALPHABET else _NONE for code in range(256)
)
_ROW = 128
_OF_A_ROW = 58**_ROW
_JOINS = [  # how wide the places are of which two are joined, the second of each two, what the first one counts
    (8 * width, int.from_bytes((b"\0" * width + b"\xff" * width) * (_ROW // width // 2), "big"), 58**width)
    for width in (1, 2, 4, 8, 16, 32, 64)
]
_LANE = 16  # digits
_OF_A_LANE = 58**_LANE


def _split(digits: int) -> tuple[int, int, int, int]:
    """How numbers of twice as many digits, side by side, are parted in the middle.

    Returns:
        What they are multiplied with and shifted by instead of being divided, what of that is the first half, and what
        sets it before the second. Each digit has 16 bits of room, so that no product reaches into the next number.
    """
    power, room = 58**digits, 16 * digits
    bits = (power**3).bit_length()
    kept = sum((2 ** power.bit_length() - 1) << 2 * room * place for place in range(_ROW // digits // 2))
    return -(-(2**bits) // power), bits, kept, 2**room - power


_SPLITS = [_split(digits) for digits in (8, 4, 2, 1)]
_URL = b"-_"  # the two letters in which base64url differs
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
_STAMP = re.compile(
    r"(-?(?:[1-9]\d{3,}|0\d{3}))-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII
)
_USUAL = len("2026-05-30T12:00:00Z")
_LONGEST = 64  # characters of a date and time
BASE58_LIMIT = 1024  # characters; decoding is quadratic, and no key or signature is longer


def base58_encode(data: bytes) -> str:
    """Bytes as base58btc (Bitcoin alphabet), without a multibase letter."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number, digits = int.from_bytes(data, "big"), b""
    while number:
        number, row = divmod(number, _OF_A_ROW)
        digits = _digits(row) + digits
    return "1" * zeros + digits.translate(_LETTERS).decode().lstrip("1")


def _digits(number: int) -> bytes:
    """A number as `_ROW` digits: lanes of 16 of them are parted in the middle, all at once, and the halves again."""
    lanes = place = 0
    while number:
        number, lane = divmod(number, _OF_A_LANE)
        lanes |= lane << place
        place += 16 * _LANE
    for factor, bits, kept, rest in _SPLITS:
        lanes += (lanes * factor >> bits & kept) * rest
    return lanes.to_bytes(2 * _ROW, "big")[1::2]


def base58_decode(text: str) -> bytes:
    """The bytes of a base58btc text.

    Raises:
        InputError: ``encoding``, for another letter or more than `BASE58_LIMIT` of them.
    """
    if len(text) > BASE58_LIMIT:
        raise InputError(
            "encoding", f"A base58 text of {len(text)} characters is longer than any key or signature."
        )
    digits = text.encode("ascii", "replace").translate(_DIGITS)
    if _NONE in digits:
        raise InputError("encoding", f"{text[digits.index(_NONE)]!r} is no base58btc character.")
    odd = len(digits) % _ROW
    number = _number(digits[:odd])
    for start in range(odd, len(digits), _ROW):
        number = number * _OF_A_ROW + _number(digits[start : start + _ROW])
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _number(digits: bytes) -> int:
    """At most `_ROW` digits as a number: all neighbours are joined at once, then all pairs of these, and so on."""
    number = int.from_bytes(digits, "big")
    for bits, mask, power in _JOINS:
        number = (number >> bits & mask) * power + (number & mask)
    return number


def base64url_encode(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return pybase64.b64encode_as_string(data, _URL).rstrip("=")


def base64url_decode(text: str) -> bytes:
    """The bytes of a base64url text without padding; exactly one text stands for given bytes.

    Raises:
        InputError: ``encoding``, for padding, white space, other letters, or spare bits that are not zero.
    """
    if "+" not in text and "/" not in text:  # the library takes them for what - and _ are
        try:
            data = pybase64.b64decode(text + "==="[: -len(text) % 4], _URL, True)
            if base64url_encode(data) == text:
                return data
        except ValueError:
            pass  # why not is said below
    if not _BASE64URL.match(text) or len(text) % 4 == 1:
        raise InputError("encoding", "This is no base64url text without padding (RFC 4648, 5).")
    raise InputError("encoding", "The spare bits of the last base64url character are not zero.")


def multibase_encode(data: bytes) -> str:
    """Bytes as multibase base58btc (``z…``)."""
    return "z" + base58_encode(data)


def multibase_decode(text: str) -> bytes:
    """The bytes of a multibase text in base58btc (``z``) or base64url (``u``).

    Raises:
        InputError: ``encoding``, for another base or a damaged text.
    """
    if text[:1] == "z":
        return base58_decode(text[1:])
    if text[:1] == "u":
        return base64url_decode(text[1:])
    raise InputError("encoding", "A multibase value starts with z (base58btc) or u (base64url).")


def parse_datetime(text: object) -> datetime:
    """An XML Schema dateTimeStamp as an instant in UTC; the time zone is required.

    Raises:
        InputError: ``parse``, when it is no such text or no such day exists.
    """
    if isinstance(text, str) and len(text) == _USUAL:
        moment = _usual(text)
        if moment is not None:
            return moment
    match = _STAMP.match(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if not match:
        raise InputError(
            "parse", f"{text!r:.100s} is no date and time with a time zone, such as 2026-05-30T12:00:00Z."
        )
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    fraction = int((match[7] or ".0")[1:].ljust(6, "0")[:6])
    zone = match[8]
    try:
        offset = UTC if zone == "Z" else timezone(_offset(zone))
        moment = datetime(year, month, day, 0, minute, second, fraction, tzinfo=offset) + timedelta(
            hours=hour
        )
        if hour > 24 or (hour == 24 and (minute or second or fraction)):  # noqa: PLR2004 - 24:00:00 is the day's end
            raise ValueError("hour")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("parse", f"{text!r} names a day or time that does not exist.") from None


@lru_cache(maxsize=1024)
def _usual(text: str) -> datetime | None:
    """A time in the usual form, in UTC to the second; ``None`` for all that has to be looked at more closely."""
    try:
        return datetime.fromisoformat(text) if text[4::3] == "--T::Z" else None
    except ValueError:  # 24:00:00, or no such day
        return None


def _offset(zone: str) -> timedelta:
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours * 60 + minutes > 14 * 60 or minutes > 59:  # noqa: PLR2004 - XML Schema: at most 14:00
        raise ValueError("zone")
    size = timedelta(hours=hours, minutes=minutes)
    return -size if zone[0] == "-" else size


def format_datetime(moment: datetime) -> str:
    """An instant as ``2026-05-30T12:00:00Z``, to the second, in UTC.

    Raises:
        ValueError: the instant has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return _written(moment)


@lru_cache(maxsize=1024)
def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"
