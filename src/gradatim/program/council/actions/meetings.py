"""Writes of meetings: planning, session, attendance, end, second call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries, rules
from gradatim.program.council.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Body,
    Meeting,
    Proposal,
    Seat,
    Vote,
)
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

Kind, State = AgendaItem.Kind, Meeting.State
DECIDED = (Ballot.Result.CARRIED, Ballot.Result.LOST, Ballot.Result.TIED)


def held(meeting: Meeting, actor: Person) -> Meeting:
    """The meeting as it is now, held until the transaction ends, for the chair or a program manager."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not rules.may_run(actor, meeting.body):
        raise Refused("permission", _("Only the chair or a program manager runs the meetings."))
    return meeting


def in_session(meeting: Meeting) -> None:
    """Refuse what only happens in a meeting.

    Raises:
        Refused: ``closed``.
    """
    if meeting.state != State.IN_SESSION:
        raise Refused("closed", _("The meeting is not in session."))


def note(meeting: Meeting, verb: str, actor: Person, detail: dict[str, Any] | None = None) -> None:
    """One line in the log about a meeting."""
    log(
        organization=meeting.body.organization,
        verb=verb,
        target=f"meeting:{meeting.pk}",
        actor=actor,
        detail=detail,
    )


def become(meeting: Meeting, state: Meeting.State) -> None:
    """Take a meeting into another state, if there is a way.

    Raises:
        Refused: ``transition``.
    """
    if state not in Meeting.TRANSITIONS[State(meeting.state)]:
        raise Refused(
            "transition",
            _("This meeting is %(now)s; it cannot become “%(then)s”.")
            % {"now": meeting.get_state_display(), "then": state.label},
        )
    meeting.state = state


@transaction.atomic
def plan_meeting(
    *,
    body: Body,
    starts_at: datetime,
    minutes_long: int = 60,
    place: str = "",
    link: str = "",
    actor: Person,
) -> Meeting:
    """Plan a meeting; a body under an open-meeting law gets a place for the public on its agenda.

    Args:
        body: whose.
        starts_at: when.
        minutes_long: how long, in minutes.
        place: where.
        link: to take part from elsewhere.
        actor: the chair or a program manager.

    Returns:
        The meeting, planned.

    Raises:
        Refused: ``permission``; ``closed`` for a retired body with nothing left to finish; ``row-invalid`` for a time that is over.
    """
    if not rules.may_run(actor, body):
        raise Refused("permission", _("Only the chair or a program manager plans a meeting."))
    if not queries.may_meet(body):
        raise Refused(
            "closed", _("%(body)s is retired, and nothing is left for it to finish.") % {"body": body}
        )
    _must_come(starts_at)
    meeting = Meeting.objects.create(
        body=body,
        starts_at=starts_at,
        minutes_long=minutes_long,
        place=place.strip(),
        link=link.strip(),
        created_by=actor,
        practice=body.organization.practicing,
    )
    if body.is_open:
        AgendaItem.objects.create(meeting=meeting, position=1, kind=Kind.COMMENT, title=_("Public comment"))
    note(meeting, "meeting.planned", actor)
    return meeting


@transaction.atomic
def change_meeting(
    *,
    meeting: Meeting,
    starts_at: datetime,
    minutes_long: int = 60,
    place: str = "",
    link: str = "",
    actor: Person,
) -> Meeting:
    """Move a meeting to another time or place, before it begins.

    Args:
        meeting: a planned one; outside the open-meeting law also one whose agenda is published.
        starts_at: when.
        minutes_long: how long, in minutes.
        place: where.
        link: to take part from elsewhere.
        actor: the chair or a program manager.

    Returns:
        The meeting.

    Raises:
        Refused: ``permission``, ``closed``; ``meeting-law`` once notice was given; ``row-invalid`` for a time that is over.
    """
    meeting = held(meeting, actor)
    law.may_move(meeting)
    _must_come(starts_at)
    meeting.starts_at, meeting.minutes_long = starts_at, minutes_long
    meeting.place, meeting.link = place.strip(), link.strip()
    meeting.save(update_fields=["starts_at", "minutes_long", "place", "link"])
    note(meeting, "meeting.changed", actor)
    return meeting


def _must_come(starts_at: datetime) -> None:
    if starts_at <= timezone.now():
        raise Refused("row-invalid", _("This time is over; choose a later one."), field="starts_at")


@transaction.atomic
def call_off_meeting(*, meeting: Meeting, actor: Person) -> Meeting:
    """Call a meeting off before it begins; its proposals wait for another one.

    Args:
        meeting: one that has not begun.
        actor: the chair or a program manager.

    Returns:
        The meeting, called off.

    Raises:
        Refused: ``permission``, ``transition``.
    """
    meeting = held(meeting, actor)
    become(meeting, State.CALLED_OFF)
    meeting.save(update_fields=["state"])
    note(meeting, "meeting.called-off", actor)
    return meeting


@transaction.atomic
def begin_meeting(*, meeting: Meeting, actor: Person) -> Meeting:
    """Open the session; from now on there are attendance, motions, votes and live minutes.

    Args:
        meeting: a noticed one; outside the open-meeting law a planned one will do.
        actor: the chair or a program manager.

    Returns:
        The meeting, in session, with a line of attendance for every seat.

    Raises:
        Refused: ``permission``, ``transition``, ``meeting-law``.
    """
    meeting = held(meeting, actor)
    law.may_begin(meeting)
    become(meeting, State.IN_SESSION)
    meeting.began_at = timezone.now()
    meeting.save(update_fields=["state", "began_at"])
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, seat=seat, person=seat.holder, name=str(seat.holder or _("vacant")))
        for seat in meeting.body.seats.select_related("holder").order_by("id")
    )
    note(meeting, "meeting.began", actor)
    return meeting


