"""Who may do what in the council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from gradatim.program.council.models import Body, Proposal, Seat, Stage
from gradatim.program.council.routing import Kind, Who
from gradatim.program.people import rules as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ISSUER, Role.ASSESSOR)
MAY_FOUND = (Role.MANAGER, Role.ADMINISTRATOR)
MAY_PROPOSE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ASSESSOR)


def held_seats(body: Body, person: Person) -> QuerySet[Seat]:
    """The seats a person holds in a body today."""
    today = date.today()  # noqa: DTZ011 - terms are days of the organization, not instants
    return body.seats.filter(
        Q(until=None) | Q(until__gte=today), Q(since=None) | Q(since__lte=today), holder=person
    )


def belongs(person: Person, organization: Organization) -> bool:
    """Whether the person has a role in the organization; only they take a seat."""
    return people.has_role(person, organization)


def may_propose(person: Person, organization: Organization) -> bool:
    """Staff and council members propose."""
    return people.has_role(person, organization, *MAY_PROPOSE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to a proposal, and what follows from it.

    Attributes:
        proposes: it is the person's own.
        manages: they run the program.
        sits: they hold a seat of its body today.
        chairs: that of the chair.
    """

    proposes: bool
    manages: bool
    sits: bool
    chairs: bool

    @property
    def may_change(self) -> bool:
        """Proposers and program managers change a proposal while it is with them."""
        return self.proposes or self.manages

    @property
    def may_review(self) -> bool:
        """Members of the body review, but never their own proposal."""
        return self.sits and not self.proposes

    @property
    def may_chair(self) -> bool:
        """The chair, or a program manager, runs a vote and writes the decision; nobody does on their own proposal."""
        return (self.chairs or self.manages) and not self.proposes


def standing(person: Person, proposal: Proposal) -> Standing:
    """What a person is to a proposal now."""
    seats = {seat.role for seat in held_seats(proposal.body, person)}
    return Standing(
        proposes=is_proposer(person, proposal),
        manages=people.may_manage(person, proposal.organization),
        sits=bool(seats),
        chairs=Seat.Role.CHAIR in seats,
    )


def is_proposer(person: Person, proposal: Proposal) -> bool:
    """Whether it is the person's own proposal."""
    return person in proposal.proposers.all()


def may_change(person: Person, proposal: Proposal) -> bool:
    """See `Standing.may_change`."""
    return standing(person, proposal).may_change


def may_review(person: Person, proposal: Proposal) -> bool:
    """Members of the body and those who are asked for a review, never a proposer."""
    known = standing(person, proposal)
    return known.may_review or (not known.proposes and was_asked(person, proposal))


def was_asked(person: Person, proposal: Proposal) -> bool:
    """Whether an open stage waits for this person by name."""
    return proposal.stages.filter(state=Stage.State.OPEN, people=person).exists()


def may_chair(person: Person, proposal: Proposal) -> bool:
    """See `Standing.may_chair`."""
    return standing(person, proposal).may_chair


def may_found(person: Person, organization: Organization) -> bool:
    """Program managers and administrators set up bodies and seats."""
    return people.may_manage(person, organization)


def may_route(person: Person, organization: Organization) -> bool:
    """Program managers, administrators and the chair of a body that decides write routes."""
    if people.may_manage(person, organization):
        return True
    return any(
        held_seats(body, person).filter(role=Seat.Role.CHAIR).exists()
        for body in organization.bodies.filter(kind=Body.Kind.DECIDING)
    )


def may_end(person: Person, stage: Stage, known: Standing | None = None) -> bool:
    """Whom an open stage waits for; reviews and windows are ended by the chair or a program manager.

    Args:
        person: who.
        stage: which.
        known: what they are to the proposal, if it was asked already.
    """
    known = known or standing(person, stage.proposal)
    if known.proposes:
        return False
    if stage.kind in {Kind.CONSULTATION, Kind.RUBRIC, Kind.BALLOT, Kind.INFORMATION}:
        return known.may_chair
    return _is_asked(person, stage, known)


def _is_asked(person: Person, stage: Stage, known: Standing) -> bool:
    """Whether a stage waits for this person: asked by hand, else by what the route says."""
    asked = stage.people.all()
    if asked:
        return person in asked
    if stage.who == Who.OFFICE:
        return known.manages
    if stage.who == Who.SECOND:
        return may_propose(person, stage.proposal.organization)
    if stage.who == Who.NAMED:
        return False
    sits, chairs = known.sits, known.chairs
    if stage.body_id not in {None, stage.proposal.body_id} and stage.body:
        roles = {seat.role for seat in held_seats(stage.body, person)}
        sits, chairs = bool(roles), Seat.Role.CHAIR in roles
    return chairs if stage.who == Who.CHAIR else sits


def sits(person: Person, body: Body) -> bool:
    """Whether the person holds a seat of the body today."""
    return held_seats(body, person).exists()


def chairs(person: Person, body: Body) -> bool:
    """Whether the person holds the chair's seat today."""
    return held_seats(body, person).filter(role=Seat.Role.CHAIR).exists()


def may_run(person: Person, body: Body) -> bool:
    """The chair, or a program manager, plans and runs the meetings of a body."""
    return people.may_manage(person, body.organization) or chairs(person, body)


def runs_any(person: Person, organization: Organization) -> bool:
    """Whether the person runs the meetings and votes of some body here."""
    return (
        people.may_manage(person, organization)
        or Seat.objects.filter(body__organization=organization, holder=person, role=Seat.Role.CHAIR).exists()
    )
