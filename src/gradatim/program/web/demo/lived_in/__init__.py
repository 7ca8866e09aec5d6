"""The demo as a place that is lived in: more bodies, proposals in every state, meetings, skills, an exception."""

from __future__ import annotations

from django.db import transaction

from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Body, Proposal
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.web.demo.cast import Cast
from gradatim.program.web.demo.clock import days_ago
from gradatim.program.web.demo.lived_in import bodies, changes, drafts, meetings, proposals, quality


@transaction.atomic
def fill(cast: Cast) -> None:
    """Fill in everything beside the main job, through the rooms' own actions.

    Args:
        cast: whose program it is; the main job has been filled in.
    """
    with days_ago(95):
        quality.skills(cast)
        with taxonomy.rehearsing():  # the council decided about both, before this story begins
            bodies.employers(cast)
            bodies.route(cast)
    decision = meetings.decided(cast)
    proposals.on_their_way(cast)
    changes.proposed(cast)
    care = Proposal.objects.get(
        organization=cast.northfield, version__title__endswith=drafts.WOUND_CARE["title"]
    )
    quality.exception(cast, decision, Version.objects.get(proposals=care))
    committee = cast.northfield.bodies.get(law=Body.Law.OPEN)
    meetings.announced(cast, committee)
