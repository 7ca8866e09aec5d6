"""Writes of achievements: endorsements from outside, handed down by the room that signs them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements.actions.life import locked, note
from gradatim.program.achievements.models import Endorsement, Version
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person


@transaction.atomic
def attach_endorsement(
    *,
    version: Version,
    identifier: str,
    endorser: str,
    document: str,
    valid_from: date,
    valid_until: date | None = None,
    endorser_url: str = "",
    claim: str = "",
    actor: Person | None = None,
) -> Endorsement:
    """Attach what someone outside signed about a version; its own content does not change.

    Args:
        version: any that is not retired.
        identifier: ``id`` of the EndorsementCredential; attaching it again changes nothing.
        endorser: their name.
        document: the EndorsementCredential (Open Badges 3.0), exactly as signed.
        valid_from: first day.
        valid_until: last day, or ``None``.
        endorser_url: their address.
        claim: what they say, in words.
        actor: who received it.

    Returns:
        The endorsement.

    Raises:
        Refused: ``transition`` for a retired version; ``dates`` if it ends before it begins.
    """
    version = locked(version)
    if version.state == Version.State.RETIRED:
        raise Refused("transition", _("This version is retired; nothing can be attached to it any more."))
    if valid_until and valid_until < valid_from:
        raise Refused("dates", _("The endorsement would end before it begins."))
    row, made = Endorsement.objects.get_or_create(
        version=version,
        identifier=identifier,
        defaults={
            "endorser": endorser,
            "endorser_url": endorser_url,
            "claim": claim,
            "document": document,
            "valid_from": valid_from,
            "valid_until": valid_until,
        },
    )
    if made:
        note(version, "achievement.endorsed", actor, {"endorser": endorser})
    return row


@transaction.atomic
def withdraw_endorsement(*, endorsement: Endorsement, actor: Person | None) -> Endorsement:
    """Note that an endorsement no longer stands.

    Args:
        endorsement: which one; withdrawing it again changes nothing.
        actor: who does it.

    Returns:
        The endorsement.
    """
    if endorsement.withdrawn_at is None:
        endorsement.withdrawn_at = timezone.now()
        endorsement.save(update_fields=["withdrawn_at"])
        note(endorsement.version, "achievement.endorsement-withdrawn", actor)
    return endorsement
