r"""Sheets: the canonical text of credentials that differ only in some of their texts, as in a batch.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.3.

Two documents one after the other show where they differ; a walk over one of them with marks in these places shows where
they enter the canonical text. From then on a document that is equal to the sheet in everything else, types included, is
filled in: its texts are escaped and checked as on the fast way (`shape`), the blank nodes whose lines hold one of them are
hashed anew, names are given and subjects put in order anew. What would move lines about inside a subject is no place for a
sheet; a document with two subjects of one name goes back to the fast way.

The first filling of a sheet and every `SAMPLE`th are held against the plain way; a sheet that differs is thrown away.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from gradatim.engine.canonical import jsonld, rdfc, shape
from gradatim.engine.canonical.literals import escaped
from gradatim.engine.canonical.plans import Declined
from gradatim.engine.canonical.subjects import END, Subject
from gradatim.engine.errors import Error
from gradatim.engine.recurring import Part, Path, at

MAX_SLOTS = 40
MAX_SHEETS = 4
MAX_TRIES = 40  # sheets that one sitting makes at most
SAMPLE = 256


class Sheets:
    """The sheets of one sitting: one caller's batch, or one run over many files."""

    def __init__(self) -> None:
        self._sheets: list[Sheet] = []
        self._last: dict[str, Any] | None = None
        self._tries = 0

    def filled(self, document: dict[str, Any]) -> str | None:
        """As `shape.fast_text` by SHA-256, if the document is like some before: it then costs a third."""
        for place, sheet in enumerate(self._sheets):
            found = sheet.fill(document)
            if found is not None:
                if place:
                    self._sheets.insert(0, self._sheets.pop(place))
                return found
        return None

    def learn(self, document: dict[str, Any]) -> None:
        """Take notice of a document that had to go the fast way."""
        if self._tries >= MAX_TRIES:
            return
        before, self._last = self._last, document
        places: set[Path] = set()
        if before is None or not _differences(before, document, (), places):
            return
        for sheet in self._sheets:  # what varied before will vary again
            places.update(
                path
                for path in sheet.paths
                if type(_at(document, path)) is str and not _recurs(document, path)
            )
        if places and len(places) <= MAX_SLOTS:
            self._tries += 1
            made = _made(document, sorted(places, key=str))
            if made is not None:
                self._sheets = [made, *self._sheets][:MAX_SHEETS]


Values = Callable[[tuple[str, ...]], tuple[str, ...]]

Lines = tuple[Subject, int | None, str, Values]
"""Lines that change from document to document: whose, the slot that the name is, their template, and its values."""


