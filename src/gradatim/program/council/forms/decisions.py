"""Forms of decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.actions import POSSIBLE, Wanted
from gradatim.program.council.models import Ballot, Decision

LINES = {"rows": 3}


class DecisionForm(forms.Form):
    """The decision after a vote."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    rationale = forms.CharField(
        label=_("Reason, in words that will be public"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    before_start = forms.CharField(
        label=_("Conditions before the start"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("One per line. Nothing is issued until they are met."),
    )
    later = forms.CharField(
        label=_("Other conditions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("One per line."),
    )
    due = forms.DateField(
        label=_("Conditions to be met by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    deferred_until = forms.DateField(
        label=_("Take it up again on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("It is about a"),
        required=False,
        choices=[(k, k.label) for k in (Decision.Kind.ACHIEVEMENT, Decision.Kind.TRANSCRIPT)],
        initial=Decision.Kind.ACHIEVEMENT,
    )
    notation = forms.CharField(
        label=_("Words on the transcript"),
        required=False,
        max_length=200,
        help_text=_("For a decision about a transcript notation."),
    )
    review_by = forms.DateField(
        label=_("Look at it again by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: QueryDict | None = None, *, result: str) -> None:
        super().__init__(data)
        possible = POSSIBLE.get(Ballot.Result(result), ()) if result else ()
        self.fields["outcome"].choices = [(o.value, o.label) for o in possible]  # type: ignore[attr-defined]  # a ChoiceField
        carried = result == Ballot.Result.CARRIED
        for name in (
            ("deferred_until",)
            if carried
            else ("before_start", "later", "due", "kind", "notation", "review_by")
        ):
            del self.fields[name]

    @property
    def decision(self) -> dict[str, Any]:
        """What `actions.decide` takes."""
        given = dict(self.cleaned_data)
        due = given.pop("due", None)
        conditions = [
            Wanted(line.strip(), before_start=name == "before_start", due=due)
            for name in ("before_start", "later")
            for line in given.pop(name, "").splitlines()
            if line.strip()
        ]
        return {**given, "kind": given.get("kind") or Decision.Kind.ACHIEVEMENT, "conditions": conditions}


class MetForm(forms.Form):
    """How a condition was met."""

    note = forms.CharField(
        label=_("How it was met, in words that will be public"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReconsiderForm(forms.Form):
    """Why a decision should be looked at again."""

    reason = forms.CharField(
        label=_("What is new, or what was wrong"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
