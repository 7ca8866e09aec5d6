"""A CASE package: its bytes read into a framework with items and associations.

Spec: 1EdTech Competencies and Academic Standards Exchange (CASE) 1.0 and 1.1, CFPackage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gradatim.engine.errors import InputError, LimitError, ShapeError
from gradatim.engine.reader import read_json

MAX_BYTES = 5 * 1024 * 1024  # of a package
MAX_VALUES = 500_000  # of the JSON
MAX_ITEMS = 20_000
MAX_ASSOCIATIONS = 60_000
MAX_DEPTH = 60  # of items under items
MAX_TEXT = 20_000  # letters of a statement or description
MAX_URI = 500  # letters
MAX_NAME = 300  # letters of a title
MAX_WORD = 80  # letters of a code, a type, a version
MAX_NAMED = 5  # how many things a message names

SPEC = "CASE 1.1, CFPackage"
KINDS = frozenset(
    {
        "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar",
        "hasSkillLevel", "isTranslationOf",
    }
)  # fmt: skip
NESTING = frozenset(
    {"isChildOf", "isPartOf"}
)  # both ends must be in the package; going round in a circle is refused

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class Item:
    """One statement (CFItem).

    Attributes:
        identifier: its UUID.
        uri: its address.
        statement: the full statement, plain text.
        code: the human coding scheme, e.g. ``"6.RP.A"``, or empty.
        kind: the item type, e.g. ``"Standard"``, or empty.
    """

    identifier: UUID
    uri: str
    statement: str
    code: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """A relation (CFAssociation): *origin* is a child of, an exact match of, … *destination*.

    Attributes:
        identifier: its UUID.
        kind: the association type, one of `KINDS` or ``ext:…``.
        origin: UUID of the item it starts from.
        destination: UUID of the item (or document, or something outside) it points to.
        sequence: order among siblings; 0 if not given.
    """

    identifier: UUID
    kind: str
    origin: UUID
    destination: UUID
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework (CFDocument) with its items and associations, in the order of the package.

    Attributes:
        identifier: the document's UUID.
        uri: its address.
        title: its title.
        creator: who made it.
        changed_at: when the publisher last changed it, UTC.
        version: the publisher's version, or empty.
        description: or empty.
        license: the licence's title, or empty.
        adoption_status: e.g. ``"Adopted"``, or empty.
    """

    identifier: UUID
    uri: str
    title: str
    creator: str
    changed_at: datetime
    items: tuple[Item, ...]
    associations: tuple[Association, ...]
    version: str = ""
    description: str = ""
    license: str = ""
    adoption_status: str = ""


def read_package(data: bytes) -> Framework:
    """Read a CASE 1.0 or 1.1 package.

    Args:
        data: the package as UTF-8 JSON, at most `MAX_BYTES`.

    Returns:
        The framework. Times without a zone are taken as UTC, as publishers of CASE 1.0 write them.

    Raises:
        InputError: what the strict JSON reader refuses (``parse``, ``encoding``, ``too-large`` …).
        LimitError: ``too-large``, with more than `MAX_ITEMS` items or `MAX_ASSOCIATIONS` associations; ``too-deep``.
        ShapeError: ``schema`` (the message starts with the place), ``duplicate-id``, ``reference-unknown`` or
            ``cycle`` (names the items).
    """
    package = read_json(data, limit=MAX_BYTES, values=MAX_VALUES)
    if not isinstance(package, dict):
        raise ShapeError(
            "schema",
            "The file is JSON, but no object; a CASE package is an object with CFDocument and CFItems.",
            SPEC,
        )
    if "CFDocument" not in package:
        raise ShapeError(
            "schema", "CFDocument is missing. Export the whole package (CFPackage), not only its items.", SPEC
        )
    items = tuple(
        _item(entry, f"CFItems[{n}]") for n, entry in enumerate(_list(package, "CFItems", MAX_ITEMS))
    )
    associations = tuple(
        _association(entry, f"CFAssociations[{n}]")
        for n, entry in enumerate(_list(package, "CFAssociations", MAX_ASSOCIATIONS))
    )
    framework = _document(_object(package, "CFDocument", ""), items, associations)
    _check_identifiers(framework)
    _check_references(framework)
    _check_circles(framework)
    _check_depth(framework)
    return framework


