"""Forms of quality rules: tests as rows of fact, operator and value; no code, no syntax to learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import notation, queries
from gradatim.program.taxonomy.models import Dimension, Profile, Rule
from gradatim.program.taxonomy.quality import (
    FACTS,
    MAX_TESTS,
    OPERATORS,
    Labels,
    Moment,
    keyed,
    names_of,
    problems,
    spelled,
)


class Row(NamedTuple):
    """One test as it is typed."""

    fact: str
    operator: str
    value: str


class TestsWidget(forms.Widget):
    """Rows of fact, operator and value; what is there, and one more to fill in."""

    facts: Mapping[str, str] = {}

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - as Django declares it
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ANN401, ARG002 - as above
    ) -> SafeString:
        """The rows as controls, each with a name of its own."""
        rows = [*(value or []), Row("", "", "")][:MAX_TESTS]
        own = {key: label for key, label in self.facts.items() if key not in FACTS}
        context = {
            "name": name,
            "rows": rows,
            "described": (attrs or {}).get("aria-describedby", ""),
            "invalid": (attrs or {}).get("aria-invalid", ""),
            "dimensions": own.items(),
            "facts": sorted(((k, v) for k, v in self.facts.items() if k in FACTS), key=lambda e: e[1]),
            "operators": [(key, o.words) for key, o in OPERATORS.items()],
            "more": len(rows) < MAX_TESTS,
        }
        return render_to_string("taxonomy/_tests.html", context)

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],  # noqa: ARG002 - as Django declares it
        name: str,
    ) -> list[Row]:
        """The rows in which something stands."""
        rows = [
            Row(*(str(data.get(f"{name}-{n}-{part}", "")).strip() for part in ("fact", "is", "value")))
            for n in range(MAX_TESTS)
        ]
        return [row for row in rows if any(row)]

    def id_for_label(self, id_: str) -> str:
        """The first control."""
        return f"{id_}-0-fact"


class TestsField(forms.Field):
    """Tests of a rule, a row each.

    Attributes:
        labels: what facts and their codes are called.
    """

    labels = Labels({}, {})

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's field arguments
        super().__init__(widget=TestsWidget(), **kwargs)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - what was typed, or the stored list
        """The stored tests as rows; what was typed as it was typed."""
        return [t if isinstance(t, Row) else Row(t["fact"], t["is"], self._typed(t)) for t in value or []]

    def _typed(self, test: dict[str, Any]) -> str:
        names = names_of(test["fact"], self.labels)
        return spelled(test["value"], names) if names and "value" in test else notation.value_of(test)

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - rows become tests
        """The rows as tests, or what is wrong with every row that is none."""
        tests, wrong = [], []
        for number, row in enumerate(value or [], start=1):
            try:
                if not row.fact or not row.operator:
                    raise ValueError(_("choose what is asked, and how."))
                value = keyed(row.value, names_of(row.fact, self.labels))
                tests.append(notation.make(row.fact, row.operator, value))
            except ValueError as error:
                wrong.append(_("Row %(n)s: %(what)s") % {"n": number, "what": error})
        if wrong:
            raise forms.ValidationError(wrong)
        return tests

    def validate(self, value: Any) -> None:  # noqa: ANN401 - as above
        """At least one test, if the field has to be filled in."""
        if self.required and not value:
            raise forms.ValidationError(_("Fill in at least one row."), code="required")


class RuleForm(forms.Form):
    """A quality rule."""

    name = forms.CharField(
        label=_("What it asks for"), max_length=160, help_text=_("A sentence, like “It states the workload.”")
    )
    severity = forms.ChoiceField(
        label=_("When it is not met, it"),
        choices=Rule.Severity.choices,
        widget=forms.RadioSelect,
        initial=Rule.Severity.WARN,
    )
    condition = TestsField(
        label=_("Applies when"), required=False, help_text=_("All rows must hold. Empty: always.")
    )
    expression = TestsField(label=_("Then this has to hold"), help_text=_("All rows must hold."))
    message = forms.CharField(
        label=_("How to mend it"), max_length=300, help_text=_("Shown to the person who drafts.")
    )
    reference = forms.CharField(
        label=_("Why it is asked"),
        max_length=300,
        required=False,
        help_text=_("The clause of a policy or framework."),
    )
    moments = forms.MultipleChoiceField(
        label=_("It is asked"),
        choices=Moment.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(Moment.values),
    )
    since = forms.DateField(
        label=_("First day it is asked"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Last day it is asked"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    active = forms.BooleanField(label=_("Ask this rule"), required=False, initial=True)

    def __init__(
        self,
        organization: Organization,
        profile: Profile | None,
        *args: Any,  # noqa: ANN401 - Django's form arguments
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dimensions = list(queries.dimensions(organization))
        self.known = Labels(
            {key: str(label) for key, label in FACTS.items()} | {d.key: str(d) for d in self.dimensions},
            {d.key: {v.key: str(v) for v in d.values.all()} for d in self.dimensions},
        )
        if profile:
            del self.fields["moments"]
            self.fields["reference"].required = True
            self.fields["severity"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                ("block", _("does not pass: the source requires it")),
                ("warn", _("is told: the source recommends it")),
                ("advise", _("is told: the source recommends it where there is any")),
            ]
        for name in ("condition", "expression"):
            self.fields[name].widget.facts = self.known
            self.fields[name].labels = self.known  # type: ignore[attr-defined]  # a TestsField
        for dimension in self.dimensions:
            self.fields[f"scope_{dimension.key}"] = _scope(dimension)

    @property
    def scopes(self) -> list[forms.BoundField]:
        """One field per dimension: the values that the rule is about."""
        return [self[f"scope_{d.key}"] for d in self.dimensions]

    @property
    def narrowed(self) -> bool:
        """Whether the rule is about some values only."""
        return any(field.value() for field in self.scopes)

    def clean(self) -> dict[str, Any]:
        """Only known facts are asked; the scope is one value of the form."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("condition", "expression"):
            for wrong in problems(data.get(name) or [], self.known):
                self.add_error(name, wrong)
        data["scope"] = {d.key: chosen for d in self.dimensions if (chosen := data.pop(f"scope_{d.key}", []))}
        return data

    def again(self) -> dict[str, Any]:
        """What was typed, for the same form with one more row."""
        return {name: self[name].value() for name in self.fields}

    @staticmethod
    def initial_of(rule: Rule) -> dict[str, Any]:
        """What stands in the form when a rule is opened."""
        names = (
            "name", "severity", "condition", "expression", "message", "reference", "moments", "since", "until", "active",
        )  # fmt: skip
        return {n: getattr(rule, n) for n in names} | {f"scope_{d}": v for d, v in rule.scope.items()}


def _scope(dimension: Dimension) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=str(dimension),
        choices=[(v.key, str(v)) for v in dimension.values.all()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
