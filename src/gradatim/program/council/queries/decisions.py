"""Reads of decisions and their conditions."""

from __future__ import annotations

import re

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from gradatim.program.council.models import Ballot, Condition, Decision, Meeting, Proposal
from gradatim.program.council.queries.reviewed import with_record
from gradatim.program.people.models import Organization

Result = Ballot.Result
_YEAR = re.compile("[12][0-9]{3}")  # one that begins and ends in every time zone


def to_decide(organization: Organization) -> QuerySet[Ballot]:
    """Closed votes that still want their decision written."""
    return (
        Ballot.objects.filter(
            proposal__organization=organization,
            proposal__state=Proposal.State.IN_BALLOT,  # after a vote that is not the last one, its route goes on
            state=Ballot.State.CLOSED,
            decision=None,
        )
        .exclude(result=Result.NO_QUORUM)
        .exclude(result=Result.TIED, tie=Ballot.Tie.CHAIR)
        .select_related("proposal__version")
    )


def held_decisions(organization: Organization) -> QuerySet[Decision]:
    """Decisions that wait to be published."""
    return (
        organization.decisions.filter(published_at=None)
        .select_related("body", "ballot__body", "proposal__version__achievement")
        .prefetch_related("proposal__proposers")
        .order_by("decided_at", "id")
    )


def public_decisions(
    organization: Organization, *, words: str = "", outcome: str = "", kind: str = "", year: str = ""
) -> QuerySet[Decision]:
    """Published decisions, newest first; perhaps only those with these words in title, number, reason or body."""
    found = (
        organization.decisions.exclude(published_at=None)
        .select_related("body", "ballot__body", "proposal__version__achievement", "resolution")
        .order_by("-decided_at", "-id")
    )
    for word in words.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(rationale__icontains=word)
            | Q(notation__icontains=word)
            | Q(body__name__icontains=word)
            | Q(resolution__wording__icontains=word)
        )
    if outcome in Decision.Outcome.values:
        found = found.filter(outcome=outcome)
    if kind in Decision.Kind.values:
        found = found.filter(kind=kind)
    if _YEAR.fullmatch(year):
        found = found.filter(decided_at__year=int(year))
    return found


def decision_years(organization: Organization) -> list[int]:
    """The years in which something was decided, newest first."""
    published = organization.decisions.exclude(published_at=None)
    return [day.year for day in published.dates("decided_at", "year", order="DESC")]


def find_decision(organization: Organization, number: str) -> Decision | None:
    """One published decision with its conditions, and with who looked at it."""
    return (
        with_record(public_decisions(organization))
        .select_related(
            "organization",
            "reconsidered_as",
            "resolution__replaces__decision",
            "decided_by",
            "motion__item__meeting__body",
            "ballot__item__meeting__body",
            "motion__moved_by",
            "motion__seconded_by",
        )
        .prefetch_related("conditions__met_by")
        .filter(number=number)
        .first()
    )


def meeting_of(decision: Decision) -> Meeting | None:
    """The meeting in which it was decided, once everyone may read of it."""
    item = decision.ballot.item if decision.ballot else decision.motion.item if decision.motion else None
    meeting = item.meeting if item else None
    return meeting if meeting and meeting.is_public else None


def looked_at_again(organization: Organization) -> QuerySet[Decision]:
    """The decisions that have a day to come on which they are looked at again, the next one first."""
    coming = public_decisions(organization).filter(review_by__gte=timezone.localdate())
    return coming.order_by("review_by")


def decision_of(proposal: Proposal) -> Decision | None:
    """The newest decision on a proposal, held or published; one that was deferred has a later one."""
    return max(proposal.decisions.all(), key=lambda decision: decision.pk, default=None)


def open_conditions(decision: Decision) -> QuerySet[Condition]:
    """What still has to be done."""
    return decision.conditions.filter(met_at=None)


def conditions_waiting(organization: Organization) -> QuerySet[Condition]:
    """Open conditions of published decisions, the most urgent first."""
    return (
        Condition.objects.filter(decision__organization=organization, met_at=None)
        .exclude(decision__published_at=None)
        .select_related("decision__proposal__version__achievement")
        .prefetch_related("decision__proposal__proposers")
        .order_by(F("due").asc(nulls_last=True), "id")
    )


def find_condition(organization: Organization, condition: int) -> Condition | None:
    """One condition."""
    return conditions_of(organization).filter(pk=condition).first()


def conditions_of(organization: Organization) -> QuerySet[Condition]:
    """Every condition of an organization's decisions."""
    return Condition.objects.filter(decision__organization=organization).select_related("decision__proposal")


def waits_for_admission(decision: Decision) -> bool:
    """Whether somebody asks to look at it again, and nobody has said yet whether that is admitted."""
    return decision.reconsidered_as_id is not None and decision.admitted_at is None


def waits_to_start(decision: Decision) -> bool:
    """Whether it approves something that cannot be issued yet, because of an open condition."""
    return any(c.before_start and c.met_at is None for c in decision.conditions.all())


def may_be_reconsidered(decision: Decision) -> bool:
    """Whether it is public, final, about a proposal, and not looked at again yet."""
    final = decision.published_at is not None and decision.outcome != Decision.Outcome.DEFERRED
    return final and decision.proposal_id is not None and decision.reconsidered_as_id is None


def waiting_for_start(organization: Organization) -> QuerySet[Decision]:
    """Approvals that are public and do not count yet, because something before the start is missing."""
    missing = Condition.objects.filter(decision=OuterRef("pk"), met_at=None, before_start=True)
    return public_decisions(organization).filter(Exists(missing), outcome=Decision.Outcome.CONDITIONS)
