"""Writes of persons, their addresses and roles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions.log import log
from gradatim.program.people.models import Membership, Organization, Person


@transaction.atomic
def create_person(*, name: str, email: str = "", verified: bool = False) -> Person:
    """Make a person, without a password: they sign in by a code sent to an address, or by a passkey they add.

    Args:
        name: the chosen name.
        email: the address to write to, if there is one.
        verified: whether the address is proven (by a link that went there).

    Returns:
        The person; the one who has that verified address already, if there is one.
    """
    email = email.strip().lower()
    if email:
        known = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
        if known is not None:
            found: Person = known.user
            return found
    person = Person.objects.filter(email=email).first() if email else None
    if person is None:
        person = Person.objects.create_user(email or None, name=name.strip())
    if email:
        EmailAddress.objects.update_or_create(
            user=person, email=email, defaults={"verified": verified, "primary": True}
        )
    return person


@transaction.atomic
def prove_address(*, person: Person, email: str) -> None:
    """Note that an address is a person's, because they opened what was sent there.

    Args:
        person: whose.
        email: the address.

    Raises:
        Refused: ``conflict``, when it is another person's proven address.
    """
    email = email.strip().lower()
    other = EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=person)
    if other.exists():
        raise Refused(
            "conflict", _("This address belongs to another account. Sign in with it instead."), field="email"
        )
    has_primary = EmailAddress.objects.filter(user=person, primary=True).exists()
    EmailAddress.objects.update_or_create(
        user=person, email=email, defaults={"verified": True} | ({} if has_primary else {"primary": True})
    )
    if not person.email:
        person.email = email
        person.save(update_fields=["email"])


@transaction.atomic
def give_role(*, organization: Organization, person: Person, role: str, actor: Person) -> Membership:
    """Give a person a role; a role once given changes nothing.

    Args:
        organization: where.
        person: to whom.
        role: a `Membership.Role`.
        actor: who gives it.

    Returns:
        The membership.

    Raises:
        Refused: ``row-invalid``, for an unknown role.
    """
    if role not in Membership.Role.values:
        raise Refused("row-invalid", _("There is no such role."), field="role")
    membership, made = Membership.objects.get_or_create(organization=organization, person=person, role=role)
    if made:
        log(
            organization=organization,
            verb="role.given",
            target=f"person:{person.pk}",
            actor=actor,
            detail={"role": role},
        )
    return membership


@transaction.atomic
def take_role(*, membership: Membership, actor: Person) -> None:
    """Take a role away; the last administrator keeps theirs.

    Args:
        membership: which.
        actor: who takes it.

    Raises:
        Refused: ``in-use``, for the last administrator.
    """
    organization = Organization.objects.select_for_update().get(pk=membership.organization_id)
    role = Membership.Role.ADMINISTRATOR
    if membership.role == role and organization.memberships.filter(role=role).count() == 1:
        raise Refused("in-use", _("This is the last administrator. Make somebody else one first."))
    log(
        organization=organization,
        verb="role.taken",
        target=f"person:{membership.person_id}",
        actor=actor,
        detail={"role": membership.role},
    )
    membership.delete()
