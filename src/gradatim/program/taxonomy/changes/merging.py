"""Two sets of changes of the same policy put together; where both changed one entry differently, somebody has to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gradatim.program.taxonomy.changes.entries import Entries, Path, is_list, order
from gradatim.program.taxonomy.changes.steps import called, steps

Choice = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that both changed, differently.

    Attributes:
        path: of the entry.
        before: as it stood when the list was begun; ``None`` if it was not there.
        ours: as the list wants it; ``None``: taken out.
        theirs: as it stands now; ``None``: it is gone.
        inside: what one of them changed inside of what the other one took out, in words.
        around: the whole policy, for what things are called.
    """

    path: Path
    before: Any
    ours: Any
    theirs: Any
    inside: tuple[str, ...] = ()
    around: Entries = field(default_factory=dict, compare=False, repr=False)

    @property
    def address(self) -> str:
        """The path as one text."""
        return "/".join(self.path)

    @property
    def name(self) -> str:
        """What it is called."""
        return called(self.path, self.theirs or self.ours or self.before)

    @property
    def as_ours(self) -> list[tuple[str, str]]:
        """What the list wants, field by field."""
        return self._told(self.ours)

    @property
    def as_theirs(self) -> list[tuple[str, str]]:
        """What is in force, field by field."""
        return self._told(self.theirs)

    def _told(self, after: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - entries of any section
        if after is None:
            return []
        around = {p: e for p, e in self.around.items() if p != self.path}
        was = around if self.before is None else {**around, self.path: self.before}
        found = steps(was, {**around, self.path: after})
        return [(name, new) for step in found if step.path == self.path for name, _old, new in step.fields]


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of two sets of changes.

    Attributes:
        entries: put together; where somebody has to choose, as it is in force.
        conflicts: what has to be chosen.
    """

    entries: Entries
    conflicts: tuple[Conflict, ...]


def merge(
    base: Entries, ours: Entries, theirs: Entries, choices: Mapping[str, Choice] | None = None
) -> Merged:
    """Put the changes of a list on top of what is in force now.

    Args:
        base: what was in force when the list was begun.
        ours: what the list makes of it.
        theirs: what is in force now.
        choices: address of a conflict → whose entry it shall be.
    """
    chosen, entries, conflicts = choices or {}, dict[Path, Any](), list[Conflict]()
    torn = _torn(base, ours, theirs)
    for path in dict.fromkeys([*theirs, *ours, *base]):
        if is_list(path):
            continue
        before, mine, now = base.get(path), ours.get(path), theirs.get(path)
        clash = torn.get(path[:2])
        if clash is None and mine not in (before, now) and now != before:
            clash = Conflict(path, before, mine, now, around={**base, **theirs, **ours})
        taken = mine if mine != before else now
        if clash is not None:
            taken = mine if chosen.get(clash.address) == "ours" else now
            if clash.address not in chosen and clash not in conflicts:
                conflicts.append(clash)
        if taken is not None:
            entries[path] = taken
    for path in dict.fromkeys(p for p in [*theirs, *ours] if is_list(p)):
        if len(path) == 1 or path[:-1] in entries:
            entries[path] = _order(path, entries, base, ours, theirs)
    return Merged(entries, tuple(conflicts))


def _torn(base: Entries, ours: Entries, theirs: Entries) -> dict[Path, Conflict]:
    """What one side took out with all that stands in it, and the other side changed: it goes or stays as a whole."""
    found: dict[Path, Conflict] = {}
    for path in [p for p in base if len(p) == 2]:  # noqa: PLR2004 - a list and an entry
        kept = theirs if path not in ours else ours
        if (path in ours) == (path in theirs):
            continue
        rest = {p: e for p, e in base.items() if p[: len(path)] != path}
        if inside := steps(base, rest | _in(kept, path)):
            words = tuple(step.words for step in inside if len(step.path) > 2)  # noqa: PLR2004 - not the entry itself
            around = {**base, **theirs, **ours}
            found[path] = Conflict(path, base[path], ours.get(path), theirs.get(path), words, around)
    return found


def _in(entries: Entries, path: Path) -> Entries:
    """An entry with all that stands in it."""
    return {p: e for p, e in entries.items() if p[: len(path)] == path}


def _order(path: Path, entries: Entries, base: Entries, ours: Entries, theirs: Entries) -> list[str]:
    """The order of a list: the one that was changed, ours first; what it does not know is put after its neighbor."""
    was, mine, now = order(base, path), order(ours, path), order(theirs, path)
    both = [k for k in was if k in mine]
    lead, other = (mine, now) if [k for k in mine if k in was] != both or now == was else (now, mine)
    result = list(lead)
    for at, key in enumerate(other):
        if key not in result:
            after = next((result.index(k) + 1 for k in reversed(other[:at]) if k in result), 0)
            result.insert(after, key)
    there = {p[-1] for p in entries if p[:-1] == path}
    return [k for k in result if k in there]


def take_back(base: Entries, ours: Entries, path: Path) -> Entries:
    """A list without one of its steps: the entry, with what stands in it, as it was before.

    Args:
        base: what the list was begun on.
        ours: the list.
        path: of the step.
    """
    kept = {p: e for p, e in ours.items() if p[: len(path)] != path}
    back = {p: e for p, e in base.items() if p[: len(path)] == path}
    if is_list(path):
        return {**ours, path: base.get(path, [])}
    if len(path) == 2:  # noqa: PLR2004 - an entry that is still there keeps what was changed inside it
        inner = {p: e for p, e in ours.items() if len(p) > 2 and p[:2] == path}  # noqa: PLR2004 - as above
        if path in base and path in ours:
            back = {path: base[path], **inner}
    outer = path[:2]
    if outer not in kept and outer in base and outer not in back:
        back = {p: e for p, e in base.items() if p in {outer, path}} | back
    return {**kept, **back, **_lists(base, ours, path)}


def _lists(base: Entries, ours: Entries, path: Path) -> Entries:
    """The order of the lists around an entry that comes back: as the list has it, then as it was."""
    around = [p for p in (path[:1], path[:3]) if is_list(p)]
    return {p: list(dict.fromkeys([*ours.get(p, []), *base.get(p, [])])) for p in around}
