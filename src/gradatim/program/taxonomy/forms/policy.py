"""Forms of policy files and quality profiles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gradatim.program.taxonomy import examples

SALT = "taxonomy.policy"
MAX_BYTES = 1024 * 1024
PREVIEW_HOURS = 24  # how long a preview can be confirmed


class PolicyForm(forms.Form):
    """A policy file, or one of those that come with the product."""

    example = forms.ChoiceField(label=_("A policy like yours"), required=False, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Or a policy file of your own"),
        required=False,
        help_text=_("YAML, as it is written out here. At most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.fields["example"].choices = [(e.key, f"{e.name}: {e.about}") for e in examples.all_of_them()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_file(self) -> str:
        """The text; a file that is too large or not UTF-8 is not read."""
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if upload is None:
            return ""
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s bytes; at most %(limit)s are read."),
                code="too-large",
                params={"size": f"{upload.size:,}", "limit": f"{MAX_BYTES:,}"},
            )
        try:
            return str(upload.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8 text. Save it as UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(data.get("example")) == bool(data.get("file")):
            raise forms.ValidationError(_("Choose one of the policies, or a file."))
        return data

    def text(self) -> str:
        """The policy as YAML."""
        chosen = self.cleaned_data["example"]
        return examples.text(chosen) if chosen else str(self.cleaned_data["file"])


class ConfirmPolicyForm(forms.Form):
    """What was previewed, carried by the page itself: nothing is stored before it is confirmed."""

    policy = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def seal(text: str) -> str:
        """The policy, compressed and signed."""
        return signing.dumps(text, salt=SALT, compress=True)

    def clean_policy(self) -> str:
        """The policy as it was previewed."""
        try:
            return str(signing.loads(self.cleaned_data["policy"], salt=SALT, max_age=PREVIEW_HOURS * 3600))
        except signing.BadSignature:
            raise forms.ValidationError(_("The preview has run out. Choose the file again.")) from None


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
