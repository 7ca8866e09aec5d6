"""Meetings as a calendar file. Spec: RFC 5545, sections 3.1, 3.3.11 and 3.6.1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gradatim.program.council.models import Meeting

OCTETS = 75  # of a line, without its break
_STATUS = {Meeting.State.CALLED_OFF: "CANCELLED", Meeting.State.PLANNED: "TENTATIVE"}


def _text(words: str) -> str:
    for mark, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        words = words.replace(mark, escaped)
    return words


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never cut inside a character."""
    pieces, room = [""], OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(" ")
            room = OCTETS - 1
        pieces[-1] += letter
        room -= size
    return "\r\n".join(pieces)


def _event(meeting: Meeting) -> list[str]:
    body = meeting.body
    host = urlsplit(settings.SITE_URL).hostname
    page = settings.SITE_URL + reverse("council:public_meeting", args=[body.organization.slug, meeting.pk])
    lines = [
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.pk}@{host}",
        f"DTSTAMP:{_moment(timezone.now())}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.starts_at + timedelta(minutes=meeting.minutes_long))}",
        f"SUMMARY:{_text(body.name)}",
        f"STATUS:{_STATUS.get(Meeting.State(meeting.state), 'CONFIRMED')}",
        f"URL:{page}",
    ]
    where = ", ".join(filter(None, (meeting.place, meeting.link)))
    return [*lines, *([f"LOCATION:{_text(where)}"] if where else []), "END:VEVENT"]


def calendar(meetings: Iterable[Meeting]) -> str:
    """A calendar with one event per meeting.

    Args:
        meetings: with body and organization.

    Returns:
        The file, lines ended by CR LF.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gradatim//Council//EN"]
    for meeting in meetings:
        lines += _event(meeting)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])
