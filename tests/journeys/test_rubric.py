"""A rubric in the browser: written in a proposal, tied, aligned, put into another language; every page under axe."""

import pytest

from gradatim.program.council.models import Proposal
from tests.journeys.steps import ROOT, said
from tests.journeys.test_pages import LOOKS, looked

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATH = f"{ROOT}/proposals/3"


@pytest.mark.parametrize("look", LOOKS)
def test_a_rubric_from_its_first_criterion_to_its_second_language(filled, visit, look):
    found, page = [], visit("Priya Nair", **look)

    def see(name):
        width, most = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        found.extend(looked(page, name) + ([(name, f"scrolls sideways: {width}")] if width > most else []))

    page.goto(f"{PATH}/rubric/")
    page.get_by_label("What is looked at").fill("Listening")
    for number, name in enumerate(("Not yet", "Sound")):
        page.get_by_label("Its name").nth(number).fill(name)
    page.get_by_label("What it looks like").nth(1).fill("Sums up what was said.")
    page.get_by_label("Listen and sum up").check()
    see("editor")
    page.get_by_role("button", name="Save, then align criterion 1 or its levels").click()
    said(page, "What “Listening” is aligned to")
    page.get_by_label("What is aligned:").select_option(label="Listening: Sound")
    page.get_by_role("button", name="Show").click()
    said(page, "What “Listening: Sound” is aligned to")
    page.get_by_label("Summarize").check()
    page.get_by_role("button", name="Align to these").click()
    said(page, "Aligned to 1 more.")
    see("alignments of a level")
    page.goto(f"{PATH}/languages/new/")
    page.get_by_label("Language", exact=False).first.fill("de")
    page.get_by_label("Title").fill("Gespräche in der Pflege")
    page.get_by_label("In one or two sentences").fill("Spricht in schweren Momenten.")
    page.get_by_label("Criterion: Listening").fill("Zuhören")
    page.get_by_role("button", name="Save the texts").click()
    said(page, "No criterion measures: Say hard things kindly", "Rubric (3 of 4)", "Aligned to: Summarize")
    see("proposal")
    page.goto(f"{PATH}/languages/de/")
    said(page, "In German", "Readers see these in English.")
    see("language")
    page.goto(f"{PATH}/edit/")
    page.get_by_label("Outcomes").fill("Say hard things kindly")
    page.locator("main form button.strong").first.click()
    said(page, "“Listening” measured “Listen and sum up”, which is gone.")
    page.goto(f"{ROOT}/matrix/")
    page.locator("section.traced", has_text="Conversations in care").get_by_text(
        "gaps", exact=False
    ).last.click()
    said(page, "No criterion measures “Say hard things kindly”.")
    see("matrix")
    assert Proposal.objects.get(number=3).version.rubric[0]["name"] == "Listening"
    assert found == [], "\n".join(map(str, found))
