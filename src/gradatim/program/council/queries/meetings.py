"""Reads of meetings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gradatim.engine.canonical.jcs import canonicalize
from gradatim.program.achievements import queries as achievements
from gradatim.program.council import tally
from gradatim.program.council.models import (
    AgendaItem,
    Attendance,
    Body,
    Correction,
    Meeting,
    Motion,
    Proposal,
)
from gradatim.program.council.queries.proposals import put_off_on
from gradatim.program.council.queries.sitting import sitting
from gradatim.program.people.models import Organization, Person

State = Meeting.State


def meetings(body: Body) -> QuerySet[Meeting]:
    """The meetings of a body, the latest first."""
    return body.meetings.prefetch_related("items").order_by("-starts_at", "-id")


PACE = {Body.Cadence.WEEKLY: 7, Body.Cadence.FORTNIGHTLY: 14, Body.Cadence.MONTHLY: 28}  # days


def next_date(body: Body) -> datetime | None:
    """When the body would meet next: its last meeting and its cadence, on the same weekday at the same time of the clock."""
    last = body.meetings.exclude(state=State.CALLED_OFF).order_by("-starts_at").first()
    pace = PACE.get(Body.Cadence(body.cadence))
    if last is None or pace is None:
        return None
    local = last.starts_at.astimezone(ZoneInfo(body.organization.time_zone))
    coming = local + timedelta(days=pace)  # the clock's time stays, also when summer time begins or ends
    return coming if coming > timezone.now() else None


def upcoming(organization: Organization) -> QuerySet[Meeting]:
    """Meetings that are planned, noticed or going on, the next one first."""
    return (
        Meeting.objects.filter(body__organization=organization, state__in=Meeting.COMING)
        .select_related("body")
        .order_by("starts_at", "id")
    )


def public_meetings(organization: Organization) -> QuerySet[Meeting]:
    """What everyone may see: noticed meetings of open bodies, and published minutes of any; the latest first."""
    noticed = Q(body__law=Body.Law.OPEN, noticed_at__isnull=False)
    return (
        Meeting.objects.filter(noticed | Q(state=State.PUBLISHED), body__organization=organization)
        .select_related("body__organization")
        .order_by("-starts_at", "-id")
    )


def find_meeting(organization: Organization, meeting: int) -> Meeting | None:
    """One meeting with all that its page shows."""
    found = (
        Meeting.objects.filter(body__organization=organization, pk=meeting)
        .select_related("body__organization", "approved_by", "recalls", "recalled_by")
        .first()
    )
    return sitting(found) if found else None


def find_public_meeting(organization: Organization, meeting: int) -> Meeting | None:
    """One meeting that everyone may see."""
    found = public_meetings(organization).prefetch_related("items", "corrections__made_by")
    return found.filter(pk=meeting).first()


def find_correction(organization: Organization, correction: int) -> Correction | None:
    """One correction of minutes."""
    found = Correction.objects.filter(meeting__body__organization=organization, pk=correction)
    return found.select_related("meeting__body").first()


def corrections_waiting(body: Body) -> QuerySet[Correction]:
    """Corrections that a motion of a later meeting has to adopt."""
    return Correction.objects.filter(meeting__body=body, adopted_at=None).select_related("meeting", "made_by")


def find_item(meeting: Meeting, item: int) -> AgendaItem | None:
    """One item of a meeting."""
    return meeting.items.select_related("meeting__body__organization", "proposal").filter(pk=item).first()


def find_motion(meeting: Meeting, motion: int) -> Motion | None:
    """One motion of a meeting."""
    return Motion.objects.select_related("item__meeting").filter(item__meeting=meeting, pk=motion).first()


def queue(body: Body) -> QuerySet[Proposal]:
    """Proposals with the body that are on no agenda to come and not put off, longest waiting first."""
    coming = AgendaItem.objects.filter(proposal=OuterRef("pk"), meeting__state__in=Meeting.COMING)
    return (
        body.proposals.filter(~Exists(coming), state=Proposal.State.SUBMITTED)
        .exclude(put_off_on(timezone.localdate()))
        .select_related("version", "body", "route")
        .prefetch_related("stages")
        .order_by("submitted_at", "number")
    )


def coming_item(proposal: Proposal) -> AgendaItem | None:
    """Where a proposal stands on an agenda to come, or of a meeting that goes on."""
    coming = [item for item in proposal.agenda_items.all() if item.meeting.state in Meeting.COMING]
    return min(coming, key=lambda item: (item.meeting.starts_at, item.pk), default=None)


def earlier_readings(meeting: Meeting, proposal: Proposal) -> int:
    """At how many meetings of the body that are over a proposal was read already."""
    over = (State.ENDED, State.APPROVED, State.PUBLISHED)
    return AgendaItem.objects.filter(
        proposal=proposal, meeting__body=meeting.body_id, meeting__state__in=over
    ).count()


def present_at(meeting: Meeting) -> dict[int, int]:
    """Who is there for which seat: seat key to person key."""
    there = meeting.attendance.filter(present=True, seat__isnull=False, person__isnull=False)
    return {seat: person for seat, person in there.values_list("seat_id", "person_id") if seat and person}


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a meeting has a quorum."""

    present: int
    seats: int
    needed: int
    met: bool


