"""Writes of agendas: what is on them, in which order, and their publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries
from gradatim.program.council.actions.meetings import become, held, note
from gradatim.program.council.models import AgendaItem, Meeting, Proposal
from gradatim.program.ground import actions as ground
from gradatim.program.ground import clock
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person

Kind, State = AgendaItem.Kind, Meeting.State


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
            raise Refused("row-invalid", _("“%(p)s” is not with this body now.") % {"p": proposal.title})
        if meeting.items.filter(proposal=proposal).exists():
            raise Refused("in-use", _("“%(p)s” is on this agenda already.") % {"p": proposal.title})
        items.append(_add(meeting, Kind(kind), proposal.title, proposal))
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
    become(meeting, State.NOTICED)
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
        "when": clock.moment(meeting.starts_at, body.organization.time_zone),
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
