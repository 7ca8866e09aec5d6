"""What differs between two texts of a policy, step by step and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.changes.entries import Entries, Path, is_list, order
from gradatim.program.taxonomy.changes.kinds import Kind, kinds_of
from gradatim.program.taxonomy.quality import FACTS, OPERATORS

ADDED, CHANGED, RETIRED, REMOVED, MOVED = "added", "changed", "retired", "removed", "moved"
WORDS: dict[str, str | Promise] = {
    "key": gettext_lazy("key"),
    "name": gettext_lazy("name"),
    "asks": gettext_lazy("what it asks for"),
    "description": gettext_lazy("description"),
    "texts": gettext_lazy("other languages"),
    "several": gettext_lazy("several values at once"),
    "color": gettext_lazy("color"),
    "shape": gettext_lazy("outline"),
    "achievement_type": gettext_lazy("what others call it"),
    "retired": gettext_lazy("retired"),
    "severity": gettext_lazy("when it is not met"),
    "scope": gettext_lazy("only for"),
    "when": gettext_lazy("applies when"),
    "then": gettext_lazy("has to hold"),
    "message": gettext_lazy("how to mend it"),
    "because": gettext_lazy("why it is asked"),
    "at": gettext_lazy("asked at"),
    "from": gettext_lazy("first day"),
    "until": gettext_lazy("last day"),
    "active": gettext_lazy("in use"),
    "edition": gettext_lazy("edition of the source"),
    "url": gettext_lazy("source"),
    "passed": gettext_lazy("what may be said"),
    "gaps": gettext_lazy("what it does not hold"),
}
"""Field of an entry → its name on the screen; others are shown as they stand in the file."""


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
            "routes": _("route"),
        }.get(self.path[0], "")

    @property
    def name(self) -> str:
        """What it is called, now or until now."""
        return ", ".join(n for n in (*self.place, called(self.path, self.after or self.before)) if n)

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """What of it differs: name, before and after as text."""
        if not isinstance(self.before or self.after, Mapping):
            return [("", _plain(self.before), _plain(self.after))]
        was, becomes = self.before or {}, self.after or {}
        return [
            (str(WORDS.get(n, n)), _plain(_told(n, was.get(n))), _plain(_told(n, becomes.get(n))))
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


def _told(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever an entry holds
    """The tests of a rule in the words of the screen; anything else as it is."""
    if name not in {"when", "then"} or not isinstance(value, list):
        return value
    tests = [notation.read_line(t) if isinstance(t, str) else t for t in value]
    return [
        f"{FACTS.get(t['fact'], t['fact'])} {OPERATORS[t['is']].words} {notation.value_of(t)}".strip()
        for t in tests
    ]


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever an entry holds
    """A value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value)
    return str(value)
