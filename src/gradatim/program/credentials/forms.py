"""The form that takes a credential back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import Version
from gradatim.program.credentials.models import Credential, StatusChange

Kind = StatusChange.Kind


class TakeBackForm(forms.Form):
    """What to do, the public reason, and a note that stays inside."""

    kind = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Public reason"),
        choices=StatusChange.Reason.choices,
        help_text=_("Everyone who checks the credential sees it."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stays inside."),
    )

    def __init__(self, *args: Any, credential: Credential, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **kwargs)
        words = {
            Kind.REVOKE: _("Take it back for good"),
            Kind.SUSPEND: _("Pause it"),
            Kind.REINSTATE: _("Put it in force again"),
        }
        possible = [Kind.REVOKE]
        if credential.version.taking == Version.Taking.SUSPENDABLE:
            possible.insert(
                0, Kind.REINSTATE if credential.state == Credential.State.SUSPENDED else Kind.SUSPEND
            )
        self.fields["kind"].choices = [(kind.value, words[kind]) for kind in possible]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].initial = possible[0]
