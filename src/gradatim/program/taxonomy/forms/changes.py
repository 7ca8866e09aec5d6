"""Forms of change lists."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.taxonomy.changes import KINDS


class DirectForm(forms.Form):
    """Which changes of the taxonomy need no decision."""

    kinds = forms.MultipleChoiceField(
        label=_("These take effect at once"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Everything else needs a decision, once there is a council that can decide."),
    )
