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
