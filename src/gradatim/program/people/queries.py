"""Reads of people: organizations, roles, learners, the log."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from gradatim.program.people.hashing import GENESIS, line_hash
from gradatim.program.people.models import Invitation, LogEntry, Membership, Organization, Person


def find_organization(slug: str) -> Organization | None:
    """The organization of a slug, or ``None``."""
    return Organization.objects.select_related("logo").filter(slug=slug).first()


def roles(organization: Organization, person: Person) -> frozenset[str]:
    """The roles of a person in an organization; empty for outsiders."""
    return frozenset(
        Membership.objects.filter(organization=organization, person=person).values_list("role", flat=True)
    )


def entered(slug: str, person: Person) -> tuple[Organization, frozenset[str]] | None:
    """The organization of a slug with the person's roles there, in one query; ``None`` for outsiders."""
    held = list(
        Membership.objects.filter(organization__slug=slug, person=person)
        .select_related("organization__logo")
        .defer("organization__logo__content")
    )
    return (held[0].organization, frozenset(row.role for row in held)) if held else None


def proven_addresses(person: Person) -> frozenset[str]:
    """The addresses a person has proven, in small letters."""
    found = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return frozenset(address.lower() for address in found)


def has_second_step(person: Person) -> bool:
    """Whether signing in as the person takes more than a code from a mail: an app, a passkey."""
    return bool(Authenticator.objects.filter(user=person).exists())


def organizations_of(person: Person) -> QuerySet[Organization]:
    """The organizations a person belongs to, by name."""
    return Organization.objects.filter(memberships__person=person).distinct().order_by("name")


def members(organization: Organization) -> QuerySet[Membership]:
    """Everyone's roles, learners aside, by name."""
    return (
        organization.memberships.exclude(role=Membership.Role.LEARNER)
        .select_related("person")
        .order_by("person__name", "role")
    )


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Invitations that wait for an answer, newest first."""
    return organization.invitations.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")


def find_membership(organization: Organization, membership: int) -> Membership | None:
    """One role of the organization."""
    return organization.memberships.select_related("person").filter(pk=membership).first()


def find_invitation(key: str) -> Invitation | None:
    """The invitation of a link, while it stands."""
    return (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(pk=int(key), withdrawn_at=None)
        .first()
    )


def log_lines(organization: Organization) -> QuerySet[LogEntry]:
    """The log, newest first."""
    return organization.log.order_by("-sequence")


def check_log(organization: Organization) -> list[int]:
    """The numbers of the log's lines that do not fit the line before them or their own hash; empty if all is whole."""
    bad = []
    previous, number = GENESIS, 0
    for entry in organization.log.order_by("sequence").iterator():
        number += 1
        if entry.sequence != number or entry.previous_hash != previous or entry.hash != line_hash(entry):
            bad.append(entry.sequence)
        previous, number = entry.hash, entry.sequence
    return bad


def staff(organization: Organization) -> QuerySet[Person]:
    """Everyone with a role other than learner, by name."""
    return (
        Person.objects.filter(memberships__organization=organization)
        .exclude(memberships__organization=organization, memberships__role=Membership.Role.LEARNER)
        .distinct()
        .order_by("name")
    )
