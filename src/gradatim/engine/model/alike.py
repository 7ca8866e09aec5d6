"""A credential that differs from a good one in some texts only: what has to be looked at again.

Spec: Open Badges 3.0, 6 Data Model.

All rules of the data model are about single values, or belong to one class. So where a document equals a good one in all
but some texts, it is good if these are as their fields want them, and if the rules of the objects that hold them are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from gradatim.engine.errors import ShapeError
from gradatim.engine.model import credential
from gradatim.engine.model.achievement import CLASSES
from gradatim.engine.model.values import Class, Field, Rule, is_uri, test_of

Path = tuple[str | int, ...]
_ANY = ("string", "text")  # fields that take any text
Test = Callable[[Any], bool]
MAX_KNOWN = 1024  # texts that are remembered for a rule
_USUAL = 1000  # characters of them


class Filled(Protocol):
    """A document of a shape."""

    @property
    def sheet(self) -> Shape:
        """The shape."""

    @property
    def values(self) -> tuple[str, ...]:
        """The texts in its places."""


class Shape(Protocol):
    """What many documents have in common.

    Attributes:
        addresses: the texts that are known to be addresses of the usual kind.
        notes: what was found out about the shape.
    """

    addresses: frozenset[int]
    notes: dict[str, Any]

    @property
    def paths(self) -> list[Path]:
        """Where the texts stand in which they differ."""


@dataclass(slots=True, eq=False)
class Held:
    """A rule, and texts with which it was found to be kept: in a batch they return.

    Attributes:
        places: of the texts that it looks at.
        kept: whether a document keeps it.
        known: such texts.
    """

    places: tuple[int, ...]
    kept: Callable[[Mapping[str, Any]], bool]
    known: set[tuple[str, ...]] = field(default_factory=set)

    def again(self, document: Mapping[str, Any], values: Sequence[str]) -> bool:
        """Whether a document of the shape keeps it."""
        texts = tuple([values[place] for place in self.places])
        if texts in self.known:
            return True
        if not self.kept(document):
            return False
        if len(self.known) < MAX_KNOWN and sum(map(len, texts)) < _USUAL:
            self.known.add(texts)
        return True


@dataclass(frozen=True, slots=True)
class Again:
    """What is looked at again.

    Attributes:
        tests: by the place of a text, what it has to pass.
        rules: those that look at texts which may differ.
        proofs: the rules of what is no part of the shape.
    """

    tests: tuple[tuple[int, Callable[[Any], bool]], ...]
    rules: tuple[Held, ...]
    proofs: tuple[Callable[[Mapping[str, Any]], bool], ...]

    def kept(self, document: Mapping[str, Any], values: tuple[str, ...]) -> bool:
        """Whether a document of the shape breaks no rule."""
        for place, good in self.tests:
            if not good(values[place]):
                return False
        for rule in self.rules:
            if not rule.again(document, values):
                return False
        return all(kept(document) for kept in self.proofs)


def kind_of(document: Mapping[str, Any], filled: Filled | None) -> str:
    """As `credential.kind_of`, with contexts that are as they have to be: neither types nor contexts differ in a shape.

    Raises:
        ShapeError: ``type``; ContextError: ``context``.
    """
    kind: str | None = None if filled is None else filled.sheet.notes.get("kind")
    if kind is None:
        kind = credential.kind_of(document)
        credential.check_context(document, kind)
        if filled is not None:
            filled.sheet.notes["kind"] = kind
    return kind


def findings(document: Mapping[str, Any], kind: str, filled: Filled | None) -> list[ShapeError]:
    """As `credential.findings`, quickly if the document has the shape of one that was found to be good.

    Args:
        document: whole, with its proof.
        kind: from `credential.kind_of`.
        filled: what it equals but for some texts, and these; ``None`` if there is none.
    """
    if filled is None or kind not in credential.SUBJECTS:
        return credential.findings(document, kind)
    again = filled.sheet.notes.get(kind)
    if again is not None and again.kept(document, filled.values):
        return []
    found = credential.findings(document, kind)
    if again is None and not found:
        filled.sheet.notes[kind] = _again(document, kind, filled.sheet)
    return found


def _again(document: Mapping[str, Any], kind: str, shape: Shape) -> Again:
    tests, held = _of_classes(kind, shape)
    proofs = []
    for check, keys, texts in credential.OUTSIDE:
        places = [place for place, path in enumerate(shape.paths) if path[0] in keys]
        keeps = _by_outside(check, legacy=credential.is_legacy(document))
        if texts is not None:
            wants = [(place, texts.get(str(shape.paths[place][-1]))) for place in places]
            tests += [
                (n, test) for n, test in wants if test and not (test is is_uri and n in shape.addresses)
            ]
        elif places:
            held.append(Held(tuple(places), keeps))
        if "proof" in keys:
            proofs.append(keeps)
    return Again(tuple(tests), tuple(held), tuple(proofs))


def _of_classes(kind: str, shape: Shape) -> tuple[list[tuple[int, Test]], list[Held]]:
    """What the fields of the classes want of the texts, and the rules of the classes that look at any."""
    tests: list[tuple[int, Test]] = []
    rules: dict[tuple[Path, Rule], list[int]] = {}
    for place, path in enumerate(shape.paths):
        cls: Class | None = credential.root(kind)
        wanted: Field | None = None
        for depth, step in enumerate(path):
            if not isinstance(step, str):
                continue
            for rule, reads in () if cls is None else cls.rules:
                if step in reads:
                    rules.setdefault((path[:depth], rule), []).append(place)
            wanted = None if cls is None else cls.fields.get(step)
            cls = None if wanted is None else CLASSES.get(wanted.kind)
        known = _ANY if wanted is None or wanted.among is None else ()
        if wanted is None or wanted.kind in known or (wanted.kind == "uri" and place in shape.addresses):
            continue
        tests.append((place, test_of(wanted, CLASSES)))
    return tests, [Held(tuple(places), _by_rule(rule, path)) for (path, rule), places in rules.items()]


def _by_rule(rule: Rule, path: Path) -> Callable[[Mapping[str, Any]], bool]:
    def kept(document: Mapping[str, Any]) -> bool:
        node: Any = document
        for step in path:
            node = node[step]
        broken: list[str] = []
        rule(node, "", lambda path, _sentence: broken.append(path))
        return not broken

    return kept


def _by_outside(check: credential.Outside, *, legacy: bool) -> Callable[[Mapping[str, Any]], bool]:
    def kept(document: Mapping[str, Any]) -> bool:
        broken: list[str] = []
        check(document, lambda path, _sentence: broken.append(path), legacy=legacy, badge=True)
        return not broken

    return kept