@transaction.atomic
def note_attendance(
    *,
    meeting: Meeting,
    there: Mapping[int, str],
    guests: str = "",
    at: datetime | None = None,
    actor: Person,
) -> Meeting:
    """Note who is there and since when; quorum and open votes of the meeting follow.

    Args:
        meeting: one in session.
        there: seat key to ``"holder"`` or ``"alternate"``; seats that are left out are absent.
        guests: names, one per line.
        at: since when it is so; what is noted first counts from the beginning, later changes from now.
        actor: the chair or a program manager.

    Returns:
        The meeting.

    Raises:
        Refused: ``permission``, ``closed``; ``charter`` for an alternate where the charter has none stand in;
            ``row-invalid`` for a time outside of the meeting, or before what was noted last.
    """
    meeting = held(meeting, actor)
    in_session(meeting)
    lines = list(meeting.attendance.exclude(seat=None).select_related("seat__holder", "seat__alternate"))
    since = _since(meeting, lines, at)
    for line in lines:
        _mark(meeting, line, line.seat, there.get(line.seat_id or 0, ""))
        now = line.name if line.present else ""
        if now != (line.comings[-1][1] if line.comings else ""):
            line.comings = [*line.comings, [since.isoformat(), now]]
    Attendance.objects.bulk_update(lines, ["person", "name", "present", "comings"])
    meeting.attendance.filter(seat=None).delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, name=name.strip()[:200], present=True)
        for name in guests.splitlines()
        if name.strip()
    )
    _tell_ballots(meeting)
    note(meeting, "meeting.attendance-noted", actor)
    return meeting


def _since(meeting: Meeting, lines: list[Attendance], at: datetime | None) -> datetime:
    """From when on the attendance is as it is noted."""
    began, now = meeting.began_at or meeting.starts_at, timezone.now()
    noted = [datetime.fromisoformat(line.comings[-1][0]) for line in lines if line.comings]
    if at is None:
        return now if noted else began
    if not began <= at <= now:
        raise Refused("row-invalid", _("This time is not within the meeting so far."), field="at")
    if noted and at < max(noted):
        raise Refused(
            "row-invalid", _("Something was noted after this time already; note it as it came."), field="at"
        )
    return at


def _mark(meeting: Meeting, line: Attendance, seat: Seat | None, who: str) -> None:
    if who == "alternate" and meeting.body.alternates == Body.Alternates.NEVER:
        raise Refused("charter", _("The charter of %(body)s has no alternates.") % {"body": meeting.body})
    person = (seat.alternate if who == "alternate" else seat.holder) if seat else None
    line.present = bool(who and person)
    line.person, line.name = person, str(person or _("vacant"))


def _tell_ballots(meeting: Meeting) -> None:
    """Presence in open votes of the meeting; who has voted stays present."""
    there = set(queries.present_at(meeting).values())
    silent = Q(vote=None) | Q(vote__choice=Vote.Choice.RECUSED)
    for ballot in Ballot.objects.select_for_update().filter(item__meeting=meeting, state=Ballot.State.OPEN):
        ballot.electors.filter(person__in=there).update(present=True)
        ballot.electors.exclude(person__in=there).filter(silent).update(present=False)


@transaction.atomic
def end_meeting(*, meeting: Meeting, actor: Person) -> Meeting:
    """End the session.

    Args:
        meeting: one in session, without an open vote.
        actor: the chair or a program manager.

    Returns:
        The meeting, ended; its minutes can be read, completed and approved.

    Raises:
        Refused: ``permission``, ``transition``; ``in-use`` while a vote is open.
    """
    meeting = held(meeting, actor)
    become(meeting, State.ENDED)
    if Ballot.objects.filter(item__meeting=meeting, state=Ballot.State.OPEN).exists():
        raise Refused("in-use", _("A vote is still open. Close it first."))
    meeting.ended_at = timezone.now()
    meeting.save(update_fields=["state", "ended_at"])
    note(meeting, "meeting.ended", actor)
    return meeting


@transaction.atomic
def recall_meeting(*, meeting: Meeting, starts_at: datetime, actor: Person) -> Meeting:
    """Call a meeting again for want of a quorum: what was left open is on the new agenda, and the charter may ask for fewer.

    Args:
        meeting: one that ended without a quorum, not called again yet.
        starts_at: when the new one begins.
        actor: the chair or a program manager.

    Returns:
        The new meeting, planned.

    Raises:
        Refused: ``permission``; ``closed`` for a meeting with a quorum, that goes on, or that was called again;
            ``row-invalid`` for a time that is over.
    """
    meeting = held(meeting, actor)
    if meeting.state not in {State.ENDED, State.APPROVED, State.PUBLISHED} or queries.quorum_at(meeting).met:
        raise Refused("closed", _("Only a meeting that ended without a quorum is called again."))
    if Meeting.objects.filter(recalls=meeting).exists():
        raise Refused("closed", _("It was called again already."))
    made = plan_meeting(
        body=meeting.body,
        starts_at=starts_at,
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        link=meeting.link,
        actor=actor,
    )
    made.recalls = meeting
    made.save(update_fields=["recalls"])
    left = meeting.items.exclude(kind=Kind.COMMENT).exclude(ballots__result__in=DECIDED)
    left = left.exclude(motions__state__in=("carried", "lost"))
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=made,
            position=position,
            kind=item.kind,
            title=item.title,
            proposal=item.proposal,
            reading=item.reading,
        )
        for position, item in enumerate(left.distinct(), start=made.items.count() + 1)
        if item.proposal is None or item.proposal.state == Proposal.State.SUBMITTED
    )
    note(made, "meeting.recalled", actor, {"meeting": meeting.pk})
    return made
