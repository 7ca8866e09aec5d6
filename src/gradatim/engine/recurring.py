"""What many credentials of one sitting share: an issuer's profile, an achievement. It is worked out once.

Spec: none; it changes no answer.

A part that was met before is exchanged for our own copy of it, on which the model and the canonical form note what they
found. The exchange is by everything that the part holds, types included, and nobody outside gets hold of the copy, so
what is noted stays true. It belongs to one caller: to a run over many files, to a batch.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from typing import Any

MAX_PARTS = 64
MAX_BYTES = 32 * 1024  # of one part
_FORM = 2  # of marshal: the last in which equal values give equal bytes

Path = tuple[str | int, ...]
"""A place in a document: keys of objects, places in lists."""


class Part(dict[str, Any]):
    """A part met before, and what was found out about it.

    Attributes:
        good: the classes of the data model that it keeps.
        lines: its lines of N-Quads, by the active context around it.
        strict: where it holds no text: `True` and 1 are equal, and not the same.
    """

    __slots__ = ("good", "lines", "strict")

    def __init__(self, value: Mapping[str, Any]) -> None:
        super().__init__(value)
        self.good: set[Any] = set()
        self.lines: dict[Any, Any] = {}
        self.strict = tuple(_not_texts(value, ()))

    def says(self, value: dict[str, Any]) -> bool:
        """Whether a value is the same in everything but the order of its keys."""
        return self == value and all(type(at(value, path)) is kind for path, kind in self.strict)


class Recurring:
    """The parts of one sitting, the last `MAX_PARTS` of them."""

    def __init__(self) -> None:
        self._parts: dict[bytes, Part] = {}
        self._latest: dict[str, Part] = {}

    def view(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with parts that recur in the place of its own; equal to it, and only to be read."""
        view = dict(document)
        issuer, subject = view.get("issuer"), view.get("credentialSubject")
        if type(issuer) is dict:
            view["issuer"] = self._part("issuer", issuer)
        if type(subject) is dict and type(subject.get("achievement")) is dict:
            view["credentialSubject"] = subject | {
                "achievement": self._part("achievement", subject["achievement"])
            }
        return view

    def _part(self, name: str, value: dict[str, Any]) -> dict[str, Any]:
        latest = self._latest.get(name)
        if latest is not None and latest.says(value):
            return latest
        if len(value) < 2:  # noqa: PLR2004 - an id alone is no work
            return value
        try:
            key = marshal.dumps(value, _FORM)
        except ValueError:  # something that is not JSON
            return value
        part = self._parts.get(key)
        if part is None:
            if len(key) > MAX_BYTES:
                return value
            if len(self._parts) >= MAX_PARTS:
                del self._parts[next(iter(self._parts))]
            part = self._parts[key] = Part(marshal.loads(key))  # noqa: S302 - written above
        self._latest[name] = part
        return part


def _not_texts(value: Any, path: Path) -> Iterator[tuple[Path, type]]:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _not_texts(entry, (*path, key))
    elif type(value) is list:
        for place, entry in enumerate(value):
            yield from _not_texts(entry, (*path, place))
    elif type(value) is not str:
        yield path, type(value)


def at(value: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    """What stands at a place.

    Raises:
        KeyError, IndexError, TypeError: there is no such place.
    """
    for step in path:
        value = value[step]
    return value
