"""What many credentials of one sitting share: an issuer's profile, an achievement. It is worked out once.

Spec: none; it changes no answer.

A part that was met before is exchanged for our own copy of it, on which the model and the canonical form note what they
found. The exchange is by every byte of the part, types and order included, and nobody outside gets hold of the copy, so
what is noted stays true. It belongs to one caller: to a run over many files, to a batch.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Any

MAX_PARTS = 64
MAX_BYTES = 32 * 1024  # of one part
_FORM = 2  # of marshal: the last in which equal values give equal bytes


class Part(dict[str, Any]):
    """A part met before, and what was found out about it.

    Attributes:
        good: the classes of the data model that it keeps.
        lines: its lines of N-Quads, by the active context around it.
    """

    __slots__ = ("good", "lines")

    def __init__(self, value: Mapping[str, Any]) -> None:
        super().__init__(value)
        self.good: set[Any] = set()
        self.lines: dict[Any, Any] = {}


class Recurring:
    """The parts of one sitting, the last `MAX_PARTS` of them."""

    def __init__(self) -> None:
        self._parts: dict[bytes, Part] = {}

    def view(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with parts that recur in the place of its own; equal to it, and only to be read."""
        view = dict(document)
        if type(view.get("issuer")) is dict:
            view["issuer"] = self._part(view["issuer"])
        subject = view.get("credentialSubject")
        if type(subject) is dict and type(subject.get("achievement")) is dict:
            view["credentialSubject"] = subject | {"achievement": self._part(subject["achievement"])}
        return view

    def _part(self, value: dict[str, Any]) -> dict[str, Any]:
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
        return part
