"""A text of policy and a change of the taxonomy that the demo's council is asked to decide."""

from __future__ import annotations

from gradatim.program.council import actions as council
from gradatim.program.council.models import Proposal
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy.models import Dimension
from gradatim.program.web.demo.cast import Cast
from gradatim.program.web.demo.clock import days_ago

FEE = """Who is out of work pays no fee for a short credential.

1. A letter of the workforce board is enough.
2. The office reports once a year how many made use of it, and what it cost."""


def proposed(cast: Cast) -> None:
    """Propose both, and send them to the council.

    Args:
        cast: who proposes.
    """
    _policy(cast)
    _taxonomy(cast)


def _policy(cast: Cast) -> Proposal:
    with days_ago(18):
        made = council.propose_text(
            organization=cast.northfield,
            body=cast.council,
            kind=Proposal.Kind.POLICY,
            subject="No fee for those who are out of work",
            wording=FEE,
            purpose="So that the fee keeps nobody out who needs the credential to find work.",
            need="Eleven of sixty learners of the first year were out of work (roster of Fall 2026).",
            recognition="The workforce board of River County.",
            actor=cast.second_member,
        )
    with days_ago(15):
        return council.submit(proposal=made, actor=cast.second_member)


def _taxonomy(cast: Cast) -> Proposal:
    """A fourth level with a rule about it, prepared on a change list."""
    college, actor = cast.northfield, cast.manager
    level = Dimension.objects.get(organization=college, key="level")
    with days_ago(11):
        taxonomy.amend(
            organization=college,
            actor=actor,
            act=lambda: taxonomy.add_value(
                dimension=level,
                name="Master class",
                description="Teaches others who are advanced already.",
                shape="octagon",
                actor=actor,
            ),
        )
        _rule, changes = taxonomy.amend(
            organization=college,
            actor=actor,
            act=lambda: taxonomy.keep_rule(
                organization=college,
                name="A master class states at least 60 hours.",
                severity="block",
                condition=[],
                expression=[{"fact": "workload_hours", "is": "at-least", "value": 60}],
                message="Give at least 60 hours, or choose another level.",
                scope={"level": ["master-class"]},
                actor=actor,
            ),
        )
        if changes is None:  # only where nobody decides
            raise LookupError("the council's seats are not filled")
        made = council.propose_changes(
            changes=changes,
            body=cast.council,
            subject="A level above advanced",
            purpose="For those who teach others who are advanced already.",
            need="Three units ask for it (letters of October 2026).",
            actor=actor,
        )
    with days_ago(7):
        return council.submit(proposal=made, actor=actor)
