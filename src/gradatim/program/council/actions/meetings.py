"""Writes of meetings: planning, agenda, notice, session, attendance, end, minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gradatim.program.council import law, minutes, queries, rules
from gradatim.program.council.models import AgendaItem, Attendance, Ballot, Body, Meeting, Proposal, Seat
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

Kind, State = AgendaItem.Kind, Meeting.State


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


def _become(meeting: Meeting, state: Meeting.State) -> None:
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
        Refused: ``permission``; ``row-invalid`` for a time that is over.
    """
    if not rules.may_run(actor, body):
        raise Refused("permission", _("Only the chair or a program manager plans a meeting."))
    if starts_at <= timezone.now():
        raise Refused("row-invalid", _("This time is over; choose a later one."), field="starts_at")
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
def add_items(*, meeting: Meeting, chosen: Mapping[Proposal, str], actor: Person) -> list[AgendaItem]:
    """Put proposals from the queue on the agenda.

    Args:
        meeting: one that is not over; under an open-meeting law one whose agenda is not locked.
        chosen: proposal to `AgendaItem.Kind`.
        actor: the chair or a program manager.

    Returns:
        The items, after those that are there.

    Raises:
        Refused: ``permission``, ``meeting-law``, ``closed``; ``in-use`` for a proposal that is on it already;
            ``row-invalid`` for one that is not with this body.
    """
    meeting = held(meeting, actor)
    law.may_add(meeting)
    items = []
    for proposal, kind in chosen.items():
        if proposal.body_id != meeting.body_id or proposal.state != Proposal.State.SUBMITTED:
            raise Refused(
                "row-invalid", _("“%(p)s” is not with this body now.") % {"p": proposal.version.title}
            )
        if meeting.items.filter(proposal=proposal).exists():
            raise Refused("in-use", _("“%(p)s” is on this agenda already.") % {"p": proposal.version.title})
        items.append(_add(meeting, Kind(kind), proposal.version.title, proposal))
    note(meeting, "agenda.changed", actor)
    return items


@transaction.atomic
def add_item(*, meeting: Meeting, kind: str, title: str, actor: Person) -> AgendaItem:
    """Put something on the agenda that is no proposal.

    Args:
        meeting: as for `add_items`.
        kind: an `AgendaItem.Kind`.
        title: what it is.
        actor: the chair or a program manager.

    Returns:
        The item.

    Raises:
        Refused: ``permission``, ``meeting-law``, ``closed``; ``row-invalid`` without a title.
    """
    meeting = held(meeting, actor)
    law.may_add(meeting)
    if not title.strip():
        raise Refused("row-invalid", _("Say what the item is about."), field="title")
    item = _add(meeting, Kind(kind), title.strip(), None)
    note(meeting, "agenda.changed", actor)
    return item


def _add(meeting: Meeting, kind: AgendaItem.Kind, title: str, proposal: Proposal | None) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    reading = 1 + (queries.earlier_readings(meeting, proposal) if proposal else 0)
    return AgendaItem.objects.create(
        meeting=meeting, position=last + 1, kind=kind, title=title[:200], proposal=proposal, reading=reading
    )


@transaction.atomic
def remove_item(*, item: AgendaItem, actor: Person) -> None:
    """Take an item off the agenda.

    Args:
        item: one of an agenda that can be changed.
        actor: the chair or a program manager.

    Raises:
        Refused: ``permission``, ``meeting-law``, ``closed``; ``in-use`` once something happened under it.
    """
    meeting = held(item.meeting, actor)
    law.may_add(meeting)
    if item.ballots.exists() or item.motions.exists() or item.comments.exists():
        raise Refused("in-use", _("Something happened under this item; it stays in the minutes."))
    item.delete()
    note(meeting, "agenda.changed", actor)


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, actor: Person) -> None:
    """Change places with the item before or after.

    Args:
        item: one of an agenda that can be changed.
        up: toward the beginning.
        actor: the chair or a program manager.

    Raises:
        Refused: ``permission``, ``meeting-law``, ``closed``.
    """
    meeting = held(item.meeting, actor)
    law.may_add(meeting)
    items = list(meeting.items.all())
    at = items.index(item)
    other = at - 1 if up else at + 1
    if 0 <= other < len(items):
        items[at], items[other] = items[other], items[at]
    for position, one in enumerate(items, start=1):
        one.position = position
    AgendaItem.objects.bulk_update(items, ["position"])
    note(meeting, "agenda.changed", actor)


@transaction.atomic
def publish_agenda(*, meeting: Meeting, actor: Person) -> Meeting:
    """Give notice: the agenda is published, members get it by mail; under an open-meeting law it is locked and public.

    Args:
        meeting: a planned one with an agenda.
        actor: the chair or a program manager.

    Returns:
        The meeting, noticed.

    Raises:
        Refused: ``permission``, ``transition``; ``meeting-law`` when it is too late; ``row-invalid`` without an item.
    """
    meeting = held(meeting, actor)
    _become(meeting, State.NOTICED)
    law.may_notice(meeting)
    items = list(meeting.items.all())
    if not items:
        raise Refused("row-invalid", _("The agenda is empty. Add what waits first."))
    meeting.noticed_at = timezone.now()
    meeting.save(update_fields=["state", "noticed_at"])
    note(meeting, "meeting.noticed", actor)
    _tell_members(meeting, items)
    return meeting


