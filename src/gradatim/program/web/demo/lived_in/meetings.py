"""A meeting of the demo's council that decided about four proposals, and two that are announced with an agenda."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from gradatim.program.council import actions as council
from gradatim.program.council.models import AgendaItem, Body, Decision, Meeting, Proposal
from gradatim.program.web.demo.cast import Cast
from gradatim.program.web.demo.clock import days_ago
from gradatim.program.web.demo.lived_in import drafts
from gradatim.program.web.demo.lived_in.proposals import DOUBTFUL, GOOD, through_review, write

Kind = AgendaItem.Kind
EXCEPTION = "Wound care at home need not be aligned to a framework until the health framework of the state is published."


class Case(NamedTuple):
    """A proposal as it went: what it says, how it was reviewed, how chair, member, second member and manager voted, what came of it."""

    what: dict[str, Any]
    scores: dict[str, int]
    advice: str
    words: str
    votes: tuple[str, str, str, str]
    outcome: Decision.Outcome
    why: str
    more: dict[str, Any]


CASES = (
    Case(
        drafts.FIRST_AID,
        GOOD,
        "approve",
        "Short, needed and observed. The instructor's licence has to be on file.",
        ("for", "recused", "for", "for"),
        Decision.Outcome.CONDITIONS,
        "The firms of the park asked for it, and everything in it can be observed.",
        {
            "conditions": (
                council.Wanted("The licence of the instructor is on file.", before_start=True),
                council.Wanted("After the first run the council hears how it went.", due=date(2027, 6, 30)),
            ),
            "review_by": date(2028, 6, 1),
        },
    ),
    Case(
        drafts.AI_OFFICE,
        DOUBTFUL,
        "revise",
        "The notes are a good idea. Nobody can tell from them who wrote the letter.",
        ("against", "for", "against", "against"),
        Decision.Outcome.REVISE,
        "The assessment has to show what the learner did and what the model did. Come back with one that does.",
        {},
    ),
    Case(
        drafts.DRONES,
        GOOD,
        "approve",
        "Good. The federal rules change in spring; what is taught in winter is outdated then.",
        ("against", "against", "for", "abstain"),
        Decision.Outcome.DEFERRED,
        "The rules for small drones change in spring. The council takes it up again when they are known.",
        {"deferred_until": date(2027, 4, 15)},
    ),
    Case(
        drafts.TRADING,
        DOUBTFUL,
        "reject",
        "A gain in one week shows luck. No employer asked for it.",
        ("against", "against", "against", "against"),
        Decision.Outcome.REJECTED,
        "No need is shown, and chance decides whether it is met.",
        {},
    ),
)


def decided(cast: Cast) -> Decision:
    """Hold the meeting that decides about `CASES`, and about an exception from a rule; publish its decisions and minutes.

    Args:
        cast: whose council it is; the route and the advisory group have to be there.

    Returns:
        The decision about the exception.
    """
    proposals = [_sent(cast, case) for case in CASES]
    with days_ago(55):
        meeting, items, wish = _called(cast, proposals)
    with days_ago(41):
        return _held(cast, proposals, meeting, items, wish)


def _called(cast: Cast, proposals: list[Proposal]) -> tuple[Meeting, list[AgendaItem], AgendaItem]:
    """Call the meeting for two weeks later, with its agenda."""
    chair = cast.chair
    meeting = council.plan_meeting(
        body=cast.council,
        starts_at=timezone.now() + timedelta(days=14),
        minutes_long=90,
        place="Room 204, Main Hall",
        actor=chair,
    )
    items = council.add_items(meeting=meeting, chosen=dict.fromkeys(proposals, Kind.DECISION), actor=chair)
    wish = council.add_item(
        meeting=meeting, kind=Kind.DISCUSSION, title="Alignment of health credentials", actor=chair
    )
    council.publish_agenda(meeting=meeting, actor=chair)
    return meeting, items, wish


def _held(
    cast: Cast, proposals: list[Proposal], meeting: Meeting, items: list[AgendaItem], wish: AgendaItem
) -> Decision:
    """Hold it: votes, decisions, the exception, minutes."""
    chair = cast.chair
    council.begin_meeting(meeting=meeting, actor=chair)
    there = {seat.pk: "holder" for seat in cast.council.seats.all()}
    council.note_attendance(meeting=meeting, there=there, guests="Dana Cole, Lakeside Health", actor=chair)
    for case, proposal, item in zip(CASES, proposals, items, strict=True):
        _vote(cast, case, proposal, item)
    exception = _exception(cast, wish)
    council.end_meeting(meeting=meeting, actor=chair)
    council.approve_minutes(meeting=meeting, actor=chair)
    council.publish_minutes(meeting=meeting, actor=chair)
    return exception


def _sent(cast: Cast, case: Case) -> Proposal:
    with days_ago(84):
        draft = write(cast, case.what, by=cast.assessor, level="intermediate")
    with days_ago(81):
        proposal = council.submit(proposal=draft, actor=cast.assessor)
    through_review(cast, proposal, case.scores, case.advice, case.words)
    return proposal


def _vote(cast: Cast, case: Case, proposal: Proposal, item: AgendaItem) -> None:
    ballot = council.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    voters = (cast.chair, cast.member, cast.second_member, cast.manager)
    for person, choice in zip(voters, case.votes, strict=True):
        council.cast_vote(ballot=ballot, choice=choice, actor=person)
    closed = council.close_ballot(ballot=ballot, actor=cast.chair)
    decision = council.decide(
        ballot=closed, outcome=case.outcome, rationale=case.why, actor=cast.chair, **case.more
    )
    council.publish(decision=decision, actor=cast.chair)


def _exception(cast: Cast, item: AgendaItem) -> Decision:
    chair = cast.chair
    motion = council.make_motion(item=item, text=EXCEPTION, moved_by=cast.second_member, actor=chair)
    council.second_motion(motion=motion, seconded_by=cast.member, actor=chair)
    council.settle_motion(motion=motion, how="consent", actor=chair)
    decision = council.record_motion(
        motion=motion,
        kind=Decision.Kind.POLICY,
        rationale="There is nothing to align it to yet, and home care starts in spring.",
        actor=chair,
    )
    return council.publish(decision=decision, actor=chair)


def announced(cast: Cast, committee: Body) -> Meeting:
    """Announce the next meeting of the council, and one of the committee whose meetings are public, with what waits for them.

    Args:
        cast: whose.
        committee: the one under an open-meeting law.

    Returns:
        The meeting of the council.
    """
    deferred = Proposal.objects.get(
        organization=cast.northfield, version__title__endswith=drafts.DRONES["title"]
    )
    meeting = _planned(cast, cast.council, "Room 204, Main Hall", deferred)
    with days_ago(8):
        draft = write(
            cast, drafts.INSPECTION, by=cast.assessor, kind="knowledge", level="advanced", body=committee
        )
        inspection = council.submit(proposal=draft, actor=cast.assessor)
    _planned(cast, committee, "Old Hall", inspection)
    return meeting


def _planned(cast: Cast, body: Body, place: str, proposal: Proposal) -> Meeting:
    manager = cast.manager
    at = (timezone.localtime() + timedelta(days=14)).replace(hour=14, minute=0, second=0, microsecond=0)
    meeting = council.plan_meeting(
        body=body, starts_at=at, place=place, link="https://meet.northfield.example/council", actor=manager
    )
    council.add_items(meeting=meeting, chosen={proposal: Kind.DECISION}, actor=manager)
    council.add_item(
        meeting=meeting, kind=Kind.INFORMATION, title="Report of the microcredential office", actor=manager
    )
    return council.publish_agenda(meeting=meeting, actor=manager)
