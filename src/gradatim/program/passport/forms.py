"""Forms of the passport."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A short code from a slip."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ShareForm(forms.Form):
    """For whom, until when."""

    label = forms.CharField(
        label=_("For whom"), max_length=80, required=False, help_text=_("Only you see this.")
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty, it works until you take it back."),
    )
