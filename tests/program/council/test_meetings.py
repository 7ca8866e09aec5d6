"""Meetings: agenda, consent, attendance, motions, readings, public comment, minutes, calendar."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, calendar, minutes, queries
from gradatim.program.council.models import Ballot, Meeting, Proposal
from gradatim.program.ground.models import Work
from gradatim.program.people import actions as people
from gradatim.program.web import practice
from tests.program.council.acts import cast_all, close, earlier, propose, refused


@pytest.fixture
def meeting(cast):
    return plan(cast)


def plan(cast, **changes):
    when = {"starts_at": timezone.now() + timedelta(days=5), "place": "Room 4"}
    return actions.plan_meeting(body=cast.council, minutes_long=90, actor=cast.chair, **(when | changes))


def on_agenda(cast, meeting, proposal, kind="decision"):
    (item,) = actions.add_items(meeting=meeting, chosen={proposal: kind}, actor=cast.chair)
    return item


def begin(cast, meeting, *people):
    """In session, with these people there; the chair, Ben and Mei if nobody is named."""
    actions.begin_meeting(meeting=meeting, actor=cast.chair)
    there(cast, meeting, *(people or (cast.chair, cast.member, cast.second_member)))


def there(cast, meeting, *people, guests=""):
    seats = {seat.pk: "holder" for seat in cast.council.seats.filter(holder__in=people)}
    actions.note_attendance(meeting=meeting, there=seats, guests=guests, actor=cast.chair)


def test_an_agenda_in_three_steps(cast, proposal, meeting):
    assert list(queries.queue(cast.council)) == [proposal]
    item = on_agenda(cast, meeting, proposal)
    other = actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    assert not queries.queue(cast.council)
    refused("in-use", actions.add_items, meeting=meeting, chosen={proposal: "consent"}, actor=cast.chair)
    actions.move_item(item=other, up=True, actor=cast.chair)
    assert list(meeting.items.values_list("title", flat=True)) == ["Fees", item.title]
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    mails = Work.objects.filter(kind="mail", key__startswith=f"agenda:{meeting.pk}:")
    assert mails.count() == 4
    assert "1. Fees (discussion)" in mails.first().payload["text"]
    refused("transition", actions.publish_agenda, meeting=meeting, actor=cast.chair)


def test_only_who_runs_the_body_plans_and_runs(cast, proposal, meeting):
    for person in (cast.member, cast.assessor, cast.outsider):
        later = timezone.now() + timedelta(days=1)
        refused("permission", actions.plan_meeting, body=cast.council, starts_at=later, actor=person)
        for act in (actions.publish_agenda, actions.begin_meeting, actions.call_off_meeting):
            refused("permission", act, meeting=meeting, actor=person)
        refused("permission", actions.add_items, meeting=meeting, chosen={proposal: "consent"}, actor=person)


def test_what_is_not_with_this_body_is_on_no_agenda(cast, draft, meeting):
    refused("row-invalid", actions.add_items, meeting=meeting, chosen={draft: "decision"}, actor=cast.chair)
    refused("row-invalid", actions.publish_agenda, meeting=meeting, actor=cast.chair)
    past = timezone.now() - timedelta(hours=1)
    assert refused(
        "row-invalid", actions.plan_meeting, body=cast.council, starts_at=past, actor=cast.chair
    ).field


def test_consent_items_carry_together_unless_one_is_pulled(cast, meeting):
    sent = [
        actions.submit(proposal=propose(cast, title=t), actor=cast.manager) for t in ("One", "Two", "Three")
    ]
    items = actions.add_items(meeting=meeting, chosen=dict.fromkeys(sent, "consent"), actor=cast.chair)
    refused("permission", actions.pull_item, item=items[1], actor=cast.administrator)
    actions.pull_item(item=items[1], actor=cast.member)
    refused("closed", actions.pull_item, item=items[1], actor=cast.member)
    refused("closed", actions.carry_consent, meeting=meeting, actor=cast.chair)
    begin(cast, meeting, cast.chair, cast.member)
    refused("no-quorum", actions.carry_consent, meeting=meeting, actor=cast.chair)
    assert not Ballot.objects.exists()
    there(cast, meeting, cast.chair, cast.member, cast.second_member)
    refused("own-proposal", actions.carry_consent, meeting=meeting, actor=cast.manager)
    carried = actions.carry_consent(meeting=meeting, actor=cast.chair)
    assert [b.proposal for b in carried] == [sent[0], sent[2]]
    assert {(b.method, b.result, b.present) for b in carried} == {("consent", "carried", 3)}
    assert queries.explain(carried[0]) == "present 3 of 4, needed 3; nobody objected; carried"
    refused("closed", actions.carry_consent, meeting=meeting, actor=cast.chair)
    assert actions.decide(ballot=carried[0], rationale="Small.", actor=cast.chair).outcome == "approved"


def test_consent_bypasses_no_threshold_of_all_seats(cast, proposal, meeting):
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        threshold="two_thirds",
        threshold_of="seats",
        actor=cast.administrator,
    )
    for _ in range(2):
        earlier(actions.fill_seat, body=cast.council, person=None, role="voting", actor=cast.administrator)
    cast.council.refresh_from_db()
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        quorum="number",
        quorum_number=2,
        actor=cast.administrator,
    )
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    refused("charter", actions.consent, item=item, actor=cast.chair)


def test_a_vote_in_a_meeting_takes_presence_from_the_attendance(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    refused("closed", actions.open_ballot, proposal=proposal, item=item, actor=cast.chair)
    begin(cast, meeting, cast.chair, cast.member)
    ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    assert set(ballot.electors.filter(present=True).values_list("person", flat=True)) == {
        cast.chair.pk,
        cast.member.pk,
    }
    there(cast, meeting, cast.chair, cast.second_member)
    assert ballot.electors.get(person=cast.second_member).present
    assert not ballot.electors.get(person=cast.member).present
    refused("in-use", actions.end_meeting, meeting=meeting, actor=cast.chair)
    closed = close(cast, ballot, "for", "for", "for")
    assert (closed.present, closed.result) == (3, "carried")
    actions.end_meeting(meeting=meeting, actor=cast.chair)


def test_an_alternate_sits_in(cast, proposal, meeting):
    seat = cast.council.seats.get(holder=cast.member)
    actions.name_alternate(seat=seat, person=cast.assessor, actor=cast.administrator)
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting, cast.chair, cast.second_member)
    seats = {s.pk: "holder" for s in cast.council.seats.filter(holder__in=[cast.chair, cast.second_member])}
    sits = {"meeting": meeting, "there": seats | {seat.pk: "alternate"}, "actor": cast.chair}
    refused("charter", actions.note_attendance, **sits)
    earlier(
        actions.change_body, body=cast.council, name="Council", alternates="absent", actor=cast.administrator
    )
    meeting.refresh_from_db()
    actions.note_attendance(**sits)
    ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    elector = ballot.electors.get(seat=seat)
    assert (elector.person, elector.alternate, elector.present) == (cast.assessor, True, True)
    assert "alternate, Member" in " ".join(minutes.build(meeting)["present"])


def test_a_second_reading(cast, proposal, meeting):
    earlier(actions.change_body, body=cast.council, name="Council", readings=2, actor=cast.administrator)
    first = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    refused("second-reading", actions.open_ballot, proposal=proposal, item=first, actor=cast.chair)
    refused("second-reading", actions.consent, item=first, actor=cast.chair)
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    following = plan(cast)
    second = on_agenda(cast, following, proposal)
    assert second.reading == 2
    begin(cast, following)
    assert actions.consent(item=second, actor=cast.chair).result == "carried"


def test_motion_second_amendment_vote(cast, meeting):
    item = actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    move = {"item": item, "actor": cast.chair}
    refused("closed", actions.make_motion, text="x", moved_by=cast.chair, **move)
    begin(cast, meeting)
    refused("not-present", actions.make_motion, text="x", moved_by=cast.manager, **move)
    refused("row-invalid", actions.make_motion, text=" ", moved_by=cast.chair, **move)
    motion = actions.make_motion(text="The fee is 40.", moved_by=cast.member, **move)
    settle = {"actor": cast.chair, "how": "vote"}
    refused("closed", actions.settle_motion, motion=motion, votes={cast.chair: "for"}, **settle)
    refused("row-invalid", actions.second_motion, motion=motion, seconded_by=cast.member, actor=cast.chair)
    actions.second_motion(motion=motion, seconded_by=cast.chair, actor=cast.chair)
    change = actions.make_motion(text="The fee is 30.", moved_by=cast.second_member, amends=motion, **move)
    refused("closed", actions.settle_motion, motion=motion, votes={cast.chair: "for"}, **settle)
    actions.second_motion(motion=change, seconded_by=cast.chair, actor=cast.chair)
    actions.settle_motion(motion=change, how="consent", actor=cast.chair)
    motion.refresh_from_db()
    assert motion.text == "The fee is 30."
    refused("row-invalid", actions.settle_motion, motion=motion, votes={}, **settle)
    votes = {cast.chair: "for", cast.member: "for", cast.second_member: "against"}
    done = actions.settle_motion(motion=motion, votes=votes, **settle)
    assert (done.state, done.votes_for, done.votes_against) == ("carried", 2, 1)
    lines = minutes.build(meeting)["items"][0]["lines"]
    assert lines == [
        (
            "Moved by Ben Okafor, seconded by Ruth Alvarez: “The fee is 30.”: carried; 2 for, 1 against "
            "(for: Ben Okafor, Ruth Alvarez; against: Mei Tanaka)."
        ),
        "Amendment by Mei Tanaka, seconded by Ruth Alvarez: “The fee is 30.”: carried by unanimous consent.",
    ]


def test_nothing_carries_without_a_quorum(cast, meeting):
    item = actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting, cast.chair, cast.member)
    motion = actions.make_motion(item=item, text="x", moved_by=cast.chair, actor=cast.chair)
    actions.second_motion(motion=motion, seconded_by=cast.member, actor=cast.chair)
    refused("no-quorum", actions.settle_motion, motion=motion, how="consent", actor=cast.chair)
    assert actions.settle_motion(motion=motion, how="withdrawn", actor=cast.chair).state == "withdrawn"


def test_minutes_are_written_frozen_and_published(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    refused("closed", actions.write_notes, item=item, notes="x", actor=cast.chair)
    begin(cast, meeting)
    there(cast, meeting, cast.chair, cast.member, cast.second_member, guests="Ines Vogel\n\nA. Reporter")
    actions.write_notes(item=item, notes="Mei asked about fees.", actor=cast.chair)
    closed = close(
        cast, actions.open_ballot(proposal=proposal, item=item, actor=cast.chair), "for", "for", "against"
    )
    decision = actions.decide(ballot=closed, rationale="Good.", actor=cast.chair)
    actions.publish(decision=decision, actor=cast.chair)
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    refused("transition", actions.publish_minutes, meeting=meeting, actor=cast.chair)
    approved = actions.approve_minutes(meeting=meeting, actor=cast.chair)
    said = approved.minutes
    assert said["guests"] == ["Ines Vogel", "A. Reporter"]
    assert said["absent"] == ["Priya Nair (Member)"]
    assert said["quorum"] == "present 3 of 4 voting seats, needed 3"
    assert said["items"][0]["notes"] == "Mei asked about fees."
    assert said["items"][0]["lines"] == [
        "Vote (by name): present 3 of 4, needed 3; voted 3: 2 for, 1 against; more than half of the votes cast = 2; carried.",
        "for: Ben Okafor, Ruth Alvarez; against: Mei Tanaka.",
        f"Decision {decision.number}: Approved.",
    ]
    refused("closed", actions.write_notes, item=item, notes="Nobody asked.", actor=cast.chair)
    earlier(actions.change_body, body=cast.council, name="Renamed", actor=cast.administrator)
    assert minutes.read(Meeting.objects.get()) == said
    actions.publish_minutes(meeting=meeting, actor=cast.chair)
    assert list(queries.public_meetings(cast.northfield)) == [meeting]


def test_the_minutes_are_a_tagged_pdf_in_any_script(cast, meeting):
    item = actions.add_item(meeting=meeting, kind="discussion", title="#let x = [*]", actor=cast.chair)
    begin(cast, meeting)
    actions.write_notes(item=item, notes="Two\n\nparagraphs, $ and @ and #pagebreak()", actor=cast.chair)
    made = minutes.pdf(meeting)
    assert made.startswith(b"%PDF")
    assert b"pdfuaid" in made
    there(cast, meeting, cast.chair, guests="山田 太郎")
    assert minutes.pdf(meeting).startswith(b"%PDF")


def test_another_time_and_place(cast, meeting):
    later = timezone.now() + timedelta(days=9)
    new = {
        "meeting": meeting,
        "starts_at": later,
        "place": "Old Hall",
        "minutes_long": 45,
        "actor": cast.chair,
    }
    moved = actions.change_meeting(**new)
    assert (moved.starts_at, moved.place, moved.minutes_long) == (later, "Old Hall", 45)
    assert refused("row-invalid", actions.change_meeting, **(new | {"starts_at": timezone.now()})).field
    refused("permission", actions.change_meeting, **(new | {"actor": cast.member}))
    begin(cast, meeting)
    refused("closed", actions.change_meeting, **new)


@pytest.mark.parametrize(("counts", "result"), [(False, "no_quorum"), (True, "carried")])
def test_a_proposer_in_the_room_is_recused(cast, proposal, meeting, counts, result):
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        recused_counts=counts,
        recused_clause="§ 4" if counts else "",
        actor=cast.administrator,
    )
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting, cast.chair, cast.member, cast.manager)
    ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    assert queries.count(ballot).present == 3
    closed = close(cast, ballot, "for", "for", None)
    assert (closed.present, closed.recused, closed.votes_for, closed.result) == (3, 1, 2, result)


def test_a_proposer_in_the_room_is_recused_from_consent_too(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting, cast.chair, cast.member, cast.manager)
    refused("no-quorum", actions.consent, item=item, actor=cast.chair)


def test_a_meeting_that_is_called_off_gives_its_proposals_back(cast, proposal, meeting):
    on_agenda(cast, meeting, proposal)
    actions.call_off_meeting(meeting=meeting, actor=cast.chair)
    assert list(queries.queue(cast.council)) == [proposal]
    refused("closed", actions.add_item, meeting=meeting, kind="discussion", title="x", actor=cast.chair)
    refused("transition", actions.begin_meeting, meeting=meeting, actor=cast.chair)


def test_the_next_date_follows_the_cadence(cast, meeting):
    assert queries.next_date(cast.council) is None
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        cadence="fortnightly",
        actor=cast.administrator,
    )
    cast.council.refresh_from_db()
    assert queries.next_date(cast.council) == meeting.starts_at + timedelta(days=14)


def test_what_happened_stays_on_the_agenda(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    spare = actions.add_item(meeting=meeting, kind="discussion", title="Spare", actor=cast.chair)
    begin(cast, meeting)
    actions.consent(item=item, actor=cast.chair)
    refused("in-use", actions.remove_item, item=item, actor=cast.chair)
    actions.remove_item(item=spare, actor=cast.chair)
    assert list(meeting.items.all()) == [item]


def test_practice_meetings_go_with_everything_that_hangs_on_them(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    cast_all(cast, actions.open_ballot(proposal=proposal, item=item, actor=cast.chair), "for", "for", "for")
    people.make_real(organization=cast.northfield, actor=cast.administrator)
    cast.northfield.refresh_from_db()
    practice.remove(organization=cast.northfield, actor=cast.administrator)
    assert not Meeting.objects.exists()
    assert not Proposal.objects.exists()


def test_the_calendar_file(cast):
    earlier(
        actions.change_body, body=cast.council, name="Räte, Ämter; und mehr" * 4, actor=cast.administrator
    )
    cast.council.refresh_from_db()
    meeting = plan(cast, place="Old Hall, second floor; left")
    text = calendar.calendar([meeting])
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "Räte\\, Ämter\\; und mehr" in unfolded
    assert "LOCATION:Old Hall\\, second floor\\; left" in unfolded
    assert re.search(r"DTSTART:\d{8}T\d{6}Z", unfolded)
    assert "STATUS:TENTATIVE" in unfolded
