"""What a person types about an achievement, made into clean data."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements import queries
from gradatim.program.achievements.actions import Fields, Target
from gradatim.program.achievements.facts import Parts, describe
from gradatim.program.achievements.models import (
    ASSESSMENT_KINDS,
    EVIDENCE_KINDS,
    Outcome,
    Version,
)
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Dimension, Value

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
MAX_OUTCOMES = 30
MAX_TAGS = 20
TARGET_TYPES = (
    ("", _("Something else")),
    ("ceasn:Competency", _("A competency (CTDL-ASN)")),
    ("ceterms:Credential", _("A credential (CTDL)")),
    ("ext:ESCOSkill", _("A skill of ESCO")),
    ("ext:ONETOccupation", _("An occupation of O*NET")),
)


def _further(dimension: Dimension, values: QuerySet[Value]) -> forms.ModelChoiceField[Value]:
    """The field of one more dimension: one of its values, or several."""
    if dimension.several:
        return forms.ModelMultipleChoiceField(
            values,
            label=str(dimension),
            help_text=dimension.said,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.ModelChoiceField(
        values,
        label=str(dimension),
        help_text=dimension.said,
        required=False,
        empty_label=_("Not said"),
    )


class VersionForm(forms.Form):
    """An achievement version: ten fields, and some more for those who need them."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("What it is called on the credential, like “Data literacy for the workplace”."),
    )
    description = forms.CharField(
        label=_("In one or two sentences"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    type = forms.ModelChoiceField(Value.objects.none(), label=_("Type"), empty_label=_("Choose a type"))
    level = forms.ModelChoiceField(Value.objects.none(), label=_("Level"), empty_label=_("Choose a level"))
    outcomes = forms.CharField(
        label=_("Outcomes"),
        help_text=_("What a learner is able to do afterwards. One a line, each starting with a verb."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    criteria = forms.CharField(
        label=_("What has to be shown"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    assessment = forms.CharField(
        label=_("How it is assessed"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    workload_hours = forms.IntegerField(
        label=_("Workload in hours"), min_value=1, max_value=5000, required=False
    )
    validity_months = forms.IntegerField(
        label=_("Months it is valid"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=_("Empty: for good."),
    )
    image_label = forms.CharField(
        label=_("Words on the badge"), max_length=24, required=False, help_text=_("Empty: the title.")
    )
    credit = forms.ChoiceField(
        label=_("Academic credit"),
        choices=Version.Credit.choices,
        initial=Version.Credit.NONCREDIT,
        required=False,
    )
    credits = forms.DecimalField(
        label=_("Number of credits"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    credit_course = forms.CharField(
        label=_("Course that the credit counts as"), max_length=120, required=False
    )
    credit_office = forms.CharField(
        label=_("Office that decides about the credit"), max_length=120, required=False
    )
    credit_basis = forms.CharField(
        label=_("On what basis"),
        max_length=300,
        required=False,
        help_text=_("A policy or an agreement, with its clause."),
    )
    credit_until = forms.DateField(
        label=_("Can be turned into credit until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    clock_hours = forms.IntegerField(
        label=_("Clock hours"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("Hours of supervised instruction, as funding rules count them."),
    )
    weeks = forms.DecimalField(
        label=_("Weeks of instruction"), min_value=0, max_digits=4, decimal_places=1, required=False
    )
    participation = forms.ChoiceField(
        label=_("How learners take part"),
        choices=[("", _("Not said")), *Version.Participation.choices],
        required=False,
    )
    prerequisites = forms.CharField(label=_("What is needed before"), max_length=500, required=False)
    cost = forms.CharField(label=_("Cost to the learner"), max_length=120, required=False)
    offered_since = forms.DateField(
        label=_("First offered on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    assessment_kinds = forms.MultipleChoiceField(
        label=_("Kinds of assessment"),
        choices=list(ASSESSMENT_KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_kinds = forms.MultipleChoiceField(
        label=_("Evidence to hand in"),
        choices=list(EVIDENCE_KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supervision = forms.ChoiceField(
        label=_("Supervision and identity check"),
        choices=[("", _("Not said")), *Version.Supervision.choices],
        required=False,
    )
    grading = forms.CharField(
        label=_("How results are graded"),
        max_length=200,
        required=False,
        help_text=_("Like “met or not met”."),
    )
    quality_assurance = forms.CharField(
        label=_("Quality assurance"),
        max_length=500,
        required=False,
        help_text=_("Who assures the quality of the program, and how."),
    )
    stacking = forms.ChoiceField(
        label=_("Does it stack"), choices=[("", _("Not said")), *Version.Stacking.choices], required=False
    )
    stacks_into = forms.CharField(label=_("Into what it stacks"), max_length=200, required=False)
    review_by = forms.DateField(
        label=_("To be looked at again by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    code = forms.CharField(label=_("Your own code"), max_length=40, required=False)
    taking = forms.ChoiceField(
        label=_("Once issued, a credential"),
        choices=Version.Taking.choices,
        initial=Version.Taking.REVOCABLE,
        help_text=_("Paused means: out of force for a time. One of the two, for the life of the credential."),
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=400, required=False, help_text=_("Separated by commas.")
    )
    language = forms.RegexField(
        LANGUAGE,
        label=_("Language of these texts"),
        max_length=12,
        initial="en",
        help_text=_("A language code such as en, de or es-MX."),
    )
    image_alt = forms.CharField(
        label=_("The badge in words"),
        max_length=250,
        required=False,
        help_text=_("For people who do not see the image. Empty: title and level."),
    )

    MAIN: tuple[str, ...] = (
        "title", "description", "type", "level", "outcomes", "criteria", "assessment", "workload_hours", "validity_months", "image_label",
    )  # fmt: skip
    GROUPS = (
        (_("Credit and time"), (
            "credit", "credits", "credit_course", "credit_office", "credit_basis", "credit_until", "clock_hours", "weeks",
        )),
        (_("Assessment and quality"), ("assessment_kinds", "evidence_kinds", "supervision", "grading", "quality_assurance")),
        (_("Taking part, and where it leads"), ("participation", "prerequisites", "cost", "stacking", "stacks_into", "offered_since")),
        (_("Name, language and life"), ("code", "tags", "language", "image_alt", "taking", "review_by")),
    )  # fmt: skip

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.organization = organization
        for name in ("type", "level"):
            self.fields[name].queryset = taxonomy.choices(organization, name, self.initial.get(name))  # type: ignore[attr-defined]  # a ModelChoiceField
        self.further = [
            d
            for d in taxonomy.dimensions(organization).prefetch_related(None)
            if d.key not in {"type", "level"} and (not d.retired or self.initial.get(f"dimension_{d.pk}"))
        ]
        for dimension in self.further:
            name = f"dimension_{dimension.pk}"
            found = taxonomy.choices(organization, dimension.key, self.initial.get(name))
            self.fields[name] = _further(dimension, found)

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields everyone fills in."""
        return [self[name] for name in self.MAIN]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The fields folded away, by what they are about: heading, fields, whether something has to be mended."""
        named = [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]
        further = [self[f"dimension_{d.pk}"] for d in self.further]
        if further:
            named.insert(0, (_("Where it belongs"), further))
        return [(str(heading), fields, any(f.errors for f in fields)) for heading, fields in named]

    def clean_credit(self) -> str:
        """No credit, unless it is said."""
        return self.cleaned_data["credit"] or Version.Credit.NONCREDIT

    def clean_outcomes(self) -> list[str]:
        """One outcome a line; bullets are taken off."""
        lines = [line.strip().lstrip("-*•").strip() for line in self.cleaned_data["outcomes"].splitlines()]
        outcomes = [line for line in lines if line]
        longest = Outcome._meta.get_field("text").max_length or 0  # noqa: SLF001 - Django's documented model API
        for number, outcome in enumerate(outcomes, start=1):
            if len(outcome) > longest:
                raise forms.ValidationError(
                    _("Outcome %(n)s has %(length)s letters; at most %(longest)s fit."),
                    params={"n": number, "length": len(outcome), "longest": longest},
                )
        if len(outcomes) > MAX_OUTCOMES:
            raise forms.ValidationError(_("Write at most %(n)s outcomes."), params={"n": MAX_OUTCOMES})
        return outcomes

    def clean_tags(self) -> list[str]:
        """Tags, each once."""
        return list(dict.fromkeys(t.strip()[:60] for t in self.cleaned_data["tags"].split(",") if t.strip()))[
            :MAX_TAGS
        ]

    def values(self) -> Fields:
        """The clean data as `actions.draft` and `actions.revise` take it."""
        data = self.cleaned_data
        fields = {name: value for name, value in data.items() if not name.startswith("dimension_")}
        fields["placements"] = [v for d in self.further for v in self._chosen(d)]
        return cast("Fields", fields)

    def facts(self, version: Version | None = None) -> dict[str, Any]:
        """What rules can ask about what stands in the form, mended or not; the rest as the stored version has it."""
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        parts = queries.parts(version) if version else Parts()
        parts.places = {d.key: [v.key for v in self._chosen(d)] for d in self.further}
        parts.places |= {key: [value.key] for key in ("type", "level") if (value := data.get(key))}
        parts.rewrite(data.get("outcomes", []))
        dimensions = ["type", "level", *(d.key for d in self.further)]
        data = {"rubric": version.rubric if version else [], **data}
        return describe(data, parts, country=self.organization.country, dimensions=dimensions)

    def _chosen(self, dimension: Dimension) -> list[Value]:
        """The values of a further dimension that are chosen."""
        found = getattr(self, "cleaned_data", {}).get(f"dimension_{dimension.pk}")
        return [] if not found else list(found) if dimension.several else [found]

    @staticmethod
    def initial_of(version: Version) -> dict[str, Any]:
        """What stands in the form when a version is opened for editing."""
        initial: dict[str, Any] = {
            name: getattr(version, name)
            for name in VersionForm.base_fields
            if name not in {"outcomes", "tags"}
        }
        initial["outcomes"] = "\n".join(o.text for o in version.outcomes.all())
        initial["tags"] = ", ".join(version.tags)
        for place in version.placements.all():
            name = f"dimension_{place.value.dimension_id}"
            if place.value.dimension.several:
                initial.setdefault(name, []).append(place.value)
            else:
                initial[name] = place.value
        return initial


class TargetForm(forms.Form):
    """Something to align to that is in no imported framework."""

    name = forms.CharField(label=_("Name"), max_length=300)
    url = forms.URLField(label=_("Web address"), max_length=500, assume_scheme="https")
    framework = forms.CharField(label=_("Framework it belongs to"), max_length=300, required=False)
    code = forms.CharField(label=_("Code"), max_length=80, required=False)
    type = forms.ChoiceField(label=_("What it is"), choices=TARGET_TYPES, required=False)

    def target(self) -> Target:
        """The clean data as `actions.align` takes it."""
        return Target(**self.cleaned_data)


class CopyForm(forms.Form):
    """The title of a copy."""

    title = forms.CharField(label=_("Title of the new one"), max_length=120)


class ReviewForm(forms.Form):
    """The day of the next look."""

    review_by = forms.DateField(
        label=_("To be looked at again by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
