"""Writes of minutes: approved, published, corrected; the text before a correction stays readable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, minutes, rules
from gradatim.program.council.actions.meetings import become, held, note
from gradatim.program.council.models import Correction, Meeting, Motion
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person

State = Meeting.State
LISTS = ("present", "absent", "guests")


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
    become(meeting, State.APPROVED)
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
    become(meeting, State.PUBLISHED)
    meeting.published_at = timezone.now()
    meeting.save(update_fields=["state", "published_at"])
    note(meeting, "minutes.published", actor)
    return meeting


@transaction.atomic
def correct_minutes(
    *,
    meeting: Meeting,
    lists: Mapping[str, list[str]],
    items: Mapping[int, tuple[str, list[str]]],
    reason: str,
    actor: Person,
) -> Correction:
    """Correct approved minutes. The body of an open-meeting law adopts the correction by a motion at a later meeting.

    Args:
        meeting: one whose minutes are approved.
        lists: the names under ``present``, ``absent`` and ``guests``, as they should read.
        items: number of an item → its notes and its lines, as they should read.
        reason: why; it stands beside the minutes for everyone.
        actor: the chair or a program manager.

    Returns:
        The correction: in force at once, or waiting for its motion.

    Raises:
        Refused: ``permission``; ``closed`` before the minutes are approved, or while another correction waits;
            ``row-invalid`` without a reason or a change.
    """
    meeting = held(meeting, actor)
    if meeting.minutes is None:
        raise Refused("closed", _("These minutes are not approved yet; change them directly."))
    if meeting.corrections.filter(adopted_at=None).exists():
        raise Refused("closed", _("A correction waits for its motion already. Withdraw it first."))
    if not reason.strip():
        raise Refused("row-invalid", _("Say why the minutes are corrected."), field="reason")
    before = minutes.read(meeting)
    after = _changed(before, lists, items)
    if after == before:
        raise Refused("row-invalid", _("Nothing reads otherwise. Change what is wrong first."), field=None)
    at_once = not meeting.body.is_open
    made = Correction.objects.create(
        meeting=meeting,
        minutes=after,
        reason=reason.strip(),
        made_by=actor,
        adopted_at=timezone.now() if at_once else None,
    )
    note(meeting, "minutes.corrected" if at_once else "minutes.correction-proposed", actor)
    return made


def _changed(
    before: dict[str, Any], lists: Mapping[str, list[str]], items: Mapping[int, tuple[str, list[str]]]
) -> dict[str, Any]:
    after = {**before, **{name: lists[name] for name in LISTS if name in lists}}
    after["items"] = [
        {**item, "notes": items[item["number"]][0], "lines": items[item["number"]][1]}
        if item["number"] in items
        else item
        for item in before["items"]
    ]
    return after


@transaction.atomic
def adopt_correction(*, correction: Correction, motion: Motion, actor: Person) -> Correction:
    """Adopt a correction by a motion that carried at a later meeting; the minutes read like it from now on.

    Args:
        correction: one that waits.
        motion: a carried one of a later meeting of the same body.
        actor: the chair or a program manager.

    Returns:
        The correction, adopted.

    Raises:
        Refused: ``permission``; ``closed`` if it waits no more, or for another motion; ``meeting-law`` for a meeting that was
            held without notice.
    """
    meeting = held(correction.meeting, actor)
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    motion = Motion.objects.select_related("item__meeting").get(pk=motion.pk)
    later = motion.item.meeting
    if correction.adopted_at is not None:
        raise Refused("closed", _("This correction is adopted already."))
    if (
        motion.state != Motion.State.CARRIED
        or later.body_id != meeting.body_id
        or later.starts_at <= meeting.starts_at
    ):
        raise Refused("closed", _("It is adopted by a motion that carried at a later meeting of the body."))
    law.must_be_noticed(later)
    correction.motion, correction.adopted_at = motion, timezone.now()
    correction.save(update_fields=["motion", "adopted_at"])
    note(meeting, "minutes.corrected", actor, {"motion": motion.pk})
    return correction


@transaction.atomic
def withdraw_correction(*, correction: Correction, actor: Person) -> None:
    """Withdraw a correction that waits for its motion.

    Args:
        correction: one that waits.
        actor: the chair or a program manager.

    Raises:
        Refused: ``permission``; ``closed`` once it is adopted.
    """
    if not rules.may_run(actor, correction.meeting.body):
        raise Refused("permission", _("Only the chair or a program manager runs the meetings."))
    meeting = held(correction.meeting, actor)
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.adopted_at is not None:
        raise Refused("closed", _("It is adopted; make another correction."))
    correction.delete()
    note(meeting, "minutes.correction-withdrawn", actor)
