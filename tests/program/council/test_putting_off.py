"""The agenda built from the queue, and what is put off: to a date, on the table, back on its day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, minutes, queries
from gradatim.program.council.models import Body, Meeting, Proposal, Stage
from tests.program.council.acts import propose, refused
from tests.program.council.test_meetings import begin, on_agenda, plan
from tests.program.council.test_pages import text
from tests.program.council.test_routes import approved, change, end

PATH = "/o/northfield/proposals/1/"


@pytest.fixture
def meeting(cast):
    return plan(cast)


def soon(days=10):
    return timezone.localdate() + timedelta(days=days)


def carried(cast, item, kind, until=None):
    """A motion that puts an item off, carried by all who are there."""
    made = actions.make_motion(
        item=item, text="Wait for the survey.", kind=kind, until=until, moved_by=cast.member, actor=cast.chair
    )
    actions.second_motion(motion=made, seconded_by=cast.second_member, actor=cast.chair)
    return actions.settle_motion(motion=made, how="consent", actor=cast.chair)


def test_the_queue_knows_what_is_for_consent_for_decision_or_not_yet(cast, signed_in, meeting):
    minor = actions.submit(proposal=change(cast, approved(cast), "minor"), actor=cast.manager)
    full = actions.submit(proposal=propose(cast, title="Full"), actor=cast.manager)
    assert [queries.usual_item(p) for p in (minor, full)] == ["", "decision"]
    end(minor, "complete", cast.administrator)
    assert queries.usual_item(Proposal.objects.get(pk=minor.pk)) == "consent"
    client = signed_in(cast.chair)
    page = text(client.get(f"/o/northfield/meetings/{meeting.pk}/"))
    assert page.count('<option value="consent" selected>') == 1
    assert page.count('<option value="decision" selected>') == 1
    given = {f"p{minor.pk}": "consent", f"p{full.pk}": "decision"}  # as the page has them
    client.post(f"/o/northfield/meetings/{meeting.pk}/agenda/", given)
    kinds = {item.proposal_id: item.kind for item in meeting.items.all()}
    assert kinds == {minor.pk: "consent", full.pk: "decision"}


def test_consent_is_pulled_by_any_member_with_one_click_and_the_rest_is_carried(cast, signed_in, meeting):
    both = [actions.submit(proposal=propose(cast, title=f"T{n}"), actor=cast.manager) for n in range(2)]
    first, second = (on_agenda(cast, meeting, one, "consent") for one in both)
    begin(cast, meeting)
    client = signed_in(cast.second_member)
    page = text(client.get(f"/o/northfield/meetings/{meeting.pk}/"))
    assert page.count("Pull off the consent list") == 2
    client.post(f"/o/northfield/meetings/{meeting.pk}/items/{second.pk}/pull/")
    (ballot,) = actions.carry_consent(meeting=meeting, actor=cast.chair)
    assert (ballot.proposal, ballot.result) == (both[0], "carried")
    assert first.ballots.count() == 1
    assert second.ballots.count() == 0


def test_information_and_discussion_come_to_no_vote(cast, proposal, meeting, signed_in):
    on_agenda(cast, meeting, proposal, "information")
    begin(cast, meeting)
    assert "Open the vote" not in text(signed_in(cast.chair).get(f"/o/northfield/meetings/{meeting.pk}/"))
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_a_motion_defers_to_a_date_before_any_vote(cast, proposal, meeting, signed_in):
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    done = carried(cast, item, "defer", soon())
    proposal.refresh_from_db()
    assert (done.state, proposal.state, proposal.put_off_until) == ("carried", "submitted", soon())
    assert proposal.put_off_why == "Wait for the survey."
    assert not proposal.ballots.exists()
    refused("put-off", actions.open_ballot, proposal=proposal, item=item, actor=cast.chair)
    (line,) = minutes.build(meeting)["items"][0]["lines"]
    assert "seconded by Mei Tanaka, to defer it to" in line
    page = text(signed_in(cast.chair).get(f"/o/northfield/meetings/{meeting.pk}/"))
    assert "Put off until" in page
    for words in ("Open the vote", "Write it down as a decision"):
        assert words not in page
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    assert not queries.queue(cast.council)
    assert list(queries.put_off_by(cast.council)) == [proposal]
    assert "Put off until" in text(signed_in(cast.manager).get(PATH))
    assert "back on" in text(signed_in(cast.chair).get(f"/o/northfield/council/{cast.council.pk}/meetings/"))


def test_on_its_day_it_is_back_in_the_queue_by_itself(cast, proposal):
    actions.put_off(proposal=proposal, until=soon(), why="Survey.", actor=cast.chair)
    assert not queries.queue(cast.council)
    Proposal.objects.update(put_off_until=timezone.localdate())
    assert list(queries.queue(cast.council)) == [proposal]
    assert not queries.put_off_by(cast.council)
    assert actions.open_ballot(proposal=proposal, actor=cast.chair).state == "open"


def test_what_is_on_the_table_stays_until_it_is_taken_up(cast, proposal, meeting, signed_in):
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    carried(cast, item, "table")
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    proposal.refresh_from_db()
    assert (proposal.put_off_at is not None, proposal.put_off_until) == (True, None)
    client = signed_in(cast.chair)
    assert "Put off until it is taken up" in text(client.get(PATH))
    assert "in the queue again" in text(client.post(f"{PATH}take-up/", follow=True))
    assert list(queries.queue(cast.council)) == [proposal]
    refused("closed", actions.take_up, proposal=proposal, actor=cast.chair)


def test_the_chair_puts_off_on_the_page_with_a_reason(cast, proposal, signed_in):
    client = signed_in(cast.chair)
    assert "Put it off" in text(client.get(PATH))
    assert "Choose a day to come" in text(
        client.post(f"{PATH}put-off/", {"until": timezone.localdate(), "why": "x"}), 422
    )
    assert "put_off_why_error" in text(client.post(f"{PATH}put-off/", {"why": ""}), 422)
    assert "It is put off" in text(client.post(f"{PATH}put-off/", {"until": soon(), "why": "x"}, follow=True))
    assert "Open the vote" not in text(client.get(PATH))
    assert signed_in(cast.member).post(f"{PATH}put-off/", {"why": "x"}).status_code == 403
    assert signed_in(cast.manager).post(f"{PATH}take-up/").status_code == 409


def test_no_deferral_during_a_vote_without_a_day_or_behind_the_publics_back(cast, ballot, meeting):
    proposal = ballot.proposal
    refused("closed", actions.put_off, proposal=proposal, until=None, why="x", actor=cast.chair)
    item = actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting)
    said = {"item": item, "text": "x", "moved_by": cast.member, "actor": cast.chair, "kind": "defer"}
    refused("row-invalid", actions.make_motion, **said)
    refused("row-invalid", actions.make_motion, **said, until=timezone.localdate())
    carried(cast, item, "table")  # no proposal: it stands in the minutes, and that is all
    Body.objects.update(law=Body.Law.OPEN)
    other = actions.submit(proposal=propose(cast, title="Other"), actor=cast.manager)
    refused("meeting-law", actions.put_off, proposal=other, until=None, why="x", actor=cast.chair)
    assert Meeting.objects.get().state == "in_session"


def test_nobody_is_reminded_of_what_is_put_off(cast, proposal):
    now = timezone.now()
    Stage.objects.update(remind_at=now, late_at=now)
    actions.put_off(proposal=proposal, until=soon(), why="x", actor=cast.chair)
    assert actions.run_stages(now=now + timedelta(days=1)) == 0
    assert actions.run_stages(now=now + timedelta(days=12)) > 0
