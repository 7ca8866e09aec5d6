"""The log: append-only, each line carries the hash of the line before."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from gradatim.program.people.hashing import GENESIS, line_hash
from gradatim.program.people.models import LogEntry, Organization, Person


@transaction.atomic
def log(
    *,
    organization: Organization,
    verb: str,
    target: str,
    actor: Person | None = None,
    detail: dict[str, Any] | None = None,
) -> LogEntry:
    """Append one line to an organization's log.

    Args:
        organization: whose log; its row is locked, so that lines get their numbers one after another.
        verb: noun and past participle, e.g. ``"proposal.submitted"``.
        target: kind and key of what it happened to, e.g. ``"proposal:31"``.
        actor: who did it; ``None`` for the product itself.
        detail: JSON; no personal data beyond keys.

    Returns:
        The line.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    last = LogEntry.objects.filter(organization=organization).order_by("-sequence").first()
    entry = LogEntry(
        organization=organization,
        sequence=last.sequence + 1 if last else 1,
        at=timezone.now(),
        actor=actor,
        actor_name=str(actor) if actor else "",
        verb=verb,
        target=target,
        detail=detail or {},
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = line_hash(entry)
    entry.save()
    return entry
