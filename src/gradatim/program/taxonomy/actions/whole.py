"""Writes of the taxonomy as a whole: set-up, taking over a policy, and what was made for practice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.actions.editions import keep
from gradatim.program.taxonomy.models import Dimension, Framework, Match, Profile, Rule, Value

DATA = files("gradatim.program.taxonomy") / "data"
Row = TypeVar("Row", Dimension, Value, Profile, Rule)


@lru_cache(maxsize=1)
def _starting() -> tuple[pack.Policy, ...]:
    """What every organization starts from: kinds and rules, then the profiles that ask about them."""
    texts = [(DATA / name).read_text("utf-8") for name in ("defaults.yaml", "profiles.yaml")]
    kinds = pack.read(texts[0])
    return kinds, pack.read(texts[1], known={d.key: [v.key for v in its] for d, its in kinds.dimensions})


@transaction.atomic
def set_up(*, organization: Organization) -> None:
    """Give an organization the dimensions, values and rules to start from; what is there already stays as it is.

    Args:
        organization: whose taxonomy.
    """
    for policy in _starting():
        _store(organization, policy, over=False)
    keep(
        organization=organization,
        verb="taxonomy.set-up",
        target=f"organization:{organization.pk}",
        actor=None,
    )


@transaction.atomic
def take_policy(
    *,
    organization: Organization,
    policy: pack.Policy,
    actor: Person | None,
    decision_number: str = "",
    decision_url: str = "",
) -> None:
    """Take over a policy: what it says is written over what is here, by key; what it does not mention stays.

    Args:
        organization: whose taxonomy.
        policy: from `pack.read`.
        actor: who does it.
        decision_number: of the decision behind it, a copy; empty if none is.
        decision_url: its address.
    """
    _store(organization, policy, over=True)
    keep(
        organization=organization,
        verb="policy.taken",
        target=f"organization:{organization.pk}",
        actor=actor,
        decision_number=decision_number,
        decision_url=decision_url,
    )


def _store(organization: Organization, policy: pack.Policy, *, over: bool) -> None:
    """Write the rows of a policy; one whose key is taken is written over, or left alone."""
    first = Dimension.objects.filter(organization=organization).count()
    for position, (dimension, values) in enumerate(policy.dimensions, start=first):
        stored = _keep(Dimension, over, position, dimension, organization=organization, key=dimension.key)
        if not over and stored.values.exists():
            continue
        for number, value in enumerate(values, start=stored.values.count()):
            _keep(Value, over, number, value, dimension=stored, key=value.key)
    _store_rules(organization, None, policy.rules, over=over)
    count = Profile.objects.filter(organization=organization).count()
    for position, (profile, rules) in enumerate(policy.profiles, start=count):
        kept = _keep(Profile, over, position, profile, organization=organization, key=profile.key)
        _store_rules(organization, kept, rules, over=over)


def _store_rules(
    organization: Organization, profile: Profile | None, rules: Sequence[Rule], *, over: bool
) -> None:
    first = Rule.objects.filter(organization=organization, profile=profile).count()
    for position, rule in enumerate(rules, start=first):
        _keep(Rule, over, position, rule, organization=organization, profile=profile, key=rule.key)


COPIED = {
    Dimension: (("name", "description", "several", "texts"), True),
    Value: (("name", "description", "color", "shape", "achievement_type", "texts"), True),
    Profile: (("name", "description", "edition", "url", "passed_words", "gaps", "active"), False),
    Rule: (tuple(n for n in pack.RULE_COLUMNS if n != "key"), False),
}
"""What a file says about a row, and whether what it leaves out stays as it is; else it becomes what is usual."""


def _keep(model: type[Row], over: bool, position: int, row: Row, **where: object) -> Row:  # noqa: FBT001 - one of two ways to write
    """The stored row of a key: made new at its position, written over, or left alone."""
    names, sparing = COPIED[model]
    said = {name: getattr(row, name) for name in names}
    if over:
        kept = {name: value for name, value in said.items() if value or not sparing}
        stored, _made = model._default_manager.update_or_create(  # noqa: SLF001 - Django's documented model API
            **where, defaults=kept, create_defaults={**said, **where, "position": position}
        )
    else:
        stored, _made = model._default_manager.get_or_create(  # noqa: SLF001 - as above
            **where, defaults={**said, "position": position}
        )
    return stored


@transaction.atomic
def remove_practice(*, organization: Organization) -> None:
    """Take out the frameworks that were imported for practice; one that something real uses is kept as real.

    Args:
        organization: whose.
    """
    practice = Q(origin__framework__practice=True) | Q(destination__framework__practice=True)
    Match.objects.filter(practice, origin__framework__organization=organization).delete()
    for framework in Framework.objects.filter(organization=organization, practice=True):
        if queries.users(framework.items.all()):
            framework.practice = False
            framework.save(update_fields=["practice"])
        else:
            framework.delete()
