"""Keeping quality: a new level without a deployment, and an exception by decision that ends by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.taxonomy.models import Waiver
from gradatim.program.web.demo import program
from tests.journeys.test_new_level import proposed, voted
from tests.program.council.acts import resolved

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_new_level_in_the_page_with_rule_style_and_shape(filled, visit):
    page = visit("Priya Nair", java_script_enabled=False)
    page.goto("/o/northfield/taxonomy/")
    page.get_by_role("link", name="Level", exact=True).click()
    page.get_by_role("link", name="Add a value").click()
    page.get_by_label("Name").fill("Master class")
    page.get_by_label("Outline of the badge").select_option("Octagon")
    page.get_by_label("In other languages").fill("de: Meister")
    page.get_by_role("button", name="Save").click()
    page.goto("/o/northfield/taxonomy/rules/new/")
    page.get_by_label("What it asks for").fill("A master class hands in something made.")
    page.get_by_label("blocks").check()
    page.get_by_text("Only for some kinds").click()
    page.get_by_label("Master class").check()
    page.locator("#id_expression-0-fact").select_option("evidence")
    page.locator("#id_expression-0-is").select_option("one-of")
    page.locator("#id_expression-0-value").fill("artifact, recording")
    page.get_by_label("How to mend it").fill("Tick what has to be handed in.")
    page.get_by_role("button", name="See what it does").click()
    assert "Nothing changes for the definitions that are there." in page.inner_text("#effects")
    page.get_by_role("button", name="Save the rule").click()
    voted(visit, proposed(visit("Priya Nair")))
    page.goto("/o/northfield/achievements/new/")
    page.get_by_label("Title").fill("Dashboards that last")
    page.get_by_label("In one or two sentences").fill("Builds and keeps a dashboard.")
    page.get_by_label("Type").select_option("Skill")
    page.get_by_label("Level").select_option("Master class")
    page.get_by_label("Outcomes").fill("Build a dashboard")
    page.get_by_label("What has to be shown").fill("One dashboard.")
    page.get_by_role("button", name="Save the draft").click()
    assert "Tick what has to be handed in." in page.inner_text("#live")
    assert "MASTER CLASS" in page.inner_html("#live figure")


def test_an_exception_by_decision_until_a_day_and_then_it_blocks_again(filled, visit):
    cast = filled.cast
    national = {**program.SOLAR, "title": "National week of trades"}
    draft = program._propose(cast, national, "skill", "foundation")
    decision = resolved(cast, "How trades name their weeks")
    author = visit("Priya Nair")
    address = f"/o/northfield/achievements/{draft.version_id}/"
    author.goto(address)
    assert "▲" in author.inner_text("#live")
    chair = visit("Ruth Alvarez")
    chair.goto("/o/northfield/council/exceptions/new/")
    chair.get_by_label("Which decision says so").select_option(f"Decision {decision.number}")
    chair.get_by_label("For which definition").select_option("National week of trades (version 1)")
    chair.get_by_label("From which rule").select_option("The title does not promise a larger qualification.")
    chair.get_by_label("The last day it holds").fill(timezone.localdate().isoformat())
    chair.get_by_role("button", name="Write it down").click()
    assert "National week" in chair.inner_text("main") or "national-week-of-trades/1" in chair.inner_text(
        "main"
    )
    author.goto(address)
    assert f"decision {decision.number}" in author.inner_text("#live")
    assert "▲" not in author.inner_text("#live")
    yesterday = timezone.localdate() - timedelta(days=1)
    Waiver.objects.update(decided_on=yesterday, expires_on=yesterday)
    author.goto(address)
    assert "▲" in author.inner_text("#live")
    assert "Exception until" not in author.inner_text("#live")
