"""Forms: take a credential back, receive an endorsement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.engine.reader import MAX_BYTES
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


class EndorsementForm(forms.Form):
    """A file, or its text."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("As it was signed: JSON, or a text file with a token.")
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data = super().clean() or {}
        upload = data.get("file")
        if not upload and not data.get("text", "").strip() and not self.errors:
            self.add_error("file", _("Choose a file, or paste the text of the endorsement."))
        if upload and (upload.size or 0) > MAX_BYTES:
            self.add_error(
                "file", _("This is larger than 1 MiB, and no endorsement is. Nothing of it was read.")
            )
        return data

    def content(self) -> bytes:
        """What was sent."""
        upload = self.cleaned_data["file"]
        return bytes(upload.read()) if upload else str(self.cleaned_data["text"]).strip().encode()
