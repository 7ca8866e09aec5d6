"""Forms of dimensions and values."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.taxonomy.models import Dimension, Value

ACHIEVEMENT_TYPES = (
    ("MicroCredential", _("Microcredential")),
    ("Badge", _("Badge")),
    ("Certificate", _("Certificate")),
    ("CertificateOfCompletion", _("Certificate of completion")),
    ("Competency", _("Competency")),
    ("Course", _("Course")),
    ("LearningProgram", _("Learning program")),
    ("Assessment", _("Assessment")),
    ("CoCurricular", _("Co-curricular activity")),
)


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_NAME, LONGEST_DESCRIPTION = 80, 400


class TextsField(forms.CharField):
    """Name and description in further languages, one language a line: ``de: Stufe | Wie viel erwartet wird``."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's field arguments
        super().__init__(
            label=_("In other languages"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
            help_text=_(
                "One language a line: its code, the name, and a description if you like. “de: Stufe | Wie viel erwartet wird”"
            ),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - what was typed, or the stored texts
        """The stored texts as lines; what was typed as it was typed."""
        if not isinstance(value, dict):
            return value
        return "\n".join(
            f"{language}: {' | '.join(t for t in (said.get('name', ''), said.get('description', '')) if t)}"
            for language, said in value.items()
        )

    def to_python(self, value: Any) -> dict[str, dict[str, str]]:  # type: ignore[override]  # noqa: ANN401 - lines become texts
        """The lines as language → name and description, or what is wrong with a line."""
        found: dict[str, dict[str, str]] = {}
        for number, line in enumerate((super().to_python(value) or "").splitlines(), start=1):
            if not line.strip():
                continue
            language, colon, rest = line.partition(":")
            name, _bar, description = (part.strip() for part in rest.partition("|"))
            if not colon or not LANGUAGE.fullmatch(language.strip()) or not name:
                raise forms.ValidationError(
                    _("Line %(n)s: write a language code, a colon and the name, like “de: Stufe”."),
                    params={"n": number},
                )
            if len(name) > LONGEST_NAME or len(description) > LONGEST_DESCRIPTION:
                raise forms.ValidationError(_("Line %(n)s is too long."), params={"n": number})
            found[language.strip()] = {"name": name} | ({"description": description} if description else {})
        return found

    def run_validators(self, value: Any) -> None:  # noqa: ANN401 - as above
        """The length was checked while it was text."""


class DimensionForm(forms.Form):
    """A dimension's name and what it says."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What it says about an achievement"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    texts = TextsField()
    several = forms.BooleanField(label=_("An achievement may stand in several of its values"), required=False)

    def __init__(self, *args: Any, always: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        if always:
            del self.fields["several"]


class ValueForm(forms.Form):
    """A value; color and standard type for types, shape for levels."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("When to choose it"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Color of the badge"),
        initial="#0b5c66",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Words on it are white or black, whichever reads better."),
    )
    shape = forms.ChoiceField(label=_("Outline of the badge"), choices=Value.Shape.choices)
    achievement_type = forms.ChoiceField(
        label=_("What others call it"),
        choices=ACHIEVEMENT_TYPES,
        help_text=_("The kind that stands in the signed credential (Open Badges)."),
    )
    texts = TextsField()

    def __init__(self, dimension: Dimension, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        if dimension.key != "type":
            del self.fields["color"], self.fields["achievement_type"]
        if dimension.key != "level":
            del self.fields["shape"]
