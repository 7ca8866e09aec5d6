"""Reads of dimensions and values."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Rule, Value


def dimensions(organization: Organization) -> QuerySet[Dimension]:
    """The dimensions in order, with their values."""
    return Dimension.objects.filter(organization=organization).prefetch_related("values")


def values(organization: Organization, dimension: str) -> QuerySet[Value]:
    """The values of one dimension, in order."""
    return Value.objects.filter(
        dimension__organization=organization, dimension__key=dimension
    ).select_related("dimension")


def choices(organization: Organization, dimension: str, *now: object) -> QuerySet[Value]:
    """The values of one dimension that can be chosen: those that are not retired, and what stands there now.

    Args:
        organization: whose.
        dimension: its key.
        *now: values that stand there already, or lists of them; nothing is left out.
    """
    flat = [v for one in now for v in (one if isinstance(one, list) else [one])]
    kept = [v.pk for v in flat if isinstance(v, Value)]
    return values(organization, dimension).filter(Q(retired=False) | Q(pk__in=kept))


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


def asking(dimension: Dimension, value: Value | None = None) -> list[Rule]:
    """The rules, those of profiles too, that ask a dimension; or that name one of its values."""
    found = Rule.objects.filter(organization=dimension.organization_id).select_related("profile")
    return [r for r in found if _asks(r, dimension.key, value.key if value else None)]


def _asks(rule: Rule, fact: str, key: str | None) -> bool:
    if fact in rule.scope and (key is None or key in rule.scope[fact]):
        return True
    tests = [t for t in [*rule.condition, *rule.expression] if fact in {t.get("fact"), t.get("with")}]
    return any(key is None or key == t.get("value") or key in _listed(t.get("value")) for t in tests)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
