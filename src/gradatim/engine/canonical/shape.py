r"""The fast way from a document to its canonical text; where it declines, the plain way decides.

Spec: JSON-LD 1.1 Processing Algorithms and API, 5.1 and 8.1; RDF Dataset Canonicalization (RDFC-1.0), 4.4.

Every object is filled into a prepared text (see `plans`), and what is left is to name the blank nodes and to order the
texts (see `subjects`). This gives what `jsonld.to_quads` and `rdfc.canonicalize` give, byte for byte, because

* values enter escaped and checked;
* a blank node here has one line that leads to it and its own lines (a graph's name: the lines of the graph), so its
  first-degree hash needs nothing else. Two with the same hash go the plain way, which knows the n-degree algorithm.

Declined: inline contexts, contexts with ``@vocab``, blank nodes with a name, addresses of rare schemes or with letters
beyond ASCII, JSON literals, everything that is refused, and what comes near a limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gradatim.engine.canonical import declared, jsonld, rdfc
from gradatim.engine.canonical.active import Active, after_urls
from gradatim.engine.canonical.jsonld import FIRST, NIL, REST
from gradatim.engine.canonical.literals import XSD, escaped, literal, number, quoted, text
from gradatim.engine.canonical.patterns import FEW, Part, Patterns
from gradatim.engine.canonical.plans import Declined, Other, Plan, plan
from gradatim.engine.canonical.subjects import END, Link, Subject, canonical, first_degree, of_graphs
from gradatim.engine.canonical.template import Template
from gradatim.engine.errors import Error

SCHEMES = ("https", "http", "urn", "did", "mailto", "data")
"""Addresses that go the fast way: no known context has a term of such a name, which could be a prefix."""

MAX_LINES = 100_000  # statements on the fast way
MAX_DEPTH = 48  # on the fast way
_ADDRESSES = re.compile(
    rf"(?:(?:{'|'.join(SCHEMES)}):[!#-;=?-\[\]_a-z~]++\n)*+\Z",
)


def canonical_text(
    document: Mapping[str, Any],
    *,
    context: Any = None,  # noqa: ANN401 - JSON
    allowed: frozenset[str] = frozenset(),
    hash_name: str = "sha256",
) -> str:
    """The canonical N-Quads text of a document, the fast way or the plain way.

    Args:
        document: a JSON object with ``@context``.
        context: taken in the place of the document's ``@context``.
        allowed: URLs of `contexts.OPEN` that are accepted too.
        hash_name: ``"sha256"`` or ``"sha384"``.

    Raises:
        Error: as `jsonld.to_quads` and `rdfc.canonicalize`.
    """
    rdfc.charge(0)  # nothing is begun once all is used up
    found = fast_text(document, context=context, allowed=allowed, hash_name=hash_name)
    if found is not None:
        rdfc.charge(found.count("\n"))
        return found
    quads = jsonld.to_quads(document, context=context, allowed=allowed)
    return rdfc.canonicalize(quads, hash_name=hash_name)


def fast_text(
    document: Mapping[str, Any],
    *,
    context: Any = None,  # noqa: ANN401 - JSON
    allowed: frozenset[str] = frozenset(),
    hash_name: str = "sha256",
) -> str | None:
    """As `canonical_text`, the fast way only; ``None`` where it declines."""
    walk = walked(document, context=context, allowed=allowed)
    return None if walk is None else walk.text(hash_name)


def walked(
    document: Mapping[str, Any],
    *,
    context: Any = None,  # noqa: ANN401 - JSON
    allowed: frozenset[str] = frozenset(),
) -> Walk | None:
    """A document taken apart into subjects; ``None`` where that is declined."""
    local = document.get("@context") if context is None else context
    if type(document) is not dict:
        return None
    walk = Walk(document.get("id"))
    try:
        active = _start(tuple(local) if type(local) is list else (local,), allowed)
        walk.node(document, active, None, 0)
    except (Declined, Error, TypeError):  # TypeError: an object where only texts can stand, as a type
        return None
    return walk if walk.sound() else None


def are_addresses(texts: Sequence[str]) -> bool:
    """Whether texts are IRIs of the usual kind, all of them."""
    return not texts or _ADDRESSES.match("\n".join(texts) + "\n") is not None


@lru_cache(maxsize=64)
def _start(entries: tuple[Any, ...], allowed: frozenset[str]) -> Active:
    active = declared.start(list(entries), allowed=allowed)
    if active.vocab is not None:
        raise Declined
    return active


_CELL = Template.of("\x021\x02\x022\x02")  # of an ordered list: what stands there, and the rest


class Walk:
    """One walk over one document."""

    __slots__ = (
        "_plans",
        "_steps",
        "addresses",
        "blanks",
        "floats",
        "graphs",
        "letters",
        "lines",
        "own",
        "own_name",
        "parts",
        "subjects",
    )

    def __init__(self, own: object) -> None:
        self.own = own  # the document's id: a second description of it the plain way decides about
        self.own_name = f"<{own}>"
        self.subjects: list[Subject] = []
        self.blanks: list[Subject] = []
        self.graphs: list[Subject] = []
        self.parts: list[Part] = []
        self.addresses: list[str] = []
        self.lines = 0
        self.letters = 0  # of names and predicates in all lines; texts stand in one each
        self.floats = False  # whether it holds a number that is no whole one
        self._plans: dict[Any, int] = {}
        self._steps: dict[Any, int] = {}

    def another(self) -> Walk:
        """A walk over a part, by itself."""
        return Walk(None)

    def count(self, lines: int, letters: int) -> None:
        """Take notice of statements, and of the letters that stand in them again and again."""
        self.lines += lines
        self.letters += letters
        if self.letters > rdfc.MAX_LETTERS:
            raise Declined

    def cost(self) -> int:
        """The most changes of context that the plain way would count."""
        return sum(self._plans.values()) + sum(self._steps.values())

    def sound(self) -> bool:
        """Whether all addresses are IRIs of the usual kind, and nothing comes near a limit."""
        if not are_addresses(self.addresses):
            return False
        return self.cost() <= jsonld.MAX_CHANGES and self.lines <= MAX_LINES

    def text(self, hash_name: str = "sha256") -> str | None:
        """The canonical text; ``None`` where two blank nodes have the same first-degree hash."""
        try:
            return canonical(self.subjects, self.hashes(), self.parts, hash_name)
        except Declined:
            return None

    def hashes(self) -> list[tuple[str, Subject]]:
        """The blank nodes, each with what is hashed for it."""
        found = [(first_degree(one), one) for one in self.blanks]
        return found + [(text, graph) for graph, text in of_graphs(self.subjects, self.graphs)]

    def node(self, value: dict[str, Any], active: Active, graph: Subject | None, depth: int) -> Subject:
        """One object."""
        types = value.get("type", ())
        types = (types,) if type(types) is str else tuple(types)
        if depth > MAX_DEPTH:
            raise Declined
        if depth and "@context" in value:
            active = self.embedded(value["@context"], types, active)
        way = plan(active, tuple(value), tuple(map(type, value.values())), types)
        self._plans[way] = way.cost
        values = way.texts(value)
        joined = "".join(values)
        if not joined.isprintable() or '"' in joined or "\\" in joined:
            values = tuple([escaped(one) for one in values])
        if way.addresses is not None:
            self.addresses += way.addresses(value)
        name = f"<{value['id']}>" if way.named else ""
        self.count(way.lines, way.lines * len(name))
        if depth and name == self.own_name:
            raise Declined
        if way.others:
            node = self.fill(name, way, values, value, graph, depth)
        else:
            node = Subject(name, graph, way.template.filled((name or "\0", *values)))
        if not way.empty:
            self.subjects.append(node)
        if not name:
            self.blanks.append(node)
        return node

    def embedded(self, local: Any, types: Any, active: Active) -> Active:  # noqa: ANN401 - JSON
        """After the contexts of a credential inside another one."""
        urls = declared.embedded(local, list(types), "")
        self._steps[active, urls] = len(urls)
        return after_urls(active, urls)

    def fill(
        self,
        name: str,
        way: Plan,
        texts: tuple[str, ...],
        value: dict[str, Any],
        graph: Subject | None,
        depth: int,
    ) -> Subject:
        """An object with properties whose values are not one text."""
        node = Subject(name, graph, "")
        own = name or "\0"
        entries = [own, *texts]
        links: list[Link] = []
        for other in way.others:
            predicate, inside = other.term.predicate, value[other.key]
            if type(inside) is not list:
                inside = [inside]
            if other.ordered:
                objects = [self.chain(node, other, inside, depth)]
            elif other.graph:
                objects = [self.graph(node, other, one, depth) for one in inside]
            elif len(inside) > FEW and graph is None:
                objects = self.many(node, other, inside, depth)
            else:
                objects = [self.object(node, predicate, other, one, graph, depth) for one in inside]
            self.count(len(objects), len(objects) * (len(own) + len(predicate)))
            if Subject in map(type, objects):
                links.append((other.at, predicate, objects))
                entries.append("")
            elif len(objects) == 1:
                entries.append(f"{own} {predicate} {objects[0]}{END}")
            else:
                lines = [f"{own} {predicate} {one}{END}" for one in sorted(set(objects))]  # type: ignore[type-var]
                entries.append("".join(lines))
        node.fill(way.template, entries, links)
        return node

    def object(
        self,
        parent: Subject,
        predicate: str,
        other: Other,
        value: Any,  # noqa: ANN401 - JSON
        graph: Subject | None,
        depth: int,
    ) -> str | Subject:
        """One value."""
        kind = type(value)
        if kind is dict and "@value" not in value:
            inner = other.inner_of_id if len(value) == 1 and "id" in value else other.inner
            child = self.node(value, inner, graph, depth + 1)
            if child.name:
                return child.name
            child.parent, child.predicate = parent, predicate
            return child
        if kind is str:
            coercion = other.term.coercion
            if coercion == "@id":
                self.addresses.append(value)
                return f"<{value}>"
            if coercion == "@vocab":
                return jsonld.iri(other.scope, value, "", vocab=True)
            return quoted(value) + other.term.suffix
        if kind is dict:
            return text(value, "")
        if kind is bool:
            return literal("true" if value else "false", other.term.datatype or f"{XSD}boolean")
        self.floats |= kind is float
        return number(value, other.term.datatype, "")

    def many(self, node: Subject, other: Other, values: list[Any], depth: int) -> list[str | Subject]:
        """Many values: what they have in common is worked out once."""
        predicate = other.term.predicate
        patterns = Patterns(self, lambda walk, one: walk.object(node, predicate, other, one, None, depth))
        return [patterns.made(one) for one in values]

    def chain(self, node: Subject, other: Other, entries: list[Any], depth: int) -> str | Subject:
        """An ordered list: a blank node for each place."""
        head: str | Subject = NIL
        for entry in reversed(entries):
            cell = Subject("", node.graph, "")
            first = self.object(cell, FIRST, other, entry, node.graph, depth)
            cell.fill(_CELL, ["\0", "", ""], [(1, FIRST, [first]), (2, REST, [head])])
            if type(head) is Subject:
                head.parent, head.predicate = cell, REST
            self.lines += 2
            self.subjects.append(cell)
            self.blanks.append(cell)
            head = cell
        if type(head) is Subject:
            head.parent, head.predicate = node, other.term.predicate
        return head

    def graph(self, node: Subject, other: Other, value: Any, depth: int) -> Subject:  # noqa: ANN401 - JSON
        """An object in a graph of its own."""
        before = self.lines
        name = Subject("", node.graph, "")
        name.parent, name.predicate = node, other.term.predicate
        if type(value) is not dict or "@value" in value:
            raise Declined
        inside = self.object(name, "", other, value, name, depth)
        if type(inside) is Subject:
            inside.parent = None  # no line leads to it
        if self.lines == before:
            raise Declined
        self.graphs.append(name)
        return name
