"""Who is asked about a proposal without working on the program: partners, external seats, the body that is consulted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Body, Seat
from gradatim.program.ground.models import Work
from tests.program.council.acts import earlier, propose, refused
from tests.program.council.test_pages import text
from tests.program.council.test_routes import end, keep, open_now, stage

STAGES = [
    {"key": "employers", "kind": "consultation", "name": "Employers", "body": "Employer group", "days": 14},
    {"key": "review", "kind": "rubric", "name": "Review", "who": "members"},
    {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
]
PATH = "/o/northfield/proposals/1/"


@pytest.fixture
def group(cast):
    made = earlier(
        actions.found_body, organization=cast.northfield, name="Employer group", actor=cast.administrator
    )
    made.kind, made.form = Body.Kind.ADVISORY, Body.Form.GROUP
    made.save()
    earlier(
        actions.fill_seat, body=made, person=cast.employer, role=Seat.Role.EXTERNAL, actor=cast.administrator
    )
    return made


@pytest.fixture
def sent(cast, group):
    keep(cast, STAGES)
    return actions.submit(proposal=propose(cast), actor=cast.manager)


def tasks(cast, person):
    return [(task.verb, task.why) for task in queries.work(cast.northfield, person)]


def test_nobody_from_outside_opens_what_they_are_not_asked_about(cast, signed_in, group):
    propose(cast)
    assert signed_in(cast.employer).get(PATH).status_code == 403
    assert signed_in(cast.learner).get(PATH).status_code == 403
    assert signed_in(cast.employer).get("/o/northfield/proposals/99/").status_code == 403
    refused(
        "permission", actions.comment, proposal=cast.northfield.proposals.get(), text="x", actor=cast.employer
    )


def test_a_consulted_body_finds_reads_and_comments(cast, signed_in, sent):
    assert (
        Work.objects.filter(kind="mail", payload__to=cast.employer.email, key__startswith="stage:").count()
        == 1
    )
    assert tasks(cast, cast.employer) == [("Comment", "Employers")]
    client = signed_in(cast.employer)
    work = text(client.get("/o/northfield/council/work/"))
    assert PATH in work
    assert '/o/northfield/proposals/"' not in work
    page = text(client.get(PATH))
    assert "You are asked what you think, until" in page
    answer = client.post(
        f"{PATH}comments/", {"text": "We would hire for it.", "visibility": "proposer"}, follow=True
    )
    assert "We would hire for it." in text(answer)
    assert tasks(cast, cast.employer) == []
    assert "We would hire for it." in text(signed_in(cast.manager).get(PATH))


def test_a_partner_starts_at_their_list(cast, signed_in, sent):
    client = signed_in(cast.employer)
    assert client.get("/").url == "/o/northfield/council/work/"
    page = text(client.get("/o/northfield/"))
    assert 'href="/o/northfield/council/work/"' in page
    assert "Welcome" not in page
    assert signed_in(cast.learner).get("/").url == "/my/"


def test_they_see_neither_what_the_council_says_nor_how_it_votes(cast, signed_in, sent):
    for visibility in ("proposer", "body", "chair"):
        actions.comment(
            proposal=sent, text=f"Said to {visibility}.", visibility=visibility, actor=cast.member
        )
    page = text(signed_in(cast.employer).get(PATH))
    assert "Said to proposer." in page
    assert "Said to body." not in page
    assert "Said to chair." not in page
    for words in (
        "Reviews</h2>",
        "Is there something like it?",
        "What the rules say",
        "For the chair",
        "Withdraw",
    ):
        assert words not in page
    assert signed_in(cast.employer).get(f"{PATH}vote/turnout/").status_code == 403
    for step in ("vote/open/", "return/", "put-off/", "guests/", "publish/"):
        assert signed_in(cast.employer).post(PATH + step).status_code == 403


def test_after_the_window_it_is_read_and_not_commented_any_more(cast, signed_in, sent):
    actions.run_stages(now=timezone.now() + timedelta(days=15))
    assert open_now(sent) == ["review"]
    assert "Remark on something" not in text(signed_in(cast.employer).get(PATH))
    refused("permission", actions.comment, proposal=sent, text="late", actor=cast.employer)
    assert tasks(cast, cast.employer) == []


def test_a_partner_is_asked_by_name_for_a_review_and_never_for_a_check(cast, signed_in, sent):
    end(sent, "employers", cast.chair)
    actions.ask_people(stage=stage(sent, "review"), people=[cast.employer], actor=cast.chair)
    assert tasks(cast, cast.employer) == [("Review", "With the council, without your review")]
    client = signed_in(cast.employer)
    page = text(client.get(PATH))
    assert "Give your review" in page
    fields = dict.fromkeys(("s_purpose",), 3) | {"recommendation": "approve", "comment": "Yes."}
    assert "your review is kept" in text(client.post(f"{PATH}review/", fields, follow=True))
    earlier(
        actions.keep_route,
        organization=cast.northfield,
        name="Checks",
        when=[],
        stages=[{"key": "check", "kind": "technical", "name": "Check", "who": "office"}, *STAGES[2:]],
        actor=cast.manager,
    )
    refused(
        "outsider", actions.ask_people, stage=stage(sent, "review"), people=[cast.learner], actor=cast.chair
    )


def test_an_external_member_of_the_deciding_body_sees_all_and_votes(cast, signed_in, proposal):
    earlier(
        actions.fill_seat,
        body=cast.council,
        person=cast.employer,
        role=Seat.Role.EXTERNAL,
        actor=cast.administrator,
    )
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    client = signed_in(cast.employer)
    page = text(client.get(PATH))
    assert "Reviews</h2>" in page
    assert "Cast vote" in page
    assert "Your vote is cast" in text(client.post(f"{PATH}vote/cast/", {"choice": "for"}, follow=True))
    assert ballot.electors.get(person=cast.employer).vote.choice == "for"
    assert client.get(f"{PATH}vote/turnout/").status_code == 200


def test_a_student_member_with_a_seat_has_a_list(cast, signed_in, group):
    assert signed_in(cast.learner).get("/o/northfield/council/work/").status_code == 403
    earlier(
        actions.fill_seat, body=group, person=cast.learner, role=Seat.Role.STUDENT, actor=cast.administrator
    )
    keep(cast, STAGES)
    actions.submit(proposal=propose(cast), actor=cast.manager)
    client = signed_in(cast.learner)
    assert "Employers" in text(client.get("/o/northfield/council/work/"))
    assert "You are asked what you think" in text(client.get(PATH))
