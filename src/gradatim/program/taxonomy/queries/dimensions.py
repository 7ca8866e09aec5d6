"""Reads of dimensions and values."""

from __future__ import annotations

from django.db.models import QuerySet

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Value


def dimensions(organization: Organization) -> QuerySet[Dimension]:
    """The dimensions in order, with their values."""
    return Dimension.objects.filter(organization=organization).prefetch_related("values")


def values(organization: Organization, dimension: str) -> QuerySet[Value]:
    """The values of one dimension, in order."""
    return Value.objects.filter(
        dimension__organization=organization, dimension__key=dimension
    ).select_related("dimension")


def types(organization: Organization) -> QuerySet[Value]:
    """The types an achievement can have, in order."""
    return values(organization, "type")


def levels(organization: Organization) -> QuerySet[Value]:
    """The levels an achievement can have, in order."""
    return values(organization, "level")


def find_value(organization: Organization, value: int) -> Value | None:
    """A value of the organization's taxonomy by key."""
    return (
        Value.objects.filter(dimension__organization=organization, pk=value)
        .select_related("dimension__organization")
        .first()
    )
