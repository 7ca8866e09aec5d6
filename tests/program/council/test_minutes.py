"""Attendance with times, corrected minutes, a second call."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, minutes, queries
from gradatim.program.council.models import Attendance, Ballot, Body, Correction, Meeting
from tests.program.council.acts import cast_all, close, propose, refused
from tests.program.council.test_meetings import begin, on_agenda, plan, there
from tests.program.council.test_pages import asked, text


@pytest.fixture
def meeting(cast):
    return plan(cast)


def line_of(meeting, person):
    return meeting.attendance.get(person=person)


def hours_ago(meeting, hours):
    """The meeting began that long ago."""
    Meeting.objects.filter(pk=meeting.pk).update(began_at=timezone.now() - timedelta(hours=hours))


def over(cast, meeting, *, published=True):
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    actions.approve_minutes(meeting=meeting, actor=cast.chair)
    if published:
        actions.publish_minutes(meeting=meeting, actor=cast.chair)
    return Meeting.objects.get(pk=meeting.pk)


def test_who_comes_and_leaves_stands_in_the_minutes_and_quorum_follows(cast, meeting):
    actions.begin_meeting(meeting=meeting, actor=cast.chair)
    hours_ago(meeting, 3)
    began = Meeting.objects.get().began_at
    there(cast, meeting, cast.chair, cast.member)
    assert not queries.quorum_at(Meeting.objects.get()).met
    seats = {
        s.pk: "holder"
        for s in cast.council.seats.filter(holder__in=(cast.chair, cast.member, cast.second_member))
    }
    actions.note_attendance(meeting=meeting, there=seats, at=began + timedelta(hours=1), actor=cast.chair)
    assert queries.quorum_at(Meeting.objects.get()).met
    less = {key: who for key, who in seats.items() if key != line_of(meeting, cast.member).seat_id}
    actions.note_attendance(meeting=meeting, there=less, at=began + timedelta(hours=2), actor=cast.chair)
    assert not queries.quorum_at(Meeting.objects.get()).met
    said = minutes.build(Meeting.objects.get())
    came, left = (timezone.localtime(began + timedelta(hours=h)) for h in (1, 2))
    assert said["present"][0] == "Ruth Alvarez (Chair)"
    assert said["present"][1].startswith("Ben Okafor (Member), left ")
    assert said["present"][2].startswith("Mei Tanaka (Member), arrived ")
    assert [name.split(" (")[0] for name in said["absent"]] == ["Priya Nair"]
    assert said["quorum"].startswith("present 2 of 4 voting seats, needed 3; ")
    assert "a quorum again" in said["quorum"]
    assert "no quorum any more" in said["quorum"]
    assert came < left
    assert [bool(who) for _at, who in line_of(meeting, cast.member).comings] == [True, False]


def test_who_comes_back_is_noted_with_both_times(cast, meeting):
    begin(cast, meeting)
    there(cast, meeting, cast.chair, cast.second_member)
    there(cast, meeting, cast.chair, cast.member, cast.second_member)
    (ben,) = [name for name in minutes.build(Meeting.objects.get())["present"] if name.startswith("Ben")]
    assert ", left " in ben
    assert ", back " in ben


def test_a_time_outside_the_meeting_or_before_the_last_note_is_refused(cast, meeting, signed_in):
    begin(cast, meeting)
    now = timezone.now()
    for at in (now - timedelta(days=1), now + timedelta(hours=1)):
        refused("row-invalid", actions.note_attendance, meeting=meeting, there={}, at=at, actor=cast.chair)
    there(cast, meeting, cast.chair)
    began = Meeting.objects.get().began_at
    refused("row-invalid", actions.note_attendance, meeting=meeting, there={}, at=began, actor=cast.chair)
    path = f"/o/northfield/meetings/{meeting.pk}/attendance/"
    page = text(signed_in(cast.chair).post(path, {"at": "2020-01-01T10:00", "guests": ""}), 422)
    assert "not within the meeting so far" in page
    assert "Ruth Alvarez" in page


def test_whoever_leaves_before_the_vote_opens_is_not_present_in_it(cast, proposal, meeting):
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    there(cast, meeting, cast.chair, cast.second_member)
    assert not ballot.electors.get(person=cast.member).present
    closed = close(cast, ballot, "for", None, "for")
    assert closed.result == "no_quorum"


def corrected(cast, meeting, reason="Misspelled.", actor=None):
    said = minutes.read(meeting)
    items = {i["number"]: (i["notes"] + " Fees stay.", i["lines"]) for i in said["items"]}
    return actions.correct_minutes(
        meeting=meeting,
        lists={"guests": ["Ada Lovelace"]},
        items=items,
        reason=reason,
        actor=actor or cast.chair,
    )


def test_a_correction_is_a_new_text_and_the_old_one_stays_readable(cast, meeting, signed_in, client):
    actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting)
    refused("closed", corrected, cast, meeting)
    done = over(cast, meeting)
    before = dict(done.minutes)
    refused("permission", corrected, cast, done, actor=cast.member)
    refused("row-invalid", corrected, cast, done, reason=" ")
    refused(
        "row-invalid", actions.correct_minutes, meeting=done, lists={}, items={}, reason="x", actor=cast.chair
    )
    made = corrected(cast, done)
    assert made.adopted_at is not None
    found = queries.find_meeting(cast.northfield, done.pk)
    assert found.minutes == before
    assert minutes.read(found)["guests"] == ["Ada Lovelace"]
    assert minutes.read(found)["items"][0]["notes"] == " Fees stay."
    path = f"/o/northfield/meetings/{done.pk}/public/"
    page = text(client.get(path))
    assert "Ada Lovelace" in page
    assert "Misspelled." in page
    assert "Ruth Alvarez:" in page
    assert "Ada Lovelace" not in text(client.get(f"{path}?text=0"))
    assert "This is the text before a correction." in text(client.get(f"{path}?text=0"))
    assert client.get(f"{path}?text=9").status_code == client.get(f"{path}?text=x").status_code == 404
    assert b"%PDF" in client.get(f"{path}minutes.pdf").content
    own = text(signed_in(cast.chair).get(f"/o/northfield/meetings/{done.pk}/minutes/"))
    assert "Correct them" in own


def test_minutes_are_corrected_on_the_page(cast, meeting, signed_in):
    actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting)
    done = over(cast, meeting, published=False)
    client, path = signed_in(cast.chair), f"/o/northfield/meetings/{done.pk}/minutes/correct/"
    page = text(client.get(path))
    assert "Ruth Alvarez (Chair)" in page
    assert "1. Fees" in page
    given = {
        "reason": "Ada was there.",
        "present": "Ruth Alvarez (Chair)",
        "absent": "",
        "guests": "Ada",
        "notes1": "",
        "lines1": "",
    }
    assert "reason_error" in text(client.post(path, given | {"reason": ""}), 422)
    assert "The minutes are corrected." in text(client.post(path, given, follow=True))
    same = text(client.post(path, given | {"reason": "Again."}), 422)
    assert "Nothing reads otherwise" in same
    assert signed_in(cast.member).get(path).status_code == 403


def test_an_open_body_adopts_a_correction_by_a_motion_of_a_later_meeting(cast, meeting, signed_in, client):
    Body.objects.update(law=Body.Law.OPEN)
    actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    begin(cast, meeting)
    done = over(cast, meeting)
    made = corrected(cast, done)
    assert made.adopted_at is None
    assert "Ada Lovelace" not in text(client.get(f"/o/northfield/meetings/{done.pk}/public/"))
    refused("closed", corrected, cast, done)
    own = text(signed_in(cast.chair).get(f"/o/northfield/meetings/{done.pk}/minutes/"))
    assert "waits for a motion at a later meeting" in own
    later = plan(cast, starts_at=timezone.now() + timedelta(days=20))
    item = actions.add_item(
        meeting=later, kind="decision", title="Minutes of the last meeting", actor=cast.chair
    )
    actions.publish_agenda(meeting=later, actor=cast.chair)
    begin(cast, later)
    motion = actions.make_motion(item=item, text="Correct them.", moved_by=cast.member, actor=cast.chair)
    refused("closed", actions.adopt_correction, correction=made, motion=motion, actor=cast.chair)
    actions.second_motion(motion=motion, seconded_by=cast.second_member, actor=cast.chair)
    actions.settle_motion(motion=motion, how="consent", actor=cast.chair)
    client = signed_in(cast.chair)
    page = text(client.get(f"/o/northfield/meetings/{later.pk}/"))
    assert "It adopts a correction of minutes" in page
    adopted = client.post(
        f"/o/northfield/meetings/{later.pk}/motions/{motion.pk}/adopts/", {"correction": made.pk}, follow=True
    )
    assert "The correction is adopted" in text(adopted)
    assert "(adopted by a motion)" in text(client.get(f"/o/northfield/meetings/{done.pk}/public/"))
    refused("closed", actions.adopt_correction, correction=made, motion=motion, actor=cast.chair)


def test_a_correction_that_waits_is_withdrawn(cast, meeting, signed_in):
    Body.objects.update(law=Body.Law.OPEN)
    actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    begin(cast, meeting)
    done = over(cast, meeting)
    made = corrected(cast, done)
    refused("permission", actions.withdraw_correction, correction=made, actor=cast.member)
    path = f"/o/northfield/meetings/{done.pk}/minutes/withdraw/"
    assert "is withdrawn" in text(signed_in(cast.chair).post(path, follow=True))
    assert not Correction.objects.exists()
    assert signed_in(cast.chair).post(path).status_code == 404


def test_a_meeting_without_a_quorum_is_called_again_with_what_is_left(cast, proposal, meeting, signed_in):
    Body.objects.update(second_call=2)
    on_agenda(cast, meeting, proposal)
    actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting, cast.chair, cast.member)
    soon = timezone.now() + timedelta(days=7)
    refused("closed", actions.recall_meeting, meeting=meeting, starts_at=soon, actor=cast.chair)
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    client = signed_in(cast.chair)
    page = text(client.get(f"/o/northfield/meetings/{meeting.pk}/"))
    assert "At the second call 2 members are enough." in page
    answer = client.post(
        f"/o/northfield/meetings/{meeting.pk}/recall/",
        {"starts_at": soon.strftime("%Y-%m-%dT%H:%M")},
        follow=True,
    )
    assert "Second call of the meeting of" in text(answer)
    again = Meeting.objects.latest("pk")
    assert [item.title for item in again.items.all()] == [proposal.title, "Fees"]
    refused("closed", actions.recall_meeting, meeting=meeting, starts_at=soon, actor=cast.chair)
    begin(cast, again, cast.chair, cast.member)
    assert queries.quorum_at(Meeting.objects.get(pk=again.pk)).met
    ballot = actions.open_ballot(proposal=proposal, item=again.items.first(), actor=cast.chair)
    cast_all(cast, ballot, "for", "for", None)
    closed = actions.close_ballot(ballot=ballot, actor=cast.chair)
    assert (closed.result, closed.quorum, closed.quorum_number) == ("carried", "number", 2)
    assert "second call" in minutes.build(Meeting.objects.get(pk=again.pk))["quorum"]


def test_without_a_clause_for_it_a_second_call_needs_the_same_quorum(cast, proposal):
    first = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", None, None)
    again = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert (again.recalls, again.quorum) == (first, "seats")


def test_a_vote_that_is_called_again_between_meetings_needs_what_the_charter_says_then(cast, proposal):
    Body.objects.update(second_call=1)
    first = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", None, None)
    assert first.result == Ballot.Result.NO_QUORUM
    again = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", None, None)
    assert again.result == Ballot.Result.CARRIED
    assert "needed 1" in queries.explain(again)


def test_attendance_of_before_these_times_still_reads(cast, meeting):
    begin(cast, meeting)
    Attendance.objects.update(comings=[])
    said = minutes.build(Meeting.objects.get())
    assert said["quorum"] == "present 3 of 4 voting seats, needed 3"
    assert len(said["present"]) == 3


def test_the_pages_of_a_meeting_ask_as_often_for_much_as_for_nothing(cast, meeting, proposal, signed_in):
    begin(cast, meeting)
    client, path = signed_in(cast.chair), f"/o/northfield/meetings/{meeting.pk}/"
    pages = (path, f"{path}minutes/", f"/o/northfield/council/{cast.council.pk}/meetings/")
    few = [asked(client, page) for page in pages]
    for n in range(3):
        item = actions.add_item(meeting=meeting, kind="discussion", title=f"Item {n}", actor=cast.chair)
        actions.make_motion(item=item, text="x", moved_by=cast.member, actor=cast.chair)
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager)
        plan(cast)
    on_agenda(cast, meeting, proposal)
    assert [asked(client, page) for page in pages] == few == [7, 6, 11]
