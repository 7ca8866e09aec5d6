"""Forms of dimensions and values."""

from __future__ import annotations

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


class DimensionForm(forms.Form):
    """A dimension's name and what it says."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What it says about an achievement"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


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

    def __init__(self, dimension: Dimension, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        if dimension.key != "type":
            del self.fields["color"], self.fields["achievement_type"]
        if dimension.key != "level":
            del self.fields["shape"]