def _tell_members(meeting: Meeting, items: Iterable[AgendaItem]) -> None:
    body = meeting.body
    words = {
        "body": body.name,
        "when": date_format(meeting.starts_at, "DATETIME_FORMAT") + " UTC",
        "place": meeting.place or meeting.link,
        "items": "\n".join(f"{n}. {i.title} ({i.get_kind_display()})" for n, i in enumerate(items, start=1)),
        "page": settings.SITE_URL + reverse("council:meeting", args=[body.organization.slug, meeting.pk]),
    }
    for person in queries.members(body):
        ground.write_mail(
            key=f"agenda:{meeting.pk}:{person.pk}",
            to=person.email or "",
            subject=_("Agenda: %(body)s, %(when)s") % words,
            text=_("%(body)s meets on %(when)s. %(place)s\n\n%(items)s\n\nEverything about it:\n%(page)s")
            % words,
            organization_name=body.organization.name,
        )


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
    _become(meeting, State.CALLED_OFF)
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
    _become(meeting, State.IN_SESSION)
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
    *, meeting: Meeting, there: Mapping[int, str], guests: str = "", actor: Person
) -> Meeting:
    """Note who is there; open votes of the meeting follow.

    Args:
        meeting: one in session.
        there: seat key to ``"holder"`` or ``"alternate"``; seats that are left out are absent.
        guests: names, one per line.
        actor: the chair or a program manager.

    Returns:
        The meeting.

    Raises:
        Refused: ``permission``, ``closed``; ``charter`` for an alternate where the charter has none stand in.
    """
    meeting = held(meeting, actor)
    in_session(meeting)
    lines = meeting.attendance.exclude(seat=None).select_related("seat__holder", "seat__alternate")
    for line in lines:
        _mark(meeting, line, line.seat, there.get(line.seat_id or 0, ""))
    Attendance.objects.bulk_update(lines, ["person", "name", "present"])
    meeting.attendance.filter(seat=None).delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, name=name.strip()[:200], present=True)
        for name in guests.splitlines()
        if name.strip()
    )
    _tell_ballots(meeting)
    note(meeting, "meeting.attendance-noted", actor)
    return meeting


def _mark(meeting: Meeting, line: Attendance, seat: Seat | None, who: str) -> None:
    if who == "alternate" and meeting.body.alternates == Body.Alternates.NEVER:
        raise Refused("charter", _("The charter of %(body)s has no alternates.") % {"body": meeting.body})
    person = (seat.alternate if who == "alternate" else seat.holder) if seat else None
    line.present = bool(who and person)
    line.person, line.name = person, str(person or _("vacant"))


def _tell_ballots(meeting: Meeting) -> None:
    """Presence in open votes of the meeting; who has voted stays present."""
    there = set(queries.present_at(meeting).values())
    for ballot in Ballot.objects.select_for_update().filter(item__meeting=meeting, state=Ballot.State.OPEN):
        ballot.electors.filter(person__in=there).update(present=True)
        ballot.electors.exclude(person__in=there).filter(vote=None).update(present=False)


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
    _become(meeting, State.ENDED)
    if Ballot.objects.filter(item__meeting=meeting, state=Ballot.State.OPEN).exists():
        raise Refused("in-use", _("A vote is still open. Close it first."))
    meeting.ended_at = timezone.now()
    meeting.save(update_fields=["state", "ended_at"])
    note(meeting, "meeting.ended", actor)
    return meeting


@transaction.atomic
def approve_minutes(*, meeting: Meeting, actor: Person) -> Meeting:
    """Approve the minutes as they are; from now on they do not change.

    Args:
        meeting: an ended one.
        actor: the chair or a program manager.

    Returns:
        The meeting, its minutes kept as they read now.

    Raises:
        Refused: ``permission``, ``transition``.
    """
    meeting = held(meeting, actor)
    _become(meeting, State.APPROVED)
    meeting.minutes = minutes.build(meeting)
    meeting.approved_by, meeting.approved_at = actor, timezone.now()
    meeting.save(update_fields=["state", "minutes", "approved_by", "approved_at"])
    note(meeting, "minutes.approved", actor)
    return meeting


@transaction.atomic
def publish_minutes(*, meeting: Meeting, actor: Person) -> Meeting:
    """Publish the approved minutes, for everyone to read.

    Args:
        meeting: one with approved minutes.
        actor: the chair or a program manager.

    Returns:
        The meeting, its minutes published.

    Raises:
        Refused: ``permission``, ``transition``.
    """
    meeting = held(meeting, actor)
    _become(meeting, State.PUBLISHED)
    meeting.published_at = timezone.now()
    meeting.save(update_fields=["state", "published_at"])
    note(meeting, "minutes.published", actor)
    return meeting
