"""ESCO: the table of skills of the European classification, as its portal hands it out.

Spec: ESCO 1.2 download, ``skills_<language>.csv``, alone or in the archive with ``skillGroups`` and ``broaderRelationsSkillPillar``.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from gradatim.engine.errors import InputError, LimitError
from gradatim.engine.framework import table
from gradatim.engine.framework.shape import (
    MAX_BYTES,
    MAX_LABELS,
    MAX_NAME,
    MAX_URI,
    MAX_WORD,
    About,
    Association,
    Framework,
    Item,
    check,
    identifier_of,
    link,
)

SCHEME = "http://data.europa.eu/esco/concept-scheme/skills"
COLUMNS: dict[str, Sequence[str]] = {
    "uri": ("conceptUri",),
    "statement": ("preferredLabel",),
    "labels": ("altLabels",),
    "hidden": ("hiddenLabels",),
    "description": ("description",),
    "definition": ("definition",),
    "kind": ("skillType",),
    "reach": ("reuseLevel",),
    "status": ("status",),
    "modified": ("modifiedDate",),
    "broader": ("broaderUri", "broaderConceptUri"),
    "code": ("code",),
}
RELATIONS: dict[str, Sequence[str]] = {"uri": ("conceptUri",), "broader": ("broaderUri",)}
SKILLS = re.compile(r"(?:^|/)skills_([a-z]{2})\.csv$")
GROUPS = re.compile(r"(?:^|/)skillGroups_[a-z]{2}\.csv$")
BROADER = re.compile(r"(?:^|/)broaderRelationsSkillPillar(?:_[a-z]{2})?\.csv$")
"""The tables of the download: skills, groups of skills, and what is broader than what."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def read(data: bytes, about: About) -> Framework:
    """Read ESCO's skills.

    Args:
        data: the CSV; ``conceptUri`` and ``preferredLabel`` have to be there, other names stand one a line in ``altLabels``.
        about: title, language or version, where they are not to be ESCO's.

    Returns:
        The framework; concepts that ESCO released no more are retired. ``broaderUri``, if a column of this name was
        joined to the table, nests them.

    Raises:
        InputError, LimitError, ShapeError: as `table.rows`; ``duplicate-row`` or ``reference-unknown``, with the line.
    """
    return _framework([("", data)], b"", about)


def is_archive(data: bytes) -> bool:
    """Whether a file is ESCO's download: an archive with the table of skills in it."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(SKILLS.search(name) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def read_archive(data: bytes, about: About) -> Framework:
    """Read ESCO's download of one language: skills and groups of skills, nested by the table of broader relations.

    Args:
        data: the archive; of its tables only these three are read.
        about: as for `read`; the language is that of the file names.

    Returns:
        The framework.

    Raises:
        InputError, LimitError, ShapeError: as `read`; ``parse`` for a broken archive; ``too-large`` for a table.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {pattern: _member(archive, pattern) for pattern in (SKILLS, GROUPS, BROADER)}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise InputError("parse", "The archive is broken. Download it again.") from None
    tables = [entry for pattern in (GROUPS, SKILLS) if (entry := found[pattern])]
    relations = found[BROADER]
    language = about.language or (SKILLS.search(tables[-1][0]) or [""])[1]
    return _framework(tables, relations[1] if relations else b"", replace(about, language=language))


def _member(archive: zipfile.ZipFile, pattern: re.Pattern[str]) -> tuple[str, bytes] | None:
    """A table of the archive: the whole of it, or none if it is not there."""
    for entry in archive.infolist():
        if pattern.search(entry.filename):
            with archive.open(entry) as stream:
                content = stream.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise LimitError("too-large", f"{entry.filename} has more than {MAX_BYTES:,} bytes.")
            return entry.filename, content
    return None


def _framework(tables: list[tuple[str, bytes]], relations: bytes, about: About) -> Framework:
    items: list[Item] = []
    above: list[tuple[int, UUID, str]] = []
    lines: dict[UUID, int] = {}
    changed: datetime | None = None
    for name, data in tables:
        for row in table.rows(data, COLUMNS, required=("uri", "statement")):
            item = _item(row, "" if SKILLS.search(name) or not name else "skill group")
            if item.identifier in lines:
                raise table.refuse(
                    row.line, "conceptUri", f"the same as line {lines[item.identifier]}.", "duplicate-row"
                )
            lines[item.identifier] = row.line
            items.append(item)
            above += [(row.line, item.identifier, uri) for uri in row.get("broader").split()]
            modified = row.get("modified")
            if _DATE.fullmatch(modified):
                changed = max(filter(None, (changed, _time(modified))), default=None)
    if relations:
        for row in table.rows(relations, RELATIONS, required=("uri", "broader")):
            origin, uri = identifier_of(row.get("uri")), row.get("broader")
            if origin in lines and identifier_of(uri) in lines:
                above.append((row.line, origin, uri))
    return check(
        Framework(
            identifier=about.identifier or identifier_of(SCHEME),
            uri=about.uri or SCHEME,
            title=about.title or "ESCO skills",
            creator=about.creator or "European Commission",
            changed_at=changed,
            version=about.version,
            language=about.language or "en",
            license="European Union, reuse with attribution",
            source="esco",
            items=tuple(items),
            associations=tuple(_nesting(above, lines)),
        )
    )


def _item(row: table.Row, kind: str) -> Item:
    uri, statement = row.get("uri", longest=MAX_URI), row.get("statement")
    if not uri.startswith(("https://", "http://")):
        raise table.refuse(row.line, "conceptUri", f"{uri[:60]!r} is no address.")
    if not statement:
        raise table.refuse(row.line, "preferredLabel", "it is empty.")
    names = [
        n
        for text in (row.get("labels", longest=table.MAX_FIELD), row.get("hidden"))
        for n in text.splitlines()
    ]
    return Item(
        identifier=identifier_of(uri),
        uri=uri,
        statement=statement,
        code=row.get("code", longest=MAX_WORD),
        kind=row.get("kind", longest=MAX_WORD) or kind,
        description=row.get("description") or row.get("definition"),
        labels=tuple(dict.fromkeys(n.strip()[:MAX_NAME] for n in names if n.strip()))[:MAX_LABELS],
        reach=row.get("reach", longest=MAX_WORD),
        retired=row.get("status").lower() in {"obsolete", "retired", "deprecated"},
    )


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _nesting(above: list[tuple[int, UUID, str]], known: dict[UUID, int]) -> list[Association]:
    found: dict[UUID, Association] = {}
    for line, origin, uri in above:
        destination = identifier_of(uri)
        if destination not in known:
            raise table.refuse(
                line, "broaderUri", f"no row has the address {uri[:80]!r}.", "reference-unknown"
            )
        made = link("isChildOf", origin, destination, len(found) + 1)
        found.setdefault(made.identifier, made)
    return list(found.values())
