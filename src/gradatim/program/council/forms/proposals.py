"""Forms of proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.actions import Fields
from gradatim.program.achievements.facts import Parts, describe
from gradatim.program.achievements.models import Version
from gradatim.program.council import queries
from gradatim.program.council.models import Evidence, Proposal
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Value

HOW_LARGE = {
    Proposal.Kind.SUBSTANTIVE: _("outcomes, assessment, level or credit change"),
    Proposal.Kind.MINOR: _("something small that learners notice"),
    Proposal.Kind.CLARIFICATION: _("the same, said more clearly"),
    Proposal.Kind.CORRECTION: _("a typing mistake"),
}


class ChangeForm(forms.Form):
    """Which achievement should change or end, and how."""

    version = forms.ModelChoiceField(Version.objects.none(), label=_("What should change"), empty_label=None)
    kind = forms.ChoiceField(label=_("What do you ask for"), widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, *, organization: Organization) -> None:
        super().__init__(data)
        self.fields["version"].queryset = achievements.issuable(organization)  # type: ignore[attr-defined]  # a ModelChoiceField
        choices = [(k.value, f"{k.label}: {HOW_LARGE[k]}") for k in Proposal.CHANGES]
        retire = Proposal.Kind.RETIRE
        choices.append((retire.value, f"{retire.label}: {_('nothing more is issued of it')}"))
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class RetireForm(forms.Form):
    """Why an achievement should end."""

    purpose = forms.CharField(
        label=_("Why it should end"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    need = forms.CharField(
        label=_("What becomes of those who hold it or are on the way"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, proposal: Proposal | None = None) -> None:
        said = {"purpose": proposal.purpose, "need": proposal.need} if proposal else None
        super().__init__(data, initial=said)

    @property
    def content(self) -> dict[str, str]:
        """What stands in the form, field by field, as text."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    @property
    def proposal_fields(self) -> dict[str, Any]:
        """What belongs to the proposal."""
        return {"kind": Proposal.Kind.RETIRE, **self.cleaned_data}

    @property
    def achievement_fields(self) -> Fields:
        """Nothing: what is retired does not change."""
        return {}


