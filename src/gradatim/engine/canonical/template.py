r"""Texts with places, filled in by joining their pieces: the quickest way that Python has.

Spec: none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

PLACE = re.compile("\x02([0-9]+)\x02")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places, and which entries stand there.

    Attributes:
        pieces: the constant pieces, with an empty text in each place.
        picks: which entry stands in each place.
        taken: what takes these from all entries.
    """

    pieces: list[str]
    picks: tuple[int, ...]
    taken: Callable[[Any], tuple[str, ...]]

    @classmethod
    def of(cls, marked: str) -> Template:
        r"""From a text in which ``\x02n\x02`` stands for the entry n."""
        pieces = PLACE.split(marked)
        picks = tuple(int(number) for number in pieces[1::2])
        pieces[1::2] = [""] * len(picks)
        return cls(pieces, picks, several(picks))

    @classmethod
    def joined(cls, parts: Iterable[Template]) -> Template:
        """Several, one after another."""
        pieces: list[str] = [""]
        picks: tuple[int, ...] = ()
        for part in parts:
            pieces[-1] += part.pieces[0]
            pieces += part.pieces[1:]
            picks += part.picks
        return cls(pieces, picks, several(picks))

    def given(self, entries: Mapping[int, str]) -> Template:
        """The same with some entries in their places for good."""
        pieces, picks = [self.pieces[0]], []
        for pick, piece in zip(self.picks, self.pieces[2::2], strict=True):
            if pick in entries:
                pieces[-1] += entries[pick] + piece
            else:
                pieces += ["", piece]
                picks.append(pick)
        return Template(pieces, tuple(picks), several(picks))

    def filled(self, entries: Sequence[str]) -> str:
        """The text with the entries in their places."""
        pieces = self.pieces.copy()
        pieces[1::2] = self.taken(entries)
        return "".join(pieces)


def several(keys: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values under some keys, or in some places, as a tuple."""
    if not keys:
        return lambda _box: ()
    if len(keys) == 1:
        return lambda box, only=keys[0]: (box[only],)  # type: ignore[misc]
    return itemgetter(*keys)
