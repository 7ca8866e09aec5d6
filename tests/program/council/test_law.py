"""The open-meeting profile: what it refuses, each with its clause named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, law, minutes, queries
from gradatim.program.council.models import AgendaItem, Meeting
from gradatim.program.people import actions as people
from tests.program.council.acts import cast_all, close, earlier, propose, refused
from tests.program.council.test_meetings import begin, on_agenda, there

STATUTE = "Gov. Code 551"


@pytest.fixture
def open_body(cast):
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        law="open",
        law_source=STATUTE,
        actor=cast.administrator,
    )
    cast.council.refresh_from_db()
    return cast.council


@pytest.fixture
def real(cast, open_body):
    """Practice is over: from now on the hours count."""
    people.make_real(organization=cast.northfield, actor=cast.administrator)
    cast.northfield.refresh_from_db()
    open_body.organization.refresh_from_db()


def plan(cast, hours=100):
    return actions.plan_meeting(
        body=cast.council, starts_at=timezone.now() + timedelta(hours=hours), actor=cast.chair
    )


def clause(no, words):
    assert words in no.message
    assert STATUTE in no.message


def test_no_secret_ballot(cast, open_body, proposal):
    no = refused("meeting-law", actions.open_ballot, proposal=proposal, method="secret", actor=cast.chair)
    clause(no, "votes by name")
    no = refused(
        "meeting-law",
        actions.change_body,
        body=open_body,
        name="C",
        secrecy="allowed",
        actor=cast.administrator,
    )
    clause(no, "votes by name")


def test_no_vote_outside_a_noticed_meeting(cast, open_body, proposal):
    clause(
        refused("meeting-law", actions.open_ballot, proposal=proposal, actor=cast.chair), "noticed meeting"
    )
    meeting = plan(cast)
    on_agenda(cast, meeting, proposal)
    clause(refused("meeting-law", actions.begin_meeting, meeting=meeting, actor=cast.chair), "not published")
    Meeting.objects.update(state="in_session")
    item = AgendaItem.objects.get(proposal=proposal)
    no = refused("meeting-law", actions.open_ballot, proposal=proposal, item=item, actor=cast.chair)
    clause(no, "without notice")


def test_no_late_item(cast, open_body, proposal):
    meeting = plan(cast)
    on_agenda(cast, meeting, proposal)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    moved = {"meeting": meeting, "starts_at": timezone.now() + timedelta(days=9), "actor": cast.chair}
    clause(refused("meeting-law", actions.change_meeting, **moved), "The public was told")
    late = actions.submit(proposal=propose(cast, title="Late"), actor=cast.manager)
    no = refused(
        "meeting-law", actions.add_items, meeting=meeting, chosen={late: "decision"}, actor=cast.chair
    )
    clause(no, "72 hours")
    refused("meeting-law", actions.add_item, meeting=meeting, kind="discussion", title="x", actor=cast.chair)
    refused("meeting-law", actions.remove_item, item=meeting.items.last(), actor=cast.chair)
    begin(cast, meeting)
    slipped = AgendaItem.objects.create(
        meeting=meeting, position=9, kind="decision", title="Late", proposal=late
    )
    no = refused("meeting-law", actions.open_ballot, proposal=late, item=slipped, actor=cast.chair)
    clause(no, "after it was locked")


def test_the_hours_count_once_it_is_real(cast, real, proposal):
    close_by = plan(cast, hours=71)
    refused(
        "meeting-law", actions.add_items, meeting=close_by, chosen={proposal: "decision"}, actor=cast.chair
    )
    clause(
        refused("meeting-law", actions.publish_agenda, meeting=close_by, actor=cast.chair), "72 hours before"
    )
    meeting = plan(cast, hours=73)
    on_agenda(cast, meeting, proposal)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    clause(refused("meeting-law", actions.begin_meeting, meeting=meeting, actor=cast.chair), "later time")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now())
    begin(cast, meeting)


def test_only_who_is_there_votes_and_the_minutes_say_what(cast, open_body, proposal):
    meeting = plan(cast)
    item = on_agenda(cast, meeting, proposal)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    begin(cast, meeting, cast.chair, cast.member)
    ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
    refused("not-present", actions.cast_vote, ballot=ballot, choice="for", actor=cast.second_member)
    there(cast, meeting, cast.chair, cast.member, cast.second_member)
    close(cast, ballot, "for", "against", "for")
    lines = minutes.build(meeting)["items"][1]["lines"]
    assert lines[1] == "for: Mei Tanaka, Ruth Alvarez; against: Ben Okafor."


def test_the_public_has_its_place(cast, open_body):
    meeting = plan(cast)
    (item,) = meeting.items.all()
    assert item.kind == "comment"
    say = {"item": item, "actor": cast.chair, "words": "More evening classes."}
    refused("closed", actions.note_comment, speaker="J. Doe", **say)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    assert list(queries.public_meetings(cast.northfield)) == [meeting]
    begin(cast, meeting)
    refused("row-invalid", actions.note_comment, speaker="", **say)
    actions.note_comment(speaker="J. Doe", speaks_for="Riverside tenants", **say)
    assert minutes.build(meeting)["items"][0]["lines"] == [
        "J. Doe (Riverside tenants): More evening classes."
    ]


def test_no_talk_between_meetings(cast, open_body):
    clause(refused("meeting-law", law.may_comment, body=open_body), "no discussion between meetings")
    meeting = plan(cast)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    begin(cast, meeting)
    law.may_comment(open_body)


def test_an_ordinary_body_may_all_of_it(cast, proposal):
    law.may_comment(cast.council)
    earlier(
        actions.change_body, body=cast.council, name="Council", secrecy="allowed", actor=cast.administrator
    )
    ballot = actions.open_ballot(proposal=proposal, method="secret", actor=cast.chair)
    cast_all(cast, ballot, "for", "for", "for")
    meeting = plan(cast, hours=1)
    begin(cast, meeting)
    actions.add_item(meeting=meeting, kind="discussion", title="Late", actor=cast.chair)


def test_a_body_that_decides_is_not_under_the_advisory_rules(cast):
    no = refused(
        "row-invalid", actions.change_body, body=cast.council, name="C", law="advisory", actor=cast.manager
    )
    assert no.field == "law"


def test_members_do_not_write_to_each_other_between_meetings(cast, open_body, proposal):
    said = {"proposal": proposal, "text": "I am against it.", "actor": cast.member}
    clause(refused("meeting-law", actions.comment, visibility="body", **said), "no discussion")
    review = {"proposal": proposal, "scores": {"need": 2}, "recommendation": "approve", "actor": cast.member}
    clause(refused("meeting-law", actions.review, comment="I am for it.", **review), "no discussion")
    actions.review(comment="", **review)
    actions.comment(visibility="chair", **said)


def test_members_read_each_others_remarks_only_in_ordinary_bodies(cast, proposal, signed_in):
    actions.comment(proposal=proposal, text="Who else was asked?", visibility="proposer", actor=cast.member)
    path = f"/o/northfield/proposals/{proposal.number}/"
    assert "Who else was asked?" in signed_in(cast.second_member).get(path).content.decode()
    earlier(actions.change_body, body=cast.council, name="Council", law="open", actor=cast.administrator)
    assert "Who else was asked?" not in signed_in(cast.second_member).get(path).content.decode()
    for person in (cast.chair, cast.manager, cast.member):
        assert "Who else was asked?" in signed_in(person).get(path).content.decode()
