"""Forms of frameworks: what to import, and crosswalks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gradatim.engine.framework.library import ABOUT
from gradatim.engine.framework.shape import MAX_BYTES, MAX_NAME, MAX_WORD, About
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.models import Framework, Match

SHIPPED = {key: about.title for key, about in ABOUT.items()}


class FileForm(forms.Form):
    """A file, and what it may not say itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CASE package; CTDL-ASN or SKOS (JSON-LD, Turtle, RDF/XML or N-Triples); ESCO or O*NET download; or a table of your own (CSV). At most 24 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.ttl,.rdf,.xml,.owl,.nt,.csv,.tsv,.txt,.zip"}),
    )
    title = forms.CharField(
        label=_("What it is called"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("A table of your own needs this; other formats mostly say it themselves."),
    )
    creator = forms.CharField(label=_("Who made it"), max_length=MAX_NAME, required=False)
    version = forms.CharField(label=_("Version"), max_length=MAX_WORD, required=False)
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$",
        label=_("Language"),
        max_length=20,
        required=False,
        help_text=_("Like en or es; of a file in several languages, this one is read."),
    )
    framework = forms.ModelChoiceField(
        Framework.objects.none(),
        label=_("It updates"),
        required=False,
        empty_label=_("The framework it names, or a new one"),
    )

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, **kwargs)
        self.name = ""  # of the file
        choice = self.fields["framework"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = queries.frameworks(organization).exclude(source="case")

    def clean_file(self) -> bytes:
        """The bytes; a file that is too large is not read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s bytes; at most %(limit)s are read. Export a smaller part."),
                code="too-large",
                params={"size": f"{upload.size:,}", "limit": f"{MAX_BYTES:,}"},
            )
        self.name = upload.name or ""
        return bytes(upload.read())

    def about(self) -> About:
        """What the person said about the file; of a framework that is updated, its name and identifier."""
        data, found = self.cleaned_data, self.cleaned_data.get("framework")
        return About(
            title=data["title"] or (found.title if found else ""),
            creator=data["creator"] or (found.creator if found else ""),
            version=data["version"],
            language=data["language"] or (found.language if found else ""),
            identifier=found.identifier if found else None,
            uri=found.uri if found else "",
        )


class AddressForm(forms.Form):
    """An address of a package, a document, a file or a CASE service."""

    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Of a framework, or of a CASE service (…/ims/case/v1p1) to choose from what it has."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    title = forms.CharField(
        label=_("What it is called"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("Only for a table."),
    )


class MatchForm(forms.Form):
    """How two chosen statements compare."""

    relation = forms.ChoiceField(
        label=_("The first"), choices=Match.Relation.choices, initial=Match.Relation.CLOSE
    )
    note = forms.CharField(label=_("Why"), max_length=300, required=False)
