r"""Sheets: the canonical text of documents of one shape, as credentials of one kind have it.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.3.

A sheet is made of one document: its texts are slots, all else is as it stands. A document that is equal to the sheet in
everything but the slots, types included, is filled in: its texts are escaped and checked as on the fast way (`shape`),
the blank nodes whose lines hold one of them are hashed anew, names are given, and subjects and values are put in order
anew. In a batch few texts change: a narrow sheet then has slots for these alone, and less is left to do.

What decides about the lines themselves is never a slot: types, contexts, languages, numbers, addresses that may be terms.
The first filling of a sheet and every `SAMPLE`th are held against the plain way; a sheet that differs is thrown away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import lt
from typing import Any, NamedTuple

from gradatim.engine.canonical import jsonld, rdfc, shape
from gradatim.engine.canonical.cut import Cut, Entries, Group, copies
from gradatim.engine.canonical.literals import escaped
from gradatim.engine.canonical.mirror import Mirror, Path, addressed, at, mark, texts, unmarked
from gradatim.engine.canonical.template import Template, several
from gradatim.engine.errors import Error

MAX_SLOTS = 400  # of a sheet; a rich credential has about a hundred texts
MAX_SHEETS = 8
MAX_TRIES = 40  # sheets that one sitting makes at most
WATCHED = 6  # fillings of a sheet after which it is known which texts change
NARROW = 0.5  # a narrow sheet has at most this part of the slots
SAMPLE = 256
MAX_LAYOUTS = 32  # of a sheet: orders of its lines that are remembered


class Filled(NamedTuple):
    """A document that a sheet was filled with: its canonical text by SHA-256, and the texts in the slots."""

    text: str
    values: tuple[str, ...]
    sheet: Sheet
    layout: Layout

    def sha256(self) -> bytes:
        """The hash of the text, gone on with where the lines begin to differ."""
        begun = self.layout.begun.copy()
        begun.update(self.text[self.layout.same :].encode())
        whole: bytes = begun.digest()
        return whole


class Sheets:
    """The sheets of one sitting: one caller's batch, or one run over many files."""

    def __init__(self) -> None:
        self._sheets: list[Sheet] = []
        # By the keys of a document: whether a sheet can be made of it.
        self._met: dict[tuple[str, ...], bool] = {}
        self._tries = 0

    def filled(self, document: dict[str, Any]) -> Filled | None:
        """As `shape.fast_text` by SHA-256, if the document has a shape met before: it then costs a fraction."""
        for place, sheet in enumerate(self._sheets):
            found = sheet.fill(document)
            if found is not None:
                if place:
                    self._sheets.insert(0, self._sheets.pop(place))
                if sheet.watched:
                    self._watch(sheet, document, found)
                return found
        return None

    def learn(self, document: dict[str, Any]) -> None:
        """Take notice of a document that had to go the fast way: the second with its keys makes a sheet."""
        keys = tuple(document)
        if keys not in self._met:
            if len(self._met) < MAX_TRIES:
                self._met[keys] = True
        elif self._met[keys]:
            places = list(islice(texts(document), MAX_SLOTS + 1))
            self._met[keys] = len(places) <= MAX_SLOTS and self._make(document, places)

    def _watch(self, sheet: Sheet, document: dict[str, Any], found: Filled) -> None:
        """See which texts change; when they are few, make a narrow sheet of them."""
        changed = sheet.changed
        if sheet.seen:
            changed.update(n for n, (a, b) in enumerate(zip(found.values, sheet.seen, strict=True)) if a != b)
        sheet.seen = found.values
        sheet.watched -= 1
        if sheet.watched % (WATCHED // 2) == 0 and 0 < len(changed) <= NARROW * len(sheet.paths):
            self._make(document, [sheet.paths[n] for n in sorted(changed)], narrow=True)

    def _make(self, document: dict[str, Any], places: list[Path], *, narrow: bool = False) -> bool:
        """Whether a sheet could be made."""
        if self._tries >= MAX_TRIES:
            return False
        self._tries += 1
        sheet = made(document, places)
        if sheet is None:
            return False
        sheet.watched = 0 if narrow else WATCHED
        self._sheets = [sheet, *self._sheets][:MAX_SHEETS]
        return True


@dataclass(slots=True, eq=False)
class Sheet:
    """What is equal in all documents of a shape, and how the rest is filled in.

    Attributes:
        mirror: one of the documents; its places are the slots.
        ties: slots with the same text as an earlier one.
        addresses: the slots that have to be IRIs; what takes their texts.
        hashes: of the blank nodes whose lines hold no slot.
        hashed: the others, and what is hashed.
        early: groups in what is hashed; late: in the lines.
        named: addresses of the subjects that have one, with their lines.
        blank: the lines of the others.
        notes: what others found out about documents of this shape.
        watched: fillings that are still compared, with the texts of the last one, and the slots in which any differed.
    """

    mirror: Mirror
    ties: list[tuple[int, int]]
    addresses: frozenset[int]
    iris: Callable[[Entries], Entries]
    hashes: dict[bytes, int]
    hashed: list[tuple[int, Template]]
    early: list[Group]
    late: list[Group]
    named: list[tuple[str, Template]]
    blank: list[Template]
    notes: dict[str, Any] = field(default_factory=dict)
    watched: int = 0
    seen: tuple[str, ...] = ()
    changed: set[int] = field(default_factory=set)
    fillings: int = 0
    bad: bool = False
    _copies: int = field(init=False)
    _names: list[str] = field(init=False)
    _moving: list[tuple[int, int]] = field(init=False)
    _order: Order = field(init=False)
    _layouts: dict[tuple[tuple[int, ...], tuple[int, ...]], Layout] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = [*(text for _, text in self.hashed), *(text for _, text in self.named), *self.blank]
        self._copies = copies(len(self.paths), lines, [*self.early, *self.late])
        self._names = [name for name, _ in self.named]
        templates = [Template.of(name) for name in self._names]
        self._moving = [(place, name.picks[0]) for place, name in enumerate(templates) if name.picks]
        self._order = Order(tuple(range(len(self.named))))

    @property
    def paths(self) -> list[Path]:
        """Where the slots are."""
        return self.mirror.paths

    def fill(self, document: dict[str, Any]) -> Filled | None:
        """The canonical text of a document, if it is one of the shape."""
        values = None if self.bad else self._values(document)
        found = None if values is None else self._filled(values)
        if found is None:
            return None
        if self.fillings % SAMPLE == 0 and found.text != _plain(document):
            self.bad = True
            return None
        self.fillings += 1
        return found

    def _values(self, document: dict[str, Any]) -> tuple[str, ...] | None:
        """The texts in the slots; ``None`` when anything else is not as in the mirror."""
        values = self.mirror.values(document)
        for place, before in self.ties:
            if values is not None and values[place] != values[before]:
                return None
        return values

    def _filled(self, values: tuple[str, ...]) -> Filled | None:
        if not shape.are_addresses(self.iris(values)):
            return None
        joined = "".join(values)
        if len(joined) * self._copies > rdfc.MAX_LETTERS:
            return None
        try:
            clean = joined.isprintable() and '"' not in joined and "\\" not in joined
            entries = values if clean else tuple([escaped(one) for one in values])
        except Error:
            return None
        blanks, order = self._blanks(entries), self._named(entries)
        if blanks is None or order is None:
            return None
        layout = self._layouts.get((blanks, order))
        if layout is None:
            layout = self._laid_out(blanks, order, len(values))
        known: Sequence[str] = entries
        if layout.groups:
            known = [*entries, *layout.known]
            for place, group in layout.groups:
                known[place] = group.filled(known)
        return Filled(layout.text.filled(known), values, self, layout)

    def _blanks(self, entries: Entries) -> tuple[int, ...] | None:
        """The blank nodes in the order of their hashes; ``None`` when two have the same."""
        if self.early:
            entries += tuple([group.filled(entries) for group in self.early])
        new_hash, hashes = hashlib.sha256, self.hashes.copy()
        for blank, lines in self.hashed:
            hashes[new_hash(lines.filled(entries).encode()).digest()] = blank
        if len(hashes) != len(self.blank):
            return None
        return tuple([hashes[digest] for digest in sorted(hashes)])

    def _named(self, entries: Entries) -> tuple[int, ...] | None:
        """The subjects with an address in the order of these; ``None`` when two have the same."""
        names = self._names
        for place, slot in self._moving:
            names[place] = f"<{entries[slot]}>"
        ordered = self._order.taken(names)
        if not all(map(lt, ordered, ordered[1:])):
            if len(set(names)) != len(names):
                return None
            self._order = Order(tuple(sorted(range(len(names)), key=names.__getitem__)))
        return self._order.places

    def _laid_out(self, blanks: tuple[int, ...], order: tuple[int, ...], slots: int) -> Layout:
        """The whole text for one order of the blank nodes and one of the others."""
        labels = [""] * len(blanks)
        for number, blank in enumerate(blanks):
            labels[blank] = f"_:c14n{number}"
        known: list[str] = [*[""] * slots, *labels]
        first = len(known)
        moving = [(first + place, group) for place, group in enumerate(self.late) if group.moves(slots)]
        known += ["" if group.moves(slots) else group.filled(known) for group in self.late]
        parts = [self.named[place][1] for place in order]
        parts += [self.blank[place] for place in sorted(range(len(labels)), key=labels.__getitem__)]
        fixed = dict(enumerate(known[slots:], slots))
        for place, _ in moving:
            del fixed[place]
        if len(self._layouts) >= MAX_LAYOUTS:
            self._layouts.clear()
        text = Template.joined(parts).given(fixed)
        layout = self._layouts[blanks, order] = Layout(text, tuple(known[slots:]), moving)
        return layout


@dataclass(slots=True, eq=False)
class Layout:
    """A sheet's lines in one order.

    Attributes:
        text: all of them, with what does not change in its place.
        known: the names of the blank nodes, and the groups that depend on nothing else.
        groups: the others, and their places among the entries.
        same: how much of the text comes before what changes, and its hash, begun.
    """

    text: Template
    known: Entries
    groups: list[tuple[int, Group]]
    same: int = field(init=False)
    begun: Any = field(init=False)

    def __post_init__(self) -> None:
        start = self.text.pieces[0]
        self.same, self.begun = len(start), hashlib.sha256(start.encode())


class Order:
    """An order of some things, and what puts them into it."""

    __slots__ = ("places", "taken")

    def __init__(self, places: tuple[int, ...]) -> None:
        self.places = places
        self.taken = several(places)


def made(document: dict[str, Any], places: list[Path]) -> Sheet | None:
    """The sheet for documents that differ from this one in no other places; ``None`` if there can be none."""
    mirror = Mirror(document, places)
    order = mirror.paths
    ties = _ties(document, order)
    walk = shape.walked(mirror.marked(ties))
    if walk is None or walk.graphs or walk.parts:
        return None
    known = set(walk.addresses)
    addresses = [place for place in range(len(order)) if mark(ties.get(place, place)) in known]
    terms = addressed("".join([one.texts() for one in walk.subjects])).difference(addresses)
    if terms:  # addresses that may be written as terms
        return made(
            document, [path for place, path in enumerate(order) if ties.get(place, place) not in terms]
        )
    hashes, sha = walk.hashes(), hashlib.sha256
    cut = Cut(len(order), walk.subjects, [one for _, one in hashes])
    return Sheet(
        mirror,
        list(ties.items()),
        frozenset(addresses),
        several(addresses),
        {sha(text.encode()).digest(): n for n, (text, _) in enumerate(hashes) if unmarked(text) == text},
        [(n, cut.hashed(text)) for n, (text, _) in enumerate(hashes) if unmarked(text) != text],
        cut.early,
        cut.late,
        cut.named,
        cut.blank,
    )


def _plain(document: dict[str, Any]) -> str | None:
    try:
        return rdfc.canonicalize(jsonld.to_quads(document))
    except Error:
        return None


def _ties(document: dict[str, Any], order: list[Path]) -> dict[int, int]:
    """Slots that name the subject of an earlier one: what is described in two places is one subject in all of the shape."""
    first: dict[str, int] = {}
    ties = {}
    for place, path in enumerate(order):
        if path[-1] == "id":
            before = first.setdefault(at(document, path), place)
            if before != place:
                ties[place] = before
    return ties
