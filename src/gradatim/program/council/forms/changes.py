"""Forms of proposals that carry a change list or a policy."""

from __future__ import annotations

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

    def clean_effective_on(self) -> Any:  # noqa: ANN401 - a date or nothing
        """A day that is still to come."""
        day = self.cleaned_data["effective_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Leave it empty to begin with the decision."))
        return day
