"""Reads of bodies and seats."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from gradatim.program.council.models import Body, Seat
from gradatim.program.people.models import Organization


def bodies(organization: Organization) -> QuerySet[Body]:
    """The bodies with their seats."""
    return organization.bodies.prefetch_related("seats__holder").order_by("id")


def find_body(organization: Organization, body: int) -> Body | None:
    """One body."""
    return bodies(organization).filter(pk=body).first()


def vacant_seats(body: Body) -> QuerySet[Seat]:
    """The seats that nobody holds today: empty ones, and those whose term has ended."""
    return body.seats.filter(Q(holder=None) | Q(until__lt=timezone.localdate())).order_by("id")


def deciding_body(organization: Organization) -> Body | None:
    """The council that new proposals go to."""
    return organization.bodies.filter(kind=Body.Kind.DECIDING).order_by("id").first()
