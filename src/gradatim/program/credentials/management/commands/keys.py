"""`gradatim manage keys`: list an issuer's keys, prepare the next ones, change to them, revoke one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gradatim.program.credentials import actions, queries
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization


class Command(BaseCommand):
    """Signing keys, for operators; every change is a line in the organization's log."""

    help = "List the signing keys of an organization, prepare the next ones, change to them, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for whom, and with revoke which key."""
        parser.add_argument("verb", choices=["list", "prepare", "rotate", "revoke"])
        parser.add_argument("organization", help="its short name, as in addresses")
        parser.add_argument("key", nargs="?", type=int, help="with revoke: the number that list shows")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Do it, then show the keys."""
        organization = people.find_organization(options["organization"])
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']!r}.")
        try:
            self._change(organization, options["verb"], options["key"])
        except Refused as refused:
            raise CommandError(refused.message) from None
        for key in queries.keys(organization):
            opens = "can be opened" if queries.opens(key) else "CANNOT be opened by this sealing key"
            self.stdout.write(
                f"{key.pk:>6}  {key.kind:<8} {key.state:<12} {key.created_at:%Y-%m-%d}  {opens}  {key.public_multibase}"
            )

    def _change(self, organization: Organization, verb: str, number: int | None) -> None:
        if verb == "prepare":
            actions.prepare_keys(organization=organization)
        elif verb == "rotate":
            actions.rotate_key(organization=organization)
        elif verb == "revoke":
            key = queries.find_key(organization, number) if number else None
            if key is None:
                raise CommandError("Say which key to revoke, by the number that list shows.")
            actions.revoke_key(key=key)
