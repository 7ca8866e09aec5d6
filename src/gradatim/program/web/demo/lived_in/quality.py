"""The demo's taxonomy in use: a framework of skills of the college's own, and an exception with an end."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files

from django.utils import timezone

from gradatim.engine.framework.shape import About
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions as council
from gradatim.program.council.models import Decision
from gradatim.program.taxonomy import actions
from gradatim.program.taxonomy.models import Framework, Rule, Waiver
from gradatim.program.web.demo.cast import Cast

SKILLS = About(
    title="Skills of the river valley",
    creator="Northfield College",
    version="2026",
    language="en",
    uri="https://northfield.example/skills",
)


def skills(cast: Cast) -> Framework:
    """Import the college's own skills, in the columns in which ESCO hands out its."""
    content = (files("gradatim.program.web.demo.lived_in") / "skills.csv").read_bytes()
    framework = actions.import_framework(
        organization=cast.northfield, content=content, about=SKILLS, name="skills.csv", actor=cast.manager
    )
    actions.publish_framework(framework=framework, actor=cast.manager)
    return framework


def exception(cast: Cast, decision: Decision, version: Version) -> Waiver:
    """Lift the rule about alignment for one draft, for half a year.

    Args:
        cast: whose chair writes it down.
        decision: that says so.
        version: for what.

    Returns:
        The exception.
    """
    return council.grant_exception(
        decision=decision,
        version=version,
        rule=Rule.objects.get(organization=cast.northfield, profile=None, key="alignment-present"),
        expires_on=timezone.localdate() + timedelta(days=182),
        reason="The health framework of the state is not published yet.",
        actor=cast.chair,
    )
