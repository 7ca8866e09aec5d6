"""A meeting with all that its page and its minutes show: one query, however much happened."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gradatim.program.council.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Meeting,
    Motion,
    Proposal,
    PublicComment,
    Seat,
)
from gradatim.program.ground.together import Part, read_together, remember
from gradatim.program.people.models import Person

NAME = ("name",)


def sitting(meeting: Meeting) -> Meeting:
    """The meeting, with its items, motions, votes, comments, attendance, corrections and the seats of its body read.

    Args:
        meeting: with its body.
    """
    under = {"item__meeting": meeting}
    people = {"moved_by": NAME, "seconded_by": NAME, "amends": (), "decision": ()}
    there = {"seat": (), "seat__holder": NAME, "seat__alternate": NAME, "person": NAME}
    read = read_together(
        {
            "items": Part(
                meeting.items.all(),
                along={"proposal": (), "proposal__version": ("title",), "pulled_by": NAME},
            ),
            "motions": Part(Motion.objects.filter(**under), along=people),
            "ballots": Part(Ballot.objects.filter(**under), along={"body": (), "decision": ()}),
            "comments": Part(PublicComment.objects.filter(**under)),
            "attendance": Part(meeting.attendance.all(), along=there),
            "corrections": Part(meeting.corrections.all(), along={"made_by": NAME}),
            "seats": Part(Seat.objects.filter(body=meeting.body_id)),
            "proposers": Part(
                Proposal.proposers.through.objects.filter(proposal__agenda_items__meeting=meeting).distinct(),
                along={"person": NAME},
            ),
        }
    )
    _hang(meeting, read)
    return meeting


def _hang(meeting: Meeting, read: dict[str, list[Any]]) -> None:
    items: list[AgendaItem] = sorted(read["items"], key=lambda item: (item.position, item.pk))
    proposers: dict[int, list[Person]] = defaultdict(list)
    for row in read["proposers"]:
        proposers[row.proposal_id].append(row.person)
    for item in items:
        item.meeting = meeting
        for name in ("motions", "ballots", "comments"):
            rows = [row for row in read[name] if row.item_id == item.pk]
            for row in rows:
                row.item = item
            remember(item, name, rows)
        if item.proposal is not None:
            remember(item.proposal, "proposers", proposers[item.proposal.pk])
    attendance: list[Attendance] = read["attendance"]
    remember(meeting, "items", items)
    remember(meeting, "attendance", attendance)
    remember(meeting, "corrections", read["corrections"])
    remember(meeting.body, "seats", read["seats"])
