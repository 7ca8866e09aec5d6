"""Writes of admission: whether a decision is looked at again is not for whoever wrote it to say alone."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import rules
from gradatim.program.council.actions.moves import locked
from gradatim.program.council.actions.proposals import withdraw
from gradatim.program.council.models import Decision
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person


@transaction.atomic
def admit(*, decision: Decision, actor: Person) -> Decision:
    """Admit a request to look at a decision again; its proposal can then be sent to the council.

    Args:
        decision: one with a request that waits.
        actor: the chair or a program manager, neither who wrote the decision nor who asks.

    Returns:
        The decision.

    Raises:
        Refused: ``permission``, ``own-proposal``, ``own-decision``; ``closed`` if no request waits.
    """
    decision = _waiting(decision, actor)
    decision.admitted_at, decision.admitted_by = timezone.now(), actor
    decision.save(update_fields=["admitted_at", "admitted_by"])
    _note(decision, "decision.reconsideration-admitted", actor)
    return decision


@transaction.atomic
def decline(*, decision: Decision, why: str, actor: Person) -> Decision:
    """Do not admit a request to look at a decision again; its proposal is withdrawn, and the reason is public.

    Args:
        decision: one with a request that waits.
        why: the reason.
        actor: as for `admit`.

    Returns:
        The decision; another request can be made.

    Raises:
        Refused: as `admit`; ``row-invalid`` without a reason.
    """
    decision = _waiting(decision, actor)
    if not why.strip():
        raise Refused("row-invalid", _("Give the reason; it will be public."), field="why")
    proposal, decision.reconsidered_as = decision.reconsidered_as, None
    decision.declined_why = why.strip()
    decision.save(update_fields=["reconsidered_as", "declined_why"])
    if proposal is not None:
        withdraw(proposal=proposal, actor=proposal.proposers.order_by("pk")[0])
    _note(decision, "decision.reconsideration-declined", actor)
    return decision


def _waiting(decision: Decision, actor: Person) -> Decision:
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if not rules.may_run(actor, decision.body):
        raise Refused("permission", _("Only the chair or a program manager does this."))
    if decision.reconsidered_as is None or decision.admitted_at is not None:
        raise Refused("closed", _("No request to look at it again waits here."))
    proposal = locked(decision.reconsidered_as)
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("This is your own request: somebody else admits it."))
    if decision.decided_by_id == actor.pk:
        raise Refused(
            "own-decision", _("You wrote this decision: somebody else says whether it is looked at again.")
        )
    return decision


def _note(decision: Decision, verb: str, actor: Person) -> None:
    log(organization=decision.organization, verb=verb, target=f"decision:{decision.number}", actor=actor)
