"""The demo's frameworks: the college's own one, three that come with the product, and a crosswalk."""

from __future__ import annotations

from collections.abc import Mapping

from gradatim.engine.framework.library import ABOUT, shipped
from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council.actions import matrix
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.models import Framework, Item, Match
from gradatim.program.web.demo.cast import Cast

MATCHES = (  # code of the college's statement, relation, code in Bloom's taxonomy
    ("D.1", Match.Relation.CLOSE, "2.1", "Reading a chart is interpreting it."),
    ("D.2", Match.Relation.BROAD, "5.2", "Asking where data comes from is one way to critique."),
    ("C.1", Match.Relation.CLOSE, "2.7", ""),
)

TIES = {  # code of the statement → beginning of the outcome that it serves
    "D.1": "Interpret tables and charts",
    "D.2": "Question where figures come from",
    "C.1": "Explain findings",
}


def fill(cast: Cast) -> Framework:
    """Import the frameworks and match a few statements.

    Args:
        cast: whose.

    Returns:
        The college's own framework; it is published.
    """
    organization, actor = cast.northfield, cast.manager
    own = actions.import_framework(
        organization=organization,
        content=queries.sample_package(),
        name="northfield-outcomes.json",
        actor=actor,
    )
    made = {}
    for key in ABOUT:
        content, about = shipped(key)
        made[key] = actions.import_framework(
            organization=organization, content=content, about=about, name=about.title, actor=actor
        )
    for code, relation, other, note in MATCHES:
        actions.match_items(
            origin=Item.objects.get(framework=own, code=code),
            destination=Item.objects.get(framework=made["bloom"], code=other),
            relation=relation,
            note=note,
            actor=actor,
        )
    actions.publish_framework(framework=own, actor=actor)
    return own


def align(cast: Cast, framework: Framework, version: Version) -> None:
    """Align the main achievement to the college's framework, and tie all but one of its outcomes to a skill.

    Args:
        cast: who does it.
        framework: the college's own.
        version: a draft.
    """
    items = list(framework.items.filter(code__in=TIES))
    achievements.align(version=version, items=items, actor=cast.manager)
    for alignment in version.alignments.all():
        code = next(i.code for i in items if i.pk == alignment.item_id)
        outcome = version.outcomes.get(text__startswith=TIES[code])
        matrix.tie_skill(alignment=alignment, outcome=outcome, actor=cast.manager)


def align_rubric(cast: Cast, framework: Framework, version: Version, parts: Mapping[str, str]) -> None:
    """Align parts of a rubric to the college's framework.

    Args:
        cast: who does it.
        framework: the college's own.
        version: a draft.
        parts: key of a criterion, or ``criterion/level`` → code of the statement.
    """
    for part, code in parts.items():
        items = list(framework.items.filter(code=code))
        achievements.align(version=version, items=items, part=part, actor=cast.manager)
