"""Forms of offerings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Organization


class CohortForm(forms.Form):
    """A new cohort."""

    version = forms.ModelChoiceField(Version.objects.none(), label=_("Achievement"))
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For example: Data literacy, evening group.")
    )
    term = forms.CharField(label=_("Term"), max_length=40, required=False)
    starts_on = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = achievements.newest(organization)  # type: ignore[attr-defined]  # a ModelChoiceField


class RosterForm(forms.Form):
    """A roster file."""

    file = forms.FileField(
        label=_("Roster"),
        help_text=_("CSV or a spreadsheet, at most 10,000 rows. Nothing is stored before you have seen it."),
    )
