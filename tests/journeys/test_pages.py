"""Every page under axe, at desktop and phone width, light and dark, without a script error or a sideways scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Meeting
from gradatim.program.credentials.models import Credential
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Dimension

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STRANGER = [
    "/", "/verify/", "/catalog/", "/get/", "/code/", "/cast/", "/account/login/", "/nowhere",
    "/o/northfield/catalog/", "/o/northfield/catalog/data-literacy-for-the-workplace/",
    "/o/northfield/decisions/", "/o/northfield/decisions/{decision}/", "/o/northfield/meetings/",
    "/o/northfield/meetings/{held}/public/", "/o/northfield/meetings/{coming}/public/",
    "/o/northfield/catalog/data-literacy-for-the-workplace/1/es/",
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
        "/o/northfield/taxonomy/exceptions/", "/o/northfield/taxonomy/policy/", "/o/northfield/taxonomy/editions/",
        "/o/northfield/taxonomy/editions/1/", "/o/northfield/achievements/new/", "/o/northfield/achievements/quality/",
        "/o/northfield/achievements/reviews/", "/o/northfield/achievements/{version}/",
        "/o/northfield/achievements/{version}/conformance/", "/o/northfield/achievements/{version}/copy/",
        "/o/northfield/achievements/{draft}/languages/new/", "/o/northfield/achievements/{version}/compare/{draft}/",
        "/o/northfield/achievements/{version}/review/",
    ],
    "Amina Yusuf": ["/my/", "/my/{credential}/", "/account/email/", "/account/2fa/"],
}  # fmt: skip


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(
            {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}, id="desktop-light"
        ),
        pytest.param({"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}, id="phone-dark"),
    ],
)
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
    }
    found = []
    for name, paths in {None: STRANGER, **PAGES}.items():
        page = visit(name, **look)
        for path in paths:
            page.goto(path.format(**values))
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > look["viewport"]["width"]:
                found.append((path, f"scrolls sideways: {width}"))
            results = Axe().run(
                page,
                options={
                    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
                },
            )
            found += [
                (path, v["id"], [n["html"][:140] for n in v["nodes"]][:2])
                for v in results.response["violations"]
            ]
    assert found == [], "\n".join(map(str, found))


def test_without_javascript_the_learner_still_gets_it(filled, visit):
    page = visit(None, java_script_enabled=False)
    page.goto("/get/")
    page.get_by_label("Your code").fill("AAAA-BBBB")
    page.get_by_role("button", name="Get it").click()
    assert "not known" in page.inner_text("main")
