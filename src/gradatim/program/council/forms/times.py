"""What the forms say beside a time that is typed in."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _


def _said(words: str | Promise) -> str:
    zone = _("Time zone: %(zone)s.") % {"zone": timezone.get_current_timezone_name().replace("_", " ")}
    return f"{words} {zone}" if words else zone


def in_zone(words: str | Promise = "") -> str:
    """A help text that ends with the program's time zone, as it is when the page is shown."""
    return lazy(_said, str)(words)
