r"""Mirrors: whether a document equals another one in all but some texts, and which texts stand there.

Spec: none.

What decides about the lines of a document, and not only about what stands in them, is never among these texts: types,
contexts, languages. Numbers are not either.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gradatim.engine.canonical.template import several

Path = tuple[str | int, ...]
"""A place in a document: keys of objects, places in lists."""

_MARK = f"urn:x-mark:{secrets.token_hex(16)}"  # no document can hold it: nobody is told
_MARKED = re.compile(rf"{_MARK}:([0-9]+):")
_ADDRESSED = re.compile(rf"<{_MARK}:([0-9]+):>")
_FIXED = frozenset({"type", "@context", "@language", "@direction"})


class Mirror:
    """A document, and the places whose texts may be others.

    Attributes:
        document: ours alone: the texts of the one in hand are put in before they are compared.
        paths: the places, those of one object side by side.
        boxes: the objects that hold them by their path, and what takes the texts.
        spots: the same objects in our document, with the key of each text.
        strict: where equal is not enough, as `True` and 1 are equal: the type that has to stand there.
    """

    def __init__(self, document: dict[str, Any], places: Iterable[Path]) -> None:
        boxes: dict[Path, list[Any]] = {}
        for path in places:
            boxes.setdefault(path[:-1], []).append(path[-1])
        self.document = copied(document)
        self.paths: list[Path] = [(*path, key) for path, keys in boxes.items() for key in keys]
        self.boxes: list[tuple[Path, Callable[[Any], tuple[Any, ...]]]] = [
            (path, several(keys)) for path, keys in boxes.items()
        ]
        self.spots = [(at(self.document, path[:-1]), path[-1]) for path in self.paths]
        self.strict = list(_strict(self.document, ()))

    def values(self, document: dict[str, Any]) -> tuple[str, ...] | None:
        """The texts in the places; ``None`` when anything else is not as in ours."""
        values: list[Any] = []
        try:
            for path, taken in self.boxes:
                box: Any = document
                for step in path:
                    box = box[step]
                values += taken(box)
        except (KeyError, IndexError, TypeError):
            return None
        for (mine, key), value in zip(self.spots, values, strict=True):
            mine[key] = value
        if set(map(type, values)) != {str} or self.document != document:
            return None
        for path, kind in self.strict:
            if type(at(document, path)) is not kind:
                return None
        return tuple(values)

    def marked(self, ties: Mapping[int, int] | None = None) -> dict[str, Any]:
        """The document with marks in the places; those of `ties` bear the mark of another one."""
        document: dict[str, Any] = copied(self.document)
        for place, path in enumerate(self.paths):
            at(document, path[:-1])[path[-1]] = mark(ties.get(place, place) if ties else place)
        return document


def mark(place: int) -> str:
    """What stands for the text in a place; also an address."""
    return f"{_MARK}:{place}:"


def unmarked(text: str) -> str:
    r"""A text with ``\x02n\x02``, as templates have it, where the mark of the place n was."""
    return "\x02".join(_MARKED.split(text))


def addressed(lines: str) -> set[int]:
    """The places whose marks are addresses in some lines."""
    return {int(place) for place in _ADDRESSED.findall(lines)}


def at(value: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    """What stands at a place.

    Raises:
        KeyError, IndexError, TypeError: there is no such place.
    """
    for step in path:
        value = value[step]
    return value


def copied(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A copy of a JSON value, down to its texts and numbers."""
    if type(value) is dict:
        return {key: copied(entry) for key, entry in value.items()}
    return [copied(entry) for entry in value] if type(value) is list else value


def texts(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """The places of texts that may vary."""
    for step, entry in _inside(value):
        if step in _FIXED:
            continue
        if type(entry) is str:
            yield (*path, step)
        else:
            yield from texts(entry, (*path, step))


def _inside(value: Any) -> Iterable[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    return value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()


def _strict(value: Any, path: Path) -> Iterator[tuple[Path, type]]:  # noqa: ANN401 - JSON
    """Where no text stands, and of what type it is."""
    for step, entry in _inside(value):
        if type(entry) is dict or type(entry) is list:
            yield from _strict(entry, (*path, step))
        elif type(entry) is not str:
            yield (*path, step), type(entry)
