"""Forms of votes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models import Vote


class VoteForm(forms.Form):
    """A vote."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=Vote.Choice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the council reads it."),
    )


class CodeForm(forms.Form):
    """The short code of a vote's mail."""

    email = forms.EmailField(label=_("The address your message went to"))
    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
