"""Writes of learners, as the organization's records know them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions.log import log
from gradatim.program.people.models import Learner, Organization, Person


@transaction.atomic
def keep_learner(
    *,
    organization: Organization,
    number: str,
    legal_name: str,
    chosen_name: str = "",
    school_email: str = "",
    private_email: str = "",
    directory_hold: bool = False,
    minor: bool = False,
    actor: Person,
) -> Learner:
    """Keep a learner under the organization's own number; a hold, or its end, counts at once.

    Args:
        organization: whose records.
        number: the student or staff number; the key.
        legal_name: as in the records.
        chosen_name: shown instead, if there is one.
        school_email: an address that may end.
        private_email: an address that stays; one the learner gave is not forgotten because a file leaves it out.
        directory_hold: nothing of this learner may be public.
        minor: likewise.
        actor: who does it.

    Returns:
        The learner, new or as changed.

    Raises:
        Refused: ``row-invalid``, without number or name.
    """
    number, legal_name = number.strip(), legal_name.strip()
    if not number or not legal_name:
        raise Refused("row-invalid", _("A learner needs a number and a name."))
    fields = {
        "legal_name": legal_name,
        "chosen_name": chosen_name.strip(),
        "school_email": school_email.strip(),
        "directory_hold": directory_hold,
        "minor": minor,
    }
    if private_email.strip():
        fields["private_email"] = private_email.strip()
    if not organization.practicing:
        fields["practice"] = False  # who was added for practice and comes again counts from now on
    before = Learner.objects.filter(organization=organization, number=number).first()
    if before is not None and all(getattr(before, name) == value for name, value in fields.items()):
        return before
    learner, made = Learner.objects.update_or_create(
        organization=organization,
        number=number,
        defaults=fields,
        create_defaults=fields | {"practice": organization.practicing},
    )
    log(
        organization=organization,
        verb="learner.added" if made else "learner.changed",
        target=f"learner:{learner.pk}",
        actor=actor,
        detail={}
        if made or before is None
        else {"fields": sorted(n for n, v in fields.items() if getattr(before, n) != v)},
    )
    return learner


@transaction.atomic
def link_learner(*, learner: Learner, person: Person) -> Learner:
    """Note which person a learner is.

    Args:
        learner: of the records.
        person: who proved to be that learner.

    Returns:
        The learner.

    Raises:
        Refused: ``conflict``, when the learner is another person already.
    """
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    if learner.person_id not in {None, person.pk}:
        raise Refused(
            "conflict",
            _("This belongs to another account already. Sign in with the address you used before."),
        )
    if learner.person_id is None:
        learner.person = person
        learner.save(update_fields=["person"])
        log(
            organization=learner.organization,
            verb="learner.linked",
            target=f"learner:{learner.pk}",
            actor=person,
        )
    return learner


def remove_practice(*, organization: Organization) -> None:
    """Delete the learners that were added while practicing.

    Args:
        organization: whose.
    """
    Learner.objects.filter(organization=organization, practice=True).delete()
