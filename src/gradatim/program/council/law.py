"""Meeting law: what a body under an open-meeting law may not do, each clause by its name.

The clauses are those that the published open-meeting statutes of the states have in common; a body cites its own statute beside.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.council import queries
from gradatim.program.council.models import AgendaItem, Body, Meeting
from gradatim.program.ground.refused import Refused

BY_NAME = gettext_lazy("votes by name")
IN_MEETING = gettext_lazy("votes in a noticed meeting")
ON_AGENDA = gettext_lazy("only what is on the published agenda")
NO_TALK = gettext_lazy("no discussion between meetings")
CLAUSES = (BY_NAME, IN_MEETING, ON_AGENDA, NO_TALK)


def cited(body: Body, clause: str | Promise) -> str:
    """A clause as it is named to people, with the body's own statute beside."""
    return f"{clause}; {body.law_source}" if body.law_source else str(clause)


def _refused(body: Body, clause: str, message: str) -> Refused:
    return Refused(
        "meeting-law",
        _("%(message)s (Open meetings: %(clause)s.)") % {"message": message, "clause": cited(body, clause)},
    )


def no_secret(body: Body) -> None:
    """Refuse a secret ballot where votes are by name.

    Raises:
        Refused: ``meeting-law`` or ``charter``.
    """
    if body.is_open:
        raise _refused(
            body, str(BY_NAME), _("%(body)s votes by name; a secret ballot is not allowed.") % {"body": body}
        )
    if body.secrecy == Body.Secrecy.NEVER:
        raise Refused(
            "charter",
            _("The charter of %(body)s has every vote by name. Vote by name, or change the charter first.")
            % {"body": body},
        )


def may_vote_in(body: Body, item: AgendaItem | None) -> None:
    """Refuse a vote that the law or the charter does not allow here and now.

    Args:
        body: whose vote.
        item: of the meeting it is part of; ``None`` between meetings.

    Raises:
        Refused: ``meeting-law``, ``charter``; ``second-reading``.
    """
    if item is None:
        if body.is_open:
            raise _refused(
                body,
                str(IN_MEETING),
                _("%(body)s votes only in a meeting. Put the proposal on an agenda.") % {"body": body},
            )
        if not body.between_meetings:
            raise Refused(
                "charter",
                _("The charter of %(body)s has votes only in meetings. Put the proposal on an agenda.")
                % {"body": body},
            )
        return
    meeting = item.meeting
    if meeting.state != Meeting.State.IN_SESSION:
        raise Refused("closed", _("The meeting is not in session. Open it first, then the vote."))
    must_be_noticed(meeting)
    if body.is_open and (meeting.noticed_at is None or item.added_at > meeting.noticed_at):
        raise _refused(
            body, str(ON_AGENDA), _("“%(item)s” came onto the agenda after it was locked.") % {"item": item}
        )
    if item.reading < body.readings:
        raise Refused(
            "second-reading",
            _("This is the first reading; %(body)s votes at the second, in a later meeting.")
            % {"body": body},
        )


def must_be_noticed(meeting: Meeting) -> None:
    """Refuse what was done in a meeting without notice, where the law wants one.

    Raises:
        Refused: ``meeting-law``.
    """
    if meeting.body.is_open and meeting.noticed_at is None:
        raise _refused(
            meeting.body,
            str(IN_MEETING),
            _("This meeting was held without notice, so nothing can be voted on in it."),
        )


def may_add(meeting: Meeting) -> None:
    """Refuse an item for an agenda that is locked: published, or so close to the meeting that it had to be.

    Raises:
        Refused: ``meeting-law``; ``closed`` once the meeting is over.
    """
    if meeting.over or meeting.state == Meeting.State.CALLED_OFF:
        raise Refused("closed", _("This meeting is over; choose a later one."))
    body = meeting.body
    if not queries.agenda_open(meeting):
        raise _refused(
            body,
            str(ON_AGENDA),
            _("The agenda is locked %(n)d hours before the meeting. Take the next meeting.")
            % {"n": body.notice_hours},
        )


def may_move(meeting: Meeting) -> None:
    """Refuse another time or place for a meeting that has begun, or of which the public was told.

    Raises:
        Refused: ``closed``, ``meeting-law``.
    """
    if not meeting.before:
        raise Refused("closed", _("The meeting has begun; its time stands."))
    if meeting.body.is_open and meeting.noticed_at is not None:
        raise _refused(
            meeting.body,
            str(IN_MEETING),
            _("The public was told this time and place. Call the meeting off and plan another."),
        )


def may_notice(meeting: Meeting) -> None:
    """Refuse a notice that comes too late.

    Raises:
        Refused: ``meeting-law``.
    """
    if meeting.body.is_open and queries.is_late(meeting):
        raise _refused(
            meeting.body,
            str(IN_MEETING),
            _(
                "The agenda has to be published %(n)d hours before the meeting; move the meeting to a later time."
            )
            % {"n": meeting.body.notice_hours},
        )


def may_begin(meeting: Meeting) -> None:
    """Refuse to open a meeting that was not noticed, or before the time that was announced; practice does not wait.

    Raises:
        Refused: ``meeting-law``.
    """
    if meeting.body.is_open and not meeting.practice and timezone.now() < meeting.starts_at:
        raise _refused(
            meeting.body,
            str(IN_MEETING),
            _("The meeting was announced for a later time and cannot begin before it."),
        )
    if meeting.body.is_open and meeting.noticed_at is None:
        raise _refused(
            meeting.body, str(IN_MEETING), _("Its agenda was not published, so this meeting cannot be held.")
        )


def may_comment(body: Body) -> None:
    """Refuse a comment to the whole body outside a meeting: it would be a discussion behind the public's back.

    Raises:
        Refused: ``meeting-law``.
    """
    if body.is_open and not body.meetings.filter(state=Meeting.State.IN_SESSION).exists():
        raise _refused(
            body,
            str(NO_TALK),
            _("Between meetings %(body)s does not discuss among itself. Write to the proposer or the chair.")
            % {"body": body},
        )
