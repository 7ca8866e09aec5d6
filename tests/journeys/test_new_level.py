"""A new level is written in the page, with outline and rule; the council decides, and it is in force with its badge."""

import pytest

from tests.journeys.steps import ROOT, SHORT_FORM, fill, said, vote, write_decision

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def outline(page):
    """How the badge beside the form is drawn, once the form was looked at."""
    page.get_by_role("button", name="Check it, save it later").click()
    return page.locator("#live figure svg").inner_html()


def listed(office):
    """The manager writes the level and a rule that names it; both stand on the change list."""
    office.goto(f"{ROOT}/taxonomy/")
    said(office, "Microcredential Council decides about this.")
    office.get_by_role("link", name="Level").first.click()
    office.get_by_role("link", name="Add a value").click()
    office.get_by_label("Name", exact=True).fill("Master class")
    office.get_by_label("When to choose it").fill("Teaches others who are advanced already.")
    office.get_by_label("Outline of the badge").select_option(label="Octagon")
    office.get_by_role("button", name="Save").click()
    said(office, "It stands on your change list now.", "Master class", "Octagon")

    office.goto(f"{ROOT}/taxonomy/rules/new/")
    fill(office, {"What it asks for": "A master class states at least 60 hours."})
    office.get_by_label("Blocks", exact=False).first.check()
    office.locator("summary", has_text="Only for some kinds").click()
    office.get_by_label("Master class").check()
    rows = office.locator("[name^='expression-0']")
    rows.nth(0).select_option(value="workload_hours")
    rows.nth(1).select_option(value="at-least")
    rows.nth(2).fill("60")
    fill(office, {"How to mend it": "Give at least 60 hours, or choose another level."})
    office.get_by_role("button", name="See what it does").click()
    office.get_by_role("button", name="Save the rule").click()
    said(office, "A master class states at least 60 hours.")


def proposed(office):
    """The list becomes a proposal, and goes to the council."""
    office.goto(f"{ROOT}/taxonomy/changes/")
    office.get_by_role("link", name="Look at it and propose it").click()
    said(office, "New value: Level, Master class", "Nothing changes for the definitions that are there.")
    office.get_by_role("link", name="Propose it", exact=True).click()
    fill(
        office,
        {
            "What it is about": "A level above advanced",
            "What it is for": "For those who teach others who are advanced already.",
            "What shows that it is needed": "Three units ask for it (letters of October 2026).",
        },
    )
    office.get_by_role("button", name="Keep as draft").click()
    said(office, "New value: Level, Master class", "outline: Octagon")
    office.get_by_role("button", name="Send to council").click()
    said(office, "It is with the council now")
    return office.url


def voted(visit, where):
    """Chair and members vote, and the chair publishes the decision."""
    chair = visit("Ruth Alvarez")
    chair.goto(where)
    chair.get_by_role("button", name="Open the vote").click()
    for name in ("Ruth Alvarez", "Ben Okafor", "Mei Tanaka"):
        vote(visit(name), where, "For")
    chair.goto(where)
    chair.get_by_role("button", name="Close the vote").click()
    write_decision(chair, "Those who teach others do more than the advanced.")
    said(chair, "From now on it counts.", "in force")


@pytest.mark.usefixtures("filled")
def test_a_level_is_written_decided_and_in_force_with_rule_outline_and_badge(visit):
    office, faculty = visit("Priya Nair"), visit("Tom Lindqvist")
    listed(office)
    faculty.goto(f"{ROOT}/proposals/new/")
    assert "Master class" not in faculty.get_by_label("Level").inner_text()
    voted(visit, proposed(office))
    office.goto(f"{ROOT}/taxonomy/editions/")
    said(office, "changes.in-force", "Decision 20")

    faculty.goto(f"{ROOT}/proposals/new/")
    fill(faculty, SHORT_FORM)
    faculty.get_by_label("Type").select_option(label="Skill")
    faculty.get_by_label("Level").select_option(label="Advanced")
    before = outline(faculty)
    faculty.get_by_label("Level").select_option(label="Master class")
    assert outline(faculty) != before
    said(faculty, "Give at least 60 hours, or choose another level.")
    fill(faculty, {"Workload in hours": "80"})
    faculty.get_by_role("button", name="Keep as draft").click()
    assert "Give at least 60 hours" not in faculty.inner_text("main")
    faculty.get_by_role("button", name="Send to council").click()
    said(faculty, "It is with the council now", "Master class")
