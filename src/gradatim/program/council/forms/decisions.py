"""Forms of decisions."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models import Decision


class DecisionForm(forms.Form):
    """The decision after a vote."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    rationale = forms.CharField(
        label=_("Reason, in words that will be public"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    review_by = forms.DateField(
        label=_("Look at it again by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: QueryDict | None = None, *, result: str) -> None:
        super().__init__(data)
        outcome = Decision.Outcome
        possible = [outcome.APPROVED] if result == "carried" else [outcome.REVISE, outcome.REJECTED]
        self.fields["outcome"].choices = [(o.value, o.label) for o in possible]  # type: ignore[attr-defined]  # a ChoiceField
