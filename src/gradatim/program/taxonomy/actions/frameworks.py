"""Writes of the taxonomy: what happens to a framework once it is here, and crosswalks between frameworks."""

from __future__ import annotations

from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Person
from gradatim.program.taxonomy.models import Framework, Item, Match


@transaction.atomic
def publish_framework(*, framework: Framework, actor: Person) -> None:
    """Hand a framework out through the CASE service of this site; one that is there for practice says so in its title.

    Args:
        framework: which one.
        actor: who does it.

    Raises:
        Refused: ``duplicate`` if another organization of this site hands out the same document.
    """
    others = Framework.objects.filter(identifier=framework.identifier, published_at__isnull=False)
    other = others.exclude(pk=framework.pk).select_related("organization").first()
    if other is not None:
        raise Refused(
            "duplicate",
            _("%(name)s publishes this framework here already.") % {"name": other.organization.name},
        )
    _mark(framework, "published_at", "framework.published", actor, on=True)


@transaction.atomic
def withdraw_framework(*, framework: Framework, actor: Person) -> None:
    """Hand a framework out no more.

    Args:
        framework: which one.
        actor: who does it.
    """
    _mark(framework, "published_at", "framework.withdrawn", actor, on=False)


@transaction.atomic
def retire_framework(*, framework: Framework, actor: Person) -> None:
    """Retire a framework: what is aligned to it stays, nothing new is.

    Args:
        framework: which one.
        actor: who does it.
    """
    _mark(framework, "retired_at", "framework.retired", actor, on=True)


@transaction.atomic
def restore_framework(*, framework: Framework, actor: Person) -> None:
    """Take a retired framework back into use.

    Args:
        framework: which one.
        actor: who does it.
    """
    _mark(framework, "retired_at", "framework.restored", actor, on=False)


@transaction.atomic
def match_items(*, origin: Item, destination: Item, relation: str, note: str = "", actor: Person) -> Match:
    """Hold an item of one framework against an item of another.

    Args:
        origin: the one that is compared.
        destination: what it is compared with; of another framework of the same organization.
        relation: a `Match.Relation`, read from *origin* to *destination*.
        note: why.
        actor: who does it.

    Returns:
        The match.

    Raises:
        Refused: ``not-found`` for items of two organizations; ``same-framework``; ``duplicate``.
    """
    if origin.framework.organization_id != destination.framework.organization_id:
        raise Refused("not-found", _("This statement is in none of your frameworks."))
    if origin.framework_id == destination.framework_id:
        raise Refused("same-framework", _("Both statements are of one framework. Choose one of another."))
    if Match.objects.filter(origin=destination, destination=origin).exists():
        raise Refused("duplicate", _("These two are matched already; take that match out first."))
    try:
        with transaction.atomic():
            made = Match.objects.create(
                identifier=uuid4(),
                origin=origin,
                destination=destination,
                relation=Match.Relation(relation),
                note=note,
                made_by=actor,
            )
    except IntegrityError:
        raise Refused("duplicate", _("These two are matched already; take that match out first.")) from None
    people.log(
        organization=origin.framework.organization,
        verb="match.made",
        target=f"match:{made.pk}",
        actor=actor,
        detail={
            "origin": str(origin.identifier),
            "relation": relation,
            "destination": str(destination.identifier),
        },
    )
    return made


@transaction.atomic
def remove_match(*, match: Match, actor: Person) -> None:
    """Take a match out.

    Args:
        match: which one.
        actor: who does it.
    """
    target, organization = f"match:{match.pk}", match.origin.framework.organization
    match.delete()
    people.log(organization=organization, verb="match.removed", target=target, actor=actor)


def _mark(framework: Framework, column: str, verb: str, actor: Person, *, on: bool) -> None:
    if bool(getattr(framework, column)) == on:
        return
    setattr(framework, column, timezone.now() if on else None)
    framework.save(update_fields=[column])
    people.log(
        organization=framework.organization, verb=verb, target=f"framework:{framework.pk}", actor=actor
    )
