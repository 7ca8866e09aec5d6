"""Routes in a browser: a typing mistake goes through a second person; a written route is gone stage by stage; two write at once."""

import pytest

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions
from gradatim.program.council.models import Decision, Proposal
from gradatim.program.ground.models import Work

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def said(page):
    return page.inner_text("main")


def test_a_typing_mistake_goes_through_a_second_person(filled, visit):
    priya = visit("Priya Nair")
    priya.goto("/o/northfield/proposals/")
    priya.get_by_role("link", name="Change or retire").click()
    priya.get_by_label("What should change").select_option(index=0)
    priya.get_by_label("A correction", exact=False).check()
    priya.get_by_role("button", name="Go on").click()
    assert "Whom it touches" in said(priya)
    priya.get_by_label("In one or two sentences").fill("Reads, questions and explains workplace data.")
    priya.get_by_role("button", name="Keep as draft").click()
    priya.get_by_role("button", name="Send to council").click()
    assert "A second person reads it" in said(priya)
    assert not priya.get_by_role("button", name="Sign off").is_visible()
    address = priya.url
    tom = visit("Tom Lindqvist")
    tom.goto("/o/northfield/council/work/")
    tom.get_by_role("link", name="Look at it").first.click()
    assert tom.url == address
    tom.get_by_label("Note").fill("One letter was missing.")
    tom.get_by_role("button", name="Sign off").click()
    decision = Decision.objects.latest("id")
    assert (decision.outcome, decision.ballot, decision.rationale) == (
        "approved",
        None,
        "One letter was missing.",
    )
    assert decision.published_at
    assert decision.proposal.version.issuable
    assert Version.objects.get(pk=decision.proposal.version_id).number == 2
    tom.goto(f"/o/northfield/decisions/{decision.number}/")
    assert "by sign-off" in said(tom)


def _decide(cast, proposal):
    """The council decides about what its chair proposed; a manager runs the vote."""
    actions.submit(proposal=proposal, actor=cast.chair)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.manager)
    for person in (cast.member, cast.second_member, cast.manager):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    closed = actions.close_ballot(ballot=ballot, actor=cast.manager)
    decision = actions.decide(ballot=closed, rationale="They are heard.", actor=cast.manager)
    actions.publish(decision=decision, actor=cast.manager)


def test_a_route_is_written_and_gone_stage_by_stage(filled, visit):
    ruth = visit("Ruth Alvarez")
    ruth.goto("/o/northfield/council/routes/new/")
    ruth.get_by_label("What it is called").fill("With employers")
    ruth.get_by_label("Test 1: what is asked").first.select_option(label="risk")
    ruth.get_by_label("Test 1: how").first.select_option(label="is")
    ruth.get_by_label("Test 1: compared with").first.fill("medium")
    for n, (name, kind, who) in enumerate(
        (
            ("Complete?", "Completeness check", "the program managers"),
            ("Employers", "Consultation window", "the members of the body"),
            ("Vote", "Vote", "the chair"),
        ),
        start=1,
    ):
        if n > 1:
            ruth.get_by_role("button", name="Add a stage").click()
        stage = ruth.get_by_label(f"Stage {n}", exact=True)
        stage.get_by_label("What the stage is called").fill(name)
        stage.get_by_label("What happens").select_option(label=kind)
        stage.get_by_label("It waits for").select_option(label=who)
    ruth.get_by_role("button", name="Put it on the change list").click()
    assert "It stands on your change list now." in said(ruth)
    ruth.get_by_role("link", name="Your change list").click()
    assert "New route: With employers" in said(ruth)
    ruth.get_by_role("link", name="Propose it").click()
    ruth.get_by_label("What it is for").fill("So that employers are heard.")
    ruth.get_by_label("What shows that it is needed").fill("Two of them asked.")
    ruth.get_by_label("What it is about").fill("A route with employers")
    ruth.get_by_role("button", name="Keep as draft").click()
    assert "The change list it puts in force" in said(ruth)
    _decide(filled.cast, Proposal.objects.get(kind="policy", changes__whole=True))
    priya = visit("Priya Nair")
    priya.goto("/o/northfield/proposals/3/")
    assert "Why it goes this way: With employers" in said(priya)
    priya.get_by_role("button", name="Send to council").click()
    ruth.goto("/o/northfield/proposals/3/")
    assert not ruth.get_by_role("button", name="Open the vote").is_visible()
    sam = visit("Sam Whitaker")
    sam.goto("/o/northfield/proposals/3/")
    sam.get_by_role("button", name="It is complete").click()
    ruth.goto("/o/northfield/proposals/3/")
    ruth.get_by_text("Ask somebody from outside").click()
    ruth.get_by_label("Name", exact=True).fill("Ada Stone")
    ruth.get_by_label("E-mail").fill("ada@lakeside.example")
    ruth.get_by_role("button", name="Ask", exact=True).click()
    text = Work.objects.get(key__startswith="guest:").payload["text"]
    guest = visit(None, viewport={"width": 390, "height": 800}, java_script_enabled=False)
    guest.goto("/review/" + text.partition("/review/")[2].split()[0])
    guest.get_by_label("approve").check()
    guest.get_by_role("button", name="Send it to the council").click()
    assert "your opinion is with the council" in said(guest)
    ruth.goto("/o/northfield/proposals/3/")
    assert "Ada Stone" in said(ruth)
    ruth.get_by_role("button", name="End the window").click()
    assert ruth.get_by_role("button", name="Open the vote").is_visible()


def test_two_write_at_once_and_nothing_is_lost(filled, visit):
    path = "/o/northfield/proposals/3/edit/"
    priya, sam = visit("Priya Nair"), visit("Sam Whitaker")
    for page in (priya, sam):
        page.goto(path)
    priya.get_by_label("What shows that it is needed").fill("Three hospitals, October 2026.")
    priya.get_by_text("What you type is kept for you").wait_for()
    sam.get_by_label("What shows that it is needed").fill("Two clinics, September 2026.")
    sam.get_by_label("Title", exact=True).fill("Talks in care")
    sam.get_by_role("button", name="Keep as draft").click()
    sam.wait_for_url("**/proposals/3/")
    other = visit("Priya Nair")
    other.goto(path)
    assert "did not save it" in said(other)
    priya.get_by_role("button", name="Keep as draft").click()
    assert "Two of you changed the same" in said(priya)
    assert "Two clinics, September 2026." in said(priya)
    priya.get_by_label("What you typed").check()
    priya.get_by_role("button", name="Save what I chose").click()
    priya.wait_for_url("**/proposals/3/")
    made = Proposal.objects.get(number=3)
    assert (made.need, made.title) == ("Three hospitals, October 2026.", "Talks in care")
