"""What waits for people in the council: the list on their pages and in their digest, read in one query for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council.models import (
    AgendaItem,
    Ballot,
    Comment,
    Condition,
    Decision,
    Elector,
    Meeting,
    Proposal,
    Recusal,
    Review,
    Seat,
    Stage,
)
from gradatim.program.council.queries.decisions import held_decisions, to_decide
from gradatim.program.council.queries.meetings import latest_notice
from gradatim.program.council.routing import Kind, Who
from gradatim.program.ground.together import Part, read_together
from gradatim.program.people import queries as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
MANAGES = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
STAFF = frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ASSESSOR})
DIGEST = "digest"  # purpose of the links that switch digests off
PROPOSAL = (
    "number",
    "state",
    "subject",
    "kind",
    "version",
    "body",
    "put_off_at",
    "put_off_until",
    "submitted_at",
)
LATEST = datetime.max.replace(tzinfo=UTC)
AGENDA_AHEAD = timedelta(days=10)  # how long before a meeting its agenda is asked for
CONDITION_AHEAD = timedelta(days=14)  # how long before its date a condition is
VOTE, CHAIR = "#vote", "#chair"  # parts of a proposal's page


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for a person.

    Attributes:
        title: of what it is about.
        number: of the proposal on whose page it is done; ``None`` for what is done on the page of held decisions.
        why: in words.
        verb: what is to be done.
        due: until when, if there is a date.
        decision: number of the decision on whose page it is done, if it is done there.
        meeting: key of the meeting on whose page it is done, likewise.
        anchor: where on the page.
    """

    title: str
    number: int | None
    why: str
    verb: str
    due: datetime | None = None
    decision: str = ""
    meeting: int | None = None
    anchor: str = ""

    def url(self, organization: Organization) -> str:
        """The page on which it is done."""
        slug = organization.slug
        if self.decision:
            return reverse("council:decision", args=[slug, self.decision])
        if self.meeting:
            return reverse("council:meeting", args=[slug, self.meeting])
        if self.number is None:
            return reverse("council:held", args=[slug])
        return reverse("council:proposal", args=[slug, self.number]) + self.anchor


def _task(proposal: Proposal, why: str, verb: str, due: datetime | None = None, anchor: str = "") -> Task:
    return Task(proposal.title, proposal.number, why, verb, due, anchor=anchor)


def work(organization: Organization, person: Person, roles: frozenset[str] | None = None) -> list[Task]:
    """What waits for a person, most urgent first.

    Args:
        organization: where.
        person: whom.
        roles: theirs there, if they were read already.
    """
    held = people.roles(organization, person) if roles is None else roles
    return work_of(organization, {person.pk: held})[person.pk]


