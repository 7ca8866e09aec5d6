"""`gradatim manage check_log`: is every log whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gradatim.program.people import queries
from gradatim.program.people.models import Organization


class Command(BaseCommand):
    """Name the first line of each log that was changed, cut or put in."""

    help = "Check that no line of any log was changed, cut or put in."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Check every organization's log."""
        broken = 0
        for organization in Organization.objects.order_by("slug"):
            bad = queries.check_log(organization)
            broken += bool(bad)
            self.stdout.write(
                f"{organization.slug}: first bad line {bad[0]}" if bad else f"{organization.slug}: whole"
            )
        if broken:
            raise CommandError("At least one log was tampered with.")
