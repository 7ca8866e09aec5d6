"""Contested votes in a browser: no quorum, a re-call, a tie; and a body under an open-meeting law."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions
from gradatim.program.council.models import Ballot
from tests.program.council.acts import propose

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = "/o/northfield"


def said(page, *words):
    text = page.inner_text("main")
    for one in words:
        assert one in text, text


def vote(page, choice):
    page.goto(f"{ROOT}/proposals/1/")
    page.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="Cast vote").click()
    said(page, "Your vote is cast")


def sent(cast):
    """A proposal goes to the council; from now on a charter changes by decision alone."""
    actions.submit(proposal=propose(cast), actor=cast.manager)


def test_no_quorum_then_a_tie_that_the_chair_decides(cast, visit):
    clerk, chair, member, second = (
        visit(name) for name in ("Sam Whitaker", "Ruth Alvarez", "Ben Okafor", "Mei Tanaka")
    )
    clerk.goto(f"{ROOT}/council/{cast.council.pk}/")
    clerk.get_by_label("A tie", exact=True).select_option(label="the chair decides")
    clerk.get_by_role("button", name="Save", exact=True).click()
    said(clerk, "Saved.")
    sent(cast)

    chair.goto(f"{ROOT}/proposals/1/")
    chair.get_by_role("button", name="Open the vote").click()
    vote(member, "For")
    member.locator("summary", has_text="Change your vote").click()
    member.get_by_label("Against", exact=True).check()
    member.get_by_role("button", name="Change my vote").click()
    said(member, "You voted: Against.", "1 has voted")
    chair.get_by_text("1 has voted").wait_for()  # by itself, without a reload
    chair.get_by_role("button", name="Close the vote").click()
    said(chair, "present 1 of 4, needed 3".capitalize(), "no quorum")

    chair.get_by_role("button", name="Call the vote again").click()
    vote(member, "Against")
    vote(chair, "For")
    vote(second, "I have a conflict of interest")
    chair.get_by_role("button", name="Close the vote").click()
    said(chair, "1 recused, which leaves 2 for the quorum", "no quorum")

    chair.get_by_role("button", name="Call the vote again").click()
    vote(member, "Against")
    vote(chair, "For")
    vote(second, "Abstain")
    chair.get_by_role("button", name="Close the vote").click()
    said(chair, "tied, and the chair decides", "Called again")
    chair.get_by_role("button", name="It carries").click()
    said(chair, "tied; the chair decided: carried", "Write the decision")
    assert [b.result for b in Ballot.objects.order_by("pk")] == ["no_quorum", "no_quorum", "carried"]


def test_a_body_under_an_open_meeting_law(cast, visit):
    clerk, chair, member, second, stranger = (
        visit(name) for name in ("Sam Whitaker", "Ruth Alvarez", "Ben Okafor", "Mei Tanaka", None)
    )
    clerk.goto(f"{ROOT}/council/{cast.council.pk}/")
    clerk.get_by_label("Its meetings are").select_option(label="open meetings")
    clerk.get_by_label("The statute or bylaw").fill("Gov. Code 551")
    clerk.get_by_label("Votes are").select_option(label="by name, unless the chair calls a secret ballot")
    clerk.get_by_role("button", name="Save", exact=True).click()
    said(clerk, "a secret ballot is not allowed", "votes by name; Gov. Code 551")
    clerk.get_by_label("Votes are").select_option(label="always by name")
    clerk.get_by_role("button", name="Save", exact=True).click()
    said(clerk, "Saved.")
    sent(cast)

    chair.goto(f"{ROOT}/proposals/1/")
    said(chair, "votes in meetings")
    assert chair.get_by_role("button", name="Open the vote").count() == 0
    chair.get_by_role("link", name="Meetings").click()
    when = timezone.now() + timedelta(days=5)
    chair.get_by_label("Begins").fill(when.strftime("%Y-%m-%dT%H:%M"))
    chair.get_by_label("Place").fill("Old Hall")
    chair.get_by_role("button", name="Plan it").click()
    chair.get_by_label("Data literacy").select_option(label="decision")
    chair.get_by_role("button", name="Put on the agenda").click()
    chair.get_by_role("button", name="Publish the agenda").click()
    assert chair.get_by_role("button", name="Add item").count() == 0  # it is locked from now on
    stranger.goto(f"{ROOT}/meetings/")
    stranger.get_by_role("link", name="Microcredential Council").click()
    said(stranger, "Data literacy", "Old Hall")

    chair.get_by_role("button", name="Open the meeting").click()
    for name in ("Ruth Alvarez", "Ben Okafor", "Mei Tanaka"):
        chair.get_by_label(name).select_option(label="present")
    chair.get_by_role("button", name="Note attendance").click()
    said(chair, "Present 3 of 4, needed 3")
    chair.locator("summary", has_text="Note a comment").click()
    chair.get_by_label("Who speaks").fill("J. Doe")
    chair.get_by_label("What was said").fill("More evening classes.")
    chair.get_by_role("button", name="Note it").click()
    meeting = chair.url
    chair.get_by_role("button", name="Open the vote").click()
    for page, choice in ((member, "For"), (second, "Against"), (chair, "For")):
        vote(page, choice)
    chair.get_by_role("button", name="Close the vote").click()
    chair.goto(meeting)
    chair.get_by_role("button", name="End the meeting").click()
    chair.get_by_role("button", name="Approve the minutes").click()
    chair.get_by_role("button", name="Publish the minutes").click()

    stranger.reload()
    said(
        stranger,
        "J. Doe: More evening classes.",
        "for: Ben Okafor, Ruth Alvarez; against: Mei Tanaka",
        "carried",
    )
