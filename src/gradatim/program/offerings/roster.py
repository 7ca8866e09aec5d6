"""Reading a roster: CSV or a spreadsheet in, rows with reasons out. Nothing is stored here."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import spreadsheet

MAX_ROWS = 10_000
MAX_FIELD = 1_000  # characters
MAX_BYTES = 5 * 1024 * 1024
PATIENCE = 3 * spreadsheet.SECONDS  # until a spreadsheet is read, on a machine that has more to do
LONGEST = {
    "number": 64,
    "legal_name": 200,
    "chosen_name": 200,
    "school_email": 254,
    "private_email": 254,
}  # characters, as the table has it
COLUMNS = {
    "number": (
        "id",
        "number",
        "student id",
        "student number",
        "learner id",
        "sis id",
        "staff id",
        "sourced id",
    ),
    "legal_name": ("legal name", "name", "full name", "student name"),
    "chosen_name": ("chosen name", "preferred name"),
    "school_email": ("school address", "school email", "school e-mail", "email", "e-mail"),
    "private_email": ("private address", "private email", "private e-mail", "personal email"),
    "term": ("term",),
    "section": ("section", "class", "group"),
    "directory_hold": ("directory hold", "hold", "ferpa hold"),
    "minor": ("minor", "under 18"),
}
"""Our name of each column, and what it may be called in a file (letter case, dashes and underscores do not matter)."""

REQUIRED = {"number": "id", "legal_name": "legal name"}
TEMPLATE = "id,legal name,chosen name,school address,private address,term,section,directory hold,minor\r\n"
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}
_DELIMITERS = (",", ";", "\t")


@dataclass(slots=True)
class Row:
    """One line of a roster, and what is wrong with it."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    @property
    def hold(self) -> bool:
        """Whether the file says directory hold."""
        return self.values.get("directory_hold", "").lower() in _YES

    @property
    def minor(self) -> bool:
        """Whether the file says minor."""
        return self.values.get("minor", "").lower() in _YES


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a roster file.

    Args:
        name: of the file; only its ending counts.
        content: CSV in UTF-8 (comma, semicolon or tab), XLSX, XLS or ODS.

    Returns:
        Every row with its line number, its values by our column names, and the reasons why it cannot be taken.

    Raises:
        Refused: ``too-large``, ``encoding``, ``parse``, ``header-missing``, ``header-duplicate`` or ``no-rows``.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "too-large",
            _("The file has more than 5 MiB; a roster has at most %(n)s rows.") % {"n": f"{MAX_ROWS:,}"},
            field="file",
        )
    if not content.strip():
        raise Refused("parse", _("The file is empty."), field="file")
    spreadsheet = name.lower().endswith((".xlsx", ".xls", ".ods"))
    lines = _spreadsheet(content) if spreadsheet else _csv(content)
    return _rows(lines)


def _spreadsheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    words = [
        sys.executable,
        "-P",
        spreadsheet.__file__,
        str(MAX_ROWS + 2),
    ]  # header, rows, and one that is too many
    try:
        done = subprocess.run(words, input=content, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603 - our own program; what was sent is only read by it
    except subprocess.SubprocessError:
        raise Refused(
            "parse",
            _(
                "The spreadsheet cannot be read: it is damaged, or a cell stands far away from the others. Save it as CSV and "
                "try again."
            ),
            field="file",
        ) from None
    yield from json.loads(done.stdout)


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if content[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise Refused(
            "parse",
            _("This is a spreadsheet, not CSV. Give it its own ending (.xlsx), or save it as CSV."),
            field="file",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused(
            "encoding",
            _("Line %(line)d is not UTF-8. Save the file as “CSV UTF-8” and try again.") % {"line": line},
            field="file",
        ) from None
    if not text.strip():
        raise Refused("parse", _("The file is empty."), field="file")
    if "\0" in text:
        raise Refused("parse", _("The file holds zero bytes; it is no CSV."), field="file")
    head = text.splitlines()[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    try:
        for cells in reader:
            yield started, cells
            started = reader.line_num + 1
    except csv.Error as error:
        why = _("a quote is opened there and never closed, or stands in the wrong place")
        raise Refused(
            "parse",
            _("Line %(line)d cannot be read: %(why)s (%(error)s).")
            % {"line": started, "why": why, "error": error},
            field="file",
        ) from None


def _rows(lines: Iterable[tuple[int, list[str]]]) -> list[Row]:
    found: list[Row] = []
    columns: list[str | None] | None = None
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _header(cells)
            continue
        if len(found) >= MAX_ROWS:
            raise Refused(
                "too-large",
                _("A roster has at most %(n)s rows. Split the file.") % {"n": f"{MAX_ROWS:,}"},
                field="file",
            )
        found.append(_row(number, columns, cells))
    if not found:
        raise Refused("no-rows", _("The file has a header and no rows."), field="file")
    _mark_doubles(found)
    return found


def _header(cells: list[str]) -> list[str | None]:
    names = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
    columns = [names.get(re.sub(r"[\s_]+", " ", cell.strip().lower())) for cell in cells]
    for ours in COLUMNS:
        if columns.count(ours) > 1:
            raise Refused(
                "header-duplicate",
                _("The column “%(name)s” stands twice.") % {"name": COLUMNS[ours][0]},
                field="file",
            )
    missing = [words for ours, words in REQUIRED.items() if ours not in columns]
    if missing:
        raise Refused(
            "header-missing",
            _("The first line has to name the columns; missing: %(names)s. The template shows all of them.")
            % {"names": ", ".join(missing)},
            field="file",
        )
    return columns


def _row(number: int, columns: list[str | None], cells: list[str]) -> Row:
    row = Row(number)
    if len(cells) != len(columns):
        row.reasons.append(
            _("It has %(n)d fields, the header has %(m)d.") % {"n": len(cells), "m": len(columns)}
        )
    for column, cell in zip(columns, cells, strict=False):
        value = unicodedata.normalize("NFC", cell.strip())
        if column is None:
            continue
        longest = LONGEST.get(column, MAX_FIELD)
        if len(value) > longest:
            row.reasons.append(
                _("The field “%(name)s” is longer than %(n)d characters.")
                % {"name": COLUMNS[column][0], "n": longest}
            )
            value = value[:50]
        hidden = [c for c in value if unicodedata.category(c) in {"Cf", "Cc", "Co", "Cs"}]
        if hidden:
            codes = ", ".join(f"U+{ord(c):04X}" for c in hidden[:3])
            row.reasons.append(
                _("The field “%(name)s” holds hidden characters: %(codes)s.")
                % {"name": COLUMNS[column][0], "codes": codes}
            )
        row.values[column] = value
    _check(row)
    return row


def _check(row: Row) -> None:
    for column, words in REQUIRED.items():
        if not row.values.get(column):
            row.reasons.append(_("“%(name)s” is missing.") % {"name": words})
    for column in ("school_email", "private_email"):
        value = row.values.get(column, "")
        if value:
            try:
                validate_email(value)
            except ValidationError:
                row.reasons.append(_("“%(value)s” is no e-mail address.") % {"value": value})
    for column in ("directory_hold", "minor"):
        if row.values.get(column, "").lower() not in _YES | _NO:
            row.reasons.append(_("“%(name)s” has to be yes or no.") % {"name": COLUMNS[column][0]})


def _mark_doubles(rows: list[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        key = row.values.get("number", "").lower()
        if key and key in seen:
            row.reasons.append(_("The id stands in line %(line)d already.") % {"line": seen[key]})
        elif key:
            seen[key] = row.line
