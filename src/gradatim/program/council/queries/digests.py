"""Who gets the digest of what waits, and how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from gradatim.program.council.models import DigestWish, Seat
from gradatim.program.people.models import Membership, Organization, Person

Role, Rhythm = Membership.Role, DigestWish.Rhythm


def rhythm_of(organization: Organization, person: Person) -> str:
    """How often a person gets the digest of an organization, a `DigestWish.Rhythm`."""
    said = DigestWish.objects.filter(organization=organization, person=person)
    return said.values_list("rhythm", flat=True).first() or Rhythm.WEEKLY


def digest_readers(organization: Organization, rhythms: Collection[str]) -> dict[Person, frozenset[str]]:
    """Everyone with an address who wants digests that often, with their roles; learners only if they hold a seat."""
    said = dict(DigestWish.objects.filter(organization=organization).values_list("person", "rhythm"))
    seated = Seat.objects.filter(body__organization=organization).values("holder")
    rows = organization.memberships.exclude(person__email=None).filter(
        ~Q(role=Role.LEARNER) | Q(person__in=seated)
    )
    held: dict[Person, set[str]] = defaultdict(set)
    for row in rows.select_related("person").order_by("person__name", "person"):
        if said.get(row.person_id, Rhythm.WEEKLY) in rhythms:
            held[row.person].add(row.role)
    return {person: frozenset(roles) for person, roles in held.items()}


def wanting_daily() -> set[int]:
    """The organizations in which somebody wants the digest every day."""
    return set(DigestWish.objects.filter(rhythm=Rhythm.DAILY).values_list("organization", flat=True))


def find_reader(key: str) -> tuple[Organization, Person] | None:
    """Whom a link that switches digests off is for."""
    organization, _colon, person = key.partition(":")
    found = Organization.objects.filter(pk=int(organization)).first()
    reader = Person.objects.filter(pk=int(person)).first()
    return (found, reader) if found and reader else None