def _document(
    entry: dict[str, Any], items: tuple[Item, ...], associations: tuple[Association, ...]
) -> Framework:
    place = "CFDocument"
    license_ = entry.get("licenseURI")
    return Framework(
        identifier=_uuid(entry, place),
        uri=_uri(entry, place),
        title=_text(entry, "title", place, required=True, longest=MAX_NAME),
        creator=_text(entry, "creator", place, required=True, longest=MAX_NAME),
        changed_at=_time(entry, place),
        version=_text(entry, "version", place, longest=MAX_WORD),
        description=_text(entry, "description", place),
        license=_text(license_, "title", f"{place}.licenseURI", longest=MAX_NAME)
        if isinstance(license_, dict)
        else "",
        adoption_status=_text(entry, "adoptionStatus", place, longest=MAX_WORD),
        items=items,
        associations=associations,
    )


def _item(entry: object, place: str) -> Item:
    fields = _is_object(entry, place)
    _time(fields, place)
    return Item(
        identifier=_uuid(fields, place),
        uri=_uri(fields, place),
        statement=_text(fields, "fullStatement", place, required=True),
        code=_text(fields, "humanCodingScheme", place, longest=MAX_WORD),
        kind=_text(fields, "CFItemType", place, longest=MAX_WORD),
    )


def _association(entry: object, place: str) -> Association:
    fields = _is_object(entry, place)
    _time(fields, place)
    _uri(fields, place)
    kind = _text(fields, "associationType", place, required=True, longest=MAX_WORD)
    if kind not in KINDS and not kind.startswith("ext:"):
        raise ShapeError(
            "schema",
            f"{place}.associationType: {kind[:40]!r} is none of {', '.join(sorted(KINDS))} or ext:….",
            "CASE 1.1, CFAssociation",
        )
    sequence = fields.get("sequenceNumber", 0)
    if isinstance(sequence, str) and sequence.isascii() and sequence.isdigit():  # as some publishers write it
        sequence = int(sequence[:12])
    if isinstance(sequence, bool) or not isinstance(sequence, int) or not 0 <= sequence < 2**31:
        raise ShapeError(
            "schema", f"{place}.sequenceNumber must be a whole number, 0 or more.", "CASE 1.1, CFAssociation"
        )
    return Association(
        identifier=_uuid(fields, place),
        kind=kind,
        origin=_uuid(_object(fields, "originNodeURI", place), f"{place}.originNodeURI"),
        destination=_uuid(_object(fields, "destinationNodeURI", place), f"{place}.destinationNodeURI"),
        sequence=sequence,
    )


def _check_identifiers(framework: Framework) -> None:
    """No identifier twice among the document and its items, none among its associations."""
    for what, identifiers in (
        ("items", [framework.identifier, *(i.identifier for i in framework.items)]),
        ("associations", [a.identifier for a in framework.associations]),
    ):
        seen: set[UUID] = set()
        twice = {i for i in identifiers if i in seen or seen.add(i)}  # type: ignore[func-returns-value]  # add returns None
        if twice:
            raise ShapeError(
                "duplicate-id",
                f"Identifiers stand twice among the {what}: {_named(str(t) for t in twice)}.",
                SPEC,
            )


def _check_references(framework: Framework) -> None:
    """Nesting stays inside the package; other relations start inside and may point out (to another framework)."""
    known = {framework.identifier, *(i.identifier for i in framework.items)}
    for n, association in enumerate(framework.associations):
        ends = [("originNodeURI", association.origin), ("destinationNodeURI", association.destination)]
        missing = [(name, end) for name, end in ends if end not in known]
        if len(missing) == len(ends) or (missing and association.kind in NESTING):
            name, end = missing[0]
            raise ShapeError(
                "reference-unknown", f"CFAssociations[{n}].{name}: the package has no item {end}.", SPEC
            )


