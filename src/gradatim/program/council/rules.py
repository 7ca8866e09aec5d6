"""Who may do what in the council."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from gradatim.program.council.models import Body, Comment, Decision, Proposal, Seat, Stage
from gradatim.program.council.routing import Kind, Who
from gradatim.program.people import queries
from gradatim.program.people import rules as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ISSUER, Role.ASSESSOR)
MAY_FOUND = (Role.MANAGER, Role.ADMINISTRATOR)
VOICES = (Kind.CONSULTATION, Kind.RUBRIC, Kind.INFORMATION)  # stages that ask what somebody thinks
MAY_PROPOSE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ASSESSOR)


def held_seats(body: Body, person: Person) -> list[Seat]:
    """The seats a person holds in a body today."""
    today = timezone.localdate()
    return [seat for seat in body.seats.all() if seat.holder_id == person.pk and seat.held_on(today)]


def belongs(person: Person, organization: Organization) -> bool:
    """Whether the person has a role in the organization; only they take a seat."""
    return people.has_role(person, organization)


def may_propose(person: Person, organization: Organization) -> bool:
    """Staff and council members propose."""
    return people.has_role(person, organization, *MAY_PROPOSE)


def may_be_asked(person: Person, stage: Stage) -> bool:
    """Whoever works on the program can be asked for a stage; partners too for what they think, never for a check."""
    roles = (*MAY_PROPOSE, Role.PARTNER) if stage.kind in VOICES else MAY_PROPOSE
    return people.has_role(person, stage.proposal.organization, *roles)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to a proposal, and what follows from it.

    Attributes:
        proposes: it is the person's own.
        manages: they run the program.
        sits: they hold a seat of its body today.
        chairs: that of the chair.
        works: their role lets them see every proposal.
        asked: an open stage waits for them by name, or consults a body in which they hold a seat.
        was_asked: a stage does or did.
    """

    proposes: bool
    manages: bool
    sits: bool
    chairs: bool
    works: bool = False
    asked: bool = False
    was_asked: bool = False

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

    @property
    def may_comment(self) -> bool:
        """Its proposers, its body, the chair, and whoever is asked."""
        return self.proposes or self.sits or self.may_chair or self.asked

    @property
    def sees_all(self) -> bool:
        """Who works on the program or sits in its body sees reviews, votes and what is like it too."""
        return self.works or self.sits

    @property
    def may_open(self) -> bool:
        """Others see a proposal only if they are or were asked about it."""
        return self.sees_all or self.was_asked


def standing(person: Person, proposal: Proposal, held: frozenset[str] | None = None) -> Standing:
    """What a person is to a proposal now.

    Args:
        person: who.
        proposal: which.
        held: their roles in its organization, if they were read already.
    """
    held = queries.roles(proposal.organization, person) if held is None else held
    seats = {seat.role for seat in held_seats(proposal.body, person)}
    asking = [stage for stage in proposal.stages.all() if _consults(stage, person)]
    here = proposal.state in Proposal.WITH_COUNCIL
    return Standing(
        proposes=is_proposer(person, proposal),
        manages=bool(held & set(MAY_FOUND)),
        sits=bool(seats),
        chairs=Seat.Role.CHAIR in seats,
        works=bool(held & set(MAY_SEE)),
        asked=here and any(stage.state == Stage.State.OPEN for stage in asking),
        was_asked=bool(asking),
    )


def _consults(stage: Stage, person: Person) -> bool:
    """Whether a stage asks for this person's voice: by name, or as one of the body that is consulted."""
    asked = stage.people.all()
    if stage.kind == Kind.CONSULTATION and not asked:
        return stage.body is not None and bool(held_seats(stage.body, person))
    return person in asked


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
    return any(s.state == Stage.State.OPEN and person in s.people.all() for s in proposal.stages.all())


def may_chair(person: Person, proposal: Proposal) -> bool:
    """See `Standing.may_chair`."""
    return standing(person, proposal).may_chair


def may_settle(person: Person, comment: Comment, known: Standing) -> bool:
    """Its author, the proposers who read it, and the chair settle a comment."""
    reads = comment.visibility == Comment.Visibility.PROPOSER and known.may_change
    return reads or known.may_chair or comment.author_id == person.pk


def may_work(person: Person, organization: Organization, held: frozenset[str]) -> bool:
    """Staff, partners and whoever holds a seat have a list of what waits for them."""
    return (
        bool(held & {*MAY_SEE, Role.PARTNER})
        or Seat.objects.filter(body__organization=organization, holder=person).exists()
    )


def may_found(person: Person, organization: Organization) -> bool:
    """Program managers and administrators set up bodies and seats."""
    return people.may_manage(person, organization)


def may_route(person: Person, organization: Organization) -> bool:
    """Program managers, administrators and the chair of a body that decides write routes."""
    if people.may_manage(person, organization):
        return True
    mine = Seat.objects.filter(
        body__organization=organization, body__kind=Body.Kind.DECIDING, holder=person, role=Seat.Role.CHAIR
    )
    today = timezone.localdate()
    return any(seat.held_on(today) for seat in mine)


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
    return bool(held_seats(body, person))


def chairs(person: Person, body: Body) -> bool:
    """Whether the person holds the chair's seat today."""
    return any(seat.role == Seat.Role.CHAIR for seat in held_seats(body, person))


def may_run(person: Person, body: Body, held: frozenset[str] | None = None) -> bool:
    """The chair, or a program manager, plans and runs the meetings of a body; `held` are their roles, if they are known."""
    held = queries.roles(body.organization, person) if held is None else held
    return bool(held & set(MAY_FOUND)) or chairs(person, body)


def may_admit(person: Person, decision: Decision) -> bool:
    """Who runs the body says whether a decision is looked at again; never who wrote it, never who asks."""
    asks = decision.reconsidered_as is not None and is_proposer(person, decision.reconsidered_as)
    return may_run(person, decision.body) and decision.decided_by_id != person.pk and not asks


def runs_any(person: Person, organization: Organization) -> bool:
    """Whether the person runs the meetings and votes of some body here."""
    return (
        people.may_manage(person, organization)
        or Seat.objects.filter(body__organization=organization, holder=person, role=Seat.Role.CHAIR).exists()
    )
