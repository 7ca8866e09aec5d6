"""The editor of a rubric: a form for each criterion with rows for its levels; buttons add, move and take out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import ASSESSMENT_KINDS, Version
from gradatim.program.achievements.rubric import DESCRIPTION, MOST_CRITERIA, MOST_LEVELS, NAME

ROWS = 3  # levels that are offered at first


def _line(label: Any, longest: int) -> forms.CharField:  # noqa: ANN401 - a lazy translation
    """A text that a browser keeps short; whatever is sent is judged where all of the rubric is."""
    return forms.CharField(
        label=label, required=False, widget=forms.TextInput(attrs={"maxlength": str(longest)})
    )


class Ticks(forms.MultipleChoiceField):
    """Ticks of which some may be gone meanwhile; that is said where all of the rubric is judged."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        """Anything."""
        return bool(value)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a criterion can be tied to.

    Attributes:
        outcomes: their texts.
        kinds: of assessment, if there are several; key and words.
    """

    outcomes: list[str]
    kinds: list[tuple[str, str]]

    @classmethod
    def of(cls, version: Version) -> Choices:
        """Those of a version."""
        kinds = [(k, str(ASSESSMENT_KINDS.get(k, k))) for k in version.assessment_kinds]
        return cls([o.text for o in version.outcomes.all()], kinds if len(kinds) > 1 else [])


class LevelForm(forms.Form):
    """One level of a criterion; without a name it is left out."""

    aligned: Sequence[str] = ()  # names of what it is aligned to
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name = _line(_("Its name"), NAME)
    points = _line(_("Points"), 12)
    description = forms.CharField(
        label=_("What it looks like"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": str(DESCRIPTION)}),
    )
    enough = forms.BooleanField(label=_("This is enough"), required=False)

    @property
    def is_said(self) -> bool:
        """Whether something stands in it."""
        return self.is_valid() and any(self.cleaned_data[n] for n in ("name", "points", "description"))


class CriterionForm(forms.Form):
    """One criterion; without a name and levels it is left out."""

    aligned: Sequence[str] = ()  # names of what it is aligned to
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name = _line(_("What is looked at"), NAME)
    measures = Ticks(label=_("Outcomes that it measures"), required=False)
    used_in = Ticks(
        label=_("Where it is used"), help_text=_("None ticked: in every assessment."), required=False
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        prefix: str,
        rows: int,
        choices: Choices,
        said: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(said) if said else None)
        self._offer("measures", [(text, text) for text in choices.outcomes])
        self._offer("used_in", choices.kinds)
        levels = list(said["levels"]) if said else []
        enough = said["needed"] if said else ""
        self.levels = [
            LevelForm(
                data,
                prefix=f"{prefix}-l{n}",
                initial={**levels[n], "enough": levels[n]["key"] == enough} if n < len(levels) else None,
            )
            for n in range(rows)
        ]

    def _offer(self, name: str, there: list[tuple[str, str]]) -> None:
        if there:
            self.fields[name].choices = there  # type: ignore[attr-defined]  # one of the `Ticks`
        else:
            del self.fields[name]

    @property
    def ties(self) -> list[forms.BoundField]:
        """The fields that say what it is tied to."""
        return [self[name] for name in ("measures", "used_in") if name in self.fields]

    @property
    def number(self) -> str:
        """Which one it is, for its buttons."""
        return str(self.prefix)[1:]

    def whole(self) -> dict[str, Any] | None:
        """The criterion as `rubric.read` takes it; nothing if nothing was said."""
        if not self.is_valid() or not all(level.is_valid() for level in self.levels):
            return None
        rows = [row.cleaned_data for row in self.levels if row.is_said]
        name = self.cleaned_data["name"]
        ties = {part: self.cleaned_data.get(part, []) for part in ("measures", "used_in")}
        if not name and not rows and not any(ties.values()):
            return None
        needed = next((row["name"] for row in rows if row["enough"]), "")
        return {"key": self.cleaned_data["key"], "name": name, "needed": needed, "levels": rows, **ties}


class RubricEditor:
    """The whole editor.

    Attributes:
        criteria: a form for each, in order.
    """

    def __init__(self, data: QueryDict | None, version: Version) -> None:
        choices = Choices.of(version)
        self.align = data.get("align", "") if data else ""
        if data is None:
            self.criteria = [
                CriterionForm(None, prefix=f"c{n}", rows=len(said["levels"]), choices=choices, said=said)
                for n, said in enumerate(version.rubric)
            ]
        else:
            self.criteria = [
                CriterionForm(data, prefix=f"c{n}", rows=_rows(data, n), choices=choices)
                for n in _order(data)
            ]
        if not self.criteria or (data is not None and "more" in data and len(self.criteria) < MOST_CRITERIA):
            fresh = max((int(form.number) for form in self.criteria), default=-1) + 1
            self.criteria.append(CriterionForm(None, prefix=f"c{fresh}", rows=ROWS, choices=choices))
        self._show_aligned(version)

    def _show_aligned(self, version: Version) -> None:
        aligned: dict[str, list[str]] = defaultdict(list)
        for row in version.rubric_alignments.all():
            aligned[row.part].append(row.target_name)
        for form in self.criteria:
            key = form["key"].value()
            form.aligned = aligned[key]
            for level in form.levels:
                level.aligned = aligned[f"{key}/{level['key'].value()}"]

    def whole(self) -> list[dict[str, Any]]:
        """What was said, as `rubric.read` takes it."""
        return [found for form in self.criteria if form.is_bound and (found := form.whole()) is not None]

    def asked(self, rubric: list[dict[str, Any]]) -> str:
        """The criterion that a button wants to align, by its key; empty if none did.

        Args:
            rubric: as it was kept of what was said.
        """
        said = [form for form in self.criteria if form.is_bound and form.whole() is not None]
        kept = zip(rubric, said, strict=False)
        return next((str(criterion["key"]) for criterion, form in kept if form.number == self.align), "")


def _rows(data: QueryDict, number: int) -> int:
    """How many rows of levels a criterion has, with the one that a button asked for."""
    sent = sum(f"c{number}-l{n}-name" in data for n in range(MOST_LEVELS))
    return min(max(sent, 1) + (data.get("level") == str(number)), MOST_LEVELS)


def _order(data: QueryDict) -> list[int]:
    """The criteria's numbers in order, after what a button asked for."""
    order = [int(n) for n in data.getlist("order") if n.isdecimal()][:MOST_CRITERIA]
    if (out := data.get("out", "")).isdecimal() and int(out) in order:
        order.remove(int(out))
    if (up := data.get("up", "")).isdecimal() and int(up) in order[1:]:
        at = order.index(int(up))
        order[at - 1], order[at] = order[at], order[at - 1]
    return order
