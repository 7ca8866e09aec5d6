"""The questions of the first run: eight."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization


class StartForm(forms.Form):
    """Who starts what."""

    your_name = forms.CharField(label=_("Your name"), max_length=200)
    your_email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("You sign in with a code sent there.")
    )
    name = forms.CharField(label=_("Name of your organization"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=Organization.Kind.choices,
        widget=forms.RadioSelect,
        initial=Organization.Kind.POSTSECONDARY,
    )
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    country = forms.RegexField(r"^[A-Za-z]{2}$", label=_("Country (two letters)"), required=False)
    brand_color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Accent color"),
        initial="#0b5c66",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    logo = forms.FileField(label=_("Logo"), required=False, help_text=_("PNG or plain SVG, at most 1 MiB."))
    code = forms.CharField(
        label=_("Setup code"), max_length=64, help_text=_("The server printed it when it started.")
    )

    def __init__(self, *args: object, needs_code: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        if not needs_code:
            del self.fields["code"]
