"""Writes of organizations: making, changing, logo, from practice to real."""

from __future__ import annotations

from typing import TypedDict, Unpack
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.ground import actions as ground
from gradatim.program.ground import clock
from gradatim.program.ground.refused import Refused
from gradatim.program.people import contrast, pictures
from gradatim.program.people.actions.log import log
from gradatim.program.people.actions.persons import give_role
from gradatim.program.people.models import Membership, Organization, Person


class Details(TypedDict, total=False):
    """What an organization says of itself besides its name and kind."""

    url: str
    email: str
    country: str  # ISO 3166-1 alpha-2
    description: str
    language: str  # BCP 47
    time_zone: str  # IANA, such as "Europe/Berlin"
    linkedin_id: str
    brand_color: str  # "#rrggbb", dark enough for white text


@transaction.atomic
def create_organization(
    *,
    name: str,
    kind: str,
    administrator: Person,
    slug: str | None = None,
    did: str | None = None,
    **details: Unpack[Details],
) -> Organization:
    """Make an organization; it practices until `make_real`.

    Args:
        name: as it stands on credentials.
        kind: an `Organization.Kind`.
        administrator: becomes its first administrator.
        slug: its place in addresses; made from the name if left out.
        did: its identifier as an issuer; a did:web of this site if left out.
        **details: any of `Details`.

    Returns:
        The organization.

    Raises:
        Refused: ``name``, ``taken``, ``contrast`` or ``time-zone``.
    """
    slug = slug or slugify(name)[:60]
    if not slug:
        raise Refused("name", _("The name needs letters or digits."), field="name")
    _check(details)
    try:
        with transaction.atomic():
            organization = Organization.objects.create(
                name=name.strip(), kind=kind, slug=slug, did=did or did_for(slug), **details
            )
    except IntegrityError:
        raise Refused("taken", _("There is an organization of this name already."), field="name") from None
    log(
        organization=organization,
        verb="organization.made",
        target=f"organization:{organization.pk}",
        actor=administrator,
    )
    give_role(
        organization=organization,
        person=administrator,
        role=Membership.Role.ADMINISTRATOR,
        actor=administrator,
    )
    return organization


def did_for(slug: str) -> str:
    """The did:web of an organization on this site (its document is at ``/o/<slug>/did.json``)."""
    return f"did:web:{quote(urlsplit(settings.SITE_URL).netloc, safe='')}:o:{slug}"


def _check(details: Details) -> None:
    zone = details.get("time_zone", "UTC")
    if zone not in clock.zones():
        raise Refused(
            "time-zone",
            _("“%(zone)s” is no time zone; choose one such as Europe/Berlin.") % {"zone": zone},
            field="time_zone",
        )
    color = details.get("brand_color")
    if color and contrast.ratio(color, "#ffffff") < contrast.ENOUGH:
        raise Refused(
            "contrast",
            _(
                "White text is hard to read on this color (%(ratio).1f to 1, needed are 4.5 to 1). Choose a darker one."
            )
            % {"ratio": contrast.ratio(color, "#ffffff")},
            field="brand_color",
        )


@transaction.atomic
def change_organization(
    *, organization: Organization, actor: Person, name: str, kind: str, **details: Unpack[Details]
) -> Organization:
    """Change what an organization says of itself; its identifier never changes.

    Args:
        organization: which.
        actor: who does it.
        name: as it stands on credentials issued from now on.
        kind: an `Organization.Kind`.
        **details: any of `Details`.

    Returns:
        The organization.

    Raises:
        Refused: ``contrast``; ``time-zone`` for one that this machine does not know.
    """
    _check(details)
    fields = {"name": name.strip(), "kind": kind, **details}
    for field, value in fields.items():
        setattr(organization, field, value)
    organization.save(update_fields=list(fields))
    log(
        organization=organization,
        verb="organization.changed",
        target=f"organization:{organization.pk}",
        actor=actor,
        detail={"fields": sorted(fields)},
    )
    return organization


@transaction.atomic
def set_logo(*, organization: Organization, name: str, content: bytes, actor: Person) -> Organization:
    """Set the logo: a PNG, or an SVG that holds nothing but drawing.

    Args:
        organization: which.
        name: the file's name as the person called it; only shown.
        content: the file.
        actor: who does it.

    Returns:
        The organization.

    Raises:
        Refused: ``image-invalid``, ``unsafe-content`` or ``too-large``.
    """
    media_type = pictures.check(content)
    organization.logo = ground.keep_file(name=name, media_type=media_type, content=content)
    organization.save(update_fields=["logo"])
    log(
        organization=organization,
        verb="organization.logo-set",
        target=f"organization:{organization.pk}",
        actor=actor,
    )
    return organization


@transaction.atomic
def make_real(*, organization: Organization, actor: Person) -> Organization:
    """From now on what is made counts; what was made before stays marked practice.

    Args:
        organization: one that practices.
        actor: who does it.

    Returns:
        The organization.

    Raises:
        Refused: ``closed``, when it is real already.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if not organization.practicing:
        raise Refused("closed", _("This program is real already."))
    organization.real_since = timezone.now()
    organization.save(update_fields=["real_since"])
    log(
        organization=organization,
        verb="organization.made-real",
        target=f"organization:{organization.pk}",
        actor=actor,
    )
    return organization