@dataclass(slots=True)
class Sheet:
    """What is equal in all documents of a kind, and how the rest is filled in.

    Attributes:
        mirror: one of the documents, ours alone: the texts of the one in hand are put in before they are compared.
        paths: where the slots are.
        boxes: the objects that hold them, in the mirror and by their path, with the keys.
        strict: where equal is not enough: the parts that recur, and values whose type counts.
        addresses: the slots that have to be IRIs.
        fixed: lines by subject that are the same in all.
        changing: all other lines.
        hashes: of the blank nodes whose lines hold no slot.
        hashed: the others: what is hashed.
        links: predicate, fixed objects and blank nodes, of each property that leads to one.
    """

    mirror: dict[str, Any]
    paths: list[Path]
    boxes: list[tuple[Path, Any, tuple[Any, ...]]]
    strict: list[tuple[Path, Any]]
    addresses: list[int]
    fixed: dict[str, str]
    changing: list[Lines]
    hashes: dict[bytes, Subject]
    hashed: list[Lines]
    links: list[tuple[str, frozenset[str], list[Subject]]]
    filled: int = 0
    bad: bool = False

    def fill(self, document: dict[str, Any]) -> str | None:
        """The canonical text of a document, if it is one of the kind."""
        values = None if self.bad else self._values(document)
        found = None if values is None else self._text(values)
        if found is None:
            return None
        if self.filled % SAMPLE == 0 and found != _plain(document):
            self.bad = True
            return None
        self.filled += 1
        return found

    def _values(self, document: dict[str, Any]) -> tuple[str, ...] | None:
        """The texts in the slots; ``None`` when anything else is not as in the mirror."""
        values: list[Any] = []
        try:
            for path, mine, keys in self.boxes:
                box: Any = document
                for step in path:
                    box = box[step]
                for key in keys:
                    value = mine[key] = box[key]
                    values.append(value)
        except (KeyError, IndexError, TypeError):
            return None
        if set(map(type, values)) != {str} or self.mirror != document:
            return None
        for path, wanted in self.strict:
            value = _at(document, path)
            if value is not wanted and (type(wanted) is Part or type(value) is not type(wanted)):
                return None
        return tuple(values)

    def _text(self, values: tuple[str, ...]) -> str | None:
        if not shape.are_addresses([values[place] for place in self.addresses]):
            return None
        joined = "".join(values)
        try:
            clean = joined.isprintable() and '"' not in joined and "\\" not in joined
            texts = values if clean else tuple([escaped(one) for one in values])
        except Error:
            return None
        new_hash = hashlib.sha256
        hashes = self.hashes.copy()
        for subject, _slot, template, taken in self.hashed:
            hashes[new_hash((template % taken(texts)).encode()).digest()] = subject
        if len(hashes) != len(self.hashes) + len(self.hashed):
            return None
        names = {hashes[digest]: f"_:c14n{place}" for place, digest in enumerate(sorted(hashes))}
        linked = [
            "".join([f"\0 {predicate} {one}{END}" for one in sorted([*known, *[names[b] for b in blanks]])])
            for predicate, known, blanks in self.links
        ]
        found = self.fixed.copy()
        entries = (*texts, *linked)
        for subject, slot, template, taken in self.changing:
            name = f"<{texts[slot]}>" if slot is not None else subject.name or names[subject]
            found[name] = (template % taken(entries)).replace("\0", name)
        if len(found) != len(self.fixed) + len(self.changing):
            return None
        return "".join([found[name] for name in sorted(found)])


def _plain(document: dict[str, Any]) -> str | None:
    try:
        return rdfc.canonicalize(jsonld.to_quads(document))
    except Error:
        return None


