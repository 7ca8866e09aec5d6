"""Writes of putting off: a proposal leaves the queue until a date or until it is taken up, without a vote on it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law
from gradatim.program.council.actions.moves import locked, must_chair
from gradatim.program.council.models import Motion, Proposal
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

FIELDS = ("put_off_at", "put_off_until", "put_off_why")


@transaction.atomic
def put_off(*, proposal: Proposal, until: date | None, why: str, actor: Person) -> Proposal:
    """Put a proposal off between meetings; where votes are in meetings only, a motion there does it.

    Args:
        proposal: one with the council on which no vote is open.
        until: the day on which it is back in the queue; ``None`` until it is taken up.
        why: the reason, for its proposers.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The proposal.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``meeting-law`` or ``charter`` for a body that decides in
            meetings; ``row-invalid`` without a reason, or for a day that is not to come.
    """
    proposal = locked(proposal)
    must_chair(actor, proposal)
    law.may_vote_in(proposal.body, None)
    if not why.strip():
        raise Refused("row-invalid", _("Say why it is put off."), field="why")
    must_be_to_come(until)
    hold_back(proposal, until, why.strip(), actor)
    return proposal


@transaction.atomic
def take_up(*, proposal: Proposal, actor: Person) -> Proposal:
    """Take a proposal up again before its day, or from the table.

    Args:
        proposal: one that is put off.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The proposal, in the queue again.

    Raises:
        Refused: ``own-proposal``, ``permission``; ``closed`` if it is not put off.
    """
    proposal = locked(proposal)
    must_chair(actor, proposal)
    if not proposal.waits_on(timezone.localdate()):
        raise Refused("closed", _("It is not put off."))
    proposal.put_off_at, proposal.put_off_until, proposal.put_off_why = None, None, ""
    proposal.save(update_fields=FIELDS)
    _note(proposal, "proposal.taken-up", actor)
    return proposal


def must_be_to_come(until: date | None) -> None:
    """Refuse a day that is not to come.

    Raises:
        Refused: ``row-invalid``.
    """
    if until is not None and until <= timezone.localdate():
        raise Refused(
            "row-invalid", _("Choose a day to come, or none to put it off indefinitely."), field="until"
        )


def may_be_put_off(proposal: Proposal) -> None:
    """Refuse what is not with the council, or is at the vote.

    Raises:
        Refused: ``closed``.
    """
    if proposal.state == Proposal.State.IN_BALLOT:
        raise Refused("closed", _("A vote on it is open or waits for its decision; that comes first."))
    if proposal.state != Proposal.State.SUBMITTED:
        raise Refused("closed", _("It is not with the council now."))


def carry_out(motion: Motion, actor: Person) -> None:
    """What follows from a carried motion to defer or to table: its proposal is put off."""
    if motion.kind == Motion.Kind.MAIN or motion.item.proposal is None:
        return
    proposal = locked(motion.item.proposal)
    until = motion.until if motion.kind == Motion.Kind.DEFER else None
    hold_back(proposal, until, motion.text, actor)


def hold_back(proposal: Proposal, until: date | None, why: str, actor: Person) -> None:
    """Take it out of the queue; the caller holds it and has checked who does it."""
    may_be_put_off(proposal)
    proposal.put_off_at, proposal.put_off_until, proposal.put_off_why = timezone.now(), until, why
    proposal.save(update_fields=FIELDS)
    _note(proposal, "proposal.put-off", actor, until)


def _note(proposal: Proposal, verb: str, actor: Person, until: date | None = None) -> None:
    log(
        organization=proposal.organization,
        verb=verb,
        target=f"proposal:{proposal.number}",
        actor=actor,
        detail={"until": until.isoformat()} if until else None,
    )
