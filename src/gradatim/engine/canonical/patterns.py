r"""Patterns: what many objects of one shape come to, as the credentials in a record.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.

The second object with the same keys makes a pattern, as a sheet is made of a document: it is walked with marks in the place
of its texts, and its lines are cut there. Later ones that equal it in all but the texts fill the places. What its blank
nodes are called is decided for the whole document, so a filled pattern waits for that. The first filling and every
`HELD`th is held against a walk over the object itself; a pattern that differs leaves the document to the plain way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from gradatim.engine.canonical.cut import Cut, Entries, copies
from gradatim.engine.canonical.literals import escaped
from gradatim.engine.canonical.mirror import Mirror, Path, addressed, mark, texts, unmarked
from gradatim.engine.canonical.plans import Declined
from gradatim.engine.canonical.subjects import Subject, canonical
from gradatim.engine.canonical.template import Template, several

FEW = 6  # objects for which a pattern is not worth its while
MAX_PATTERNS = 4  # for the values of one property
LEAST, MOST = 12, 400  # places of a pattern
HELD = 64


class Walk(Protocol):
    """A walk over a document, as `shape` has it."""

    own: object
    subjects: list[Subject]
    graphs: list[Subject]
    parts: list[Part]
    addresses: list[str]
    lines: int

    def count(self, lines: int, letters: int) -> None:
        """Take notice of statements, and of the letters that stand in them again and again."""

    def another(self) -> Walk:
        """A new one."""

    def hashes(self) -> list[tuple[str, Subject]]:
        """The blank nodes, each with what is hashed for it."""


class Patterns:
    """The values of one property of one subject."""

    def __init__(self, walk: Walk, taken: Callable[[Any, Any], str | Subject]) -> None:
        """Begin.

        Args:
            walk: over the whole document.
            taken: takes a value apart in a walk, and says what it is called there, or which blank node it is.
        """
        self._walk, self._taken = walk, taken
        self._met: set[tuple[str, ...]] = set()
        self._known: dict[Pattern, int] = {}  # and how often each was filled
        self._tries = 0

    def made(self, value: Any) -> str | Subject:  # noqa: ANN401 - JSON
        """A value, taken apart."""
        if type(value) is not dict:
            return self._taken(self._walk, value)
        for pattern, times in self._known.items():
            filled = pattern.filled(value, self._walk)
            if filled is not None:
                self._known[pattern] = times + 1
                if times % HELD == 0:
                    self._hold(value, filled)
                return filled
        result, keys = self._taken(self._walk, value), tuple(value)
        if keys in self._met and self._tries < MAX_PATTERNS:
            self._tries += 1
            places = list(islice(texts(value), MOST + 1))
            if LEAST <= len(places) <= MOST:
                self._known |= dict.fromkeys(self._of(value, places), 0)
        self._met.add(keys)
        return result

    def _hold(self, value: dict[str, Any], name: str) -> None:
        """Hold the last filling against a walk over its object: by itself, each has a canonical text."""
        walk = self._walk.another()
        by_itself = self._taken(walk, value), canonical(walk.subjects, walk.hashes(), walk.parts, "sha256")
        if by_itself != (name, canonical([], [], self._walk.parts[-1:], "sha256")):
            raise Declined

    def _of(self, value: dict[str, Any], places: list[Path]) -> list[Pattern]:
        """The pattern of an object, if there is one."""
        mirror, walk = Mirror(value, places), self._walk.another()
        name = self._taken(walk, mirror.marked())
        known = set(walk.addresses)
        addresses = [place for place in range(len(mirror.paths)) if mark(place) in known]
        terms = addressed("".join([one.texts() for one in walk.subjects])).difference(addresses)
        if terms:  # addresses that may be written as terms
            return self._of(value, [path for place, path in enumerate(mirror.paths) if place not in terms])
        if (
            isinstance(name, Subject)
            or walk.parts
            or not all(_is_plain(one, walk.subjects) for one in walk.graphs)
        ):
            return []
        hashes = walk.hashes()
        cut = Cut(len(mirror.paths), walk.subjects, [one for _, one in hashes])
        hashed = [cut.hashed(text) for text, _ in hashes]
        fixed = [(own, lines.pieces[0]) for own, lines in cut.named if not lines.picks]
        named = [(Template.of(own), lines) for own, lines in cut.named if lines.picks]
        blank = [(place, lines) for place, lines in enumerate(cut.blank) if lines.picks]
        known_as = Template.of(unmarked(name))
        lines = [*hashed, *(text for _, text in named), *(text for _, text in blank)]
        most = copies(len(mirror.paths), lines, [*cut.early, *cut.late])
        return [
            Pattern(mirror, several(addresses), walk.lines, most, known_as, cut, hashed, fixed, named, blank)
        ]


def _is_plain(graph: Subject, subjects: list[Subject]) -> bool:
    """Whether a graph holds one blank node with texts alone, as a proof does: nothing in it can change its place."""
    inside = [one for one in subjects if one.graph is graph]
    return len(inside) == 1 and not inside[0].name and inside[0].links is None and graph.graph is None


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """What an object comes to, with places for its texts.

    Attributes:
        mirror: its places are those of the texts.
        iris: what takes those that have to be IRIs.
        lines: how many it has.
        copies: how often the text of one place comes to stand in them, at most.
        name: what it is called.
        cut: its groups.
        hashed: what is hashed for each blank node.
        fixed: the subjects in which no text changes, and their lines.
        named: the others that have a name, and their lines.
        blank: the blank nodes by their places, and their lines.
    """

    mirror: Mirror
    iris: Callable[[Entries], Entries]
    lines: int
    copies: int
    name: Template
    cut: Cut
    hashed: list[Template]
    fixed: list[tuple[str, str]]
    named: list[tuple[Template, Template]]
    blank: list[tuple[int, Template]]

    def filled(self, value: dict[str, Any], walk: Walk) -> str | None:
        """What an object is called, all of it added to a walk; ``None`` if it is of another shape."""
        values = self.mirror.values(value)
        if values is None or walk.own in values:
            return None
        walk.addresses += self.iris(values)
        joined = "".join(values)
        walk.count(self.lines, self.copies * len(joined))
        if not joined.isprintable() or '"' in joined or "\\" in joined:
            values = tuple([escaped(one) for one in values])
        walk.parts.append(Part(self, values))
        return self.name.filled(values)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An object of a pattern."""

    pattern: Pattern
    values: Entries

    def hashed(self) -> list[str]:
        """What is hashed for each of its blank nodes."""
        early = self.pattern.cut.early
        entries = (
            self.values + tuple([group.filled(self.values) for group in early]) if early else self.values
        )
        return [one.filled(entries) for one in self.pattern.hashed]

    def subjects(self, labels: Entries) -> Iterator[tuple[str, str]]:
        """Its subjects and their lines, after the names of its blank nodes are known."""
        pattern, entries = self.pattern, self.values + labels
        if pattern.cut.late:
            entries += tuple([group.filled(entries) for group in pattern.cut.late])
        yield from pattern.fixed
        for name, lines in pattern.named:
            yield name.filled(entries), lines.filled(entries)
        for place, lines in pattern.blank:
            yield labels[place], lines.filled(entries)
