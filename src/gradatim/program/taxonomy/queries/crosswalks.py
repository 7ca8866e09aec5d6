"""Reads of crosswalks: matches between the frameworks of an organization."""

from __future__ import annotations

from django.db.models import QuerySet

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Framework, Match


def matches(
    organization: Organization, *, origin: Framework | None = None, destination: Framework | None = None
) -> QuerySet[Match]:
    """The matches of an organization in the order of the first framework; between two frameworks, or of one.

    Args:
        organization: whose.
        origin: only matches that start in this framework.
        destination: only matches that end in this one.
    """
    found = Match.objects.filter(origin__framework__organization=organization)
    if origin is not None:
        found = found.filter(origin__framework=origin)
    if destination is not None:
        found = found.filter(destination__framework=destination)
    return found.select_related("origin__framework", "destination__framework", "made_by").order_by(
        "origin__framework__title", "origin__position", "id"
    )


def find_match(organization: Organization, key: int) -> Match | None:
    """One match, or ``None``."""
    return matches(organization).filter(pk=key).first()
