"""Forms of proposals and reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.actions import Fields
from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Proposal, Review
from gradatim.program.council.rubric import BEST, CRITERIA
from gradatim.program.people.models import Organization
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


class ReasonForm(forms.Form):
    """Why a proposal goes back."""

    reason = forms.CharField(
        label=_("What has to change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
