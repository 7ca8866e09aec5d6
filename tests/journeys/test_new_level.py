"""A new level is made in the page: outline of the badge, a rule about it, and a badge that is seen with it."""

import pytest

from tests.journeys.steps import ROOT, SHORT_FORM, fill, said

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def outline(page):
    """How the badge beside the form is drawn, once the form was looked at."""
    page.get_by_role("button", name="Check it, save it later").click()
    return page.locator("#live figure svg").inner_html()


@pytest.mark.usefixtures("filled")
def test_a_level_is_added_with_rule_outline_and_badge(visit):
    office, faculty = visit("Priya Nair"), visit("Tom Lindqvist")
    office.goto(f"{ROOT}/taxonomy/")
    office.get_by_role("link", name="Level").first.click()
    office.get_by_role("link", name="Add a value").click()
    office.get_by_label("Name", exact=True).fill("Master class")
    office.get_by_label("When to choose it").fill("Teaches others who are advanced already.")
    office.get_by_label("Outline of the badge").select_option(label="Octagon")
    office.get_by_role("button", name="Save").click()
    said(office, "Master class", "Octagon")

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
