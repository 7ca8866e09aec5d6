"""Forms of quality profiles."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ProfileForm(forms.Form):
    """A quality profile: whose it is, where it stands, and what it does not hold yet."""

    name = forms.CharField(label=_("Name"), max_length=160)
    description = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    edition = forms.CharField(label=_("Edition of the source"), max_length=120, required=False)
    url = forms.URLField(
        label=_("Where the source stands"), max_length=300, required=False, assume_scheme="https"
    )
    passed_words = forms.CharField(
        label=_("What may be said when everything required is there"),
        max_length=160,
        required=False,
        help_text=_("Never “certified”: it is checked here, by yourselves."),
    )
    gaps = forms.CharField(
        label=_("What it does not hold yet"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty only if the profile is complete."),
    )
    active = forms.BooleanField(label=_("Check definitions against it"), required=False, initial=True)
