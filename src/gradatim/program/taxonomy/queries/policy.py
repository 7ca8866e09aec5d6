"""Reads of the taxonomy as one policy: to write it out, and to see what another one would change."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.taxonomy.pack import DIMENSION, VALUE, Policy, write_rule


def stored_policy(organization: Organization) -> Policy:
    """The taxonomy with its rules and profiles, as it is now."""
    dimensions = Dimension.objects.filter(organization=organization).prefetch_related("values")
    profiles = Profile.objects.filter(organization=organization).prefetch_related("rules")
    return Policy(
        name=organization.name,
        dimensions=[(d, list(d.values.all())) for d in dimensions],
        rules=list(Rule.objects.filter(organization=organization, profile=None)),
        profiles=[(p, list(p.rules.all())) for p in profiles],
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a policy would change.

    Attributes:
        kind: ``"dimension"``, ``"value"``, ``"rule"`` or ``"profile"``.
        name: what it is called.
        new: whether it is not there yet.
        fields: the names of what would change; empty for something new.
    """

    kind: str
    name: str
    new: bool
    fields: tuple[str, ...] = ()


def policy_changes(organization: Organization, policy: Policy) -> list[Change]:
    """What taking over a policy would change here; what the policy does not mention stays as it is.

    Args:
        organization: whose taxonomy.
        policy: as read; nothing is stored.
    """
    now = stored_policy(organization)
    dimensions = {d.key: (d, {v.key: v for v in values}) for d, values in now.dimensions}
    found: list[Change | None] = []
    for dimension, values in policy.dimensions:
        before, there = dimensions.get(dimension.key, (None, {}))
        found.append(_change("dimension", before, dimension, [n for n in DIMENSION if n != "values"]))
        found += [_change("value", there.get(v.key), v, list(VALUE)) for v in values]
    rules = {r.key: r for r in now.rules}
    found += [_rule_change(rules.get(r.key), r) for r in policy.rules]
    profiles = {p.key: (p, {r.key: r for r in its}) for p, its in now.profiles}
    names = ["name", "description", "edition", "url", "passed_words", "gaps", "active"]
    for profile, its in policy.profiles:
        known, there_rules = profiles.get(profile.key, (None, {}))
        found.append(_change("profile", known, profile, names))
        found += [_rule_change(there_rules.get(r.key), r) for r in its]
    return [c for c in found if c is not None]


Row = Dimension | Value | Profile


def _change(kind: str, before: Row | None, after: Row, names: list[str]) -> Change | None:
    if before is None:
        return Change(kind, after.name, new=True)
    whole = kind == "profile"  # of the others, what a file does not say stays as it is
    fields = tuple(
        n for n in names if getattr(before, n) != getattr(after, n) and (whole or getattr(after, n))
    )
    return Change(kind, after.name, new=False, fields=fields) if fields else None


def _rule_change(before: Rule | None, after: Rule) -> Change | None:
    if before is None:
        return Change("rule", after.name, new=True)
    was, becomes = write_rule(before), write_rule(after)
    fields = tuple(n for n in {**was, **becomes} if was.get(n) != becomes.get(n))
    return Change("rule", after.name, new=False, fields=fields) if fields else None
