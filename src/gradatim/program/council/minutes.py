"""The minutes of a meeting, drawn from its rows: one document that is read on the page, printed and typeset."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gradatim.program.council import queries
from gradatim.program.council.models import AgendaItem, Attendance, Ballot, Correction, Meeting, Motion
from gradatim.program.ground import clock


def build(meeting: Meeting) -> dict[str, Any]:
    """The minutes as they read now.

    Args:
        meeting: from `queries.find_meeting`, or any.

    Returns:
        Plain words in a JSON shape: ``title``, ``organization``, ``facts`` (pairs of label and value), ``present``,
        ``absent``, ``guests``, ``quorum``, ``items`` (``number``, ``title``, ``kind``, ``notes``, ``lines``).
    """
    meeting = queries.sitting(meeting)
    body, lines, items = meeting.body, meeting.attendance.all(), meeting.items.all()
    named: dict[int, dict[str, str]] = {}
    for vote in queries.named_votes(*(ballot for item in items for ballot in item.ballots.all())):
        named.setdefault(vote.elector.ballot_id, {})[str(vote.elector.person)] = vote.choice
    return {
        "title": _("Minutes of %(body)s") % {"body": body.name},
        "organization": body.organization.name,
        "facts": _facts(meeting),
        "present": [
            _attended(line, meeting) for line in lines if line.seat_id and (line.present or line.comings)
        ],
        "absent": [
            _attended(line, meeting)
            for line in lines
            if line.person_id and not (line.present or line.comings)
        ],
        "guests": [line.name for line in lines if not line.seat_id],
        "quorum": _quorum(meeting),
        "items": [_item(number, item, named) for number, item in enumerate(items, start=1)],
    }


def read(meeting: Meeting) -> dict[str, Any]:
    """The minutes as they were approved and since corrected; before that as they read now."""
    adopted = [one for one in meeting.corrections.all() if one.adopted_at]
    return adopted[-1].minutes if adopted else meeting.minutes or build(meeting)


def versions(meeting: Meeting) -> list[tuple[dict[str, Any], Correction | None]]:
    """Every text of approved minutes, oldest first, each with the correction that made it; the last one counts."""
    if meeting.minutes is None:
        return []
    corrected = [(one.minutes, one) for one in meeting.corrections.all() if one.adopted_at]
    return [(meeting.minutes, None), *corrected]


def _quorum(meeting: Meeting) -> str:
    """Presence at the beginning, and whenever it changed whether there is a quorum."""
    over = queries.quorum_over(meeting)
    said = [_there(over[0][1] if over else queries.quorum_at(meeting))]
    before = over[0][1].met if over else None
    for at, presence in over[1:]:
        if presence.met != before:
            words = _("a quorum again") if presence.met else _("no quorum any more")
            said.append(f"{_clock(at)}: {_there(presence)}, {words}")
            before = presence.met
    if meeting.recalls_id:
        said.append(_("second call"))
    return "; ".join(said)


def _there(presence: queries.Presence) -> str:
    return _("present %(p)d of %(s)d voting seats, needed %(n)d") % {
        "p": presence.present,
        "s": presence.seats,
        "n": presence.needed,
    }


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT")


def _facts(meeting: Meeting) -> list[list[str]]:
    def at(moment: Any) -> str:  # noqa: ANN401 - a datetime or nothing
        return clock.moment(moment) if moment else "-"

    facts = [[_("Called to order"), at(meeting.began_at)], [_("Ended"), at(meeting.ended_at)]]
    if meeting.place:
        facts.append([_("Place"), meeting.place])
    if meeting.noticed_at:
        facts.append([_("Agenda published"), at(meeting.noticed_at)])
    return facts


def _times(line: Attendance, meeting: Meeting) -> list[str]:
    """When somebody came or left; who was there from the beginning needs no time."""
    said, before = [], ""
    for moment, who in line.comings:
        at = datetime.fromisoformat(moment)
        if not who:
            said.append(_("left %(time)s") % {"time": _clock(at)})
        elif said or meeting.began_at is None or at > meeting.began_at:
            back = _("back %(time)s") if said and who == before else _("%(name)s from %(time)s")
            arrived = _("arrived %(time)s") if not said and who == line.name else back
            said.append(arrived % {"time": _clock(at), "name": who})
        before = who or before
    return said


def _attended(line: Attendance, meeting: Meeting) -> str:
    seat = line.seat
    if seat is None:
        return line.name
    role = str(seat.get_role_display())
    if seat.alternate_id and line.person_id == seat.alternate_id:
        role = _("alternate, %(role)s") % {"role": role}
    name = next((who for _at, who in reversed(line.comings) if who), line.name)
    return ", ".join([f"{name} ({role})", *_times(line, meeting)])


def _item(number: int, item: AgendaItem, named: dict[int, dict[str, str]]) -> dict[str, Any]:
    kind = str(item.get_kind_display())
    if item.reading > 1:
        kind = _("%(kind)s, reading %(n)d") % {"kind": kind, "n": item.reading}
    lines = []
    if item.pulled_by:
        lines.append(_("Pulled off the consent list by %(name)s.") % {"name": item.pulled_by})
    lines += [_said(c.speaker, c.speaks_for, c.words) for c in item.comments.all()]
    lines += [_moved(motion) for motion in item.motions.all()]
    for ballot in item.ballots.all():
        lines += _voted(ballot, named.get(ballot.pk, {}))
    return {"number": number, "title": item.title, "kind": kind, "notes": item.notes, "lines": lines}


def _said(speaker: str, speaks_for: str, words: str) -> str:
    who = f"{speaker} ({speaks_for})" if speaks_for else speaker
    return f"{who}: {words}"


def _moved(motion: Motion) -> str:
    asks = {
        Motion.Kind.DEFER: _("to defer it to %(date)s") % {"date": date_format(motion.until)}
        if motion.until
        else "",
        Motion.Kind.TABLE: _("to lay it on the table"),
    }.get(Motion.Kind(motion.kind), "")
    words = {
        "text": motion.text,
        "by": motion.moved_by,
        "second": _("seconded by %(name)s") % {"name": motion.seconded_by}
        if motion.seconded_by
        else _("not seconded"),
        "state": motion.get_state_display(),
    }
    if asks:
        words["second"] = f"{words['second']}, {asks}"
    said = (
        _("Amendment by %(by)s, %(second)s: “%(text)s”: %(state)s")
        if motion.amends_id
        else _("Moved by %(by)s, %(second)s: “%(text)s”: %(state)s")
    ) % words
    if motion.by_consent:
        return _("%(said)s by unanimous consent.") % {"said": said}
    if motion.by_name:
        counted = _("%(f)d for, %(a)d against") % {"f": motion.votes_for or 0, "a": motion.votes_against or 0}
        return f"{said}; {counted} ({_by_name(motion.by_name)})."
    return f"{said}."


def _by_name(votes: dict[str, str]) -> str:
    words = {"for": _("for"), "against": _("against"), "abstain": _("abstained"), "recused": _("recused")}
    found = []
    for choice, said in words.items():
        if names := sorted(name for name, chosen in votes.items() if chosen == choice):
            found.append(f"{said}: {', '.join(names)}")
    return "; ".join(found)


def _voted(ballot: Ballot, named: dict[str, str]) -> list[str]:
    if ballot.state != Ballot.State.CLOSED:
        return [_("The vote is open.")]
    said = queries.explain(ballot)
    lines = [_("Vote (%(how)s): %(said)s.") % {"how": ballot.get_method_display(), "said": said}]
    if named:
        lines.append(f"{_by_name(named)}.")
    if ballot.tie_broken_by_id:
        lines.append(_("The chair decided the tie."))
    decision = getattr(ballot, "decision", None)
    if decision is not None and decision.published_at:
        lines.append(
            _("Decision %(number)s: %(outcome)s.")
            % {"number": decision.number, "outcome": decision.get_outcome_display()}
        )
    return lines


def pdf(meeting: Meeting) -> bytes:
    """The minutes, typeset (PDF/UA-1); every text goes in as data, so nothing a person wrote is read as markup."""
    text = {
        **read(meeting),
        "labels": {
            "present": _("Present"),
            "absent": _("Absent"),
            "guests": _("Guests"),
            "quorum": _("Quorum"),
            "draft": "" if meeting.approved_at else _("Draft, not approved"),
            "approved": _("Approved on %(date)s") % {"date": clock.day(meeting.approved_at)}
            if meeting.approved_at
            else "",
        },
        "color": meeting.body.organization.brand_color,
        "language": (get_language() or "en").partition("-")[0],
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "minutes.json").write_text(json.dumps(text), encoding="utf-8")
        (place / "minutes.typ").write_bytes(resources.files(__package__).joinpath("minutes.typ").read_bytes())
        try:
            return _set(place, "ua-1")
        except typst.TypstError:  # a name in a script that no font here has; PDF/UA forbids the empty boxes
            return _set(place, None)


def _set(place: Path, standard: Literal["ua-1"] | None) -> bytes:
    return bytes(
        typst.compile(str(place / "minutes.typ"), root=str(place), format="pdf", pdf_standards=standard)
    )
