"""Steps that several journeys of the council share."""

from datetime import timedelta

from django.utils import timezone

from gradatim.program.ground.models import Work

ROOT = "/o/northfield"


def said(page, *words):
    """Check that the page says all of this."""
    text = page.inner_text("main")
    for one in words:
        assert one in text, text


def fill(page, fields):
    """Type into the fields of these labels."""
    for label, value in fields.items():
        page.get_by_label(label, exact=False).first.fill(value)


SHORT_FORM = {
    "Title": "Bilingual customer service",
    "In one or two sentences": "Serves customers in two languages.",
    "What it is for": "Students who speak two languages.",
    "What shows that it is needed": "State job bank, July 2026: 58 of 140 postings.",
    "Outcomes": "Answer a request in the customer's language\nSwitch between languages\nCalm a complaint",
    "What has to be shown": "Four recorded calls, marked by one assessor of each language.",
    "Workload in hours": "36",
}


def propose(page, fields=SHORT_FORM, kind="Skill", level="Intermediate"):
    """Fill in the short form and send it to the council; the proposal's path."""
    page.goto(f"{ROOT}/proposals/new/")
    fill(page, fields)
    page.get_by_label("Type").select_option(label=kind)
    page.get_by_label("Level").select_option(label=level)
    page.get_by_role("button", name="Keep as draft").click()
    page.get_by_role("button", name="Send to council").click()
    said(page, "It is with the council now")
    return page.url


def vote(page, path, choice):
    """Cast a vote on the proposal's page."""
    page.goto(path)
    page.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="Cast vote").click()
    said(page, "Your vote is cast")


def review(page, path, recommendation, comment):
    """Give a review on the proposal's page."""
    page.goto(path)
    page.locator("summary", has_text="Give your review").click()
    form = page.locator("form[action$='/review/']")
    form.get_by_label(recommendation, exact=True).check()
    form.locator("[name=comment]").fill(comment)
    page.get_by_role("button", name="Keep review").click()


def write_decision(page, reason):
    """Write the decision of a closed vote and publish it."""
    page.get_by_label("Reason, in words that will be public").fill(reason)
    page.get_by_role("button", name="Keep, do not publish yet").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def change_charter(page, body, **chosen):
    """Change a body's charter: label to option."""
    page.goto(f"{ROOT}/council/{body.pk}/")
    for label, option in chosen.items():
        page.get_by_label(label.replace("_", " ")).select_option(label=option)
    page.get_by_role("button", name="Save", exact=True).click()


def plan_meeting(page, body, place):
    """Plan a meeting in five days; its path."""
    page.goto(f"{ROOT}/council/{body.pk}/meetings/")
    page.get_by_label("Begins").fill((timezone.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Place").fill(place)
    page.get_by_role("button", name="Plan it").click()
    return page.url


def attend(page, names):
    """Note in the meeting's page who is there."""
    for name in names:
        page.get_by_label(name).select_option(label="present")
    page.get_by_role("button", name="Note attendance").click()


def mailed_link(address, part):
    """The path of the newest link that was mailed to an address, with this part in it."""
    mails = Work.objects.filter(kind="mail", payload__to=address).order_by("-pk")
    words = [w for mail in mails for w in mail.payload["text"].split() if part in w]
    return words[0].partition("localhost:8000")[2]