def _check_circles(framework: Framework) -> None:
    """No item is above itself."""
    for kind in NESTING:
        parents: dict[UUID, list[UUID]] = {}
        for association in framework.associations:
            if association.kind == kind:
                parents.setdefault(association.origin, []).append(association.destination)
        circle = _circle(parents)
        if circle:
            names = {i.identifier: f"{i.code or i.statement[:40]} ({i.identifier})" for i in framework.items}
            raise ShapeError(
                "cycle",
                f"Items are above themselves: {_named(names.get(c, str(c)) for c in circle)}. Take one of the {kind} associations out.",
                SPEC,
            )


def _check_depth(framework: Framework) -> None:
    """Items are nested at most so deep that every page can show them."""
    children: dict[UUID, set[UUID]] = {}
    for association in framework.associations:
        if association.kind == "isChildOf":
            children.setdefault(association.destination, set()).add(association.origin)
    row = set(children)
    for _ in range(MAX_DEPTH):
        row = {child for item in row for child in children.get(item, ())}
        if not row:
            return
    raise LimitError("too-deep", f"Items are nested more than {MAX_DEPTH} deep.", SPEC)


def _circle(parents: dict[UUID, list[UUID]]) -> list[UUID]:
    """The members of one circle, or none; without recursion, so that depth is no matter."""
    done: set[UUID] = set()
    for start in parents:
        path: list[UUID] = []
        on_path: set[UUID] = set()
        waiting = [(start, 0)]
        while waiting:
            node, tried = waiting.pop()
            if tried == 0:
                if node in on_path:
                    return path[path.index(node) :]
                if node in done:
                    continue
                path.append(node)
                on_path.add(node)
            above = parents.get(node, [])
            if tried < len(above):
                waiting += [(node, tried + 1), (above[tried], 0)]
            else:
                done.add(node)
                on_path.discard(path.pop())
    return []


def _named(names: Iterable[str]) -> str:
    """A few names for a message."""
    listed = list(names)
    more = len(listed) - MAX_NAMED
    return ", ".join(listed[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _list(package: dict[str, Any], name: str, limit: int) -> list[Any]:
    entries = package.get(name, [])
    if not isinstance(entries, list):
        raise ShapeError("schema", f"{name} must be a list.", SPEC)
    if len(entries) > limit:
        raise LimitError(
            "too-large",
            f"{name} has {len(entries):,} entries; at most {limit:,} are read. Export a smaller part.",
            SPEC,
        )
    return entries


def _is_object(entry: object, place: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ShapeError("schema", f"{place} must be an object.", SPEC)
    return entry


def _object(entry: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    path = f"{place}.{name}" if place else name
    if name not in entry:
        raise ShapeError("schema", f"{path} is missing.", SPEC)
    return _is_object(entry[name], path)


def _text(
    entry: dict[str, Any], name: str, place: str, *, required: bool = False, longest: int = MAX_TEXT
) -> str:
    value = entry.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise ShapeError(
            "schema",
            f"{place}.{name} {'is missing' if value is None else 'must be a text that says something'}.",
            SPEC,
        )
    if len(value) > longest:
        raise LimitError(
            "too-large", f"{place}.{name} has {len(value):,} letters; at most {longest:,} are read.", SPEC
        )
    if "\x00" in value:
        raise InputError("parse", f"{place}.{name} holds a NUL character.", SPEC)
    return value.strip()


def _uuid(entry: dict[str, Any], place: str) -> UUID:
    value = _text(entry, "identifier", place, required=True)
    if not _UUID.fullmatch(value):
        raise ShapeError("schema", f"{place}.identifier: {value[:60]!r} is no UUID.", "CASE 1.1, identifier")
    return UUID(value)


def _uri(entry: dict[str, Any], place: str) -> str:
    value = _text(entry, "uri", place, required=True, longest=MAX_URI)
    if not _URI.fullmatch(value):
        raise ShapeError("schema", f"{place}.uri: {value[:60]!r} is no address.", "CASE 1.1, uri")
    return value


def _time(entry: dict[str, Any], place: str) -> datetime:
    value = _text(entry, "lastChangeDateTime", place, required=True)
    try:
        found = datetime.fromisoformat(value if _TIME.fullmatch(value) else "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ShapeError(
            "schema",
            f"{place}.lastChangeDateTime: {value[:40]!r} is no date and time like 2026-05-25T18:05:33+00:00.",
            "CASE 1.1, lastChangeDateTime",
        ) from None
