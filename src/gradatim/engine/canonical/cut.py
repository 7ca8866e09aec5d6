r"""A marked document's lines, cut where the marks are: how a sheet is made.

Spec: RDF Dataset Canonicalization (RDFC-1.0), 4.4.3.

Unlike texts of one document are exchanged for marks, and a walk over it (`shape`) shows where they enter its lines. What
stands around them becomes templates. Where a property has several values the lines are put in order by them: these are
kept as a `Group`, ordered anew each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradatim.engine.canonical.mirror import unmarked
from gradatim.engine.canonical.subjects import END, Subject, Z
from gradatim.engine.canonical.template import PLACE, Template

Entries = tuple[str, ...]
"""What templates are filled with: the texts of the slots, then the names of the blank nodes, then the groups."""


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one property with several values, of which some change.

    Attributes:
        start: subject and predicate.
        known: each value that is no blank node; equal ones make one line.
        blanks: the entries that are the others' names.
        same: lines with the same end, in the first-degree hash, where all other blank nodes have one name.
    """

    start: Template
    known: tuple[Template, ...]
    blanks: tuple[int, ...]
    same: int = 0

    def moves(self, slots: int) -> bool:
        """Whether a slot enters it, and not names of blank nodes alone."""
        return any(pick < slots for one in (self.start, *self.known) for pick in one.picks)

    def filled(self, entries: Sequence[str]) -> str:
        """The lines in order."""
        start = self.start.filled(entries)
        values = [*{one.filled(entries) for one in self.known}, *[entries[place] for place in self.blanks]]
        values += [Z] * self.same
        return "".join([f"{start}{value}{END}" for value in sorted(values)])


def runs(marked: str) -> list[tuple[str, list[str]]]:
    """Lines that follow each other with the same subject and predicate: these, and the values."""
    found: list[tuple[str, list[str]]] = []
    for line in marked.split("\n")[:-1]:
        name, predicate, value = line.removesuffix(END[:-1]).split(" ", 2)
        start = f"{name} {predicate} "
        if not found or found[-1][0] != start:
            found.append((start, []))
        found[-1][1].append(value)
    return found


def copies(slots: int, templates: Iterable[Template], groups: Iterable[Group]) -> int:
    """How often the text of one slot comes to stand in the lines, at most."""
    times: Counter[int] = Counter()
    for template in templates:
        times.update(template.picks)
    for group in groups:
        values = len(group.known) + len(group.blanks) + group.same
        times.update(dict.fromkeys(group.start.picks, values))
        for one in group.known:
            times.update(one.picks)
    return max((count for pick, count in times.items() if pick < slots), default=0)


class Cut:
    """The lines of a marked document.

    Attributes:
        named: of each subject with an address: the address, its lines.
        blank: of each blank node its lines, in the order of `blanks`.
        late: the groups in them.
        early: the groups in what is hashed.
    """

    def __init__(self, slots: int, subjects: list[Subject], blanks: list[Subject]) -> None:
        self._labels = {one: slots + place for place, one in enumerate(blanks)}
        self._slots = slots
        self.early: list[Group] = []
        self.late: list[Group] = []
        lines: dict[str | Subject, dict[str, list[str]]] = {}
        for one in subjects:
            self._read(one, lines.setdefault(one.name or one, {}))
        self.named = [
            (unmarked(name), Template.of(self._whole(unmarked(name), found)))
            for name, found in lines.items()
            if type(name) is str
        ]
        self.blank = [Template.of(self._whole(self._label(one), lines.get(one, {}))) for one in blanks]

    def _label(self, one: Subject) -> str:
        return f"\x02{self._labels[one]}\x02"

    def _read(self, one: Subject, found: dict[str, list[str]]) -> None:
        """Take in a subject's lines by predicate; another subject of the same name adds to them."""
        if one.links is None:
            text = one.own
        else:
            entries = one.entries.copy()
            for place, predicate, objects in one.links:
                entries[place] = "".join(
                    f"\0 {predicate} {self._label(o) if type(o) is Subject else o}{END}" for o in objects
                )
            text = one.template.filled(entries)
        if one.graph is not None:
            text = text.replace(END, f" {self._label(one.graph)}{END}")
        for line in unmarked(text).split("\n")[:-1]:
            _, predicate, value = line.removesuffix(END[:-1]).split(" ", 2)
            values = found.setdefault(predicate, [])
            if value not in values:
                values.append(value)

    def _whole(self, name: str, found: dict[str, list[str]]) -> str:
        """All lines of a subject, with entries in their places."""
        pieces = []
        for predicate in sorted(found):
            start, values = f"{name} {predicate} ", found[predicate]
            if len(values) == 1 or not PLACE.search("".join(values)):
                pieces += [f"{start}{value}{END}" for value in sorted(values)]
                continue
            labels = [value for value in values if self._is_label(value)]
            known = tuple(Template.of(value) for value in values if value not in labels)
            group = Group(Template.of(start), known, tuple(int(label[1:-1]) for label in labels))
            pieces.append(f"\x02{self._slots + len(self._labels) + len(self.late)}\x02")
            self.late.append(group)
        return "".join(pieces)

    def _is_label(self, value: str) -> bool:
        whole = PLACE.fullmatch(value)
        return whole is not None and int(whole[1]) >= self._slots

    def hashed(self, text: str) -> Template:
        """What is hashed for a blank node, as `subjects.first_degree` gives it, as a template."""
        pieces = []
        for start, values in runs(unmarked(text)):
            if len(values) == 1 or not PLACE.search("".join(values)):
                pieces += [f"{start}{value}{END}" for value in values]
                continue
            known = tuple(Template.of(value) for value in values if value != Z)
            pieces.append(f"\x02{self._slots + len(self.early)}\x02")
            self.early.append(Group(Template.of(start), known, (), values.count(Z)))
        return Template.of("".join(pieces))
