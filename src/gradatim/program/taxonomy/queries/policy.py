"""Reads of the taxonomy as one policy, and of who decides about it."""

from __future__ import annotations

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Governance, Profile, Rule
from gradatim.program.taxonomy.pack import Policy


def stored_policy(organization: Organization) -> Policy:
    """The taxonomy with its rules and profiles, as it is now."""
    dimensions = Dimension.objects.filter(organization=organization).prefetch_related("values")
    profiles = Profile.objects.filter(organization=organization).prefetch_related("rules")
    return Policy(
        name=organization.name,
        dimensions=[(d, list(d.values.all())) for d in dimensions],
        rules=list(Rule.objects.filter(organization=organization, profile=None)),
        profiles=[(p, list(p.rules.all())) for p in profiles],
        direct=governance(organization).direct,
    )


def governance(organization: Organization) -> Governance:
    """Who decides about the taxonomy, and what needs no decision."""
    found = Governance.objects.filter(organization=organization).first()
    return found or Governance(organization=organization)
