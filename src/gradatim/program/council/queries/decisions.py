"""Reads of decisions."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from gradatim.program.council.models import Ballot, Decision, Proposal
from gradatim.program.people.models import Organization


def to_decide(organization: Organization) -> QuerySet[Ballot]:
    """Closed votes that still want their decision written."""
    return (
        Ballot.objects.filter(proposal__organization=organization, state=Ballot.State.CLOSED, decision=None)
        .exclude(result=Ballot.Result.NO_QUORUM)
        .select_related("proposal__version")
    )


def held_decisions(organization: Organization) -> QuerySet[Decision]:
    """Decisions that wait to be published."""
    return organization.decisions.filter(published_at=None).select_related("proposal__version")


def public_decisions(organization: Organization) -> QuerySet[Decision]:
    """Published decisions, newest first."""
    return (
        organization.decisions.exclude(published_at=None)
        .select_related("proposal__version__achievement", "ballot__body")
        .order_by("-decided_at")
    )


def find_decision(organization: Organization, number: str) -> Decision | None:
    """One published decision."""
    return public_decisions(organization).select_related("organization").filter(number=number).first()


def decision_of(proposal: Proposal) -> Decision | None:
    """The decision on a proposal, held or published."""
    return getattr(proposal, "decision", None)


def next_look_back(organization: Organization) -> date | None:
    """The next day on which something approved is to be looked at again."""
    coming = public_decisions(organization).filter(review_by__gte=timezone.localdate())
    return coming.order_by("review_by").values_list("review_by", flat=True).first()
