"""Reads of bodies and seats."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from gradatim.program.council import packs, tally
from gradatim.program.council.models import Body, Proposal, Seat, Window
from gradatim.program.people.models import Organization

LEAST_ABLE = 2  # one proposes, another one decides


def bodies(organization: Organization) -> QuerySet[Body]:
    """The bodies with their seats."""
    return organization.bodies.prefetch_related("seats__holder", "seats__alternate", "windows").order_by("id")


def find_body(organization: Organization, body: int) -> Body | None:
    """One body."""
    return bodies(organization).filter(pk=body).first()


def body_alone(organization: Organization, body: int) -> Body | None:
    """One body without what belongs to it."""
    return organization.bodies.select_related("organization").filter(pk=body).first()


def vacant_seats(body: Body) -> QuerySet[Seat]:
    """The seats that nobody holds today: empty ones, and those whose term has ended."""
    return body.seats.filter(Q(holder=None) | Q(until__lt=timezone.localdate())).order_by("id")


def deciding_body(organization: Organization) -> Body | None:
    """The council that new proposals go to."""
    return organization.bodies.filter(kind=Body.Kind.DECIDING, retired_on=None).order_by("id").first()


def able_body(organization: Organization) -> Body | None:
    """The first deciding body whose seats are filled: two people or more could vote in it, and they make a quorum."""
    for body in bodies(organization).filter(kind=Body.Kind.DECIDING, retired_on=None):
        voting = [seat for seat in body.seats.all() if seat.votes]
        there = len({seat.holder_id for seat in voting if seat.holder_id})
        seats = len(voting) if body.vacant_counts else there
        if there >= LEAST_ABLE and tally.quorum_needed(tally.Count(seats, there), body) <= there:
            return body
    return None


def takes_proposals(body: Body) -> bool:
    """Whether the body takes proposals today: it has no windows, or one is open."""
    today = timezone.localdate()
    return not body.windows.exists() or body.windows.filter(opens__lte=today, closes__gte=today).exists()


def next_window(body: Body) -> Window | None:
    """The next window that has not opened yet."""
    return body.windows.filter(opens__gt=timezone.localdate()).first()


def find_window(body: Body, window: int) -> Window | None:
    """One window of a body."""
    return body.windows.filter(pk=window).first()


def due(proposal: Proposal) -> date | None:
    """By when the body promises a decision on a proposal that was sent to it."""
    days = proposal.body.service_days
    return (proposal.submitted_at + timedelta(days=days)).date() if proposal.submitted_at and days else None


def free_key(organization: Organization, name: str) -> str:
    """A key for a new body, made of its name."""
    wanted = packs.key_for(name)[: packs.KEY - 4]
    taken = set(organization.bodies.values_list("key", flat=True))
    return next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)
