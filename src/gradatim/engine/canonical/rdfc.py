"""RDF Dataset Canonicalization: one text for one graph, however its blank nodes are called.

Spec: RDF Dataset Canonicalization (RDFC-1.0), W3C Recommendation 2024, 4.

A quad is a tuple of four N-Quads terms in canonical form: subject, predicate, object, graph (``""`` for the default
graph). Graphs made to be hard ("poison graphs") are stopped by a budget of work, never by patience; many graphs, none of
them too hard by itself, by one budget for all that is done together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from itertools import permutations
from typing import NamedTuple, Protocol, TypeVar

from gradatim.engine.errors import LimitError

Quad = tuple[str, str, str, str]
_T = TypeVar("_T")

WORK_BUDGET = 50_000  # of the n-degree algorithm: statements read, names tried and names copied
WHOLE_BUDGET = 600_000  # of one verification, all its documents: work as above, five for each statement, thirty and more for each signature
MAX_LETTERS = 32 * 1024 * 1024  # of one canonical text: a long address may stand in very many statements
MAX_CHAIN = 100  # blank nodes that only differ by whom they lead to, one behind the other
_FEW = 20  # of several nodes; with more of them the budget ends before all orders were tried
_STATEMENT = 5  # as much work as a statement is to make and to put in its place
_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


class Canonical(Protocol):
    """A canonical text by SHA-256, however it was made."""

    @property
    def text(self) -> str:
        """The lines."""

    def sha256(self) -> bytes:
        """Its hash."""


class Text(NamedTuple):
    """A canonical text by SHA-256."""

    text: str

    def sha256(self) -> bytes:
        """Its hash."""
        return hashlib.sha256(self.text.encode()).digest()


def on_one_budget(work: Callable[[], _T]) -> _T:
    """Call something; all that is canonicalized meanwhile shares `WHOLE_BUDGET`, and is given up when that is used up."""
    token = _left.set([WHOLE_BUDGET])
    try:
        return work()
    finally:
        _left.reset(token)


def charge(statements: int) -> None:
    """Take statements, that are made or put in order, from the budget for all that is done together.

    Raises:
        LimitError: ``resource-limit``, when that is used up.
    """
    left = _left.get()
    if left is not None:
        left[0] -= _STATEMENT * statements
        if left[0] < 0:
            raise _given_up()


def canonicalize(quads: Iterable[Quad], *, hash_name: str = "sha256", budget: int = WORK_BUDGET) -> str:
    """The canonical N-Quads text of a dataset.

    Args:
        quads: the dataset; repeated quads count once.
        hash_name: ``"sha256"`` or ``"sha384"``.
        budget: work of the n-degree algorithm before it is given up.

    Returns:
        Lines in code point order, each ending in a line feed.

    Raises:
        LimitError: ``resource-limit``, when the budget, or that of `on_one_budget`, is used up, or `MAX_CHAIN` or
            `MAX_LETTERS` is passed.
    """
    return canonical_dataset(quads, hash_name=hash_name, budget=budget)[0]


def canonical_dataset(
    quads: Iterable[Quad], *, hash_name: str = "sha256", budget: int = WORK_BUDGET
) -> tuple[str, dict[str, str]]:
    """As `canonicalize`, with the map from each blank node to its canonical name (both with ``_:``)."""
    state = _State(dict.fromkeys(quads), hash_name, budget)
    charge(len(state.quads))
    if sum(len("".join(quad)) for quad in state.quads) > MAX_LETTERS:
        raise LimitError(
            "resource-limit", f"The document's statements have more than {MAX_LETTERS:,} letters together."
        )
    state.run()
    names = state.canonical.issued
    lines = []
    for subject, predicate, obj, graph in state.quads:
        tail = f" {names.get(graph, graph)} .\n" if graph else " .\n"
        lines.append(f"{names.get(subject, subject)} {predicate} {names.get(obj, obj)}{tail}")
    lines.sort()
    return "".join(lines), names


class _Issuer:
    """Gives names to blank nodes, in the order they ask."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: Mapping[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = dict(issued or {})

    def issue(self, node: str) -> str:
        name = self.issued.get(node)
        if name is None:
            name = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return name

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, self.issued)


