"""What differs between two texts of a policy, step by step and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.taxonomy.changes.entries import Entries, Path, is_list, order
from gradatim.program.taxonomy.changes.kinds import Kind, kinds_of
from gradatim.program.taxonomy.changes.words import USUAL, named, plain, told

ADDED, CHANGED, RETIRED, REMOVED, MOVED = "added", "changed", "retired", "removed", "moved"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that differs.

    Attributes:
        path: of the entry.
        what: ``"added"``, ``"changed"``, ``"retired"``, ``"removed"`` or ``"moved"``.
        before: as it stood, or ``None``.
        after: as it will stand, or ``None``.
        place: the names of what it stands in, from the outside.
    """

    path: Path
    what: str
    before: Any
    after: Any
    place: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it is about."""
        return kinds_of(self.path, self.before, self.after)

    @property
    def address(self) -> str:
        """The path as one text."""
        return "/".join(self.path)

    @property
    def thing(self) -> str:
        """What kind of thing it is."""
        inner = len(self.path) > 2  # noqa: PLR2004 - a list, an entry, and what is inside it
        return {
            "dimensions": _("value") if inner else _("dimension"),
            "rules": _("rule"),
            "profiles": _("rule") if inner else _("profile"),
            "bodies": _("body"),
            "routes": _("stage") if inner else _("route"),
        }.get(self.path[0], "")

    @property
    def name(self) -> str:
        """What it is called, now or until now."""
        return ", ".join(n for n in (*self.place, called(self.path, self.after or self.before)) if n)

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """What of it differs: name, before and after as text."""
        if not isinstance(self.before or self.after, Mapping):
            return [("", plain(self.before), plain(self.after))]
        was, becomes = self.before or {}, self.after or {}
        usual = USUAL.get(self.path[0], {}) if self.before and self.after else {}
        return [
            (
                named(n),
                plain(told(n, was.get(n, usual.get(n)))),
                plain(told(n, becomes.get(n, usual.get(n)))),
            )
            for n in {**was, **becomes}
            if n != "key" and was.get(n) != becomes.get(n)
        ]

    @property
    def words(self) -> str:
        """The step as a line."""
        if self.kinds == {Kind.SETTING}:
            return _("Which changes need no decision")
        said = {"thing": self.thing, "name": self.name}
        return {
            ADDED: _("New %(thing)s: %(name)s"),
            CHANGED: _("Changed %(thing)s: %(name)s"),
            RETIRED: _("Retired %(thing)s: %(name)s"),
            REMOVED: _("Taken out, %(thing)s: %(name)s"),
            MOVED: _("New order: %(name)s"),
        }[self.what] % said


LISTS: dict[str, str | Promise] = {
    "dimensions": gettext_lazy("dimensions"),
    "rules": gettext_lazy("quality rules"),
    "profiles": gettext_lazy("quality profiles"),
    "bodies": gettext_lazy("bodies"),
    "routes": gettext_lazy("routes"),
    "values": gettext_lazy("values"),
    "stages": gettext_lazy("stages"),
}


def called(path: Path, entry: Any) -> str:  # noqa: ANN401 - entries of any section
    """What an entry is called."""
    if isinstance(entry, Mapping):
        return str(entry.get("name") or entry.get("asks") or path[-1])
    return str(LISTS.get(path[-1], path[-1])) if is_list(path) else ""


def steps(before: Entries, after: Entries) -> list[Step]:
    """What is different after, in the order in which it stands there; what is gone comes last."""
    found = [_step(p, before, after) for p in [*after, *(p for p in before if p not in after)]]
    gone = {s.path for s in found if s and s.what in {ADDED, REMOVED}}
    return [s for s in found if s and not any(s.path[:n] in gone for n in range(1, len(s.path)) if _hides(s))]


def _hides(step: Step) -> bool:
    """Whether a step is said with the thing that it stands in: a dimension that goes takes its values along."""
    return step.what == REMOVED


def _step(path: Path, before: Entries, after: Entries) -> Step | None:
    outer = path[:2] if len(path) > 2 else ()  # noqa: PLR2004 - a list, an entry, and what is inside it
    place = (called(outer, after.get(outer) or before.get(outer)),) if outer else ()
    if is_list(path):
        old, new = order(before, path), order(after, path)
        both = set(old) & set(new)
        if [k for k in old if k in both] == [k for k in new if k in both]:
            return None
        return Step(path, MOVED, old, new, place)
    was, becomes = before.get(path), after.get(path)
    if was == becomes:
        return None
    if was is None:
        return Step(path, ADDED, was, becomes, place)
    if becomes is None:
        return Step(path, REMOVED, was, becomes, place)
    retired = isinstance(becomes, Mapping) and becomes.get("retired") and not was.get("retired")
    return Step(path, RETIRED if retired else CHANGED, was, becomes, place)


def wording(found: Iterable[Step]) -> str:
    """Steps as Markdown: what is to be decided, word for word."""
    lines = []
    for step in found:
        lines.append(f"- **{_safe(step.words)}**")
        for name, was, becomes in step.fields:
            said = _("%(after)s (until now: %(before)s)") if was and step.what != ADDED else "%(after)s"
            text = said % {"after": _safe(becomes) or _("nothing"), "before": _safe(was)}
            lines.append(f"  - {name}: {text}" if name else f"  - {text}")
    return "\n".join(lines)


def _safe(text: str) -> str:
    """A text that Markdown leaves alone."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#" else c for c in " ".join(text.split()))
