"""What waits for a person in the council: the list on their pages and in their digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gradatim.program.council.models import NoDigest, Proposal, Seat
from gradatim.program.council.queries.decisions import held_decisions, to_decide
from gradatim.program.council.queries.proposals import drafts_of
from gradatim.program.council.queries.reviews import reviews_waiting_for
from gradatim.program.council.queries.routes import stages_waiting_for
from gradatim.program.council.queries.votes import ties, votes_waiting_for
from gradatim.program.council.routing import Kind
from gradatim.program.people import queries as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
STAFF = frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ASSESSOR})
DIGEST = "digest"  # purpose of the links that switch digests off


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for a person.

    Attributes:
        title: of what it is about.
        number: of the proposal on whose page it is done; ``None`` for what is done on the page of held decisions.
        why: in words.
        verb: what is to be done.
        due: until when, if there is a date.
    """

    title: str
    number: int | None
    why: str
    verb: str
    due: datetime | None = None


def _task(proposal: Proposal, why: str, verb: str, due: datetime | None = None) -> Task:
    return Task(proposal.title, proposal.number, why, verb, due)


def work(organization: Organization, person: Person, roles: frozenset[str] | None = None) -> list[Task]:
    """What waits for a person, most urgent first.

    Args:
        organization: where.
        person: whom.
        roles: theirs there, if they were read already.
    """
    held = people.roles(organization, person) if roles is None else roles
    return list(_work(organization, person, held))


def _work(organization: Organization, person: Person, roles: frozenset[str]) -> Iterator[Task]:
    for ballot in votes_waiting_for(organization, person):
        why = _("The vote is open and yours is missing")
        yield _task(ballot.proposal, why, _("Vote"), ballot.closes_at)
    manages = bool(roles & {Role.MANAGER, Role.ADMINISTRATOR})
    for stage in stages_waiting_for(organization, person, manages=manages, staff=bool(roles & STAFF)):
        verb = _("Comment") if stage.kind == Kind.CONSULTATION else _("Look at it")
        yield _task(stage.proposal, stage.name, verb, stage.due_at)
    for proposal in reviews_waiting_for(organization, person):
        yield _task(proposal, _("With the council, without your review"), _("Review"))
    for proposal in drafts_of(organization, person):
        yield _task(proposal, proposal.get_state_display(), _("Go on"))
    if roles & {Role.MANAGER, Role.COUNCIL}:
        yield from _for_the_chair(organization, person, roles)


def _for_the_chair(organization: Organization, person: Person, roles: frozenset[str]) -> Iterator[Task]:
    seats = Seat.objects.filter(body__organization=organization, holder=person, role=Seat.Role.CHAIR)
    if Role.MANAGER not in roles and not seats.exists():
        return
    own = set(person.proposals.values_list("pk", flat=True))
    for ballot in ties(organization, person):
        yield _task(ballot.proposal, _("The vote is tied"), _("Decide the tie"))
    for ballot in to_decide(organization):
        if ballot.proposal_id not in own:
            yield _task(ballot.proposal, _("The vote is closed"), _("Write decision"))
    for decision in held_decisions(organization):
        if decision.proposal_id not in own:
            why = _("Decision %(n)s is held") % {"n": decision.number}
            yield Task(decision.title, None, why, _("Publish"))


def wants_digest(organization: Organization, person: Person) -> bool:
    """Whether a person gets digests of an organization; everyone does who did not say no."""
    return not NoDigest.objects.filter(organization=organization, person=person).exists()


def digest_readers(organization: Organization) -> list[Person]:
    """Everyone of the staff with an address who wants digests."""
    no = NoDigest.objects.filter(organization=organization).values("person")
    return list(people.staff(organization).exclude(email=None).exclude(pk__in=no))


def find_reader(key: str) -> tuple[Organization, Person] | None:
    """Whom a link that switches digests off is for."""
    organization, _colon, person = key.partition(":")
    found = Organization.objects.filter(pk=int(organization)).first()
    reader = Person.objects.filter(pk=int(person)).first()
    return (found, reader) if found and reader else None
