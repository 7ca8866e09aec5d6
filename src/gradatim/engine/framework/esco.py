"""ESCO: the table of skills of the European classification, as its portal hands it out.

Spec: ESCO 1.2 download, ``skills_<language>.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from gradatim.engine.framework import table
from gradatim.engine.framework.shape import (
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
    items: list[Item] = []
    above: list[tuple[int, UUID, str]] = []
    lines: dict[UUID, int] = {}
    changed: datetime | None = None
    for row in table.rows(data, COLUMNS, required=("uri", "statement")):
        item = _item(row)
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


def _item(row: table.Row) -> Item:
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
        kind=row.get("kind", longest=MAX_WORD),
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