def quorum_at(meeting: Meeting) -> Presence:
    """Who of the voting seats is there now, against what the charter needs to be present; less at a second call."""
    return _presence(meeting, meeting.attendance.all())


def _presence(meeting: Meeting, lines: Iterable[Attendance]) -> Presence:
    today, body = timezone.localdate(), meeting.body
    seats = [s for s in body.seats.all() if s.votes]
    counted = [s for s in seats if body.vacant_counts or s.held_on(today)]
    there = {line.seat_id for line in lines if line.present}
    count = tally.Count(seats=len(counted), present=sum(s.pk in there for s in seats))
    if (
        body.quorum == Body.Quorum.PRESENT
    ):  # of those present enough have to vote: that is a vote's own matter
        return Presence(count.present, count.seats, 1, met=count.present > 0)
    if meeting.recalls_id and body.second_call is not None:
        needed = body.second_call
        return Presence(count.present, count.seats, needed, met=count.present >= max(needed, 1))
    needed = tally.quorum_needed(count, body)
    return Presence(count.present, count.seats, needed, met=tally.has_quorum(count, body))


def quorum_over(meeting: Meeting) -> list[tuple[datetime, Presence]]:
    """How many of the voting seats were there from when on: the beginning, then every change."""
    lines = [line for line in meeting.attendance.all() if line.seat_id]
    moves = sorted((datetime.fromisoformat(at), line.pk, who) for line in lines for at, who in line.comings)
    now = {line.pk: line.present for line in lines}
    found: list[tuple[datetime, Presence]] = []
    for line in lines:
        line.present = False
    by_key = {line.pk: line for line in lines}
    for at, key, who in moves:
        by_key[key].present = bool(who)
        said = _presence(meeting, lines)
        if found and found[-1][0] == at:
            found.pop()
        if not found or found[-1][1] != said:
            found.append((at, said))
    for line in lines:
        line.present = now[line.pk]
    return found


def members(body: Body) -> list[Person]:
    """Who holds a seat today and has an address."""
    today = timezone.localdate()
    held = [s.holder for s in body.seats.select_related("holder").order_by("id") if s.held_on(today)]
    return [person for person in held if person is not None and person.email]


def digest(proposal: Proposal) -> str:
    """The digest of what is proposed, as it stands now."""
    if proposal.version:
        return achievements.content_digest(proposal.version)
    said = {name: getattr(proposal, name) for name in ("kind", "subject", "wording", "purpose", "need")}
    return hashlib.sha256(canonicalize(said)).hexdigest()


def agenda_open(meeting: Meeting) -> bool:
    """Whether its agenda can be changed: by the law's clock, and as long as it is not over."""
    body = meeting.body
    if meeting.over or meeting.state == State.CALLED_OFF:
        return False
    return not body.is_open or (meeting.state == State.PLANNED and not is_late(meeting))


def latest_notice(meeting: Meeting) -> datetime:
    """By when the agenda has to be published: hours before the meeting where the law says so, else until it begins."""
    body = meeting.body
    return meeting.starts_at - timedelta(hours=body.notice_hours if body.is_open else 0)


def is_late(meeting: Meeting) -> bool:
    """Whether the time by which an agenda has to be published is over; practice keeps no hours."""
    lead = timedelta(hours=meeting.body.notice_hours)
    return not meeting.practice and timezone.now() > meeting.starts_at - lead


def is_on_consent(item: AgendaItem) -> bool:
    """Whether an item waits to be carried with the consent list."""
    return item.kind == AgendaItem.Kind.CONSENT and item.proposal_id is not None and not item.ballots.all()


def may_be_recalled(meeting: Meeting) -> bool:
    """Whether a meeting ended without a quorum and was not called again."""
    return meeting.over and not quorum_at(meeting).met and not hasattr(meeting, "recalled_by")


def own_items(meeting: Meeting, person: Person) -> set[int]:
    """The items whose proposals are the person's own."""
    mine = (item for item in meeting.items.all() if item.proposal)
    return {item.pk for item in mine if item.proposal and person in item.proposal.proposers.all()}
