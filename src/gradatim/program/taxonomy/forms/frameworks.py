"""Forms of framework imports."""

from __future__ import annotations

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gradatim.engine.framework.case import MAX_BYTES

SALT = "taxonomy.import"

PREVIEW_HOURS = 24  # how long a preview can be confirmed


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
