"""Writes of the taxonomy as a whole: set-up, and what was made for practice."""

from __future__ import annotations

import json
from importlib.resources import files

from django.db import transaction
from django.db.models import Q

from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.models import Dimension, Framework, Match, Rule, Value


@transaction.atomic
def set_up(*, organization: Organization) -> None:
    """Give an organization the dimensions, values and rules to start from; what is there already stays as it is.

    Args:
        organization: whose taxonomy.
    """
    defaults = json.loads((files("gradatim.program.taxonomy") / "data" / "defaults.json").read_text("utf-8"))
    for position, entry in enumerate(defaults["dimensions"]):
        entries = entry.pop("values")
        dimension, made = Dimension.objects.get_or_create(
            organization=organization, key=entry.pop("key"), defaults={**entry, "position": position}
        )
        if made:
            Value.objects.bulk_create(
                Value(dimension=dimension, position=n, **v) for n, v in enumerate(entries)
            )
    known = set(Rule.objects.filter(organization=organization).values_list("key", flat=True))
    Rule.objects.bulk_create(
        Rule(organization=organization, position=n, **entry)
        for n, entry in enumerate(defaults["rules"])
        if entry["key"] not in known
    )
    people.log(organization=organization, verb="taxonomy.set-up", target=f"organization:{organization.pk}")


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
