"""What the first run writes: an organization with its people, keys, taxonomy and council, all at once or not at all."""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.council import actions as council
from gradatim.program.council.models import Seat
from gradatim.program.credentials import actions as credentials
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import actions as taxonomy

Role = Membership.Role


def needs_code() -> bool:
    """Whether strangers could reach this page: everywhere but on one's own machine."""
    return not settings.LOCAL


def setup_code() -> str:
    """The code that whoever started the server can read: from the environment, else a file in the data folder."""
    if settings.SETUP_CODE:
        return str(settings.SETUP_CODE)
    path = settings.DATA / "setup.code"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def code_to_print() -> str:
    """The setup code while it is wanted: nothing is set up yet, and strangers could reach the page. Else empty."""
    return setup_code() if needs_code() and not Organization.objects.exists() else ""


@transaction.atomic
def start(
    *,
    your_name: str,
    your_email: str,
    name: str,
    kind: str,
    logo: UploadedFile[bytes] | None = None,
    code: str = "",
    **details: str,
) -> tuple[Organization, Person]:
    """Start a program.

    Args:
        your_name: of its first administrator, who is also its program manager and registrar.
        your_email: where that person's codes go.
        name: of the organization.
        kind: an `Organization.Kind`.
        logo: an uploaded PNG or SVG.
        code: the setup code, where one is needed.
        **details: web address, country, accent color.

    Returns:
        The organization and the person.

    Raises:
        Refused: ``closed`` when there is an organization already; ``permission`` for a wrong code; what the rooms refuse.
    """
    if Organization.objects.exists():
        raise Refused("closed", _("This installation is set up already."))
    if needs_code() and not hmac.compare_digest(code.encode(), setup_code().encode()):
        raise Refused("permission", _("This is not the setup code the server printed."), field="code")
    person = people.create_person(name=your_name, email=your_email, verified=True)
    organization = people.create_organization(name=name, kind=kind, administrator=person, **details)
    if logo:
        people.set_logo(
            organization=organization, name=logo.name or "logo", content=logo.read(), actor=person
        )
    for role in (Role.MANAGER, Role.ISSUER):
        people.give_role(organization=organization, person=person, role=role, actor=person)
    credentials.make_key(organization=organization, actor=person)
    taxonomy.set_up(organization=organization)
    body = council.found_body(organization=organization, name=_("Council"), actor=person)
    council.fill_seat(body=body, person=person, role=Seat.Role.CHAIR, actor=person)
    return organization, person


def send_test_mail(*, organization: Organization, person: Person) -> str:
    """Send a mail to the person now, and say what became of it.

    Args:
        organization: whose name it comes from.
        person: to whom.

    Returns:
        One sentence.

    Raises:
        Refused: ``unavailable``, with what the mail server said.
    """
    if not person.email:
        raise Refused("address-unverified", _("You have no address yet."))
    message = EmailMessage(
        subject=_("Test mail of %(organization)s") % {"organization": organization.name},
        body=_("If you read this, mail works."),
        to=[person.email],
    )
    try:
        message.send()
    except OSError as error:
        raise Refused(
            "unavailable",
            _("The mail server did not take it: %(error)s. Check EMAIL_URL (docs/reference/settings.md).")
            % {"error": error},
        ) from None
    if not settings.EMAIL_URL:
        return _(
            "There is no mail server yet, so the mail was written to the folder %(folder)s. Set EMAIL_URL to send it."
        ) % {"folder": "mail"}
    return _("Sent to %(address)s. Look into your inbox.") % {"address": person.email}
