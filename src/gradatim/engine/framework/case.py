"""A CASE package: its bytes read into a framework with items and associations.

Spec: 1EdTech Competencies and Academic Standards Exchange (CASE) 1.0 and 1.1, CFPackage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gradatim.engine.errors import InputError, LimitError, ShapeError
from gradatim.engine.framework.shape import (
    KINDS,
    MAX_ASSOCIATIONS,
    MAX_BYTES,
    MAX_ITEMS,
    MAX_LABELS,
    MAX_NAME,
    MAX_TEXT,
    MAX_URI,
    MAX_WORD,
    NESTING,
    SPEC,
    Association,
    Framework,
    Item,
    check,
)
from gradatim.engine.reader import read_json

MAX_VALUES = 900_000  # of the JSON
DOCUMENT_MORE = (
    "frameworkType", "officialSourceURL", "publisher", "subject", "subjectURI", "statusStartDate", "statusEndDate", "licenseURI",
    "notes", "extensions",
)  # fmt: skip
ITEM_MORE = (
    "listEnumeration", "abbreviatedStatement", "conceptKeywordsURI", "subject", "subjectURI", "educationLevel",
    "CFItemTypeURI", "licenseURI", "statusStartDate", "statusEndDate", "extensions",
)  # fmt: skip
"""Fields of the standard that nothing here asks; they are kept as they came and written again."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?")


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
    return read_value(read_document(data))


def read_document(data: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """The JSON of a framework in any format.

    Raises:
        InputError: as `read_json`; ``parse`` for a NUL character, which no database keeps.
    """
    document = read_json(data, limit=MAX_BYTES, values=MAX_VALUES)
    if b"\\u0000" in data:
        raise InputError("parse", "A text of the file holds a NUL character (\\u0000). Take it out.", SPEC)
    return document


def read_value(package: object) -> Framework:
    """As `read_package`, from JSON that was read already."""
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
    entries = _list(package, "CFAssociations", MAX_ASSOCIATIONS)
    known = {i.identifier for i in items} | {_uuid(_object(package, "CFDocument", ""), "CFDocument")}
    associations = tuple(
        _association(entry, f"CFAssociations[{n}]", known) for n, entry in enumerate(entries)
    )
    definitions = package.get("CFDefinitions")
    framework = _document(
        _object(package, "CFDocument", ""),
        items,
        associations,
        _is_object(definitions, "CFDefinitions") if definitions is not None else {},
        tuple(_is_object(r, f"CFRubrics[{n}]") for n, r in enumerate(_list(package, "CFRubrics", MAX_ITEMS))),
    )
    _check_references(framework)
    return check(framework)


def _document(
    entry: dict[str, Any],
    items: tuple[Item, ...],
    associations: tuple[Association, ...],
    definitions: Mapping[str, Any],
    rubrics: tuple[Mapping[str, Any], ...],
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
        language=_text(entry, "language", place, longest=MAX_WORD),
        items=items,
        associations=associations,
        more={name: entry[name] for name in DOCUMENT_MORE if name in entry},
        definitions=definitions,
        rubrics=rubrics,
    )


def _item(entry: object, place: str) -> Item:
    fields = _is_object(entry, place)
    changed_at = _time(fields, place)
    label = _text(fields, "alternativeLabel", place, longest=MAX_NAME)
    keywords = fields.get("conceptKeywords")
    listed = [k[:MAX_NAME] for k in keywords if isinstance(k, str)] if isinstance(keywords, list) else []
    return Item(
        identifier=_uuid(fields, place),
        uri=_uri(fields, place),
        statement=_text(fields, "fullStatement", place, required=True),
        code=_text(fields, "humanCodingScheme", place, longest=MAX_WORD),
        kind=_text(fields, "CFItemType", place, longest=MAX_WORD),
        description=_text(fields, "notes", place),
        labels=tuple(dict.fromkeys([*([label] if label else []), *listed]))[:MAX_LABELS],
        language=_text(fields, "language", place, longest=MAX_WORD),
        retired=_is_over(_text(fields, "statusEndDate", place, longest=MAX_WORD), changed_at),
        more={name: fields[name] for name in ITEM_MORE if name in fields},
    )


def _is_over(until: str, changed_at: datetime) -> bool:
    """Whether an item's last day lies before its last change; today is asked by nobody, so that a file says one thing."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", until)) and until <= changed_at.date().isoformat()


def _association(entry: object, place: str, known: set[UUID]) -> Association:
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
    ends = [_object(fields, name, place) for name in ("originNodeURI", "destinationNodeURI")]
    origin, destination = (
        _uuid(ends[0], f"{place}.originNodeURI"),
        _uuid(ends[1], f"{place}.destinationNodeURI"),
    )
    outside = ends[1] if destination not in known else ends[0] if origin not in known else {}
    uri, title = outside.get("uri"), outside.get("title")
    return Association(
        identifier=_uuid(fields, place),
        kind=kind,
        origin=origin,
        destination=destination,
        sequence=sequence,
        outside_uri=uri[:MAX_URI] if isinstance(uri, str) and _URI.fullmatch(uri) else "",
        outside_title=title[:MAX_NAME] if isinstance(title, str) else "",
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
