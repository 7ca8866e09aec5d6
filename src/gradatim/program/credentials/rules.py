"""Who may do what with credentials."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from gradatim.program.credentials.models import Credential
from gradatim.program.people import rules as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.ISSUER)
MAY_ISSUE = (Role.MANAGER, Role.ISSUER)


def is_holder(person: Person | AnonymousUser, credential: Credential) -> bool:
    """Whether it is the person's own credential."""
    return isinstance(person, Person) and credential.learner.person_id == person.pk


def is_public(credential: Credential) -> bool:
    """Whether strangers may see it: the learner made it public, and no hold and no minority forbids it."""
    return credential.published_at is not None and not credential.learner.hidden


def may_see(person: Person | AnonymousUser, credential: Credential) -> bool:
    """The holder, the staff that issues, and everyone once the holder made it public."""
    return (
        is_public(credential)
        or is_holder(person, credential)
        or people.has_role(person, credential.organization, *MAY_SEE)
    )


def may_issue(person: Person, organization: Organization) -> bool:
    """Program managers and registrars issue and take back."""
    return people.has_role(person, organization, *MAY_ISSUE)


def may_keep_keys(person: Person, organization: Organization) -> bool:
    """Administrators decide about keys."""
    return people.may_administer(person, organization)
