"""A plain table of statements: one row each, with its code and what it stands under.

Spec: none; the columns are those of `COLUMNS`, and the names that spreadsheets of CASE tools use for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from gradatim.engine.errors import ShapeError
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
    link,
)

COLUMNS: dict[str, Sequence[str]] = {
    "statement": ("statement", "full statement", "skill", "competency", "outcome", "name", "preferred label"),
    "identifier": ("identifier", "id", "guid", "uuid"),
    "code": ("code", "human coding scheme", "coded notation", "notation"),
    "parent": ("parent", "is child of", "broader", "parent code"),
    "kind": ("type", "item type", "cf item type", "kind", "level"),
    "description": ("description", "notes", "definition"),
    "labels": (
        "other names",
        "alternative labels",
        "alt labels",
        "concept keywords",
        "keywords",
    ),
    "short": ("abbreviated statement",),
    "uri": ("uri", "url", "address"),
    "sequence": ("order", "sequence number", "sequence"),
    "part": ("is part of",),
    "replaced": ("replaced by",),
    "exemplar": ("exemplar",),
    "level": ("has skill level",),
    "related": ("is related to", "related"),
    "retired": ("retired", "status"),
}
"""Our name of each column, and what it may be called."""

RELATIONS = {
    "part": "isPartOf", "replaced": "replacedBy", "exemplar": "exemplar", "level": "hasSkillLevel", "related": "isRelatedTo",
}  # fmt: skip
_RETIRED = {"yes", "true", "1", "retired", "deprecated", "obsolete"}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row that has its identifier, and waits for the rows it points to."""

    row: table.Row
    item: Item


def read(data: bytes, about: About) -> Framework:
    """Read a plain table of statements.

    Args:
        data: UTF-8 CSV (comma, semicolon or tab); only the column *statement* has to be there.
        about: the title has to be said here; the table has none.

    Returns:
        The framework. What an item stands under is found by identifier or code; relations other than parent and part
        may point out of the file, by address or by a code that is kept as it stands.

    Raises:
        InputError, LimitError, ShapeError: as `table.rows`; ``title`` without a title; ``duplicate-row``,
            ``reference-unknown`` or ``cycle``, with the line.
    """
    if not about.title.strip():
        raise ShapeError("title", "A table does not say what the framework is called. Give it a title.")
    identifier = about.identifier or uuid5(NAMESPACE_URL, f"urn:framework:{about.title.strip().casefold()}")
    drafts = [_draft(row, identifier) for row in table.rows(data, COLUMNS, required=("statement",))]
    known = _known(drafts)
    associations: dict[UUID, Association] = {}
    for place, draft in enumerate(drafts):
        for made in _relations(draft, place, known, identifier):
            associations.setdefault(made.identifier, made)
    return check(
        Framework(
            identifier=identifier,
            uri=about.uri or identifier.urn,
            title=about.title.strip()[:MAX_NAME],
            creator=about.creator.strip()[:MAX_NAME],
            changed_at=None,
            version=about.version[:MAX_WORD],
            language=about.language[:MAX_WORD],
            source="csv",
            items=tuple(d.item for d in drafts),
            associations=tuple(associations.values()),
        )
    )


def _draft(row: table.Row, framework: UUID) -> _Draft:
    statement = row.get("statement")
    if not statement:
        raise table.refuse(row.line, "statement", "it is empty; every row needs a statement.")
    code, said, uri = (
        row.get("code", longest=MAX_WORD),
        row.get("identifier", longest=MAX_NAME),
        row.get("uri", longest=MAX_URI),
    )
    if uri and not uri.startswith(("https://", "http://", "urn:")):
        raise table.refuse(row.line, "uri", f"{uri[:60]!r} is no address.")
    identifier = _identifier(said or code or statement, framework)
    labels = [row.get("short"), *row.get("labels").replace("|", "\n").splitlines()]
    return _Draft(
        row,
        Item(
            identifier=identifier,
            uri=uri or identifier.urn,
            statement=statement,
            code=code,
            kind=row.get("kind", longest=MAX_WORD),
            description=row.get("description"),
            labels=tuple(dict.fromkeys(label.strip()[:MAX_NAME] for label in labels if label.strip()))[
                :MAX_LABELS
            ],
            retired=row.get("retired").lower() in _RETIRED,
        ),
    )


def _identifier(said: str, framework: UUID) -> UUID:
    """The UUID a row names, or one made from its identifier, code or statement within the framework."""
    try:
        return UUID(said) if len(said) == 36 else uuid5(framework, said)  # noqa: PLR2004 - letters of a UUID
    except ValueError:
        return uuid5(framework, said)


def _known(drafts: list[_Draft]) -> dict[str, UUID]:
    """Identifiers and codes → items; an identifier wins over a code."""
    lines: dict[UUID, int] = {}
    known: dict[str, UUID] = {}
    for draft in drafts:
        before = lines.setdefault(draft.item.identifier, draft.row.line)
        if before != draft.row.line:
            raise table.refuse(
                draft.row.line,
                "identifier",
                f"the same as line {before}. Give each row its own identifier or code.",
                "duplicate-row",
            )
        if draft.item.code:
            known.setdefault(draft.item.code, draft.item.identifier)
    return known | {said: d.item.identifier for d in drafts if (said := d.row.get("identifier"))}


def _relations(draft: _Draft, place: int, known: dict[str, UUID], framework: UUID) -> list[Association]:
    row, origin = draft.row, draft.item.identifier
    sequence = row.get("sequence", longest=MAX_WORD)
    order = int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 9 else place + 1  # noqa: PLR2004 - digits
    parent = row.get("parent")
    if parent and parent not in known:
        raise table.refuse(
            row.line, "parent", f"no row has the identifier or code {parent[:60]!r}.", "reference-unknown"
        )
    found = [link("isChildOf", origin, known[parent] if parent else framework, order)]
    if found[0].destination == origin:
        raise table.refuse(row.line, "parent", "the row stands under itself.", "cycle")
    for column, kind in RELATIONS.items():
        value = row.get(column)
        if not value:
            continue
        if value in known:
            found.append(link(kind, origin, known[value]))
        elif column == "part":
            raise table.refuse(
                row.line, column, f"no row has the identifier or code {value[:60]!r}.", "reference-unknown"
            )
        else:
            address = value if value.startswith(("https://", "http://", "urn:")) else ""
            found.append(
                link(
                    kind,
                    origin,
                    uuid5(NAMESPACE_URL, value),
                    outside_uri=address[:MAX_URI],
                    outside_title=value[:MAX_NAME],
                )
            )
    return found
