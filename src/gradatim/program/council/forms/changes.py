"""Forms of proposals that carry a change list or a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.forms.proposals import TextForm


class ChangesForm(TextForm):
    """A change list on its way to the council: the same short page, but what is decided is written out by itself."""

    wording = None  # type: ignore[assignment]  # how Django takes a field of its parent away
    effective_on = forms.DateField(
        label=_("First day in force"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: as soon as the decision is published."),
    )

    correction = forms.BooleanField(
        label=_("It only corrects words, such as a typing mistake"),
        required=False,
        help_text=_("It goes the way of corrections: a second person reads it and signs off."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        typed: Mapping[str, str] | None = None,
        may_correct: bool = False,
    ) -> None:
        super().__init__(data, typed=typed)
        if not may_correct:
            del self.fields["correction"]

    def clean_effective_on(self) -> Any:  # noqa: ANN401 - a date or nothing
        """A day that is still to come."""
        day = self.cleaned_data["effective_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Leave it empty to begin with the decision."))
        return day
