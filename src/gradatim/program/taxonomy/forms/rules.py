"""Forms of quality rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.models import Rule
from gradatim.program.taxonomy.quality import problems


class TestsField(forms.CharField):
    """Tests of a rule, one a line."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's field arguments
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}), max_length=4000, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - what was typed, or the stored list
        """The stored tests as lines; what was typed as it was typed."""
        return notation.write(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # type: ignore[override]  # noqa: ANN401 - lines become tests
        """The lines as tests, or every line that is none."""
        tests, wrong = notation.read(super().to_python(value) or "")
        if wrong:
            raise forms.ValidationError(wrong)
        return tests

    def validate(self, value: Any) -> None:  # noqa: ANN401 - as above
        """At least one test, if the field has to be filled in."""
        if self.required and not value:
            raise forms.ValidationError(
                _("Write at least one test, like “criteria present”."), code="required"
            )

    def run_validators(self, value: Any) -> None:  # noqa: ANN401 - as above
        """The text's length was checked while it was text; its tests are checked by the form."""


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
        label=_("Applies when"), required=False, help_text=_("One test a line; all must hold. Empty: always.")
    )
    expression = TestsField(label=_("Then this has to hold"), help_text=_("One test a line; all must hold."))
    message = forms.CharField(
        label=_("How to mend it"), max_length=300, help_text=_("Shown to the person who drafts.")
    )
    reference = forms.CharField(
        label=_("Why it is asked"),
        max_length=300,
        required=False,
        help_text=_("The clause of a policy or framework."),
    )
    active = forms.BooleanField(label=_("Ask this rule"), required=False, initial=True)

    def __init__(self, known: dict[str, str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        """Only known facts are asked."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("condition", "expression"):
            for wrong in problems(data.get(name) or [], self.known):
                self.add_error(name, wrong)
        return data
