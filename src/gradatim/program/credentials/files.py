"""A credential as a file: JSON, token, PNG, SVG, PDF and QR code."""

from __future__ import annotations

import tempfile
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Literal

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from gradatim.engine.bake import bake
from gradatim.program.achievements import badge
from gradatim.program.credentials import actions
from gradatim.program.credentials.models import Credential

FORMS = {
    "json": "application/vc+ld+json",
    "jwt": "application/vc+jwt",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
"""Ending and media type of each form."""


def page_url(credential: Credential) -> str:
    """The credential's page on this site."""
    return f"{settings.SITE_URL}{reverse('credentials:credential', args=[credential.pk])}"


def make(credential: Credential, form: str, *, address: str = "") -> bytes:
    """The credential in one of `FORMS`.

    Args:
        credential: with version, learner and organization.
        form: a key of `FORMS`.
        address: where the PDF's QR code leads; the credential's page if left out.

    Returns:
        The file; JSON is exactly the bytes that were signed.
    """
    if form == "json":
        return credential.document.encode()
    if form == "jwt":
        return actions.token(credential=credential).encode()
    if form == "png":
        return bake(badge.png(credential.version), credential.document.encode())
    if form == "svg":
        return bake(badge.svg(credential.version).encode(), credential.document.encode())
    return pdf(credential, address or page_url(credential))


def qr_svg(text: str) -> str:
    """A QR code as SVG, dark on white, readable by any phone."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=4, border=4, dark="#111111", light="#ffffff", xmldecl=False
    )
    return out.getvalue().decode()


def pdf(credential: Credential, address: str) -> bytes:
    """A printable certificate (PDF/UA-1) with number, QR code and the address it leads to."""
    version = credential.version
    text = {
        "organization": credential.organization.name,
        "learner": credential.learner.name,
        "title": version.public_title,
        "description": version.description,
        "awards": _("awards"),
        "issued": _("Issued on %(date)s") % {"date": formats.date_format(credential.issued_at)},
        "until": _("In force until %(date)s") % {"date": formats.date_format(credential.valid_until)}
        if credential.valid_until
        else "",
        "decision": _("Approved by decision %(number)s of the council") % {"number": version.decision_number},
        "number": str(credential.pk),
        "check": _("Check it here:"),
        "address": address,
        "color": credential.organization.brand_color,
        "alt": badge.alt(version),
        "language": version.language.partition("-")[0],
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "badge.png").write_bytes(badge.png(version, 800))
        (place / "qr.svg").write_text(qr_svg(address))
        source = resources.files(__package__).joinpath("certificate.typ").read_bytes()
        (place / "certificate.typ").write_bytes(source)
        try:
            return _set(place, text, "ua-1")
        except typst.TypstError:  # a name in a script that no font here has; PDF/UA forbids the empty boxes
            return _set(place, text, None)


def _set(place: Path, text: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    """The certificate, typeset; the texts are handed over as data."""
    source = str(place / "certificate.typ")
    return bytes(
        typst.compile(source, root=str(place), format="pdf", sys_inputs=text, pdf_standards=standard)
    )
