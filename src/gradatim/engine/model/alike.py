"""A credential that differs from a good one in some texts only: what has to be looked at again.

Spec: Open Badges 3.0, 6 Data Model.

All rules of the data model are about single values, or belong to one class. So where a document equals a good one in all
but some texts, it is good if these are as their fields want them, and if the rules of the objects that hold them are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gradatim.engine.errors import ShapeError
from gradatim.engine.model import credential
from gradatim.engine.model.achievement import CLASSES
from gradatim.engine.model.values import Class, Field, Report, test_of

Path = tuple[str | int, ...]
_ANY = ("string", "text")  # fields that take any text
Rule = Callable[[Mapping[str, Any], str, Report], None]


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
        paths: where the texts stand in which they differ.
        addresses: those of them that are known to be addresses of the usual kind.
        notes: what was found out about the shape.
    """

    paths: list[Path]
    addresses: frozenset[int]
    notes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Again:
    """What is looked at again.

    Attributes:
        tests: by the place of a text, what it has to pass.
        rules: where an object stands, and a rule of its class.
        outside: the rules of the credential as a whole.
        legacy: whether they are those of the data model 1.1.
    """

    tests: tuple[tuple[int, Callable[[Any], bool]], ...]
    rules: tuple[tuple[Path, Rule], ...]
    outside: tuple[credential.Outside, ...]
    legacy: bool

    def kept(self, document: Mapping[str, Any], values: tuple[str, ...]) -> bool:
        """Whether a document of the shape breaks no rule."""
        for place, good in self.tests:
            if not good(values[place]):
                return False
        broken: list[str] = []
        report: Report = lambda path, _sentence: broken.append(path)  # noqa: E731 - as a rule wants it
        for path, rule in self.rules:
            node: Any = document
            for step in path:
                node = node[step]
            rule(node, "", report)
        for check in self.outside:
            check(document, report, legacy=self.legacy, badge=True)
        return not broken


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
    tests: list[tuple[int, Callable[[Any], bool]]] = []
    rules: dict[tuple[Path, Rule], None] = {}
    root = credential.root(kind)
    for place, path in enumerate(shape.paths):
        cls: Class | None = root
        wanted: Field | None = None
        for depth, step in enumerate(path):
            if not isinstance(step, str):
                continue
            wanted = None if cls is None else cls.fields.get(step)
            cls = None if wanted is None else CLASSES.get(wanted.kind)
            listed = type(path[-1]) is int or (depth + 1 < len(path) and type(path[depth + 1]) is int)
            for rule in () if cls is None else cls.rules:
                rules[path[: depth + 1 + listed], rule] = None
        known = _ANY if wanted is None or wanted.among is None else ()
        if wanted is None or wanted.kind in known or (wanted.kind == "uri" and place in shape.addresses):
            continue
        tests.append((place, test_of(wanted, CLASSES)))
    first = {path[0] for path in shape.paths}
    outside = tuple(
        check for check, keys in credential.OUTSIDE if "proof" in keys or not first.isdisjoint(keys)
    )
    return Again(tuple(tests), tuple(rules), outside, credential.is_legacy(document))