class TextForm(forms.Form):
    """A proposal that is decided as a text, on one short page."""

    subject = forms.CharField(label=_("What it is about"), max_length=120)
    wording = forms.CharField(
        label=_("What is to be decided, word for word"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    purpose = forms.CharField(
        label=_("What it is for"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    need = forms.CharField(
        label=_("What shows that it is needed"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    recognition = forms.CharField(
        label=_("Who else is concerned"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        proposal: Proposal | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        said = {name: getattr(proposal, name) for name in self.base_fields} if proposal else {}
        super().__init__(data, initial=said | dict(typed or {}))
        if proposal and proposal.changes_id:
            wording = self.fields["wording"]
            wording.disabled, self.initial["wording"] = True, proposal.wording
            wording.help_text = _("Written out from the change list; change it there.")

    @property
    def content(self) -> dict[str, str]:
        """What stands in the form, field by field, as text."""
        return {
            name: str(self.initial.get(name, "") if field.disabled else self.data.get(name, ""))
            for name, field in self.fields.items()
        }

    @property
    def proposal_fields(self) -> dict[str, Any]:
        """What belongs to the proposal."""
        return dict(self.cleaned_data)

    @property
    def achievement_fields(self) -> Fields:
        """Nothing: it is no achievement."""
        return {}


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
        data: Mapping[str, Any] | None = None,
        *,
        organization: Organization,
        version: Version | None = None,
        proposal: Proposal | None = None,
        kind: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> None:
        said = _said_by(version, proposal) | {"kind": kind or getattr(proposal, "kind", "")}
        super().__init__(data, initial=said | dict(typed or {}))
        self.organization, self.version = organization, version
        if version and version.number > 1:
            self.fields["kind"] = forms.ChoiceField(
                label=_("How large is the change"),
                choices=[(k.value, f"{k.label}: {HOW_LARGE[k]}") for k in Proposal.CHANGES],
                widget=forms.RadioSelect,
                help_text=_("The route follows from it."),
            )
            self.order_fields(["kind"])
        # Criteria and assessment are one field here; an assessment written on its own elsewhere is left alone.
        self.assessed_apart = bool(version and version.assessment and version.assessment != version.criteria)
        for name in ("type", "level"):
            now = getattr(version, name, None)
            self.fields[name].queryset = taxonomy.choices(organization, name, now)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_outcomes(self) -> list[str]:
        """One outcome a line."""
        return [line.strip() for line in self.cleaned_data["outcomes"].splitlines() if line.strip()]

    @property
    def proposal_fields(self) -> dict[str, Any]:
        """What belongs to the proposal."""
        names = ("purpose", "need", "recognition", "kind")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def content(self) -> dict[str, str]:
        """What stands in the form, field by field, as text."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    @property
    def asked_kind(self) -> str:
        """What is asked for, as far as it was said."""
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        usual = Proposal.Kind.SUBSTANTIVE if "kind" in self.fields else Proposal.Kind.NEW
        return str(data.get("kind") or usual)

    def facts(self) -> dict[str, Any]:
        """What rules can ask about what stands in the form, mended or not."""
        said: dict[str, Any] = dict(getattr(self, "cleaned_data", {}))
        version = self.version
        parts = achievements.parts(version) if version else Parts()
        parts.rewrite(said.get("outcomes", []))
        parts.places |= {key: [value.key] for key in ("type", "level") if (value := said.get(key))}
        if not (version and self.assessed_apart):
            said["assessment"] = said.get("criteria", "")
        return describe(
            (vars(version) if version else {}) | said,
            parts,
            country=self.organization.country,
            dimensions=achievements.dimension_keys(self.organization),
        )

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


SECTIONS = (
    (_("Who"), ("audience", "partners", "team", "owner")),
    (_("How it is offered and assessed"), ("delivery", "assessors", "retakes")),
    (_("Duties"), ("access", "rights", "privacy")),
    (_("Money"), queries.MONEY),
)


class MoreForm(forms.Form):
    """The long form: sections that grow from the short one, each of them optional."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        proposal: Proposal,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial={**proposal.more, **(typed or {})})
        for name in queries.MORE:
            label = str(queries.MORE[name])
            if name in {"runs", "learners"}:
                field: forms.Field = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=100_000
                )
            elif name in queries.MONEY:
                field = forms.DecimalField(
                    label=label, required=False, min_value=0, max_digits=12, decimal_places=2
                )
            else:
                field = forms.CharField(
                    label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
                )
            self.fields[name] = field

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields by section."""
        return [(words, [self[name] for name in names]) for words, names in SECTIONS]

    @property
    def content(self) -> dict[str, str]:
        """What stands in the form, field by field, as text."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    @property
    def answers(self) -> dict[str, str]:
        """The clean data as text."""
        return {n: "" if v is None else str(v) for n, v in self.cleaned_data.items()}


class EvidenceForm(forms.Form):
    """A piece of evidence that something is needed."""

    kind = forms.ChoiceField(label=_("Where it comes from"), choices=Evidence.Kind.choices)
    text = forms.CharField(label=_("What it shows"), max_length=500)
    source = forms.CharField(label=_("Who says so"), max_length=300)
    dated = forms.DateField(label=_("When"), widget=forms.DateInput(attrs={"type": "date"}))
    url = forms.URLField(label=_("Where to read it"), max_length=500, required=False, assume_scheme="https")


class AttachForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, picture, text, table or document; up to 5 MB."))


class ProposerForm(forms.Form):
    """Somebody who proposes it too."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who proposes it too"), empty_label=_("Choose a person")
    )

    def __init__(
        self, data: QueryDict | None = None, *, organization: Organization, own: Iterable[int] = ()
    ) -> None:
        super().__init__(data, auto_id="proposer_%s")
        found = people.staff(organization).exclude(pk__in=list(own))
        self.fields["person"].queryset = found  # type: ignore[attr-defined]  # a ModelChoiceField