def work_of(organization: Organization, held: Mapping[int, frozenset[str]]) -> dict[int, list[Task]]:
    """What waits for each of several people; one query, however many they are.

    Args:
        organization: where.
        held: person key → their roles there.
    """
    desk = _read(organization, list(held))
    return {person: list(_tasks(desk, person, roles)) for person, roles in held.items()}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is open in an organization, as far as it may wait for some people.

    Attributes:
        votes: person → votes that miss theirs.
        stages: open, longest due first; each with the keys of those who are asked by name.
        seats: person → (body, role) of the seats they hold today.
        own: person → their own proposals.
        spoken: (person, proposal) → when they last commented.
        reviewed: (person, proposal) of reviews that were given or will not be.
        drafts: proposals that are with their proposers.
        ties: votes that wait for the chair's word.
        undecided: votes that want their decision written.
        unpublished: decisions that are held.
        asked_again: decisions that somebody asks to look at again.
        to_vote: what has come to a vote that nobody opened, and that stands on no agenda.
        unnoticed: meetings whose agenda has to be published soon.
        conditions: what has to be done soon for an approval to hold.
    """

    votes: dict[int, list[Ballot]]
    stages: list[tuple[Stage, frozenset[int]]]
    seats: dict[int, set[tuple[int, str]]]
    own: dict[int, set[int]]
    spoken: dict[tuple[int, int], datetime]
    reviewed: set[tuple[int, int]]
    drafts: list[Proposal]
    ties: list[Ballot]
    undecided: list[Ballot]
    unpublished: list[Decision]
    asked_again: list[Decision]
    to_vote: list[Proposal]
    unnoticed: list[Meeting]
    conditions: list[Condition]


def _read(organization: Organization, who: list[int]) -> _Desk:
    mine = {"proposal__organization": organization}
    going = Stage.objects.filter(**mine, state=Stage.State.OPEN, proposal__state__in=Proposal.WITH_COUNCIL)
    coming = {"meeting__body__organization": organization, "meeting__state__in": Meeting.COMING}
    soon = timezone.now() + AGENDA_AHEAD
    due = Q(decision__organization=organization, met_at=None) & (
        Q(due__lte=timezone.localdate() + CONDITION_AHEAD) | Q(before_start=True, due=None)
    )
    open_there = Exists(going.filter(proposal=OuterRef("proposal")))
    about: dict[str, tuple[str, ...]] = {"proposal": PROPOSAL, "proposal__version": ("title",)}
    of_ballot = {f"ballot__{path}": names for path, names in about.items()}
    drafts = organization.proposals.filter(state__in=Proposal.CHANGEABLE, proposers__in=who).distinct()
    waits = Q(ballot__proposal__organization=organization, ballot__state=Ballot.State.OPEN, vote=None)
    tied = Ballot.objects.filter(**mine, result=Ballot.Result.TIED, tie=Ballot.Tie.CHAIR)
    found = read_together(
        {
            "votes": Part(
                Elector.objects.filter(waits, person__in=who),
                ("ballot", "person"),
                {"ballot": ("closes_at", "proposal"), **of_ballot},
            ),
            "stages": Part(going, along=about | {"proposal__body": ("name", "law", "between_meetings")}),
            "coming": Part(AgendaItem.objects.filter(**coming).exclude(proposal=None), ("proposal",)),
            "unnoticed": Part(
                Meeting.objects.filter(
                    body__organization=organization, state=Meeting.State.PLANNED, starts_at__lte=soon
                ),
                ("body", "starts_at", "state"),
                {"body": ("name", "law", "notice_hours")},
            ),
            "conditions": Part(
                Condition.objects.filter(due).exclude(decision__published_at=None),
                ("text", "due", "decision"),
                {"decision": ("title", "body", "proposal")},
            ),
            "asked": Part(Stage.people.through.objects.filter(stage__in=going.values("pk"))),
            "seats": Part(Seat.objects.filter(body__organization=organization, holder__in=who)),
            "own": Part(Proposal.proposers.through.objects.filter(**mine, person__in=who)),
            "spoken": Part(
                Comment.objects.filter(open_there, author__in=who), ("proposal", "author", "made_at")
            ),
            "reviewed": Part(Review.objects.filter(open_there, reviewer__in=who), ("proposal", "reviewer")),
            "recused": Part(Recusal.objects.filter(open_there, person__in=who), ("proposal", "person")),
            "drafts": Part(drafts, PROPOSAL, {"version": ("title",)}),
            "ties": Part(tied, ("proposal", "body"), about),
            "undecided": Part(to_decide(organization), ("proposal",), about),
            "asked_again": Part(
                organization.decisions.filter(admitted_at=None, reconsidered_as__state=Proposal.State.DRAFT),
                ("title", "number", "proposal", "reconsidered_as", "decided_by"),
                {"proposal": ("number",)},
            ),
            "unpublished": Part(
                held_decisions(organization).prefetch_related(None), ("title", "number", "proposal")
            ),
        }
    )
    return _sorted(found)


def _sorted(found: dict[str, list[Any]]) -> _Desk:
    today = timezone.localdate()
    votes: dict[int, list[Ballot]] = defaultdict(list)
    for elector in sorted(found["votes"], key=lambda e: (e.ballot.closes_at or LATEST, e.ballot_id)):
        votes[elector.person_id].append(elector.ballot)
    named: dict[int, set[int]] = defaultdict(set)
    for row in found["asked"]:
        named[row.stage_id].add(row.person_id)
    seats: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for seat in found["seats"]:
        if seat.held_on(today):
            seats[seat.holder_id].add((seat.body_id, seat.role))
    own: dict[int, set[int]] = defaultdict(set)
    for row in found["own"]:
        own[row.person_id].add(row.proposal_id)
    stages = sorted(found["stages"], key=lambda stage: (stage.due_at or LATEST, stage.pk))
    open_now = [stage for stage in stages if not stage.proposal.waits_on(today)]
    return _Desk(
        votes=votes,
        stages=[(s, frozenset(named[s.pk])) for s in open_now if s.kind != Kind.BALLOT],
        to_vote=_to_vote(open_now, {item.proposal_id for item in found["coming"]}),
        unnoticed=sorted(found["unnoticed"], key=lambda meeting: (meeting.starts_at, meeting.pk)),
        conditions=sorted(
            found["conditions"], key=lambda condition: (condition.due or date.max, condition.pk)
        ),
        seats=seats,
        own=own,
        spoken={(row.author_id, row.proposal_id): row.made_at for row in found["spoken"]},
        reviewed={(row.reviewer_id, row.proposal_id) for row in found["reviewed"]}
        | {(row.person_id, row.proposal_id) for row in found["recused"]},
        drafts=found["drafts"],
        ties=found["ties"],
        undecided=found["undecided"],
        unpublished=found["unpublished"],
        asked_again=found["asked_again"],
    )


def _to_vote(stages: list[Stage], on_agenda: Collection[int | None]) -> list[Proposal]:
    """What has come to its vote; while a review that nobody waits for is still on time, it may come in."""
    now = timezone.now()
    reviewed = {
        s.proposal_id for s in stages if s.kind == Kind.RUBRIC and s.due_at is not None and s.due_at > now
    }
    return [
        stage.proposal
        for stage in stages
        if stage.kind == Kind.BALLOT
        and stage.proposal.state == Proposal.State.SUBMITTED
        and stage.proposal_id not in {*reviewed, *on_agenda}
    ]


def _tasks(desk: _Desk, person: int, roles: frozenset[str]) -> Iterator[Task]:
    own = desk.own.get(person, set())
    for ballot in desk.votes.get(person, ()):
        yield _task(
            ballot.proposal, _("The vote is open and yours is missing"), _("Vote"), ballot.closes_at, VOTE
        )
    theirs = [
        stage
        for stage, named in desk.stages
        if stage.proposal_id not in own and _waits(desk, stage, named, person, roles)
    ]
    for stage in theirs:
        if stage.kind == Kind.CONSULTATION:
            yield _task(stage.proposal, stage.name, _("Comment"), stage.due_at)
        elif stage.kind != Kind.RUBRIC:
            yield _task(stage.proposal, stage.name, _("Look at it"), stage.due_at)
    for stage in sorted(theirs, key=lambda stage: (stage.proposal.submitted_at or LATEST, stage.pk)):
        if stage.kind == Kind.RUBRIC:
            yield _task(stage.proposal, _("With the council, without your review"), _("Review"))
    for proposal in desk.drafts:
        if proposal.pk in own:
            yield _task(proposal, proposal.get_state_display(), _("Go on"))
    yield from _for_the_chair(desk, person, roles, own)


def _waits(desk: _Desk, stage: Stage, named: frozenset[int], person: int, roles: frozenset[str]) -> bool:
    """Whether an open stage waits for a person: asked by name, else by what the route says."""
    proposal = stage.proposal
    if stage.kind == Kind.RUBRIC:
        if (person, proposal.pk) in desk.reviewed or proposal.state != Proposal.State.SUBMITTED:
            return False
        return person in named if named else _sits(desk, person, proposal.body_id)
    if (
        stage.kind == Kind.CONSULTATION
        and desk.spoken.get((person, proposal.pk), stage.opened_at) > stage.opened_at
    ):
        return False
    if named:
        return person in named
    if stage.who == Who.CHAIR:
        return (stage.body_id, Seat.Role.CHAIR) in desk.seats.get(person, ())
    if (stage.who == Who.MEMBERS or stage.kind == Kind.CONSULTATION) and _sits(desk, person, stage.body_id):
        return True
    return bool((stage.who == Who.OFFICE and roles & MANAGES) or (stage.who == Who.SECOND and roles & STAFF))


def _sits(desk: _Desk, person: int, body: int | None) -> bool:
    return any(seat == body for seat, _role in desk.seats.get(person, ()))


def _for_the_chair(desk: _Desk, person: int, roles: frozenset[str], own: set[int]) -> Iterator[Task]:
    chaired = {body for body, role in desk.seats.get(person, ()) if role == Seat.Role.CHAIR}
    if Role.MANAGER not in roles and not chaired:
        return
    bodies = None if Role.MANAGER in roles else chaired
    yield from _ahead(desk, bodies, own)
    for ballot in desk.ties:
        if ballot.body_id in chaired and ballot.proposal_id not in own:
            yield _task(ballot.proposal, _("The vote is tied"), _("Decide the tie"))
    for ballot in desk.undecided:
        if ballot.proposal_id not in own:
            yield _task(ballot.proposal, _("The vote is closed"), _("Write decision"))
    for decision in desk.asked_again:
        if decision.proposal and decision.reconsidered_as_id not in own and decision.decided_by_id != person:
            why = _("Somebody asks to look at decision %(n)s again") % {"n": decision.number}
            yield Task(
                decision.title, decision.proposal.number, why, _("Admit or not"), decision=decision.number
            )
    for decision in desk.unpublished:
        if decision.proposal_id not in own:
            why = _("Decision %(n)s is held") % {"n": decision.number}
            yield Task(decision.title, None, why, _("Publish"))


def _ahead(desk: _Desk, bodies: set[int] | None, own: set[int]) -> Iterator[Task]:
    """What has to be started, published or asked after; `bodies`: of which, ``None`` for all."""
    for proposal in desk.to_vote:
        if proposal.pk not in own and (bodies is None or proposal.body_id in bodies):
            at_once = proposal.body.votes_between
            verb = _("Open the vote") if at_once else _("Put on an agenda")
            yield _task(proposal, _("Its route has come to the vote"), verb, anchor=CHAIR)
    for meeting in desk.unnoticed:
        if bodies is None or meeting.body_id in bodies:
            yield Task(
                meeting.body.name, None, _("The agenda of its next meeting is not published"), _("Publish"),
                latest_notice(meeting), meeting=meeting.pk,
            )  # fmt: skip
    for condition in desk.conditions:
        decision = condition.decision
        if decision.proposal_id not in own and (bodies is None or decision.body_id in bodies):
            zone = timezone.get_current_timezone()
            due = datetime.combine(condition.due, time(12), zone) if condition.due else None
            yield Task(
                decision.title,
                None,
                _("Condition: %(text)s") % {"text": condition.text},
                _("Is it met?"),
                due,
            )
