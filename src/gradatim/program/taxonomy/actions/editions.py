"""Writes of the taxonomy: the edition that every change leaves behind."""

from __future__ import annotations

import hashlib

from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.models import Edition


def keep(
    *,
    organization: Organization,
    verb: str,
    target: str,
    actor: Person | None,
    decision_number: str = "",
    decision_url: str = "",
) -> Edition | None:
    """Log a change, and keep how the taxonomy stands after it.

    Args:
        organization: whose; called inside the transaction of the change.
        verb: of the log, e.g. ``"rule.kept"``.
        target: of the log, e.g. ``"rule:3"``.
        actor: who did it.
        decision_number: of the decision behind it, a copy; empty if none is.
        decision_url: its address.

    Returns:
        The new edition; ``None`` if nothing reads otherwise than before.
    """
    people.log(
        organization=organization,
        verb=verb,
        target=target,
        actor=actor,
        detail={"decision": decision_number} if decision_number else None,
    )
    Organization.objects.select_for_update().get(pk=organization.pk)  # one number after the other
    text = pack.write(queries.stored_policy(organization))
    digest = hashlib.sha256(text.encode()).hexdigest()
    latest = queries.editions(organization).first()
    if latest and latest.digest == digest:
        return None
    return Edition.objects.create(
        organization=organization,
        number=latest.number + 1 if latest else 1,
        text=text,
        digest=digest,
        change=verb,
        made_by=actor,
        decision_number=decision_number,
        decision_url=decision_url,
    )
