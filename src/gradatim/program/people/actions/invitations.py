"""Writes of invitations: a role offered to an address, accepted by a POST."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people import rules
from gradatim.program.people.actions.log import log
from gradatim.program.people.actions.persons import create_person, give_role, prove_address
from gradatim.program.people.models import Invitation, Membership, Organization, Person

PURPOSE = "invitation"


@transaction.atomic
def invite(*, organization: Organization, email: str, role: str, actor: Person) -> Invitation:
    """Offer a role to an address; a mail with a link and a short code goes there.

    Args:
        organization: where.
        email: to whom.
        role: a `Membership.Role`.
        actor: who invites.

    Returns:
        The invitation.

    Raises:
        Refused: ``row-invalid``, for a damaged address or an unknown role.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("row-invalid", _("This is no e-mail address."), field="email") from None
    if role not in Membership.Role.values:
        raise Refused("row-invalid", _("There is no such role."), field="role")
    invitation = Invitation.objects.create(
        organization=organization, email=email, role=role, invited_by=actor
    )
    link = ground.make_link(purpose=PURPOSE, key=str(invitation.pk), email=email)
    address = settings.SITE_URL + reverse("people:invitation", args=[link.token])
    words = {
        "organization": organization.name,
        "role": Membership.Role(role).label,
        "actor": actor.name,
        "address": address,
        "code": ground.code_sentence(link),
    }
    ground.write_mail(
        key=f"invitation:{invitation.pk}",
        to=email,
        subject=_("%(organization)s asks you to join") % words,
        text=_(
            "%(actor)s asks you to join the microcredential program of %(organization)s as: %(role)s.\n\n"
            "Open this page and press the button there:\n%(address)s\n\n%(code)s\n\nIf you did not expect this, do nothing."
        )
        % words,
        organization_name=organization.name,
    )
    log(
        organization=organization,
        verb="invitation.sent",
        target=f"invitation:{invitation.pk}",
        actor=actor,
        detail={"role": role},
    )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str = "", person: Person | None = None) -> Person:
    """Accept an invitation; the address it went to counts as proven.

    Args:
        token: from the link.
        name: of a new person.
        person: who is signed in, if anybody is.

    Returns:
        The person who now has the role; to be signed in by the caller.

    Raises:
        Refused: ``not-found``, ``closed`` or ``expired``; ``conflict`` when the address is that of an account which takes
            a second step to sign in to.
    """
    link = ground.use_link(token=token, purpose=PURPOSE)
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(pk=int(link.key), withdrawn_at=None, accepted_at=None)
        .first()
    )
    if invitation is None:
        raise Refused("closed", _("This invitation was withdrawn or has been accepted."))
    if person is None:
        person = create_person(
            name=name or invitation.email.partition("@")[0], email=invitation.email, verified=True
        )
        if not rules.may_be_entered(person, email=invitation.email):
            raise Refused("conflict", _("You have an account here. Sign in to it, then open this again."))
    prove_address(person=person, email=invitation.email)
    give_role(
        organization=invitation.organization, person=person, role=invitation.role, actor=invitation.invited_by
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    log(
        organization=invitation.organization,
        verb="invitation.accepted",
        target=f"invitation:{invitation.pk}",
        actor=person,
    )
    return person


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: Person) -> None:
    """Take an invitation back before it is accepted.

    Args:
        invitation: which.
        actor: who does it.

    Raises:
        Refused: ``closed``, when it was accepted.
    """
    if invitation.accepted_at is not None:
        raise Refused("closed", _("It has been accepted; take the role away instead."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    log(
        organization=invitation.organization,
        verb="invitation.withdrawn",
        target=f"invitation:{invitation.pk}",
        actor=actor,
    )
