"""Forms of reviews: the review, the rubric, comments, guests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.forms import VersionForm
from gradatim.program.council import queries
from gradatim.program.council.actions.comments import parts_of
from gradatim.program.council.models import Comment, Proposal, Review
from gradatim.program.council.rubric import BEST, FLOOR, Rubric

NAMES = {
    "title": _("Title"),
    "description": _("In one or two sentences"),
    "outcomes": _("Outcomes"),
    "criteria": _("What has to be shown, and how it is assessed"),
    "workload_hours": _("Workload in hours"),
    "purpose": _("What it is for, and for whom"),
    "need": _("What shows that it is needed"),
    "recognition": _("Who outside will recognise it"),
    "subject": _("What it is about"),
    "wording": _("What is to be decided, word for word"),
    "placements": _("Where it belongs"),
    "rubric": _("Rubric"),
    "alignments": _("What it is aligned to"),
    "translations": _("In other languages"),
    "evidence": _("Evidence of the need"),
    "budget": _("Money"),
    "files": _("Files"),
}


class ReviewForm(forms.Form):
    """A review by the rubric."""

    recommendation = forms.ChoiceField(
        label=_("Your advice"), choices=Review.Recommendation.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None = None, *, rubric: Rubric, own: Review | None = None) -> None:
        super().__init__(data, initial=self._said(own) if own else None)
        self.rubric = rubric
        choices = [("", _("not scored")), *((str(n), str(n)) for n in range(rubric.best + 1))]
        if rubric.all_must_meet:
            choices = [("", _("not looked at")), ("0", _("not met")), ("1", _("met"))]
        for criterion in rubric.criteria:
            self.fields[f"score_{criterion.key}"] = forms.ChoiceField(
                label=criterion.words, choices=choices, required=False
            )

    @property
    def _keys(self) -> list[str]:
        return [criterion.key for criterion in self.rubric.criteria]

    @staticmethod
    def _said(own: Review) -> dict[str, Any]:
        scores = {f"score_{key}": str(value) for key, value in own.scores.items()}
        return scores | {"comment": own.comment, "recommendation": own.recommendation}

    @property
    def scores(self) -> dict[str, int]:
        """The scores that were given."""
        found = {key: self.cleaned_data.get(f"score_{key}") for key in self._keys}
        return {key: int(value) for key, value in found.items() if value}

    def score_fields(self) -> list[forms.BoundField]:
        """The rubric's fields, in order."""
        return [self[f"score_{key}"] for key in self._keys]


def field_name(field: str) -> str:
    """What a field of a proposal is called on the screen."""
    known = VersionForm.base_fields.get(field)
    return str(
        NAMES.get(field) or queries.MORE.get(field) or (known.label if known else "") or _("The whole")
    )


class RemarkForm(forms.Form):
    """A remark on a field, or on the whole."""

    field = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    suggestion = forms.CharField(
        label=_("Words to take over instead"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The proposers take them over with one click."),
    )
    visibility = forms.ChoiceField(label=_("Read by"), choices=Comment.Visibility.choices, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, proposal: Proposal, proposes: bool = False, about: str = ""
    ) -> None:
        parts = parts_of(proposal)
        super().__init__(data, auto_id="remark_%s", initial={"field": about if about in parts else ""})
        names = [(field, field_name(field)) for field in parts]
        self.fields["field"].choices = [("", _("The whole")), *names]  # type: ignore[attr-defined]  # a ChoiceField
        if proposes:
            del self.fields["visibility"]


class GuestForm(forms.Form):
    """Somebody from outside who is asked for a review."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    unit = forms.CharField(label=_("Speaks for"), max_length=120, required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="guest_%s")


class RubricForm(forms.Form):
    """The criteria of a body, one a row; a row without words is left out."""

    all_must_meet = forms.BooleanField(
        label=_("Each criterion is met or not, and every one has to be"), required=False
    )

    EMPTY = 3  # rows to add

    def __init__(self, data: QueryDict | None = None, *, rubric: Rubric) -> None:
        super().__init__(data, initial={"all_must_meet": rubric.all_must_meet})
        self.many = len(rubric.criteria) + self.EMPTY
        for n in range(self.many):
            known = rubric.criteria[n] if n < len(rubric.criteria) else None
            self.fields[f"key_{n}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=known.key if known else ""
            )
            self.fields[f"words_{n}"] = forms.CharField(
                label=_("Criterion %(n)s") % {"n": n + 1},
                required=False,
                max_length=200,
                initial=known.words if known else "",
            )
            self.fields[f"words_{n}"].unmarked = True  # type: ignore[attr-defined]  # read by `ui/field.html`
            self.fields[f"floor_{n}"] = forms.IntegerField(
                label=_("Least that will do"),
                min_value=0,
                max_value=BEST,
                required=False,
                initial=known.floor if known else FLOOR,
            )
            self.fields[f"floor_{n}"].unmarked = True  # type: ignore[attr-defined]  # as above

    @property
    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The criteria's fields, row by row."""
        return [(self[f"key_{n}"], self[f"words_{n}"], self[f"floor_{n}"]) for n in range(self.many)]

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """The clean rows that say something."""
        data = self.cleaned_data
        return [
            {"key": data[f"key_{n}"], "words": data[f"words_{n}"], "floor": data[f"floor_{n}"] or 0}
            for n in range(self.many)
            if data[f"words_{n}"].strip()
        ]