def _copy(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A copy of our own, but for parts that recur."""
    if type(value) is dict:
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if type(value) is list else value


def _at(value: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return at(value, path)
    except (KeyError, IndexError, TypeError):
        return None


def _differences(one: Any, other: Any, path: Path, found: set[Path]) -> bool:  # noqa: ANN401 - JSON
    """Note the texts in which two documents differ; false when they differ in anything else."""
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return one.keys() == other.keys() and all(
            _differences(one[key], other[key], (*path, key), found) for key in one
        )
    if type(one) is list:
        return len(one) == len(other) and all(
            _differences(a, b, (*path, place), found)
            for place, (a, b) in enumerate(zip(one, other, strict=True))
        )
    if type(one) is Part or one == other:
        return one is other or type(one) is not Part
    found.add(path)
    return type(one) is str and _may_vary(path)


def _may_vary(path: Path) -> bool:
    """Types, contexts and the keywords of language objects decide about the lines themselves."""
    return not {"type", "@context", "@language", "@direction"} & set(path)


def _sorts(document: dict[str, Any], path: Path) -> bool:
    """Whether a text stands where lines are put in order by it: in a list of several, or in an entry of one that is one text."""
    places = [at for at, step in enumerate(path) if type(step) is int and at >= len(path) - 2]
    return any(
        len(_at(document, path[:at])) > 1 and (at == len(path) - 1 or path[-1] in {"id", "@value"})
        for at in places
    )


def _recurs(document: dict[str, Any], path: Path) -> bool:
    """Whether a place lies in a part that recurs: its lines are kept, so nothing may ever be written into it."""
    return any(type(_at(document, path[:end])) is Part for end in range(1, len(path)))


def _made(document: dict[str, Any], paths: list[Path]) -> Sheet | None:
    """The sheet for documents that differ from this one in these places."""
    if any(_sorts(document, path) or _recurs(document, path) for path in paths):
        return None
    mirror, marked = _copy(document), _copy(document)
    mark = f"urn:x-mark:{secrets.token_hex(16)}"
    boxes: dict[Path, list[Any]] = {}
    for path in paths:
        boxes.setdefault(path[:-1], []).append(path[-1])
    order = [(*path, key) for path, keys in boxes.items() for key in keys]
    marks = [f"{mark}:{place}:" for place in range(len(order))]
    for path, text in zip(order, marks, strict=True):
        _at(marked, path[:-1])[path[-1]] = text
    walk = shape.walked(marked)
    if walk is None or walk.graphs:
        return None
    try:
        cut = _Cut(mark, len(order), walk.subjects)
    except Declined:
        return None
    addresses = [place for place, text in enumerate(marks) if text in walk.addresses]
    if any(f"<{text}>" in cut.all and place not in addresses for place, text in enumerate(marks)):
        return None  # an address that may be a term
    hashes = walk.hashes()
    sha = hashlib.sha256
    return Sheet(
        mirror,
        order,
        [(path, _at(mirror, path), tuple(keys)) for path, keys in boxes.items()],
        list(_strict(mirror, ())),
        addresses,
        cut.fixed,
        cut.changing,
        {sha(text.encode()).digest(): one for text, one in hashes if mark not in text},
        [(one, None, *cut.template(text)) for text, one in hashes if mark in text],
        cut.links,
    )


def _strict(value: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    """Places where equal is not enough, with what has to stand there."""
    if type(value) is dict:
        for key, entry in value.items():
            yield from _strict(entry, (*path, key))
    elif type(value) is list:
        for place, entry in enumerate(value):
            yield from _strict(entry, (*path, place))
    elif type(value) is not str:
        yield path, value


class _Cut:
    """The lines of a marked document, cut where the marks are."""

    def __init__(self, mark: str, slots: int, subjects: list[Subject]) -> None:
        self.fixed: dict[str, str] = {}
        self.changing: list[Lines] = []
        self.links: list[tuple[str, frozenset[str], list[Subject]]] = []
        self.all = ""
        self._mark = re.compile(rf"{mark}:(\d+):|\x02(\d+)\x02")
        self._slots = slots
        texts: dict[str | Subject, tuple[Subject, str]] = {}
        for one in subjects:
            whole = self._whole(one)
            name = one.name or one
            before = texts.get(name)
            texts[name] = (one, whole if before is None else self._merged(one.name, before[1] + whole))
        self.all = "".join(text for _, text in texts.values())
        for one, text in texts.values():
            if one.name and not self._mark.search(text):
                self.fixed[one.name] = text
            else:
                named = self._mark.match(one.name, 1)
                self.changing.append((one, int(named[1]) if named else None, *self.template(text)))

    def _merged(self, name: str, text: str) -> str:
        """The lines of one subject that two objects describe.

        Raises:
            Declined: a value that changes would move lines about.
        """
        links = {f"\x02{n}\x02": f"{name} {link[0]} \x02{n}\x02\n" for n, link in enumerate(self.links)}
        for mark, line in links.items():  # as a line of its own, to be put in order like any other
            text = text.replace(mark, line)
        by_predicate: dict[str, set[str]] = {}
        for line in text.replace("\0", name).split("\n")[:-1]:
            by_predicate.setdefault(line.split(" ", 2)[1], set()).add(line)
        for lines in by_predicate.values():
            if len(lines) > 1 and any(self._mark.search(line) for line in lines):
                raise Declined
        text = "".join(
            f"{line}\n" for predicate in sorted(by_predicate) for line in sorted(by_predicate[predicate])
        )
        for mark, line in links.items():
            text = text.replace(line, mark)
        return text

    def _whole(self, one: Subject) -> str:
        """All of a subject's lines, with a mark for each link."""
        if one.links is None:
            return one.own
        values = list(one.values)
        for place, predicate, objects in one.links:
            values[place] = f"\x02{len(self.links)}\x02"
            known = frozenset(entry for entry in objects if type(entry) is str)
            self.links.append((predicate, known, [entry for entry in objects if type(entry) is Subject]))
        return one.own % tuple(values)

    def template(self, text: str) -> tuple[str, Values]:
        """A text as a template, and what its values are of all slots and links."""
        places = [int(p[1]) if p[1] else self._slots + int(p[2]) for p in self._mark.finditer(text)]
        template = "%s".join(piece.replace("%", "%%") for piece in self._mark.sub("\x03", text).split("\x03"))
        if len(places) > 1:
            return template, itemgetter(*places)
        return template, (lambda entries: (entries[places[0]],)) if places else (lambda _entries: ())
