"""Forms of the council."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.actions import Fields
from gradatim.program.achievements.models import Version
from gradatim.program.council import queries
from gradatim.program.council.models import Body, Decision, Proposal, Review, Seat, Vote
from gradatim.program.council.rubric import BEST, CRITERIA
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Value


class ProposalForm(forms.Form):
    """A proposal on one short page: ten fields."""

    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("In one or two sentences"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    purpose = forms.CharField(
        label=_("What it is for, and for whom"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    need = forms.CharField(
        label=_("What shows that it is needed"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name the source and its date."),
    )
    type = forms.ModelChoiceField(Value.objects.none(), label=_("Type"), empty_label=_("Choose a type"))
    level = forms.ModelChoiceField(Value.objects.none(), label=_("Level"), empty_label=_("Choose a level"))
    outcomes = forms.CharField(
        label=_("Outcomes"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What a learner is able to do afterwards. One a line, each starting with a verb."),
    )
    criteria = forms.CharField(
        label=_("What has to be shown, and how it is assessed"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    workload_hours = forms.IntegerField(label=_("Workload in hours"), min_value=1, max_value=5000)
    recognition = forms.CharField(
        label=_("Who outside will recognise it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        organization: Organization,
        version: Version | None = None,
        proposal: Proposal | None = None,
    ) -> None:
        super().__init__(data, initial=_said_by(version, proposal))
        # Criteria and assessment are one field here; an assessment written on its own elsewhere is left alone.
        self.assessed_apart = bool(version and version.assessment and version.assessment != version.criteria)
        self.fields["type"].queryset = taxonomy.types(organization)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["level"].queryset = taxonomy.levels(organization)  # type: ignore[attr-defined]  # as above

    def clean_outcomes(self) -> list[str]:
        """One outcome a line."""
        return [line.strip() for line in self.cleaned_data["outcomes"].splitlines() if line.strip()]

    @property
    def proposal_fields(self) -> dict[str, str]:
        """What belongs to the proposal."""
        return {name: self.cleaned_data[name] for name in ("purpose", "need", "recognition")}

    @property
    def achievement_fields(self) -> Fields:
        """What belongs to the achievement's draft."""
        data = self.cleaned_data
        fields: Fields = {
            "title": data["title"],
            "description": data["description"],
            "type": data["type"],
            "level": data["level"],
            "outcomes": data["outcomes"],
            "criteria": data["criteria"],
            "workload_hours": data["workload_hours"],
        }
        if not self.assessed_apart:
            fields["assessment"] = data["criteria"]
        return fields


def _said_by(version: Version | None, proposal: Proposal | None) -> dict[str, Any]:
    """What the form starts with: the draft, and what a proposal says about it."""
    found: dict[str, Any] = {}
    if proposal is not None:
        found = {name: getattr(proposal, name) for name in ("purpose", "need", "recognition")}
    if version is not None:
        plain = ("title", "description", "type", "level", "criteria", "workload_hours")
        found |= {name: getattr(version, name) for name in plain}
        found["outcomes"] = "\n".join(outcome.text for outcome in version.outcomes.all())
    return found


class ReviewForm(forms.Form):
    """A review by the rubric."""

    recommendation = forms.ChoiceField(
        label=_("Your advice"), choices=Review.Recommendation.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None = None, *, own: Review | None = None) -> None:
        super().__init__(data, initial=self._said(own) if own else None)
        choices = [("", _("not scored")), *((str(n), str(n)) for n in range(BEST + 1))]
        for key, words in CRITERIA.items():
            self.fields[f"score_{key}"] = forms.ChoiceField(label=words, choices=choices, required=False)

    @staticmethod
    def _said(own: Review) -> dict[str, Any]:
        scores = {f"score_{key}": str(value) for key, value in own.scores.items()}
        return scores | {"comment": own.comment, "recommendation": own.recommendation}

    @property
    def scores(self) -> dict[str, int]:
        """The scores that were given."""
        found = {key: self.cleaned_data.get(f"score_{key}") for key in CRITERIA}
        return {key: int(value) for key, value in found.items() if value}

    def score_fields(self) -> list[forms.BoundField]:
        """The rubric's fields, in order."""
        return [self[f"score_{key}"] for key in CRITERIA]


class VoteForm(forms.Form):
    """A vote."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=Vote.Choice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the council reads it."),
    )


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


class CodeForm(forms.Form):
    """The short code of a vote's mail."""

    email = forms.EmailField(label=_("The address your message went to"))
    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ReasonForm(forms.Form):
    """Why a proposal goes back."""

    reason = forms.CharField(
        label=_("What has to change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A body's charter."""

    class Meta:
        """What a charter says."""

        model = Body
        fields = (
            "name",
            "kind",
            "charter",
            "quorum_numerator",
            "quorum_denominator",
            "quorum_inclusive",
            "threshold",
            "recused_counts",
            "recused_clause",
        )
        labels = {  # noqa: RUF012 - Django reads it as a class attribute
            "kind": _("Its vote"),
            "quorum_numerator": _("Quorum: this many"),
            "quorum_denominator": _("of so many voting seats"),
            "quorum_inclusive": _("“At least” instead of “more than”"),
            "threshold": _("What carries"),
            "recused_counts": _("Members with a conflict of interest count for the quorum"),
            "recused_clause": _("By which clause"),
        }


class FoundForm(forms.Form):
    """A first council; its charter and seats follow."""

    name = forms.CharField(label=_("What it is called"), max_length=120)


class SeatForm(forms.Form):
    """A new seat."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who holds it"), required=False, empty_label=_("Nobody yet")
    )
    role = forms.ChoiceField(label=_("As"), choices=Seat.Role.choices, initial=Seat.Role.VOTING)
    constituency = forms.CharField(label=_("Speaks for"), max_length=120, required=False)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day of the term, if it ends."),
    )

    def __init__(self, data: QueryDict | None = None, *, organization: Organization) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people.staff(organization)  # type: ignore[attr-defined]  # a ModelChoiceField


class GiveForm(forms.Form):
    """Who takes a vacant seat."""

    seat = forms.ModelChoiceField(Seat.objects.none(), label=_("Vacant seat"), empty_label=None)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who takes it"), empty_label=_("Choose a person")
    )

    def __init__(self, data: QueryDict | None = None, *, body: Body) -> None:
        super().__init__(data, auto_id="give_%s")
        self.fields["seat"].queryset = queries.vacant_seats(body)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["person"].queryset = people.staff(body.organization)  # type: ignore[attr-defined]  # as above
