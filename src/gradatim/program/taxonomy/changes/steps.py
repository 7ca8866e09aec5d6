"""What differs between two texts of a policy, step by step and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.taxonomy.changes.entries import Entries, Path, is_list, order
from gradatim.program.taxonomy.changes.kinds import Kind, kinds_of
from gradatim.program.taxonomy.changes.words import USUAL, named, names_in, told
from gradatim.program.taxonomy.quality import Labels

Field = tuple[str, str, str]
"""What differs: its name, how it was and how it will be, in words."""
_SAID = {"key", "name", "asks"}  # what the line of something new or gone says already
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
        number: its place in its list, from 1; 0 for what stands in none.
        behind: the name of what it comes after there; empty if it is the first.
        labels: what dimensions and values are called, before or after.
        bodies: what bodies are called, likewise.
        inside: whether it comes or goes together with what it stands in.
    """

    path: Path
    what: str
    before: Any
    after: Any
    place: tuple[str, ...] = ()
    number: int = 0
    behind: str = ""
    labels: Labels = field(default_factory=lambda: names_in({}), compare=False)
    bodies: Mapping[str, str] = field(default_factory=dict, compare=False)
    inside: bool = False

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
    def fields(self) -> list[Field]:
        """What of it differs."""
        if not isinstance(self.before or self.after, Mapping):
            return [("", told("", self.before, self.labels), told("", self.after, self.labels))]
        if self.path[0] in _VOICES:
            return _VOICES[self.path[0]].fields(self)
        was, becomes = self.before or {}, self.after or {}
        usual = self._usual if self.before and self.after else {}
        if self.after and "severity" in self._usual:
            becomes = {"severity": self._usual["severity"], **becomes}
        return [
            (
                named(n),
                told(n, was.get(n, usual.get(n)), self.labels),
                told(n, becomes.get(n, usual.get(n)), self.labels),
            )
            for n in {**was, **becomes}
            if n not in ({"key"} if self.before and self.after else _SAID)
            and was.get(n, usual.get(n)) != becomes.get(n, usual.get(n))
        ]

    @property
    def _usual(self) -> Mapping[str, Any]:
        """What such an entry says that leaves a field out."""
        inner = self.path[0] == "profiles" and len(self.path) > 2  # noqa: PLR2004 - a rule of the profile
        return USUAL.get("rules" if inner else self.path[0], {})

    @property
    def words(self) -> str:
        """The step as a line."""
        if self.kinds == {Kind.SETTING}:
            return _("Which changes need no decision")
        if self.path[0] in _VOICES and (own := _VOICES[self.path[0]].words(self)):
            return own
        said = {"thing": self.thing, "name": self.name}
        return {
            ADDED: _("New %(thing)s: %(name)s"),
            CHANGED: _("Changed %(thing)s: %(name)s"),
            RETIRED: _("Retired %(thing)s: %(name)s"),
            REMOVED: _("Taken out, %(thing)s: %(name)s"),
            MOVED: _("New order: %(name)s"),
        }[self.what] % said


@dataclass(frozen=True, slots=True)
class Voice:
    """How a room says the steps of its own section.

    Attributes:
        words: a step as a line; empty where the usual words do.
        fields: what of it differs.
    """

    words: Callable[[Step], str]
    fields: Callable[[Step], list[Field]]


_VOICES: dict[str, Voice] = {}


def learn(voices: Mapping[str, Voice]) -> None:
    """Take over how the room above says its sections; called once, when the program starts.

    Args:
        voices: section → who says its steps.
    """
    _VOICES.update(voices)


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
    both = {**before, **after}
    labels = names_in(both)
    bodies = {p[-1]: called(p, e) for p, e in both.items() if p[0] == "bodies" and len(p) == 2}  # noqa: PLR2004 - the body itself
    paths = [*after, *(p for p in before if p not in after)]
    found = [
        _step(p, before, after, labels, bodies) for p in paths if before.get(p) != after.get(p) or is_list(p)
    ]
    gone = {s.path for s in found if s and s.what in {ADDED, REMOVED}}
    return [s for s in found if s and not any(s.path[:n] in gone for n in range(1, len(s.path)) if _hides(s))]


def _hides(step: Step) -> bool:
    """Whether a step is said with the thing that it stands in: a dimension that goes takes its values along."""
    return step.what == REMOVED


def _step(
    path: Path, before: Entries, after: Entries, labels: Labels, bodies: Mapping[str, str]
) -> Step | None:
    outer = path[:2] if len(path) > 2 else ()  # noqa: PLR2004 - a list, an entry, and what is inside it
    place = (called(outer, after.get(outer) or before.get(outer)),) if outer else ()
    if is_list(path):
        old, new = order(before, path), order(after, path)
        both = set(old) & set(new)
        if [k for k in old if k in both] == [k for k in new if k in both]:
            return None
        old = [called((*path, k), before[*path, k]) for k in old]
        new = [called((*path, k), after[*path, k]) for k in new]
        return Step(path, MOVED, old, new, place)
    was, becomes = before.get(path), after.get(path)
    number, behind = _at(path, before if becomes is None else after)
    inside = bool(outer) and (outer not in before or outer not in after)
    return Step(path, _what(was, becomes), was, becomes, place, number, behind, labels, bodies, inside)


def _what(was: Any, becomes: Any) -> str:  # noqa: ANN401 - entries of any section
    if was is None:
        return ADDED
    if becomes is None:
        return REMOVED
    retired = isinstance(becomes, Mapping) and becomes.get("retired") and not was.get("retired")
    return RETIRED if retired else CHANGED


def _at(path: Path, entries: Entries) -> tuple[int, str]:
    """The place of an entry in its list, and the name of what it comes after."""
    if len(path) == 1:
        return 0, ""
    keys = order(entries, path[:-1])
    at = keys.index(path[-1])
    return at + 1, called((*path[:-1], keys[at - 1]), entries[*path[:-1], keys[at - 1]]) if at else ""


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
