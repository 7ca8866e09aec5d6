"""A table with a header, read row by row and strictly: a refusal names the line.

Spec: RFC 4180 (also with semicolons or tabs between the fields).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradatim.engine.errors import Error, InputError, LimitError, ShapeError
from gradatim.engine.framework.shape import MAX_BYTES, MAX_TEXT

MAX_ROWS = 20_000
MAX_FIELD = 2 * MAX_TEXT  # letters; a list of other names may be long

_DELIMITERS = (",", ";", "\t")
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how spreadsheets begin
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff\u2060"))  # no width and no meaning: dropped
# what would show a text in another order than it is read, and control characters other than tab and line breaks
_SUSPICIOUS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the header is line 1), and its values by column name."""

    line: int
    values: Mapping[str, str]

    def get(self, name: str, *, longest: int = MAX_TEXT) -> str:
        """A value, trimmed.

        Raises:
            LimitError: ``too-large``, when it is longer than so many letters.
        """
        value = self.values.get(name, "")
        if len(value) > longest:
            raise LimitError(
                "too-large",
                f"Line {self.line}, “{name}”: {len(value):,} letters; at most {longest:,} are read.",
            )
        return value


def refuse(line: int, column: str, what: str, code: str = "row-invalid") -> Error:
    """The refusal of one row."""
    return ShapeError(code, f"Line {line}, “{column}”: {what}")


def header(data: bytes) -> list[str]:
    """The column names of a table, as they stand: those of the first row that is not empty.

    Raises:
        InputError: ``parse``, ``encoding`` or ``too-large``.
    """
    filled = (cells for _line, cells in _lines(data) if any(map(str.strip, cells)))
    return [cell.strip() for cell in next(filled, [])]


def rows(
    data: bytes, names: Mapping[str, Sequence[str]], *, required: Sequence[str], quoted: bool = True
) -> Iterator[Row]:
    """The rows of a table, one at a time.

    Args:
        data: UTF-8, with or without a byte-order mark; fields separated by comma, semicolon or tab.
        names: our name of each column, and what it may be called in the file (letter case, spaces, dashes and
            underscores do not matter). Other columns are left out.
        required: columns that have to be there (their cells may be empty).
        quoted: whether a quotation mark opens a quoted field.

    Yields:
        Rows that are not empty.

    Raises:
        InputError: ``parse`` or ``encoding``, with the line; ``too-large``.
        ShapeError: ``header-missing``, ``header-duplicate``, ``no-rows``; ``row-invalid`` or ``suspicious-text``, with the line.
    """
    columns: list[str | None] | None = None
    count = 0
    for line, cells in _lines(data, quoted=quoted):
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells, names, required)
            continue
        count += 1
        if count > MAX_ROWS:
            raise LimitError(
                "too-large", f"The file has more than {MAX_ROWS:,} rows; at most so many are read. Split it."
            )
        yield _row(line, cells, columns)
    if not count:
        raise ShapeError("no-rows", "The file has a header and no rows.")


def _row(line: int, cells: list[str], columns: list[str | None]) -> Row:
    if len(cells) != len(columns):
        raise ShapeError(
            "row-invalid",
            f"Line {line} has {len(cells)} fields, the header has {len(columns)}. Put quotation marks around a field that holds the separator.",
        )
    values = {}
    for name, cell in zip(columns, cells, strict=True):
        if name is None:
            continue
        found = _SUSPICIOUS.search(cell)
        if found:
            raise refuse(
                line,
                name,
                f"it holds the hidden character U+{ord(found[0]):04X}. Type the text anew.",
                "suspicious-text",
            )
        values[name] = cell.translate(_INVISIBLE).strip()
    return Row(line, values)


def _columns(
    cells: list[str], names: Mapping[str, Sequence[str]], required: Sequence[str]
) -> list[str | None]:
    ours = {plain(alias): name for name, aliases in names.items() for alias in (name, *aliases)}
    columns = [ours.get(plain(cell)) for cell in cells]
    for name in names:
        if columns.count(name) > 1:
            raise ShapeError("header-duplicate", f"Line 1: the column “{_said(name, names)}” stands twice.")
    missing = [_said(name, names) for name in required if name not in columns]
    if missing:
        raise ShapeError(
            "header-missing",
            f"Line 1 has to name the columns; missing: {', '.join(missing)}. It names: {', '.join(cells)[:200]}.",
        )
    return columns


def _said(name: str, names: Mapping[str, Sequence[str]]) -> str:
    return names[name][0] if names[name] else name


def plain(name: str) -> str:
    """A column name without what does not matter."""
    return re.sub(r"[^0-9a-z]+", "", name.lower())


def _lines(data: bytes, *, quoted: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on."""
    text = _text(data)
    head = next(line for line in io.StringIO(text) if line.strip())
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=max(_DELIMITERS, key=head.count),
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    started = 1
    try:
        for cells in reader:
            yield started, cells
            started = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise LimitError(
                "too-large", f"Line {started} has a field of more than {MAX_FIELD:,} letters."
            ) from None
        raise InputError(
            "parse",
            f"Line {started} cannot be read: a quotation mark is opened there and never closed, or stands in the wrong place.",
            "RFC 4180, 2",
        ) from None


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise InputError("too-large", f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    if data.startswith(_BOOKS):
        raise InputError(
            "parse", "This is a spreadsheet, not CSV. Save it as “CSV UTF-8” and choose that file."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            "encoding", f"Line {line} is not UTF-8. Save the file as “CSV UTF-8” and choose it again."
        ) from None
    if not text.strip():
        raise InputError("parse", "The file is empty.")
    if "\0" in text:
        raise InputError(
            "parse",
            f"Line {text[: text.index(chr(0))].count(chr(10)) + 1} holds a zero byte; this is no table.",
        )
    return text
