"""Forms of people: the organization, an invitation, a name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.ground import clock
from gradatim.program.people.models import Membership, Organization


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What an organization says of itself."""

    logo = forms.FileField(required=False, label=_("Logo"), help_text=_("PNG or plain SVG, at most 1 MiB."))

    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in clock.zones()],
        required=False,
        help_text=_("Meetings, votes and dates are shown and entered in it."),
    )

    class Meta:
        """The fields people change."""

        model = Organization
        fields = (
            "name",
            "kind",
            "url",
            "email",
            "country",
            "description",
            "language",
            "time_zone",
            "linkedin_id",
            "brand_color",
        )
        labels = {  # noqa: RUF012 - Django reads it as a class attribute
            "kind": _("What it is"),
            "country": _("Country (two letters)"),
            "linkedin_id": _("LinkedIn organization number"),
            "brand_color": _("Accent color"),
            "language": _("Language of credentials"),
        }
        widgets = {  # noqa: RUF012 - as above
            "brand_color": forms.TextInput(attrs={"type": "color"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_time_zone(self) -> str:
        """The zone that was chosen, or the one it has."""
        return str(self.cleaned_data["time_zone"] or self.instance.time_zone)


class InvitationForm(forms.Form):
    """Whom to invite as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(r.value, r.label) for r in Membership.Role if r is not Membership.Role.LEARNER],
    )


class NameForm(forms.Form):
    """How a new person wants to be called."""

    name = forms.CharField(label=_("Your name"), max_length=200)
