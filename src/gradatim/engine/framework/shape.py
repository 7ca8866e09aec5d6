"""The one shape of every framework: Framework, Item, Association, and what none of them may be.

Spec: 1EdTech Competencies and Academic Standards Exchange (CASE) 1.1, 6 (its names are the names here).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from gradatim.engine.errors import LimitError, ShapeError

MAX_BYTES = 24 * 1024 * 1024  # of a file
MAX_ITEMS = 20_000
MAX_ASSOCIATIONS = 60_000
MAX_DEPTH = 60  # of items under items
MAX_TEXT = 20_000  # letters of a statement or description
MAX_URI = 500  # letters
MAX_NAME = 300  # letters of a title
MAX_WORD = 80  # letters of a code, a type, a version
MAX_LABELS = 60  # other names of one item
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
)  # both ends must be in the framework; going round in a circle is refused
CLOSE, BROAD, NARROW = (
    "ext:closeMatch",
    "ext:broadMatch",
    "ext:narrowMatch",
)  # SKOS's matches, as CASE lets us say


@dataclass(frozen=True, slots=True)
class Item:
    """One statement (CFItem).

    Attributes:
        identifier: its UUID; made from the address where the format has none.
        uri: its address.
        statement: the full statement, plain text.
        code: the human coding scheme, e.g. ``"6.RP.A"``, or empty.
        kind: the item type, e.g. ``"Standard"``, or empty.
        description: what it means, longer than the statement, or empty.
        labels: other names it is found by.
        language: BCP 47, or empty for the framework's own.
        reach: how widely it is used, in the source's words (ESCO: ``"cross-sector"``), or empty.
        retired: whether the publisher took it out of use.
        more: the publisher's other fields as they came, written again on the way out (CASE only).
    """

    identifier: UUID
    uri: str
    statement: str
    code: str = ""
    kind: str = ""
    description: str = ""
    labels: tuple[str, ...] = ()
    language: str = ""
    reach: str = ""
    retired: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Association:
    """A relation (CFAssociation): *origin* is a child of, an exact match of, … *destination*.

    Attributes:
        identifier: its UUID.
        kind: the association type, one of `KINDS` or ``ext:…``.
        origin: UUID of the item it starts from.
        destination: UUID of the item (or document, or something outside) it points to.
        sequence: order among siblings; 0 if not given.
        outside_uri: the address of the end that is not in the framework, or empty.
        outside_title: what that end is called, or empty.
    """

    identifier: UUID
    kind: str
    origin: UUID
    destination: UUID
    sequence: int = 0
    outside_uri: str = ""
    outside_title: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework (CFDocument) with its items and associations, in the order of the file.

    Attributes:
        identifier: the document's UUID.
        uri: its address.
        title: its title.
        creator: who made it.
        changed_at: when the publisher last changed it, UTC; ``None`` where the format does not say.
        version: the publisher's version, or empty.
        description: or empty.
        license: the licence's title, or empty.
        adoption_status: e.g. ``"Adopted"``, or empty.
        language: BCP 47, or empty.
        source: the format it was read from: ``"case"``, ``"ctdl"``, ``"esco"``, ``"onet"``, ``"skos"`` or ``"csv"``.
        more: the publisher's other fields of the document as they came (CASE only).
        definitions: CFDefinitions as they came (CASE only).
        rubrics: CFRubrics as they came (CASE only).
    """

    identifier: UUID
    uri: str
    title: str
    creator: str
    changed_at: datetime | None
    items: tuple[Item, ...]
    associations: tuple[Association, ...]
    version: str = ""
    description: str = ""
    license: str = ""
    adoption_status: str = ""
    language: str = ""
    source: str = "case"
    more: Mapping[str, Any] = field(default_factory=dict)
    definitions: Mapping[str, Any] = field(default_factory=dict)
    rubrics: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What the person says about a file that does not say it itself; what they say wins.

    Attributes:
        title: of the framework.
        creator: who made it.
        version: of the framework.
        language: BCP 47.
        identifier: of the framework that a table updates; ``None`` makes one from the title.
        uri: its address.
    """

    title: str = ""
    creator: str = ""
    version: str = ""
    language: str = ""
    identifier: UUID | None = None
    uri: str = ""


NOTHING = About()


def identifier_of(uri: str) -> UUID:
    """The UUID an address ends with, else one made from the address (version 5), the same every time."""
    last = uri.rstrip("/").rsplit("/", 1)[-1].removeprefix("urn:uuid:").removeprefix("ce-")
    try:
        return UUID(last) if len(last) == 36 else uuid5(NAMESPACE_URL, uri)  # noqa: PLR2004 - letters of a UUID
    except ValueError:
        return uuid5(NAMESPACE_URL, uri)


def link(
    kind: str,
    origin: UUID,
    destination: UUID,
    sequence: int = 0,
    *,
    outside_uri: str = "",
    outside_title: str = "",
) -> Association:
    """An association whose format gives it no identifier of its own: one is made from its two ends."""
    made = uuid5(NAMESPACE_URL, f"urn:association:{origin}:{kind}:{destination}")
    return Association(made, kind, origin, destination, sequence, outside_uri, outside_title)


def check(framework: Framework) -> Framework:
    """Refuse what no format may say.

    Args:
        framework: as a reader made it.

    Returns:
        The same framework.

    Raises:
        LimitError: ``too-large`` with more than `MAX_ITEMS` items or `MAX_ASSOCIATIONS` associations, or an address of more
            than `MAX_URI` letters; ``too-deep``.
        ShapeError: ``duplicate-id``, ``no-rows`` or ``cycle`` (names the items).
    """
    for what, entries, limit in (
        ("statements", framework.items, MAX_ITEMS),
        ("relations", framework.associations, MAX_ASSOCIATIONS),
    ):
        if len(entries) > limit:
            raise LimitError(
                "too-large", f"The framework has {len(entries):,} {what}; at most {limit:,} are read.", SPEC
            )
    for uri in (framework.uri, *(i.uri for i in framework.items)):
        if len(uri) > MAX_URI:
            raise LimitError("too-large", f"{uri[:60]}…: the address has more than {MAX_URI} letters.", SPEC)
    _check_identifiers(framework)
    _check_circles(framework)
    _check_depth(framework)
    return framework


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
                f"Identifiers stand twice among the {what}: {named(str(t) for t in twice)}.",
                SPEC,
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
                f"Items are above themselves: {named(names.get(c, str(c)) for c in circle)}. Take one of the {kind} associations out.",
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


def named(names: Iterable[str]) -> str:
    """A few names for a message."""
    listed = list(names)
    more = len(listed) - MAX_NAMED
    return ", ".join(listed[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
