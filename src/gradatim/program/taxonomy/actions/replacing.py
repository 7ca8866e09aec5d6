"""Writes of a policy that takes the place of the one before: what it does not have is retired while it is used, else gone."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.changes import USUALLY_DIRECT
from gradatim.program.taxonomy.models import Dimension, Governance, Profile, Rule, Value

Row = TypeVar("Row", Dimension, Value, Profile, Rule)
ALWAYS_THERE = frozenset({"type", "level"})
COLUMNS: dict[type[Dimension | Value | Profile | Rule], tuple[str, ...]] = {
    Dimension: ("name", "description", "several", "retired", "texts"),
    Value: ("name", "description", "color", "shape", "achievement_type", "retired", "texts"),
    Profile: ("name", "description", "edition", "url", "passed_words", "gaps", "active"),
    Rule: tuple(n for n in pack.RULE_COLUMNS if n != "key"),
}
"""What a file says about a row, besides its key."""
FAR = 2**40  # primary keys of rows that stand only on a list: always the same, and never those of stored ones


def replace_all(organization: Organization, policy: pack.Policy, *, rehearsed: bool = False) -> None:
    """Make the taxonomy what a policy says. Rows that are used and not in it are retired, all others are deleted.

    Args:
        organization: held by the caller.
        policy: from `pack.read`.
        rehearsed: it will be undone; new rows get keys that are the same in every rehearsal.

    Raises:
        Refused: ``policy`` without type or level, or without a value of one that can be chosen.
    """
    _must_have(policy)
    for position, (dimension, values) in enumerate(policy.dimensions):
        row = _put(dimension, position, rehearsed, organization=organization, key=dimension.key)
        for number, value in enumerate(values):
            _put(value, number, rehearsed, dimension=row, key=value.key)
        _retire(row.values.exclude(key__in=[v.key for v in values]), len(values))
    kept = [d.key for d, _values in policy.dimensions]
    _retire(Dimension.objects.filter(organization=organization).exclude(key__in=kept), len(kept))
    _put_rules(organization, None, policy.rules, rehearsed=rehearsed)
    for position, (profile, rules) in enumerate(policy.profiles):
        held = _put(profile, position, rehearsed, organization=organization, key=profile.key)
        _put_rules(organization, held, rules, rehearsed=rehearsed)
    named = [p.key for p, _rules in policy.profiles]
    Profile.objects.filter(organization=organization).exclude(key__in=named).delete()
    direct = list(USUALLY_DIRECT if policy.direct is None else policy.direct)
    if direct != queries.governance(organization).direct:
        Governance.objects.update_or_create(organization=organization, defaults={"direct": direct})


def _must_have(policy: pack.Policy) -> None:
    there = {d.key: [v for v in values if not v.retired] for d, values in policy.dimensions if not d.retired}
    missing = sorted(key for key in ALWAYS_THERE if not there.get(key))
    if missing:
        raise Refused(
            "policy",
            _(
                "A policy that takes the place of another one has the dimensions type and level, each with a value that"
                " can be chosen. Missing: %(names)s. Add the file to what is there instead, or complete it."
            )
            % {"names": ", ".join(missing)},
            field="file",
        )


def _put(
    row: Row,
    position: int,
    rehearsed: bool,  # noqa: FBT001 - one of two ways to write
    **where: object,
) -> Row:
    """The stored row of a key, made or written over, at its position."""
    said = {name: getattr(row, name) for name in COLUMNS[type(row)]} | {"position": position}
    far = {"pk": rehearsal_key(*(getattr(w, "pk", w) for w in where.values()))} if rehearsed else {}
    stored, _made = type(row)._default_manager.update_or_create(  # noqa: SLF001 - Django's documented model API
        **where, defaults=said, create_defaults={**said, **where, **far}
    )
    return stored


def rehearsal_key(*parts: object) -> int:
    """The primary key of a row that stands only on a list."""
    return FAR + crc32("/".join(map(str, parts)).encode())


def _put_rules(
    organization: Organization, profile: Profile | None, rules: Iterable[Rule], *, rehearsed: bool
) -> None:
    """Write the rules; one that is gone and has exceptions is asked no more, and stays for their sake."""
    rules = list(rules)
    for position, rule in enumerate(rules):
        _put(rule, position, rehearsed, organization=organization, profile=profile, key=rule.key)
    gone = Rule.objects.filter(organization=organization, profile=profile).exclude(
        key__in=[r.key for r in rules]
    )
    for number, rule in enumerate(gone.prefetch_related("waivers")):
        if rule.waivers.all():
            rule.active, rule.position = False, len(rules) + number
            rule.save(update_fields=["active", "position"])
        else:
            rule.delete()


def _retire(gone: QuerySet[Dimension] | QuerySet[Value], first: int) -> None:
    """Delete what nothing stands in; the rest cannot be chosen any more."""
    for number, row in enumerate(gone):
        inside = list(row.values.all()) if isinstance(row, Dimension) else [row]
        if queries.users(inside):
            type(row)._default_manager.filter(pk=row.pk).update(retired=True, position=first + number)  # noqa: SLF001 - Django's documented model API
        else:
            row.delete()
