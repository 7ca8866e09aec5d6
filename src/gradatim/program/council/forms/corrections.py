"""The form that corrects approved minutes: everything people wrote or noted, as it should read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

LISTS = (("present", _("Present")), ("absent", _("Absent")), ("guests", _("Guests")))


def _area(label: Any, rows: int, help_text: Any = "") -> forms.CharField:  # noqa: ANN401 - a text, perhaps lazy
    return forms.CharField(
        label=label,
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class CorrectionForm(forms.Form):
    """The lists of names, the notes and lines of every item, and the reason."""

    reason = forms.CharField(
        label=_("Why the minutes are corrected"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands beside the minutes."),
    )

    def __init__(self, data: QueryDict | None = None, *, minutes: dict[str, Any]) -> None:
        now: dict[str, str] = {name: "\n".join(minutes[name]) for name, _label in LISTS}
        for item in minutes["items"]:
            now[f"notes{item['number']}"] = item["notes"]
            now[f"lines{item['number']}"] = "\n".join(item["lines"])
        super().__init__(data, initial=now)
        self.items = minutes["items"]
        for name, label in LISTS:
            self.fields[name] = _area(label, 3, _("One per line."))
        for item in self.items:
            self.fields[f"notes{item['number']}"] = _area(_("Notes"), 3)
            self.fields[f"lines{item['number']}"] = _area(
                _("What was moved, said and voted"), 3, _("One per line.")
            )

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each item under its title."""
        return [
            (
                f"{item['number']}. {item['title']}",
                [self[f"notes{item['number']}"], self[f"lines{item['number']}"]],
            )
            for item in self.items
        ]

    @property
    def names(self) -> list[BoundField]:
        """The lists of names."""
        return [self[name] for name, _label in LISTS]

    @property
    def lists(self) -> dict[str, list[str]]:
        """The names as they should read."""
        return {name: self._lines(name) for name, _label in LISTS}

    @property
    def changed_items(self) -> dict[int, tuple[str, list[str]]]:
        """Notes and lines of every item as they should read."""
        return {
            item["number"]: (
                self.cleaned_data[f"notes{item['number']}"].replace("\r\n", "\n").strip(),
                self._lines(f"lines{item['number']}"),
            )
            for item in self.items
        }

    def _lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
