"""What a person types about the taxonomy, made into clean data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gradatim.engine.framework.case import MAX_BYTES
from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.models import Dimension, Rule, Value
from gradatim.program.taxonomy.quality import problems

SALT = "taxonomy.import"
PREVIEW_HOURS = 24  # how long a preview can be confirmed
ACHIEVEMENT_TYPES = (
    ("MicroCredential", _("Microcredential")),
    ("Badge", _("Badge")),
    ("Certificate", _("Certificate")),
    ("CertificateOfCompletion", _("Certificate of completion")),
    ("Competency", _("Competency")),
    ("Course", _("Course")),
    ("LearningProgram", _("Learning program")),
    ("Assessment", _("Assessment")),
    ("CoCurricular", _("Co-curricular activity")),
)


class DimensionForm(forms.Form):
    """A dimension's name and what it says."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What it says about an achievement"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ValueForm(forms.Form):
    """A value; color and standard type for types, shape for levels."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("When to choose it"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Color of the badge"),
        initial="#0b5c66",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Words on it are white or black, whichever reads better."),
    )
    shape = forms.ChoiceField(label=_("Outline of the badge"), choices=Value.Shape.choices)
    achievement_type = forms.ChoiceField(
        label=_("What others call it"),
        choices=ACHIEVEMENT_TYPES,
        help_text=_("The kind that stands in the signed credential (Open Badges)."),
    )

    def __init__(self, dimension: Dimension, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        if dimension.key != "type":
            del self.fields["color"], self.fields["achievement_type"]
        if dimension.key != "level":
            del self.fields["shape"]


class TestsField(forms.CharField):
    """Tests of a rule, one a line."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's field arguments
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}), max_length=4000, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - what was typed, or the stored list
        """The stored tests as lines; what was typed as it was typed."""
        return notation.write(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # type: ignore[override]  # noqa: ANN401 - lines become tests
        """The lines as tests, or every line that is none."""
        tests, wrong = notation.read(super().to_python(value) or "")
        if wrong:
            raise forms.ValidationError(wrong)
        return tests

    def validate(self, value: Any) -> None:  # noqa: ANN401 - as above
        """At least one test, if the field has to be filled in."""
        if self.required and not value:
            raise forms.ValidationError(
                _("Write at least one test, like “criteria present”."), code="required"
            )

    def run_validators(self, value: Any) -> None:  # noqa: ANN401 - as above
        """The text's length was checked while it was text; its tests are checked by the form."""


class RuleForm(forms.Form):
    """A quality rule."""

    name = forms.CharField(
        label=_("What it asks for"), max_length=160, help_text=_("A sentence, like “It states the workload.”")
    )
    severity = forms.ChoiceField(
        label=_("When it is not met, it"),
        choices=Rule.Severity.choices,
        widget=forms.RadioSelect,
        initial=Rule.Severity.WARN,
    )
    condition = TestsField(
        label=_("Applies when"), required=False, help_text=_("One test a line; all must hold. Empty: always.")
    )
    expression = TestsField(label=_("Then this has to hold"), help_text=_("One test a line; all must hold."))
    message = forms.CharField(
        label=_("How to mend it"), max_length=300, help_text=_("Shown to the person who drafts.")
    )
    reference = forms.CharField(
        label=_("Why it is asked"),
        max_length=300,
        required=False,
        help_text=_("The clause of a policy or framework."),
    )
    active = forms.BooleanField(label=_("Ask this rule"), required=False, initial=True)

    def __init__(self, known: dict[str, str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        """Only known facts are asked."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("condition", "expression"):
            for wrong in problems(data.get(name) or [], self.known):
                self.add_error(name, wrong)
        return data


class PackageForm(forms.Form):
    """A CASE package file."""

    file = forms.FileField(
        label=_("CASE package"),
        help_text=_(
            "A JSON file with CFDocument, CFItems and CFAssociations, as frameworks are exported. At most 5 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> bytes:
        """The bytes; a file that is too large is not read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s bytes; at most %(limit)s are read. Export a smaller part."),
                code="too-large",
                params={"size": f"{upload.size:,}", "limit": f"{MAX_BYTES:,}"},
            )
        return bytes(upload.read())


class ConfirmForm(forms.Form):
    """What was previewed, carried by the page itself: nothing is stored before it is confirmed."""

    package = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def seal(content: bytes) -> str:
        """The package, compressed and signed."""
        return signing.dumps(content.decode("utf-8-sig"), salt=SALT, compress=True)

    def clean_package(self) -> bytes:
        """The package as it was previewed."""
        try:
            text: str = signing.loads(self.cleaned_data["package"], salt=SALT, max_age=PREVIEW_HOURS * 3600)
        except signing.BadSignature:
            raise forms.ValidationError(_("The preview has run out. Choose the file again.")) from None
        return text.encode()
