r"""Patterns: what many objects of one shape come to, as the credentials in a record.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.

The second object with the same keys makes a pattern: it is walked with marks in the place of its texts, and what comes of
it is kept with places where the marks are. Later ones that equal it in all but the texts fill these places; what blank
nodes are called and how lines are ordered is decided afterwards, for all subjects alike (see `subjects`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from gradatim.engine.canonical.cut import Group, addressed, runs
from gradatim.engine.canonical.literals import escaped
from gradatim.engine.canonical.mirror import Mirror, Path, texts
from gradatim.engine.canonical.plans import Other
from gradatim.engine.canonical.subjects import END, Link, Subject
from gradatim.engine.canonical.template import PLACE, Template, several

if TYPE_CHECKING:
    from gradatim.engine.canonical.shape import Walk

FEW = 6  # objects for which a pattern is not worth its while
MAX_PATTERNS = 4  # for the values of one property
LEAST, MOST = 12, 400  # places of a pattern

Text = str | Template
Made = str | Subject
"""What a value comes to: an address or another word, or a blank node."""


class Patterns:
    """The values of one property of one subject."""

    def __init__(self, walk: Walk, node: Subject, other: Other, depth: int) -> None:
        self.walk, self.node, self.other, self.depth = walk, node, other, depth
        self._met: set[tuple[str, ...]] = set()
        self._known: list[Pattern] = []
        self._tries = 0

    def taken(self, walk: Walk, value: Any) -> Made:  # noqa: ANN401 - JSON
        """A value, taken apart in a walk."""
        if self.other.graph:
            return walk.graph(self.node, self.other, value, self.depth)
        predicate = self.other.term.predicate
        return walk.object(self.node, predicate, self.other, value, self.node.graph, self.depth)

    def made(self, value: Any) -> Made:  # noqa: ANN401 - JSON
        """A value, taken apart."""
        if type(value) is not dict:
            return self.taken(self.walk, value)
        for pattern in self._known:
            found = pattern.filled(value, self.walk, self.node)
            if found is not None:
                return found
        result, keys = self.taken(self.walk, value), tuple(value)
        if keys in self._met and self._tries < MAX_PATTERNS:
            self._tries += 1
            places = list(islice(texts(value), MOST + 1))
            if LEAST <= len(places) <= MOST:
                self._known.append(self._pattern(value, places))
        self._met.add(keys)
        return result

    def _pattern(self, value: dict[str, Any], places: list[Path]) -> Pattern:
        """The pattern of an object."""
        mirror = Mirror(value, places)
        mark = f"urn:x-mark:{secrets.token_hex(16)}"
        marks = [f"{mark}:{place}:" for place in range(len(mirror.paths))]
        walk = type(self.walk)(None)
        result = self.taken(walk, mirror.marked(marks))
        pattern = Pattern(mirror, mark, walk, self.node, result)
        addresses = {place for place, text in enumerate(marks) if text in walk.addresses}
        terms = pattern.links - addresses
        if terms:  # addresses that may be written as terms
            left = [path for place, path in enumerate(mirror.paths) if place not in terms]
            return self._pattern(value, left)
        pattern.iris = several(sorted(addresses))
        return pattern


class Row(NamedTuple):
    """One subject of a pattern; others are named by their numbers.

    Attributes:
        name: its address, the place of it, or nothing.
        own: its lines, if they lead to no blank node; otherwise
        template: has them, whose entries are the name, a text for each link, and the entries of the pattern,
        links: and these are put into it.
        graph: it stands in.
        parent: from which a line leads to it.
        predicate: by which.
    """

    name: str | int
    own: Text
    template: Template | None
    links: list[tuple[int, str, list[Text | int]]]
    graph: int
    parent: int
    predicate: str | None


class Pattern:
    """What an object comes to, with places for its texts.

    Attributes:
        links: the places that are addresses of something.
        iris: what takes the texts that have to be IRIs.
    """

    iris: Callable[[tuple[str, ...]], tuple[str, ...]]

    def __init__(self, mirror: Mirror, mark: str, walk: Walk, node: Subject, result: Made) -> None:
        self._mirror, self._lines = mirror, walk.lines
        self._slot = re.compile(rf"{mark}:([0-9]+):")
        self._groups: list[Group] = []
        self.links: set[int] = set()
        every = list(dict.fromkeys([*walk.subjects, *walk.blanks, *walk.graphs]))
        # Around it are the subject that has the property, the graph of that, and nothing.
        numbers = {one: number for number, one in enumerate([*every, node])}
        self._graph_around, self._nothing = len(every) + 1, len(every) + 2
        self._result = numbers[result] if isinstance(result, Subject) else self._text(result)
        self._rows = [self._row(one, numbers) for one in every]
        self._subjects, self._blanks, self._graphs = (
            [numbers[one] for one in found] for found in (walk.subjects, walk.blanks, walk.graphs)
        )

    def _row(self, one: Subject, numbers: dict[Subject, int]) -> Row:
        name: str | int = one.name
        if place := self._slot.fullmatch(one.name[1:-1]):
            name = int(place[1])
        links = [
            (at, predicate, [numbers[o] if isinstance(o, Subject) else self._text(o) for o in objects])
            for at, (_, predicate, objects) in enumerate(one.links or (), 1)
        ]
        return Row(
            name,
            "" if one.links else self._text(one.own),
            self._joined(one, one.links) if one.links else None,
            links,
            self._graph_around if one.graph is None else numbers.get(one.graph, self._graph_around),
            self._nothing if one.parent is None else numbers[one.parent],
            one.predicate if one.parent is not None else None,
        )

    def _joined(self, one: Subject, links: list[Link]) -> Template:
        """The template of a subject with links, and the entries of the pattern in it."""
        before = 1 + len(links)
        parts = {0: "\x020\x02"} | {at: f"\x02{number}\x02" for number, (at, _, _) in enumerate(links, 1)}
        for at, entry in enumerate(one.entries):
            if at not in parts:
                text = self._text(entry)
                parts[at] = text if isinstance(text, str) else text.moved(before)
        return Template.of(one.template.filled([parts[at] for at in range(len(parts))]))

    def _text(self, text: str) -> Text:
        """A text with places; several values of one property are put in order anew each time."""
        marked = self._slot.sub("\x02\\1\x02", text)
        if marked == text:
            return text
        self.links.update(addressed(marked))
        if END not in text:
            return Template.of(marked)
        pieces = []
        for start, values in runs(marked):
            if len(values) == 1 or not PLACE.search("".join(values)):
                pieces += [f"{start}{value}{END}" for value in values]
            else:
                pieces.append(f"\x02{len(self._mirror.paths) + len(self._groups)}\x02")
                known = tuple(Template.of(value) for value in values)
                self._groups.append(Group(Template.of(start), known, ()))
        return Template.of("".join(pieces))

    def filled(self, value: dict[str, Any], walk: Walk, node: Subject) -> Made | None:
        """What an object comes to, all of it added to a walk; ``None`` if it is of another shape."""
        values = self._mirror.values(value)
        if values is None or walk.own in values:
            return None
        walk.addresses += self.iris(values)
        walk.lines += self._lines
        joined = "".join(values)
        if not joined.isprintable() or '"' in joined or "\\" in joined:
            values = tuple([escaped(one) for one in values])
        entries = values + tuple([group.filled(values) for group in self._groups])

        def fill(text: Text) -> str:
            return text if isinstance(text, str) else text.filled(entries)

        made = [
            Subject(f"<{entries[row.name]}>" if isinstance(row.name, int) else row.name, None, fill(row.own))
            for row in self._rows
        ]
        around: list[Any] = [*made, node, node.graph, None]
        for one, row in zip(made, self._rows, strict=True):
            one.graph, one.parent = around[row.graph], around[row.parent]
            if row.predicate is not None:
                one.predicate = row.predicate
            if row.template is not None:
                one.template = row.template
                one.entries = [one.name or "\0", *[""] * len(row.links), *entries]
                one.links = [
                    (at, predicate, [around[o] if isinstance(o, int) else fill(o) for o in objects])
                    for at, predicate, objects in row.links
                ]
        walk.subjects += [made[number] for number in self._subjects]
        walk.blanks += [made[number] for number in self._blanks]
        walk.graphs += [made[number] for number in self._graphs]
        return made[self._result] if isinstance(self._result, int) else fill(self._result)
