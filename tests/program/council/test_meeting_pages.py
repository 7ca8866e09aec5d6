"""Pages of meetings: what each shows to whom, what its buttons do, how many queries it asks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions
from gradatim.program.council.models import AgendaItem, Ballot, Meeting
from tests.program.council.acts import earlier, propose
from tests.program.council.test_meetings import begin, on_agenda, plan
from tests.program.council.test_pages import asked, text

MEETING = 24  # queries of the fullest meeting page
LIST = 15
ROOT = "/o/northfield"


@pytest.fixture
def meeting(cast):
    return plan(cast)


def test_a_meeting_from_plan_to_published_minutes_on_pages(cast, signed_in, client, proposal):
    chair = signed_in(cast.chair)
    path = f"{ROOT}/council/{cast.council.pk}/meetings/"
    assert "1 proposal waits for an agenda" in text(chair.get(path))
    when = (timezone.now() + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M")
    bad = text(chair.post(path, {"starts_at": "2020-01-01T10:00", "minutes_long": 60}), 422)
    assert "This time is over" in bad
    answer = chair.post(path, {"starts_at": when, "minutes_long": 60, "place": "Room 4"})
    meeting = Meeting.objects.get()
    path = f"{ROOT}/meetings/{meeting.pk}/"
    assert answer.url == path
    assert "The agenda is empty" in text(chair.get(path))
    chair.post(f"{path}agenda/", {f"p{proposal.pk}": "decision"})
    assert 'id="id_title_error"' in text(
        chair.post(f"{path}items/", {"title": "", "kind": "discussion"}), 422
    )
    chair.post(f"{path}items/", {"title": "Fees", "kind": "discussion"})
    assert "members get it by mail" in text(chair.post(f"{path}publish/", follow=True))
    assert "Note who is there" in text(chair.post(f"{path}begin/", follow=True))
    seats = {f"s{s.pk}": "holder" for s in cast.council.seats.exclude(holder=cast.manager)}
    page = text(chair.post(f"{path}attendance/", seats | {"guests": "Ines Vogel"}, follow=True))
    assert "Present 3 of 4, needed 3" in page
    decision, fees = AgendaItem.objects.order_by("position")
    move = {"text": "The fee is 40.", "moved_by": cast.member.pk, "seconded_by": cast.chair.pk}
    page = text(chair.post(f"{path}items/{fees.pk}/motion/", move, follow=True))
    assert "seconded by Ruth Alvarez" in page
    motion = fees.motions.get()
    amend = {"text": "The fee is 30.", "moved_by": cast.chair.pk, "amends": motion.pk}
    chair.post(f"{path}items/{fees.pk}/motion/", amend)
    change = fees.motions.get(amends=motion)
    chair.post(f"{path}motions/{change.pk}/", {"how": "second", "seconded_by": cast.member.pk})
    chair.post(f"{path}motions/{change.pk}/", {"how": "consent"})
    votes = {f"v{cast.chair.pk}": "for", f"v{cast.member.pk}": "for", f"v{cast.second_member.pk}": "against"}
    page = text(chair.post(f"{path}motions/{motion.pk}/", {"how": "vote"} | votes, follow=True))
    assert "The motion is carried" in page
    chair.post(f"{path}items/{fees.pk}/notes/", {"notes": "Mei asked about grants."})
    answer = chair.post(f"{path}items/{decision.pk}/vote/")
    assert answer.url == f"{ROOT}/proposals/{proposal.number}/"
    text(chair.post(f"{path}end/"), 409)
    for person in (cast.chair, cast.member, cast.second_member):
        signed_in(person).post(f"{answer.url}vote/cast/", {"choice": "for"})
    chair = signed_in(cast.chair)
    chair.post(f"{answer.url}vote/close/")
    assert "Complete the minutes" in text(chair.post(f"{path}end/", follow=True))
    assert "Draft, not approved" in text(chair.get(f"{path}minutes/"))
    chair.post(f"{path}approve/")
    chair.post(f"{path}release/")
    client.logout()
    public = text(client.get(f"{path}public/"))
    for words in ("The fee is 30.", "Mei asked about grants.", "voted 3: 3 for, 0 against", "Ines Vogel"):
        assert words in public
    assert client.get(f"{path}public/minutes.pdf")["Content-Type"] == "application/pdf"
    assert "minutes published" in text(client.get(f"{ROOT}/meetings/"))


def test_consent_on_pages(cast, signed_in, meeting):
    sent = [actions.submit(proposal=propose(cast, title=t), actor=cast.manager) for t in ("One", "Two")]
    items = actions.add_items(meeting=meeting, chosen=dict.fromkeys(sent, "consent"), actor=cast.chair)
    begin(cast, meeting)
    path = f"{ROOT}/meetings/{meeting.pk}/"
    page = text(signed_in(cast.member).post(f"{path}items/{items[0].pk}/pull/", follow=True))
    assert "pulled off the consent list by Ben Okafor" in page
    page = text(signed_in(cast.chair).get(path))
    assert "Carry 1 consent item" in page
    chair = signed_in(cast.chair)
    chair.post(f"{path}consent/")
    chair.post(f"{path}items/{items[0].pk}/vote/", {"how": "consent"})
    assert set(Ballot.objects.values_list("method", "result")) == {("consent", "carried")}


def test_a_member_sees_the_agenda_and_runs_nothing(cast, signed_in, proposal, meeting):
    on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    path = f"{ROOT}/meetings/{meeting.pk}/"
    page = text(signed_in(cast.member).get(path))
    assert proposal.version.title in page
    for words in ("Open the vote", "End the meeting", "Note attendance", "Write into the minutes"):
        assert words not in page
    manager = text(signed_in(cast.manager).get(path))
    assert "Your own proposal: somebody else opens the vote." in manager


def test_what_the_public_sees(cast, client, proposal, meeting):
    path = f"{ROOT}/meetings/{meeting.pk}/public/"
    on_agenda(cast, meeting, proposal)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    assert client.get(path).status_code == 404  # an ordinary body's agenda is its own
    assert "No public meeting yet" in text(client.get(f"{ROOT}/meetings/"))
    earlier(actions.change_body, body=cast.council, name="Council", law="open", actor=cast.administrator)
    page = text(client.get(path))
    assert proposal.version.title in page
    assert client.get(f"{path}minutes.pdf").status_code == 404
    assert client.get(f"{ROOT}/meetings/{meeting.pk}/minutes/").url.startswith("/account/login/")
    assert client.get(f"/o/southgate/meetings/{meeting.pk}/public/").status_code == 404


def test_calendar_files(cast, signed_in, client, meeting):
    chair = signed_in(cast.chair)
    for path in (f"meetings/{meeting.pk}/meeting.ics", f"council/{cast.council.pk}/meetings.ics"):
        answer = chair.get(f"{ROOT}/{path}")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.content.count(b"BEGIN:VEVENT") == 1
    client.logout()
    assert client.get(f"{ROOT}/meetings.ics").content.count(b"BEGIN:VEVENT") == 0


def test_the_meeting_page_asks_no_more_for_more_items(cast, signed_in, meeting):
    def add(number):
        for n in range(number):
            sent = actions.submit(proposal=propose(cast, title=f"T{n}{number}"), actor=cast.manager)
            item = on_agenda(cast, meeting, sent)
            made = actions.make_motion(item=item, text="x", moved_by=cast.chair, actor=cast.chair)
            actions.second_motion(motion=made, seconded_by=cast.member, actor=cast.chair)
            actions.consent(item=item, actor=cast.chair)

    begin(cast, meeting)
    add(1)
    chair, path = signed_in(cast.chair), f"{ROOT}/meetings/{meeting.pk}/"
    before = asked(chair, path)
    add(3)
    assert asked(chair, path) == before
    assert before <= MEETING
    minutes = asked(chair, f"{path}minutes/")
    add(2)
    assert asked(chair, f"{path}minutes/") == minutes


def test_lists_of_meetings_ask_no_more_for_more_meetings(cast, signed_in, meeting):
    chair, path = signed_in(cast.chair), f"{ROOT}/council/{cast.council.pk}/meetings/"
    few = asked(chair, path)
    for _ in range(4):
        actions.add_item(meeting=plan(cast), kind="discussion", title="x", actor=cast.chair)
    assert asked(chair, path) == few
    assert few <= LIST
    public = asked(chair, f"{ROOT}/meetings/")
    Meeting.objects.update(state="published")
    assert asked(chair, f"{ROOT}/meetings/") <= public + 1


def test_steps_and_rows_that_are_not_there(cast, signed_in, meeting):
    chair, path = signed_in(cast.chair), f"{ROOT}/meetings/{meeting.pk}/"
    for missing in ("fly/", "items/999/pull/", "items/999/notes/", "motions/999/"):
        assert chair.post(f"{path}{missing}").status_code in {404, 422}
    assert signed_in(cast.outsider).get(path).status_code == 404
    assert signed_in(cast.outsider).get(f"/o/southgate/meetings/{meeting.pk}/").status_code == 404
