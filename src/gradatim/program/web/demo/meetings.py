"""The demo's meetings: one that was held, with minutes everyone can read; one under an open-meeting law, to come."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gradatim.program.council import actions as council
from gradatim.program.council.models import AgendaItem, Body, Meeting, Seat
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.web.demo.cast import Cast

Kind = AgendaItem.Kind


def hold(cast: Cast) -> Meeting:
    """Hold a meeting of the council.

    Args:
        cast: whose council it is.

    Returns:
        The meeting that was held, its minutes published.
    """
    chair = cast.chair
    meeting = council.plan_meeting(
        body=cast.council,
        starts_at=timezone.now() + timedelta(minutes=1),
        place="Room 204, Main Hall",
        actor=chair,
    )
    report = council.add_item(
        meeting=meeting, kind=Kind.INFORMATION, title="Report of the microcredential office", actor=chair
    )
    fees = council.add_item(
        meeting=meeting, kind=Kind.DISCUSSION, title="Fees for short credentials", actor=chair
    )
    council.publish_agenda(meeting=meeting, actor=chair)
    council.begin_meeting(meeting=meeting, actor=chair)
    there = {seat.pk: "holder" for seat in cast.council.seats.all()}
    council.note_attendance(meeting=meeting, there=there, guests="Dana Cole, Lakeside Health", actor=chair)
    council.write_notes(
        item=report,
        notes="Priya Nair: one achievement approved, five learners in its first cohort.",
        actor=chair,
    )
    motion = council.make_motion(
        item=fees, text="The fee for a short credential is 40 dollars.", moved_by=cast.member, actor=chair
    )
    council.second_motion(motion=motion, seconded_by=cast.manager, actor=chair)
    amendment = council.make_motion(
        item=fees,
        text="The fee for a short credential is 40 dollars; who is out of work pays nothing.",
        moved_by=cast.second_member,
        amends=motion,
        actor=chair,
    )
    council.second_motion(motion=amendment, seconded_by=chair, actor=chair)
    council.settle_motion(motion=amendment, how="consent", actor=chair)
    votes = {chair: "for", cast.second_member: "for", cast.manager: "for", cast.member: "against"}
    council.settle_motion(motion=motion, how="vote", votes=votes, actor=chair)
    council.end_meeting(meeting=meeting, actor=chair)
    council.approve_minutes(meeting=meeting, actor=chair)
    return council.publish_minutes(meeting=meeting, actor=chair)


def announce(cast: Cast) -> Meeting:
    """Announce a meeting of a committee whose meetings are public.

    Args:
        cast: who sits in it.

    Returns:
        The meeting, its agenda published.
    """
    administrator = cast.administrator
    with taxonomy.rehearsing():  # the council decided about it before
        committee = council.found_body(
            organization=cast.northfield,
            name="Curriculum Committee",
            form=Body.Form.COMMITTEE,
            law=Body.Law.OPEN,
            law_source="Open Meetings Act of the state",
            charter="Looks at credit-bearing microcredentials. Its meetings are open to everyone.",
            cadence=Body.Cadence.MONTHLY,
            readings=2,
            recused_counts=True,
            recused_clause="Bylaws 4.2",
            actor=administrator,
        )
        for person, role, unit in (
            (cast.second_member, Seat.Role.CHAIR, "Faculty senate"),
            (cast.member, Seat.Role.VOTING, "Business and data"),
            (None, Seat.Role.STUDENT, "Student government"),
            (cast.manager, Seat.Role.EX_OFFICIO, "Microcredential office"),
        ):
            council.fill_seat(
                body=committee, person=person, role=role, constituency=unit, actor=administrator
            )
    meeting = council.plan_meeting(
        body=committee,
        starts_at=timezone.now() + timedelta(days=10),
        place="Old Hall",
        actor=cast.second_member,
    )
    council.add_item(
        meeting=meeting, kind=Kind.DISCUSSION, title="Credit for prior learning", actor=cast.second_member
    )
    return council.publish_agenda(meeting=meeting, actor=cast.second_member)
