"""The main job in a browser: from a proposal to a credential a stranger checks, and its taking back."""

import json

import pytest
from django.utils import timezone

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.credentials import documents
from gradatim.program.credentials.models import StatusList
from gradatim.program.ground.models import Work
from gradatim.program.web import work

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROSTER = "id,legal name,school address,directory hold,minor\nN-1001,Amina Yusuf,amina.yusuf@northfield.example,no,no\nN-1002,Ben Castillo,,no,no\n,Nobody,,no,no\n"


def fill(page, fields):
    for label, value in fields.items():
        page.get_by_label(label, exact=False).first.fill(value)


def propose(page):
    """Priya writes one short page and sends it."""
    page.goto("/o/northfield/proposals/")
    page.get_by_role("link", name="Start a proposal").first.click()
    fill(
        page,
        {
            "Title": "Data literacy for the workplace",
            "In one or two sentences": "Reads, questions and explains workplace data.",
            "What it is for": "Staff who read reports.",
            "What shows that it is needed": "Nine employers, March 2026.",
            "Outcomes": "Interpret tables\nQuestion figures\nExplain findings",
            "What has to be shown": "A case with a report and a talk; two assessors.",
            "Workload in hours": "40",
        },
    )
    page.get_by_label("Type").select_option(label="Skill")
    page.get_by_label("Level").select_option(label="Intermediate")
    page.get_by_role("button", name="Keep as draft").click()
    page.get_by_role("button", name="Send to council").click()
    assert "It is with the council now" in page.inner_text("main")


def vote(page, choice):
    page.goto("/")
    page.get_by_role("link", name="Vote", exact=True).click()
    page.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="Cast vote").click()
    assert "Your vote is cast" in page.inner_text("main")


def decide(chair, member, second):
    """Ruth opens the vote, three vote, Ruth closes, writes the decision and publishes it."""
    chair.goto("/o/northfield/proposals/1/")
    chair.get_by_role("button", name="Open the vote").click()
    vote(member, "For")
    vote(second, "Abstain")
    vote(chair, "For")
    chair.get_by_role("button", name="Close the vote").click()
    assert "carried" in chair.inner_text("main")
    chair.get_by_label("Reason, in words that will be public").fill("Employers ask for it.")
    chair.get_by_role("button", name="Keep, do not publish yet").click()
    chair.get_by_role("button", name="Publish").click()
    assert "Approved" in chair.inner_text("main")


def issue(registrar, assessor):
    """Sam takes the roster in, Tom notes results, Sam issues."""
    registrar.goto("/o/northfield/cohorts/new/")
    registrar.get_by_label("Achievement").select_option(index=1)
    registrar.get_by_label("Name").fill("First cohort")
    registrar.get_by_role("button", name="Start cohort").click()
    registrar.get_by_label("Roster").set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
    )
    registrar.get_by_role("button", name="Look at it first").click()
    assert "1 cannot" in registrar.inner_text("main")
    registrar.get_by_role("button", name="Take in 2 rows").click()
    assessor.goto("/o/northfield/cohorts/")
    assessor.get_by_role("link", name="First cohort").click()
    assessor.get_by_role("button", name="The rest met the outcomes").click()
    assert "2 results were noted" in assessor.inner_text("main")
    registrar.reload()
    registrar.get_by_role("button", name="Issue 2 credentials").click()
    work.drain()
    registrar.get_by_text("2 of 2 issued").wait_for()


def get(page):
    """Amina opens the link of her mail, presses the button, and downloads the signed file."""
    mail = Work.objects.get(kind="mail", key__startswith="claim:")
    path = next(word for word in mail.payload["text"].split() if "/get/" in word).removeprefix(
        "http://localhost:8000"
    )
    page.goto(path)
    page.get_by_role("button", name="Get your credential").click()
    assert "It is yours now" in page.inner_text("main")
    with page.expect_download() as download:
        page.get_by_role("link", name="Signed file").click()
    page.get_by_role("button", name="Make a link").click()
    shared = page.locator(".linked").first.inner_text().split()[0].removeprefix("http://localhost:8000")
    return download.value.path().read_bytes(), shared


def by_the_engine_alone(organization, data):
    web = {"https://demo.example/.well-known/did.json": {"body": documents.did_document(organization)}}
    for one in StatusList.objects.all():
        web[json.loads(one.document)["id"]] = {"body": json.loads(one.document)}
    return verify(data, fetcher=MemoryFetcher(web), now=timezone.now())


def check(page, data):
    """A stranger drops the file on the page."""
    page.goto("/verify/")
    page.get_by_label("or choose a file").set_input_files(
        {"name": "credential.json", "mimeType": "application/json", "buffer": data}
    )
    page.get_by_role("button", name="Check", exact=True).click()
    return page.inner_text("main")


def test_from_a_proposal_to_a_credential_and_back(cast, visit):
    propose(visit("Priya Nair"))
    decide(visit("Ruth Alvarez"), visit("Ben Okafor"), visit("Mei Tanaka"))
    registrar = visit("Sam Whitaker")
    issue(registrar, visit("Tom Lindqvist"))
    data, shared = get(visit())

    assert by_the_engine_alone(cast.northfield, data).verdict == "valid"
    stranger = visit()
    assert "Genuine" in check(stranger, data)
    stranger.goto(shared)
    assert "Amina Yusuf" in stranger.inner_text("main")
    assert "Genuine." in stranger.inner_text("main")
    stranger.get_by_role("link", name="decision").click()
    assert "Employers ask for it." in stranger.inner_text("main")

    registrar.goto("/o/northfield/credentials/?q=Amina")
    registrar.get_by_role("link", name="Take back Amina").click()
    registrar.get_by_label("Public reason").select_option(label="issued by mistake")
    registrar.get_by_role("button", name="Take it back").click()
    work.drain()
    stranger.goto(shared)
    said = stranger.inner_text("main")
    assert "Taken back on" in said
    assert "issued by mistake" in said
    assert "Taken back" in check(stranger, data)
    report = by_the_engine_alone(cast.northfield, data)
    assert (report.verdict, report.cause) == ("invalid", "revoked")
