"""Every page under axe, at desktop and phone width, light and dark, without a script error or a sideways scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions as council
from gradatim.program.council.models import Meeting, Proposal
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.models import Work
from gradatim.program.taxonomy import actions as taxonomy_actions
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Dimension

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STRANGER = [
    "/", "/verify/", "/catalog/", "/get/", "/code/", "/cast/", "/account/login/", "/nowhere",
    "/o/northfield/catalog/", "/o/northfield/catalog/data-literacy-for-the-workplace/",
    "/o/northfield/decisions/", "/o/northfield/decisions/{decision}/", "/o/northfield/meetings/",
    "/o/northfield/meetings/{held}/public/", "/o/northfield/meetings/{coming}/public/",
    "/o/northfield/catalog/data-literacy-for-the-workplace/1/es/",
    "/review/{guest}/", "/vote/{vote}/", "/digest/{digest}/",
]  # fmt: skip
PAGES = {
    "Sam Whitaker": [
        "/o/northfield/", "/o/northfield/people/", "/o/northfield/settings/", "/o/northfield/log/",
        "/o/northfield/cohorts/", "/o/northfield/cohorts/new/", "/o/northfield/cohorts/{cohort}/",
        "/o/northfield/cohorts/{cohort}/slips/", "/o/northfield/credentials/", "/o/northfield/batches/",
        "/o/northfield/batches/{batch}/", "/o/northfield/keys/", "/credentials/{credential}",
        "/o/northfield/credentials/{credential}/take-back/", "/o/northfield/first-steps/",
    ],
    "Ruth Alvarez": ["/o/northfield/", "/o/northfield/proposals/", "/o/northfield/proposals/1/", "/o/northfield/proposals/2/", "/o/northfield/council/", "/o/northfield/council/{body}/meetings/",
        "/o/northfield/meetings/{held}/", "/o/northfield/meetings/{held}/minutes/", "/o/northfield/meetings/{coming}/",
        "/o/northfield/decisions/held/", "/o/northfield/decisions/{decision}/reconsider/"],
    "Priya Nair": [
        "/o/northfield/proposals/new/", "/o/northfield/proposals/3/", "/o/northfield/proposals/3/edit/", "/o/northfield/taxonomy/",
        "/o/northfield/taxonomy/rules/", "/o/northfield/taxonomy/frameworks/", "/o/northfield/achievements/",
        "/o/northfield/council/{body}/", "/o/northfield/taxonomy/dimensions/{dimension}/",
        "/o/northfield/taxonomy/values/{value}/", "/o/northfield/taxonomy/rules/new/", "/o/northfield/taxonomy/rules/{rule}/",
        "/o/northfield/taxonomy/profiles/", "/o/northfield/taxonomy/profiles/{profile}/",
        "/o/northfield/taxonomy/profiles/{profile}/edit/", "/o/northfield/taxonomy/profiles/{profile}/rules/new/",
        "/o/northfield/council/work/", "/o/northfield/meetings/{held}/minutes/correct/",
        "/o/northfield/taxonomy/exceptions/", "/o/northfield/council/policy/", "/o/northfield/council/exceptions/new/", "/o/northfield/taxonomy/editions/",
        "/o/northfield/taxonomy/editions/1/", "/o/northfield/achievements/new/", "/o/northfield/achievements/quality/",
        "/o/northfield/achievements/reviews/", "/o/northfield/achievements/{version}/",
        "/o/northfield/achievements/{version}/conformance/", "/o/northfield/achievements/{version}/copy/", "/o/northfield/achievements/{version}/endorsements/",
        "/o/northfield/proposals/3/definition/", "/o/northfield/proposals/3/alignments/", "/o/northfield/proposals/3/languages/new/",
        "/o/northfield/achievements/{version}/compare/{draft}/",
        "/o/northfield/achievements/{version}/review/",
    ],
    "Dana Cole": ["/o/northfield/", "/o/northfield/council/work/"],
    "Amina Yusuf": ["/my/", "/my/{credential}/", "/account/email/", "/account/2fa/"],
}  # fmt: skip


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [
    pytest.param({"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}, id="desktop-light"),
    pytest.param({"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}, id="phone-dark"),
]


def faults(page, path):
    """What axe finds on a page, and whether it scrolls sideways or is not there."""
    answer, found = page.goto(path), []
    if answer.status != (404 if path == "/nowhere" else 200):
        found.append((path, answer.status))
    width, most = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if width > most:
        found.append((path, f"scrolls sideways: {width}"))
    return found + looked(page, path)


def looked(page, path):
    """What axe finds on the page as it stands."""
    results = Axe().run(page, options={"runOnly": RULES})
    return [
        (path, v["id"], [n["html"][:140] for n in v["nodes"]][:2]) for v in results.response["violations"]
    ]


def links(filled):
    """The links of mails that open a page without an account."""
    cast, solar = filled.cast, Proposal.objects.get(number=2)
    council.ask_guest(proposal=solar, name="Ada Lovelace", email="ada@lakeside.example", actor=cast.chair)
    council.send_digest(organization=cast.northfield, person=cast.member)
    texts = [row.payload["text"] for row in Work.objects.filter(kind="mail")]
    found = {}
    for purpose, key in (("guest", "/review/"), ("vote", "/vote/"), ("digest", "/digest/")):
        text = next(text for text in texts if key in text)
        found[purpose] = text.partition(key)[2].partition("/")[0]
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_pages_that_a_press_of_a_button_opens(filled, visit, look):
    """What a policy would change, and whether a rule is to go: both are shown before anything is done."""
    found = []
    page = visit("Priya Nair", **look)
    page.goto("/o/northfield/council/policy/")
    page.locator("input[name=example]").nth(1).check()
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", level=1).wait_for()
    found += looked(page, "policy preview")
    rule = taxonomy.rules(filled.cast.northfield).first()
    page.goto(f"/o/northfield/taxonomy/rules/{rule.pk}/")
    page.get_by_role("button", name="Take the rule out").click()
    page.wait_for_url("**/remove/")
    found += looked(page, "rule removal")
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("look", LOOKS)
def test_every_page(filled, visit, look):
    values = {
        "decision": filled.decision.number,
        "cohort": filled.cohort.pk,
        "batch": filled.batch.pk,
        "body": filled.cast.council.pk,
        "held": Meeting.objects.get(state="published").pk,
        "coming": Meeting.objects.get(state="noticed").pk,
        "version": filled.decision.proposal.version_id,
        "draft": Version.objects.filter(state=Version.State.DRAFT).first().pk,
        "dimension": Dimension.objects.get(organization=filled.cast.northfield, key="level").pk,
        "value": taxonomy.levels(filled.cast.northfield).get(key="intermediate").pk,
        "rule": taxonomy.rules(filled.cast.northfield).get(key="title-covered").pk,
        "profile": taxonomy.profiles(filled.cast.northfield).get(key="workforce-pell").pk,
        "credential": Credential.objects.get(learner__number="N-1001").pk,
        **links(filled),
    }
    found = []
    for name, paths in {None: STRANGER, **PAGES}.items():
        page = visit(name, **look)
        for path in paths:
            found += faults(page, path.format(**values))
    assert found == [], "\n".join(map(str, found))


def _listed(cast):
    """A change list that the program manager is writing, which clashes with what was changed meanwhile."""
    value = taxonomy.levels(cast.northfield).get(key="advanced")
    _value, changes = taxonomy_actions.amend(
        organization=cast.northfield,
        actor=cast.manager,
        act=lambda: taxonomy_actions.change_value(value=value, name="Expert", actor=cast.manager),
    )
    value = taxonomy.levels(cast.northfield).get(key="advanced")
    taxonomy_actions.change_value(value=value, description="In other words.", actor=cast.chair)
    return changes


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_a_council_that_is_lived_in(lived, visit, look):
    """Proposals in every state, meetings before and after, routes, bodies, what waits: as the program manager sees it."""
    northfield = lived.cast.northfield
    northfield.bodies.create(key="gone", name="Gone", retired_on=timezone.localdate())
    paths = [
        "proposals/", "proposals/change/", "proposals/12/more/", "matrix/", "council/", "council/work/", "council/reach/",
        "council/routes/", "council/routes/new/", "council/routes/full-review/", "decisions/", "decisions/held/",
        "taxonomy/changes/", "taxonomy/exceptions/", "taxonomy/profiles/new/", "taxonomy/dimensions/new/", "taxonomy/frameworks/", "achievements/",
    ]  # fmt: skip
    paths += [f"proposals/{p.number}/" for p in northfield.proposals.all()]
    paths += [
        f"council/changes/{_listed(lived.cast).pk}/",
        "taxonomy/",
        "taxonomy/rules/",
        "council/policy/",
    ]
    paths += [f"taxonomy/changes/{c.pk}/" for c in northfield.change_lists.all()]
    paths += [f"decisions/{d.number}/" for d in northfield.decisions.all()]
    paths += [
        f"council/{b.pk}/{more}"
        for b in northfield.bodies.all()
        for more in ("", "rubric/", "meetings/", "retire/")
    ]
    for meeting in Meeting.objects.filter(body__organization=northfield):
        paths += [f"meetings/{meeting.pk}/{more}" for more in ("", *(["minutes/"] if meeting.over else []))]
    page = visit("Priya Nair", **look)
    found = [fault for path in paths for fault in faults(page, f"/o/northfield/{path}")]
    assert found == [], "\n".join(map(str, found))


def test_without_javascript_the_learner_still_gets_it(filled, visit):
    page = visit(None, java_script_enabled=False)
    page.goto("/get/")
    page.get_by_label("Your code").fill("AAAA-BBBB")
    page.get_by_role("button", name="Get it").click()
    assert "not known" in page.inner_text("main")
