"""Whom a change or the end of an achievement touches: holders, learners on the way, stacks."""

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import queries
from tests.program.council.test_routes import change


def test_retiring_says_whom_it_touches(filled):
    version = filled.decision.proposal.version
    impact = queries.impact_of(version.achievement)
    assert (impact.holders, impact.learners, impact.cohorts) == (4, 1, ("Data literacy, first cohort",))
    assert (impact.into, impact.beside, impact.parts) == (("Business Analytics certificate",), (), ())


def test_retiring_says_which_stacks_it_touches(filled, signed_in):
    """What stacks into the same or into it, as far as it can be issued; a draft, another college's and a word alone do not."""
    cast, version = filled.cast, filled.decision.proposal.version
    for title, into, state in (
        ("Dashboards", "business analytics Certificate", "approved"),
        ("Spreadsheets", version.title, "approved"),
        ("Statistics", version.stacks_into, "draft"),
        ("Cooking", "Business", "approved"),
    ):
        made = achievements.draft(
            organization=cast.northfield, title=title, description="d", actor=cast.manager
        )
        Version.objects.filter(pk=made.pk).update(stacks_into=into, state=state)
    impact = queries.impact_of(version.achievement)
    assert (impact.beside, impact.parts) == (("Dashboards",), ("Spreadsheets",))
    made = change(cast, version, "retire")
    page = signed_in(cast.manager).get(f"/o/northfield/proposals/{made.number}/").content.decode()
    for words in (
        "It stacks into: Business Analytics certificate.",
        "Into the same stack: Dashboards.",
        "Into it stack: Spreadsheets.",
    ):
        assert words in page