class _State:
    """One run of the algorithm (4.2)."""

    def __init__(self, quads: Iterable[Quad], hash_name: str, budget: int) -> None:
        self.quads = list(quads)
        self.new_hash: Callable[[bytes], hashlib._Hash] = getattr(hashlib, hash_name)
        self.budget = budget
        self.left = _left.get() or [budget]
        self.chain = 0
        self.canonical = _Issuer("_:c14n")
        self.mentions: dict[str, list[Quad]] = {}
        self.first: dict[str, str] = {}
        for quad in self.quads:
            for node in {quad[0], quad[2], quad[3]}:
                if node[:2] == "_:":
                    self.mentions.setdefault(node, []).append(quad)

    def spend(self, work: int) -> None:
        self.budget -= work
        self.left[0] -= work
        if self.budget < 0 or self.left[0] < 0 or self.chain > MAX_CHAIN:
            raise _given_up()

    def hash(self, text: str) -> str:
        return self.new_hash(text.encode("utf-8")).hexdigest()

    def run(self) -> None:
        """4.4.3."""
        by_hash: dict[str, list[str]] = {}
        for node in self.mentions:
            self.first[node] = self.first_degree(node)
            by_hash.setdefault(self.first[node], []).append(node)
        shared = []
        for digest in sorted(by_hash):
            nodes = by_hash[digest]
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
            else:
                shared.append(nodes)
        for nodes in shared:
            found: list[tuple[str, _Issuer]] = []
            for node in nodes:
                if node not in self.canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(node)
                    found.append(self.n_degree(node, issuer))
            found.sort(key=lambda pair: pair[0])
            for _, issuer in found:
                for node in issuer.issued:
                    self.canonical.issue(node)

    def first_degree(self, node: str) -> str:
        """4.6.3."""
        lines = []
        for subject, predicate, obj, graph in self.mentions[node]:
            parts = [subject, predicate, obj]
            if graph:
                parts.append(graph)
            lines.append(
                " ".join(p if p[:2] != "_:" else "_:a" if p == node else "_:z" for p in parts) + " .\n"
            )
        lines.sort()
        return self.hash("".join(lines))

    def related(self, node: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """4.7.3."""
        name = self.canonical.issued.get(node) or issuer.issued.get(node) or self.first[node]
        predicate = quad[1] if position != "g" else ""
        return self.hash(f"{position}{predicate}{name}")

    def n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """4.8.3."""
        self.chain += 1
        self.spend(len(self.mentions[node]))
        groups: dict[str, list[str]] = {}
        for quad in self.mentions[node]:
            for position, other in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if other[:2] == "_:" and other != node:
                    groups.setdefault(self.related(other, quad, issuer, position), []).append(other)
        data = []
        for digest in sorted(groups):
            data.append(digest)
            path, issuer = self.best_path(groups[digest], issuer)
            data.append(path)
        self.chain -= 1
        return self.hash("".join(data)), issuer

    def best_path(self, nodes: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        """4.8.3, step 5: the least path over all orders of the related nodes."""
        chosen_path, chosen = "", issuer
        for order in _orders(nodes):
            self.spend(len(order) + len(issuer.issued))
            walked = self.walk(order, issuer.copy(), chosen_path)
            if walked and (not chosen_path or walked[0] < chosen_path):
                chosen_path, chosen = walked
        return chosen_path, chosen

    def walk(self, order: tuple[str, ...], issuer: _Issuer, best: str) -> tuple[str, _Issuer] | None:
        """One order; ``None`` as soon as it cannot be the least."""
        path = ""
        later = []
        for node in order:
            name = self.canonical.issued.get(node)
            if name is None:
                if node not in issuer.issued:
                    later.append(node)
                name = issuer.issue(node)
            path += name
            if best and len(path) >= len(best) and path > best:
                return None
        for node in later:
            digest, result = self.n_degree(node, issuer)
            path += issuer.issue(node) + f"<{digest}>"
            issuer = result
            if best and len(path) >= len(best) and path > best:
                return None
        return path, issuer


def _orders(nodes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All different orders: one node may stand there many times, as the name of a graph for each statement in it."""
    different = dict.fromkeys(nodes)
    if len(different) == 1:
        yield tuple(nodes)
        return
    if len(different) == len(nodes) or len(nodes) > _FEW:
        yield from permutations(nodes)
        return
    for first in different:
        rest = list(nodes)
        rest.remove(first)
        for order in _orders(rest):
            yield (first, *order)


def _given_up() -> LimitError:
    return LimitError(
        "resource-limit",
        "The document's structure takes too long to put in order; it was given up.",
        "RDFC-1.0, 7.1",
    )
