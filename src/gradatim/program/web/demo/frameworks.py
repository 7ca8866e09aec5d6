"""The demo's frameworks: the college's own one, three that come with the product, and a crosswalk."""

from __future__ import annotations

from gradatim.engine.framework.library import ABOUT, shipped
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.models import Framework, Item, Match
from gradatim.program.web.demo.cast import Cast

MATCHES = (  # code of the college's statement, relation, code in Bloom's taxonomy
    ("D.1", Match.Relation.CLOSE, "2.1", "Reading a chart is interpreting it."),
    ("D.2", Match.Relation.BROAD, "5.2", "Asking where data comes from is one way to critique."),
    ("C.1", Match.Relation.CLOSE, "2.7", ""),
)


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
