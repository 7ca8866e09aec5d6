"""A rule that blocks is lifted by a decision until a day, and blocks again after it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Decision
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Rule
from tests.journeys.steps import ROOT, attend, plan_meeting, said

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DRAFT = f"{ROOT}/proposals/3/"


def decide_by_motion(chair, body):
    """A motion in a meeting carries, is written down as a decision about policy, and published."""
    plan_meeting(chair, body, "Room 204")
    chair.locator("summary", has_text="Something else").click()
    chair.get_by_label("What it is about").fill("Alignment of health credentials")
    chair.get_by_role("button", name="Add item").click()
    chair.get_by_role("button", name="Open the meeting").click()
    attend(chair, ("Ruth Alvarez", "Ben Okafor", "Mei Tanaka"))
    chair.locator("summary", has_text="Note a motion").click()
    chair.get_by_label("Words of the motion").fill("Conversations in care need no alignment this year.")
    chair.get_by_label("Moved by").select_option(label="Mei Tanaka")
    chair.get_by_label("Seconded by").select_option(label="Ben Okafor")
    chair.get_by_role("button", name="Note the motion").click()
    chair.get_by_role("button", name="Nobody objects").click()
    chair.locator("summary", has_text="Write it down as a decision").click()
    chair.get_by_label("Reason, in words that will be public").fill("There is no framework for it yet.")
    chair.get_by_role("button", name="Keep, do not publish yet").click()
    chair.goto(f"{ROOT}/decisions/held/")
    said(chair, "Alignment of health credentials")
    chair.get_by_role("button", name="Publish what is ticked").click()
    said(chair, "1 decision is public.")


def test_lifted_until_a_day(filled, visit):
    office, clerk, chair, stranger = (
        visit(name) for name in ("Priya Nair", "Sam Whitaker", "Ruth Alvarez", None)
    )
    rule = Rule.objects.get(organization=filled.cast.northfield, profile=None, key="alignment-present")
    Rule.objects.filter(pk=rule.pk).update(severity="block")  # as the council decided some time ago
    office.goto(DRAFT)
    said(office, "One rule has to be met before it can go to the council.")
    assert office.get_by_role("button", name="Send to council").count() == 0

    decide_by_motion(chair, filled.cast.council)
    decision = Decision.objects.get(kind="policy")
    last = timezone.localdate() + timedelta(days=30)
    chair.goto(f"{ROOT}/council/exceptions/new/")
    chair.get_by_label("Which decision says so").select_option(value=str(decision.pk))
    care = Version.objects.get(proposals__number=3)
    chair.get_by_label("For which definition").select_option(value=str(care.pk))
    chair.get_by_label("From which rule").select_option(label=rule.name)
    chair.get_by_label("The last day it holds").fill(last.isoformat())
    chair.get_by_label("Why").fill("No framework for it yet.")
    chair.get_by_role("button", name="Write it down").click()
    said(chair, rule.name, decision.number)

    office.reload()
    said(office, "Exception until", f"decision {decision.number}")
    office.get_by_role("button", name="Send to council").click()
    said(office, "It is with the council now")
    stranger.goto(f"{ROOT}/decisions/{decision.number}/")
    said(stranger, "Conversations in care need no alignment this year.")

    def blocked(day):
        book = taxonomy.rulebook(filled.cast.northfield, day=day)
        found = book.findings(achievements.facts(care), achievements.subject(care))
        return [finding.key for finding in found if finding.blocks]

    assert blocked(last) == []
    assert blocked(last + timedelta(days=1)) == ["alignment-present"]
    clerk.goto(f"{ROOT}/taxonomy/exceptions/")
    clerk.get_by_role("button", name="Take it back").click()
    chair.goto(DRAFT)
    assert "Exception until" not in chair.inner_text("main")
