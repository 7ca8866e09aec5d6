"""One button removes everything that was made while practicing: the top room first."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.council import actions as council
from gradatim.program.credentials import actions as credentials
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions as offerings
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy

NAMED = 5  # things that a message names


@transaction.atomic
def remove(*, organization: Organization, actor: Person) -> None:
    """Remove the practice data of an organization; settings, people, seats and keys stay.

    Args:
        organization: one that is real by now.
        actor: an administrator.

    Raises:
        Refused: ``closed``, while it still practices; ``in-use``, when something that counts stands on it.
    """
    if organization.practicing:
        raise Refused(
            "closed", _("Make the program real first; what you made until then can be removed afterwards.")
        )
    try:
        for room in (council, offerings, credentials, achievements, taxonomy, people):
            room.remove_practice(organization=organization)
    except ProtectedError as error:
        names = sorted({f"{o._meta.verbose_name} “{o}”" for o in error.protected_objects})  # noqa: SLF001 - Django documents it
        raise Refused(
            "in-use",
            _("Nothing was removed, because something that counts stands on it: %(names)s.")
            % {"names": ", ".join(names[:NAMED])},
        ) from None
    people.log(
        organization=organization,
        verb="practice.removed",
        target=f"organization:{organization.pk}",
        actor=actor,
    )
