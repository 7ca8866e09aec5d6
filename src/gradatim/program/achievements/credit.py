"""Credit said plainly: one sentence about any version."""

from __future__ import annotations

from django.template.defaultfilters import date as as_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.achievements.models import Version


def sentence(version: Version) -> str:
    """Whether it carries credit, how much, as what, who decides, on what basis and until when.

    Args:
        version: any.

    Returns:
        One or two sentences in the language of the moment; never empty.
    """
    if version.credit == Version.Credit.NONCREDIT:
        return _("It carries no academic credit.")
    amount = _("credit")
    if version.credits is not None:
        amount = ngettext("%(n)s credit", "%(n)s credits", 1 if version.credits == 1 else 2) % {
            "n": plain(version)
        }
    if version.credit == Version.Credit.CREDIT:
        first = _("It carries %(amount)s") % {"amount": amount}
    else:
        first = _("It can be turned into %(amount)s") % {"amount": amount}
    if version.credit_course:
        first = _("%(start)s for %(course)s") % {"start": first, "course": version.credit_course}
    parts = [f"{first}."]
    if version.credit_office:
        parts.append(_("%(office)s decides.") % {"office": version.credit_office})
    if version.credit_basis:
        parts.append(_("Basis: %(basis)s.") % {"basis": version.credit_basis.rstrip(".")})
    if version.credit_until:
        parts.append(_("Until %(day)s.") % {"day": as_date(version.credit_until, "DATE_FORMAT")})
    return " ".join(parts)


def plain(version: Version) -> str:
    """The number of credits without zeros that say nothing: ``3``, ``1.5``."""
    return f"{version.credits:f}".rstrip("0").rstrip(".") if version.credits is not None else ""
