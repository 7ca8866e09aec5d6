"""The editor of a rubric: a form for each criterion with rows for its levels; buttons add, move and take out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.rubric import DESCRIPTION, MOST_CRITERIA, MOST_LEVELS, NAME

ROWS = 3  # levels that are offered at first


class LevelForm(forms.Form):
    """One level of a criterion; without a name it is left out."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Its name"), max_length=NAME, required=False)
    points = forms.CharField(label=_("Points"), max_length=12, required=False)
    description = forms.CharField(
        label=_("What it looks like"),
        max_length=DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    enough = forms.BooleanField(label=_("This is enough"), required=False)


class CriterionForm(forms.Form):
    """One criterion; without a name and levels it is left out."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("What is looked at"), max_length=NAME, required=False)

    def __init__(
        self, data: QueryDict | None, *, prefix: str, rows: int, said: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(said) if said else None)
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

    @property
    def number(self) -> str:
        """Which one it is, for its buttons."""
        return str(self.prefix)[1:]

    def whole(self) -> dict[str, Any] | None:
        """The criterion as `rubric.read` takes it; nothing if nothing was said."""
        if not self.is_valid() or not all(level.is_valid() for level in self.levels):
            return None
        rows = [
            row.cleaned_data
            for row in self.levels
            if any(row.cleaned_data[n] for n in ("name", "points", "description"))
        ]
        name = self.cleaned_data["name"]
        if not name and not rows:
            return None
        needed = next((row["name"] for row in rows if row["enough"]), "")
        return {"key": self.cleaned_data["key"], "name": name, "needed": needed, "levels": rows}


class RubricEditor:
    """The whole editor.

    Attributes:
        criteria: a form for each, in order.
    """

    def __init__(self, data: QueryDict | None, rubric: list[dict[str, Any]]) -> None:
        self.criteria: list[CriterionForm] = []
        if data is None:
            for n, said in enumerate(rubric):
                self.criteria.append(CriterionForm(None, prefix=f"c{n}", rows=len(said["levels"]), said=said))
        else:
            self.criteria = [CriterionForm(data, prefix=f"c{n}", rows=_rows(data, n)) for n in _order(data)]
        if not self.criteria or (data is not None and "more" in data and len(self.criteria) < MOST_CRITERIA):
            fresh = max((int(form.number) for form in self.criteria), default=-1) + 1
            self.criteria.append(CriterionForm(None, prefix=f"c{fresh}", rows=ROWS))

    def whole(self) -> list[dict[str, Any]]:
        """What was said, as `rubric.read` takes it."""
        return [found for form in self.criteria if form.is_bound and (found := form.whole()) is not None]


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
