"""Forms of policy files, and of exceptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import examples
from gradatim.program.council.models import Decision
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Rule

SALT = "council.policy"
MAX_BYTES = 1024 * 1024
PREVIEW_HOURS = 24  # how long a preview can be confirmed


def in_force(organization: Organization) -> QuerySet[Decision]:
    """Published decisions that say yes, the latest first."""
    return (
        Decision.objects.filter(organization=organization, outcome__in=Decision.GOOD)
        .exclude(published_at=None)
        .order_by("-decided_at")
    )


class PolicyForm(forms.Form):
    """A policy file, or one of those that come with the product."""

    example = forms.ChoiceField(label=_("A policy like yours"), required=False, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Or a policy file of your own"),
        required=False,
        help_text=_("YAML, as it is written out here. At most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    how = forms.ChoiceField(
        label=_("What becomes of what is here"),
        choices=[
            (
                "add",
                _(
                    "It stays; the file is added and written over it. Routes are taken as a whole, in their order"
                ),
            ),
            (
                "replace",
                _("The file takes its place: what it does not have goes, or is retired while it is used"),
            ),
        ],
        initial="add",
        required=False,
        widget=forms.RadioSelect,
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
    how = forms.CharField(widget=forms.HiddenInput, required=False)
    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label=_("Which decision says so"),
        required=False,
        empty_label=_("None: it is taken over without one"),
        help_text=_("Its number stands beside the edition for good."),
    )

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = in_force(organization).filter(kind=Decision.Kind.POLICY)  # type: ignore[attr-defined]  # a ModelChoiceField

    @staticmethod
    def seal(text: str) -> str:
        """The policy, compressed and signed."""
        return signing.dumps(text, salt=SALT, compress=True)

    @property
    def replace(self) -> bool:
        """Whether the policy takes the place of the one that is here."""
        return bool(self.cleaned_data["how"] == "replace")

    def clean_policy(self) -> str:
        """The policy as it was previewed."""
        try:
            return str(signing.loads(self.cleaned_data["policy"], salt=SALT, max_age=PREVIEW_HOURS * 3600))
        except signing.BadSignature:
            raise forms.ValidationError(_("The preview has run out. Choose the file again.")) from None


class ExceptionForm(forms.Form):
    """An exception from a rule: which decision makes it, for what, from which rule, until when."""

    decision = forms.ModelChoiceField(
        Decision.objects.none(), label=_("Which decision says so"), empty_label=_("Choose a decision")
    )
    version = forms.ModelChoiceField(
        Version.objects.none(), label=_("For which definition"), empty_label=_("Choose a definition")
    )
    rule = forms.ModelChoiceField(
        Rule.objects.none(), label=_("From which rule"), empty_label=_("Choose a rule")
    )
    expires_on = forms.DateField(
        label=_("The last day it holds"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Why"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        choices = {
            "decision": in_force(organization),
            "version": achievements.newest(organization).exclude(state=Version.State.RETIRED),
            "rule": taxonomy.rules(organization).filter(active=True, severity=Rule.Severity.BLOCK),
        }
        for name, found in choices.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]  # a ModelChoiceField
