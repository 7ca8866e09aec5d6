"""Writes of decisions: written after a vote, held until published."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.council.actions.proposals import locked, move, must_chair
from gradatim.program.council.models import Ballot, Decision, Elector, Proposal, Vote
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

Outcome = Decision.Outcome
_POSSIBLE = {
    Ballot.Result.CARRIED: {Outcome.APPROVED},
    Ballot.Result.LOST: {Outcome.REVISE, Outcome.REJECTED},
    Ballot.Result.TIED: {Outcome.REVISE, Outcome.REJECTED},
}


@transaction.atomic
def decide(
    *,
    ballot: Ballot,
    rationale: str,
    actor: Person,
    outcome: str | None = None,
    review_by: date | None = None,
) -> Decision:
    """Write the decision of a closed vote. It is held until `publish`: a held decision approves nothing.

    Args:
        ballot: a closed one with a quorum.
        rationale: why, in words that will be public.
        actor: the chair or a program manager, not a proposer.
        outcome: for a vote that did not carry, ``"revise"`` or ``"rejected"``; rejected if left out.
        review_by: when what is approved should be looked at again.

    Returns:
        The decision with its number, e.g. ``"2026-09"``.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``row-invalid`` without a rationale or with an outcome that the
            vote does not allow.
    """
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    proposal = locked(ballot.proposal)
    must_chair(actor, proposal)
    if (
        ballot.state != Ballot.State.CLOSED
        or ballot.result == Ballot.Result.NO_QUORUM
        or hasattr(ballot, "decision")
    ):
        raise Refused("closed", _("There is no closed vote that waits for its decision."))
    if not rationale.strip():
        raise Refused("row-invalid", _("Give the reason; it will be public."), field="rationale")
    possible = _POSSIBLE[Ballot.Result(ballot.result)]
    chosen = (
        Outcome(outcome)
        if outcome
        else (Outcome.APPROVED if Outcome.APPROVED in possible else Outcome.REJECTED)
    )
    if chosen not in possible:
        raise Refused("row-invalid", _("The vote does not allow this outcome."), field="outcome")
    organization = Organization.objects.select_for_update().get(pk=proposal.organization_id)
    now = timezone.now()
    move(proposal, Proposal.State.DECIDED)
    proposal.save(update_fields=["state"])
    decision = Decision.objects.create(
        organization=organization,
        proposal=proposal,
        ballot=ballot,
        number=_next_number(organization, now.year),
        outcome=chosen,
        rationale=rationale.strip(),
        decided_by=actor,
        decided_at=now,
        review_by=review_by,
        practice=proposal.practice,
    )
    log(
        organization=organization,
        verb="decision.written",
        target=f"decision:{decision.number}",
        actor=actor,
        detail={"outcome": decision.outcome, "version": ballot.version_digest},
    )
    return decision


def _next_number(organization: Organization, year: int) -> str:
    """One more than the highest of the year: removed practice leaves gaps, so counting would give a number twice."""
    taken = organization.decisions.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    return f"{year}-{max((int(n.partition('-')[2]) for n in taken), default=0) + 1:02d}"


def url_of(decision: Decision) -> str:
    """The decision's permanent public address."""
    return f"{settings.SITE_URL}{reverse('council:decision', args=[decision.organization.slug, decision.number])}"


@transaction.atomic
def publish(*, decision: Decision, actor: Person) -> Decision:
    """Publish a decision: from now on it counts, and everyone can read it.

    Args:
        decision: a held one.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The decision. Approved: its version can be issued. To be revised or rejected: its draft can be changed again.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``.
    """
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    proposal = decision.proposal
    must_chair(actor, proposal)
    if decision.published_at is not None:
        raise Refused("closed", _("It is published already."))
    decision.published_at = timezone.now()
    decision.save(update_fields=["published_at"])
    if decision.outcome == Outcome.APPROVED:
        achievements.approve(
            version=proposal.version,
            decision_number=decision.number,
            decision_url=url_of(decision),
            decided_at=decision.decided_at,
            review_by=decision.review_by,
            actor=actor,
        )
    else:
        achievements.back_to_draft(version=proposal.version, actor=actor)
    log(
        organization=decision.organization,
        verb="decision.published",
        target=f"decision:{decision.number}",
        actor=actor,
    )
    return decision


@transaction.atomic
def remove_practice(*, organization: Organization) -> None:
    """Delete the proposals, votes and decisions made while practicing.

    Args:
        organization: whose.
    """
    mine = {"proposal__organization": organization, "proposal__practice": True}
    Decision.objects.filter(**mine).delete()
    Vote.objects.filter(**{f"elector__ballot__{name}": value for name, value in mine.items()}).delete()
    Elector.objects.filter(**{f"ballot__{name}": value for name, value in mine.items()}).delete()
    Ballot.objects.filter(**mine).delete()
    Proposal.objects.filter(organization=organization, practice=True).delete()
