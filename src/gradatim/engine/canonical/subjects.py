r"""The subjects of a document and their lines; how blank nodes get their names, and the lines their order.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.3 and 4.6.3, where first-degree hashes are enough.

A subject's lines are kept as one text, in order, with ``\0`` in the place of a blank node's name. Values are escaped
before they enter, so neither ``\0`` nor a line feed nor the end of a line (`END`) is ever part of one. ``<`` comes before
``_``, and neither ``>`` nor a space stands in an IRI, so comparing subjects is comparing lines.
"""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from gradatim.engine.canonical.plans import Declined
from gradatim.engine.canonical.template import Template

END = " .\n"
A, Z = "_:a", "_:z"  # what first-degree hashes call the node itself, and every other one


class Subject:
    """One subject, or the name of a graph. Nothing of it changes once its object has been read."""

    __slots__ = ("entries", "graph", "links", "name", "own", "parent", "predicate", "template")

    def __init__(self, name: str, graph: Subject | None, own: str) -> None:
        self.name = name  # "" for a blank node
        self.graph = graph
        self.own = own  # its lines; with links it is the template that has them
        self.links: list[Link] | None = None
        self.template: Template
        self.entries: list[str]
        self.parent: Subject | None = None  # from which a line leads to this blank node,
        self.predicate: str  # by this property

    def fill(self, template: Template, entries: list[str], links: list[Link]) -> None:
        """Take lines in that had to be put together."""
        if links:
            self.template, self.entries, self.links = template, entries, links
        else:
            self.own = template.filled(entries)

    def lines(self, name: str, names: dict[Subject, str] | None) -> str:
        """Its lines under a name; other blank nodes under theirs, or all under `Z`."""
        if self.links is None:
            return self.own if self.name else self.own.replace("\0", name)
        entries = self.entries.copy()
        entries[0] = name
        for at, predicate, objects in self.links:
            known = {one for one in objects if type(one) is str}
            blank = [names[one] if names else Z for one in objects if type(one) is Subject]
            entries[at] = "".join([f"\0 {predicate} {one}{END}" for one in sorted([*known, *blank])])
        return self.template.filled(entries).replace("\0", name)

    def texts(self) -> str:
        """All that stands in its lines, in no order."""
        if self.links is None:
            return self.own
        objects = [one for _, _, found in self.links for one in found if type(one) is str]
        return "".join([*self.entries, *objects])


Link = tuple[int, str, list[str | Subject]]
"""Where among the entries, by which predicate, and to what: at least one blank node."""


class Part(Protocol):
    """Subjects that refer to no others, and that no others refer to but by an address."""

    def hashed(self) -> list[str]:
        """What is hashed for each of its blank nodes."""

    def subjects(self, labels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Its subjects and their lines, after the names of its blank nodes are known."""


def canonical(
    subjects: list[Subject], blanks: list[tuple[str, Subject]], parts: Sequence[Part], hash_name: str
) -> str:
    """The canonical text of a dataset.

    Args:
        subjects: whose lines they are.
        blanks: the blank nodes, those too that only name a graph or are only mentioned, each with what is hashed for it.
        parts: more subjects.
        hash_name: ``"sha256"`` or ``"sha384"``.

    Raises:
        Declined: two blank nodes have the same first-degree hash.
    """
    new_hash = getattr(hashlib, hash_name)
    digests = [new_hash(text.encode()).digest() for text, _ in blanks]
    of_parts = [[new_hash(text.encode()).digest() for text in part.hashed()] for part in parts]
    every = sorted({*digests, *(digest for found in of_parts for digest in found)})
    if len(every) != len(digests) + sum(map(len, of_parts)):
        raise Declined
    labels = {digest: f"_:c14n{place}" for place, digest in enumerate(every)}
    names = {one: labels[digest] for (_, one), digest in zip(blanks, digests, strict=True)}
    found: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for one in subjects:
        name = one.name or names[one]
        lines = one.lines(name, names)
        if one.graph is not None:
            lines = lines.replace(END, f" {names[one.graph]}{END}")
        if found.setdefault(name, lines) is not lines:
            several.setdefault(name, [found[name]]).append(lines)
    for part, own in zip(parts, of_parts, strict=True):
        for name, lines in part.subjects(tuple([labels[digest] for digest in own])):
            if found.setdefault(name, lines) is not lines:
                several.setdefault(name, [found[name]]).append(lines)
    for name, texts in several.items():
        found[name] = _joined(sorted({line for text in set(texts) for line in _split(text)}))
    return "".join([found[name] for name in sorted(found)])


def _split(text: str) -> list[str]:
    return text.split("\n")[:-1]


def _joined(lines: Iterable[str]) -> str:
    return "".join([f"{line}\n" for line in lines])


def first_degree(one: Subject) -> str:
    """What is hashed for a blank node: its own lines and the one that leads to it."""
    own = one.lines(A, None)
    if one.graph is not None:
        own = own.replace(END, f" {Z}{END}")
    leading = _leading(one)
    return leading + own if leading[:1] == "<" else own + leading


def _leading(one: Subject) -> str:
    parent = one.parent
    if parent is None:
        return ""
    return f"{parent.name or Z} {one.predicate} {A}{'' if parent.graph is None else f' {Z}'}{END}"


def of_graphs(subjects: list[Subject], graphs: list[Subject]) -> list[tuple[Subject, str]]:
    """The names of graphs, each with what is hashed for it."""
    inside: dict[Subject, list[Subject]] = {graph: [] for graph in graphs}
    for one in subjects if graphs else ():
        if one.graph is not None:
            inside[one.graph].append(one)
    return [(graph, _of_graph(graph, found)) for graph, found in inside.items()]


def _of_graph(graph: Subject, inside: list[Subject]) -> str:
    """What is hashed for the name of a graph: all lines of the graph and the one that leads to it."""
    named: dict[str, Any] = {}
    blank: list[str] = []
    tail = f" {A}{END}"
    for one in inside:
        lines = one.lines(one.name or Z, None)
        if not one.name:
            blank += _split(lines.replace(END, tail))
        elif one.name in named:
            named[one.name] = _merged(named[one.name], lines)
        else:
            named[one.name] = lines
    leading = _leading(graph)
    name = graph.parent.name if graph.parent is not None else ""
    order = sorted(named)
    if name in named:  # what leads to the graph is also described in it
        at = order.index(name)
        before, after = order[:at], order[at + 1 :]
        leading = _joined(sorted(_split(named[name].replace(END, tail) + leading)))
    elif name:
        at = bisect(order, name)
        before, after = order[:at], order[at:]
    else:
        before, after = order, []
        blank.append(leading[:-1])
        leading = ""
    blank.sort()
    start, end = ("".join([named[one] for one in part]).replace(END, tail) for part in (before, after))
    return start + leading + end + _joined(blank)


def _merged(one: str, other: str) -> str:
    """Lines of one subject made twice: the same statement counts once, but each blank node makes one of its own."""
    seen, ends = set(_split(one)), f" {Z} ."
    lines = [line for line in _split(other) if line not in seen or line.endswith(ends)]
    return _joined(sorted(_split(one) + lines))
