"""A faculty member's short form becomes an approved achievement: checked, heard by employers, reviewed, voted on."""

import pytest

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions
from gradatim.program.council.models import Ballot
from gradatim.program.web.demo.lived_in import bodies
from tests.journeys.steps import (
    ROOT,
    attend,
    change_charter,
    mailed_link,
    plan_meeting,
    propose,
    review,
    said,
    vote,
    write_decision,
)
from tests.program.council.acts import earlier

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def council(cast):
    """The council with an advisory group of employers and a route that asks it."""
    bodies.employers(cast)
    bodies.route(cast)
    return cast


def to_the_vote(council, visit):
    """Through completeness, consultation and review; the proposal's path, and the pages of those who take part."""
    faculty, office, chair, member, conflicted = (
        visit(name) for name in ("Tom Lindqvist", "Priya Nair", "Ruth Alvarez", "Ben Okafor", "Mei Tanaka")
    )
    path = propose(faculty)
    said(faculty, "Is it complete?", "Employers are heard", "This is your own proposal")
    assert faculty.get_by_role("button", name="It is complete").count() == 0

    office.goto(path)
    office.get_by_role("button", name="It is complete").click()
    said(office, "“Is it complete?” is done.")

    partner = visit("Dana Cole")
    partner.goto("/")
    partner.get_by_role("link", name="Comment: Bilingual customer service").click()
    said(partner, "You are asked what you think")
    partner.locator("[name=text]").fill("We would interview for it.")
    partner.get_by_role("button", name="Keep comment").click()
    said(partner, "Your comment is kept.", "We would interview for it.")
    office.reload()
    said(office, "We would interview for it.")

    office.locator("summary", has_text="Ask somebody from outside").click()
    office.get_by_label("Name").fill("Dana Cole")
    office.get_by_label("E-mail").fill("dana@lakeside.example")
    office.get_by_role("button", name="Ask", exact=True).click()
    said(office, "They get a message with a link.", "Dana Cole was asked")
    employer = visit()
    employer.goto(mailed_link("dana@lakeside.example", "/review/"))
    said(employer, "Bilingual customer service")
    employer.get_by_label("approve", exact=True).check()
    employer.locator("[name=comment]").fill("We would hire from it.")
    employer.get_by_role("button", name="Send it to the council").click()
    office.reload()
    said(office, "We would hire from it.", "from outside")
    office.get_by_role("button", name="It is in order").click()
    office.get_by_role("button", name="End the window").click()
    said(office, "“Employers are heard” is done.")

    conflicted.goto(path)
    conflicted.locator("summary", has_text="I have a conflict of interest").click()
    conflicted.locator("#recuse-reason").fill("My sister runs the course.")
    conflicted.get_by_role("button", name="Do not ask me").click()
    said(conflicted, "You said that you have a conflict of interest")
    review(chair, path, "approve", "Needed, and observed.")
    review(member, path, "approve", "I agree.")
    chair.goto(path)
    said(chair, "Needed, and observed.", "I agree.", "1 member has a conflict of interest")
    return path, office, chair, member, conflicted


def approved(path, chair, stranger):
    """The decision is written and published; everyone reads it, and what was approved is in the catalog."""
    chair.goto(path)
    write_decision(chair, "Asked for, and assessed by people who speak both languages.")
    said(chair, "Approved")
    stranger.goto(f"{ROOT}/decisions/")
    stranger.get_by_role("link", name="Bilingual customer service").first.click()
    said(stranger, "Asked for, and assessed", "1 recused")
    assert Version.objects.get(title__endswith="Bilingual customer service").issuable


def test_in_an_ordinary_body(council, visit):
    path, office, chair, member, conflicted = to_the_vote(council, visit)
    chair.get_by_role("button", name="Open the vote").click()
    conflicted.goto(path)
    assert conflicted.get_by_role("button", name="Cast vote").count() == 0
    for page, choice in ((member, "For"), (office, "For"), (chair, "For")):
        vote(page, path, choice)
    chair.get_by_label("Mei Tanaka").check()
    chair.get_by_role("button", name="Note presence").click()
    chair.get_by_role("button", name="Close the vote").click()
    said(chair, "carried", "1 recused")
    approved(path, chair, visit())


def test_in_a_body_under_an_open_meeting_law(council, visit):
    path, office, chair, member, _conflicted = to_the_vote(council, visit)
    body, clerk, stale = council.council, visit("Sam Whitaker"), visit("Ruth Alvarez")
    stale.goto(path)  # opened before the charter changes: the vote can still be called on it
    earlier(actions.change_body, body=body, name=body.name, law="open", actor=council.administrator)
    change_charter(clerk, body, Votes_are="by name, unless the chair calls a secret ballot")
    said(clerk, "a secret ballot is not allowed", "Open meetings: votes by name")

    stale.get_by_role("button", name="Open the vote").click()
    said(stale, "votes only in a meeting", "Open meetings: votes in a noticed meeting")
    chair.reload()
    said(chair, "Open meetings: votes in a noticed meeting")
    assert chair.get_by_role("button", name="Open the vote").count() == 0

    meeting = plan_meeting(chair, body, "Old Hall")
    chair.get_by_label("Bilingual customer service").select_option(label="decision")
    chair.get_by_role("button", name="Put on the agenda").click()
    stale.goto(meeting)  # opened before the agenda is locked: an item can still be typed on it
    chair.get_by_role("button", name="Publish the agenda").click()
    stale.locator("summary", has_text="Something else").click()
    stale.get_by_label("What it is about").fill("Parking fees")
    stale.get_by_role("button", name="Add item").click()
    said(stale, "The agenda is locked 72 hours before the meeting", "only what is on the published agenda")
    chair.reload()
    said(chair, "Open meetings: only what is on the published agenda")
    assert "Parking fees" not in chair.inner_text("main")

    chair.get_by_role("button", name="Open the meeting").click()
    attend(chair, ("Ruth Alvarez", "Ben Okafor", "Mei Tanaka", "Priya Nair"))
    assert chair.get_by_role("button", name="Open a secret ballot").count() == 0
    chair.get_by_role("button", name="Open the vote").click()
    for page, choice in ((member, "For"), (office, "For"), (chair, "For")):
        vote(page, path, choice)
    chair.goto(path)
    chair.get_by_role("button", name="Close the vote").click()
    said(chair, "carried", "1 recused")
    assert Ballot.objects.get().item_id is not None
    stranger = visit()
    approved(path, chair, stranger)
    said(stranger, "Ben Okafor: For", "Priya Nair: For")
