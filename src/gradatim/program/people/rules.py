"""Who may do what with people and organizations."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from gradatim.program.people import queries
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role


def has_role(person: Person | AnonymousUser, organization: Organization, *roles: str) -> bool:
    """Whether the person has one of the roles; with no role named, whether they belong at all."""
    if not isinstance(person, Person):
        return False
    held = queries.roles(organization, person)
    return bool(held & frozenset(roles)) if roles else bool(held)


def may_manage(person: Person | AnonymousUser, organization: Organization) -> bool:
    """Program managers and administrators run the program."""
    return has_role(person, organization, Role.MANAGER, Role.ADMINISTRATOR)


def may_administer(person: Person | AnonymousUser, organization: Organization) -> bool:
    """Administrators decide about people, keys and the organization itself."""
    return has_role(person, organization, Role.ADMINISTRATOR)


def may_be_entered(person: Person, *, email: str = "") -> bool:
    """Whether what was sent or printed may sign somebody in as a person who was there before.

    A mail to a proven address does what the code that the person could ask for does, unless signing in takes a second
    step. What somebody else hands out, a printed code or a mail to an address that a roster names, opens no account that
    has a way in of its own: whoever keeps the records must not get into the accounts of people.

    Args:
        person: an account.
        email: where it was sent; empty for what was printed.
    """
    if queries.has_second_step(person):
        return False
    proven = queries.proven_addresses(person)
    return email.strip().lower() in proven or not (proven or person.email)
