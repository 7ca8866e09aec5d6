"""Writes of the taxonomy: the edition that every change leaves behind, and the gate that every change goes through."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar

from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.changes import apart, steps
from gradatim.program.taxonomy.models import Edition, Governance

REHEARSING: ContextVar[bool] = ContextVar("rehearsing", default=False)
"""Whether what is done now will be looked at and perhaps undone: then the gate is not asked yet."""


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

    Raises:
        Refused: ``needs-decision`` for a change that only the council makes, without one; the transaction is undone.
    """
    people.log(
        organization=organization,
        verb=verb,
        target=target,
        actor=actor,
        detail={"decision": decision_number} if decision_number else None,
    )
    Organization.objects.select_for_update().get(pk=organization.pk)  # one number after the other
    text = queries.taxonomy_text(organization)
    digest = hashlib.sha256(text.encode()).hexdigest()
    latest = queries.editions(organization).first()
    if latest and latest.digest == digest:
        return None
    if latest and not decision_number:
        must_be_direct(queries.governance(organization), latest.text, text)
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


def must_be_direct(held: Governance, before: str, after: str) -> None:
    """Refuse a change that needs a decision, unless it is only rehearsed.

    Args:
        held: who decided before the change: no change makes itself free.
        before: the taxonomy or policy as YAML.
        after: the same as it would be.
    """
    if REHEARSING.get():
        return
    if held.decided_by and queries.needs_decision(held, steps(apart(before), apart(after))):
        raise Refused(
            "needs-decision",
            _(
                "%(body)s decides about this. Put it on a change list and propose it; it takes effect by the decision."
            )
            % {"body": held.decided_by},
        )
