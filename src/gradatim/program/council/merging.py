"""What two people wrote at the same time, field by field. Pure texts, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that both changed, differently.

    Attributes:
        field: which.
        before: what it said when both began.
        mine: what the later one typed.
        theirs: what the earlier one saved.
    """

    field: str
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Both texts as one.

    Attributes:
        content: field → text; for a clash what the later one typed.
        clashes: the fields to choose in.
        theirs: the fields that were taken from the earlier one.
    """

    content: dict[str, str]
    clashes: tuple[Clash, ...]
    theirs: tuple[str, ...]


def merge(before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merged:
    """Merge by field: whoever changed a field is heard; only where both did, somebody has to choose.

    Args:
        before: what both began with.
        mine: what the later one typed; fields they did not see are left to the other.
        theirs: what is saved now.
    """
    content = dict(theirs)
    clashes, taken = [], []
    for field, typed in mine.items():
        was, now = before.get(field, ""), theirs.get(field, "")
        if _same(typed, now):
            continue
        if _same(typed, was):
            taken.append(field)
        else:
            content[field] = typed
            if not _same(now, was):
                clashes.append(Clash(field, was, typed, now))
    return Merged(content, tuple(clashes), tuple(taken))


def _same(one: str, other: str) -> bool:
    """Equal but for the line ends and edges that browsers change."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
