"""The demo's proposals on their way: one or more in every stage, one sent back, one taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from gradatim.program.council import actions as council
from gradatim.program.council import queries
from gradatim.program.council.models import Body, Comment, Evidence, Proposal, Stage
from gradatim.program.people.models import Person
from gradatim.program.taxonomy.models import Value
from gradatim.program.web.demo.cast import Cast
from gradatim.program.web.demo.clock import days_ago
from gradatim.program.web.demo.lived_in import drafts

GOOD = {
    "purpose": 3, "need": 3, "voices": 2, "outcomes": 3, "assessment": 3, "evidence": 2,
    "workload": 2, "alignment": 1, "stacking": 2, "access": 2, "capacity": 3, "upkeep": 2,
}  # fmt: skip
DOUBTFUL = GOOD | {"need": 1, "outcomes": 1, "assessment": 0, "access": 1}


def on_their_way(cast: Cast) -> None:
    """Write the proposals that are not decided yet, each as far as it has come.

    Args:
        cast: who proposes, reviews and sends back; the route and the advisory group have to be there.
    """
    _in_completeness(cast)
    _in_consultation(cast)
    _in_review(cast)
    _in_sign_off(cast)
    _returned(cast)
    _withdrawn(cast)


def write(
    cast: Cast,
    what: dict[str, Any],
    *,
    by: Person,
    kind: str = "skill",
    level: str = "foundation",
    body: Body | None = None,
) -> Proposal:
    """Write a short form.

    Args:
        cast: whose organization.
        what: of `drafts`.
        by: the proposer.
        kind: of the dimension type.
        level: of the dimension level.
        body: who will decide; the council if left out.

    Returns:
        The proposal, a draft.
    """
    return council.propose(
        organization=cast.northfield,
        body=body or cast.council,
        actor=by,
        type=_value(cast, "type", kind),
        level=_value(cast, "level", level),
        **what,
    )


def end(proposal: Proposal, key: str, actor: Person, note: str = "") -> None:
    """End an open stage of a proposal."""
    stage = proposal.stages.get(key=key, state=Stage.State.OPEN)
    council.end_stage(stage=stage, note=note, actor=actor)


def through_review(cast: Cast, proposal: Proposal, scores: dict[str, int], advice: str, words: str) -> None:
    """Take a new skill from its first stage to the vote: checked, heard by employers, reviewed by the two who are asked.

    Args:
        cast: who does it.
        proposal: just sent.
        scores: of both reviewers.
        advice: of both, a `Review.Recommendation`.
        words: of the first.
    """
    with days_ago(78):
        end(proposal, "complete", cast.manager)
    with days_ago(73):
        end(proposal, "technical", cast.administrator)
    with days_ago(66):
        end(proposal, "employers", cast.chair, "Two firms wrote that they would count it.")
    for number, person in enumerate(reviewers(proposal)):
        with days_ago(60 - 4 * number):
            council.review(
                proposal=proposal,
                scores=scores,
                comment=words if number == 0 else "I agree.",
                recommendation=advice,
                actor=person,
            )


def reviewers(proposal: Proposal) -> list[Person]:
    """Who is asked for a review."""
    stage = proposal.stages.get(key="review", state=Stage.State.OPEN)
    return list(queries.asked_people(stage))


def _value(cast: Cast, dimension: str, key: str) -> Value:
    return Value.objects.get(dimension__organization=cast.northfield, dimension__key=dimension, key=key)


def _in_completeness(cast: Cast) -> None:
    with days_ago(6):
        proposal = write(cast, drafts.WOUND_CARE, by=cast.second_member)
    council.add_evidence(
        proposal=proposal,
        kind=Evidence.Kind.EMPLOYER,
        text="22 places in home care are opened in 2027.",
        source="Lakeside Health, letter to the college",
        dated=date(2026, 9, 2),
        actor=cast.second_member,
    )
    council.add_proposer(proposal=proposal, person=cast.assessor, actor=cast.second_member)
    with days_ago(3):
        council.submit(proposal=proposal, actor=cast.second_member)


def _in_consultation(cast: Cast) -> None:
    proposal = write(cast, drafts.DOCK_SAFETY, by=cast.assessor)
    council.answer_more(
        proposal=proposal,
        answers={
            "audience": "New staff of eleven warehouses, about 90 a year.",
            "partners": "Harbor Logistics lends the dock and one trainer.",
            "build": "6200",
            "per_run": "1400",
            "per_learner": "35",
            "fee": "220",
            "runs": "9",
            "learners": "10",
        },
        actor=cast.assessor,
    )
    with days_ago(13):
        council.submit(proposal=proposal, actor=cast.assessor)
    with days_ago(10):
        end(proposal, "complete", cast.manager)
    council.ask_guest(
        proposal=proposal,
        name=cast.employer.name,
        email="dana.cole@lakeside.example",
        unit="Lakeside Health",
        actor=cast.chair,
    )
    council.comment(
        proposal=proposal,
        field="criteria",
        text="Which hazards are staged? Firms want to know what they can rely on.",
        actor=cast.manager,
    )


def _in_review(cast: Cast) -> None:
    """One of two reviews is given; whoever has a conflict of interest is out, and somebody else was asked instead."""
    proposal = write(cast, drafts.BILINGUAL, by=cast.assessor, level="intermediate")
    with days_ago(30):
        council.submit(proposal=proposal, actor=cast.assessor)
    with days_ago(27):
        end(proposal, "complete", cast.manager)
    with days_ago(22):
        end(proposal, "technical", cast.administrator)
    with days_ago(14):
        end(proposal, "employers", cast.chair, "The county clerk would use it at once.")
    council.recuse(proposal=proposal, reason="My sister runs the course.", actor=cast.second_member)
    reviewer = reviewers(proposal)[0]
    council.review(
        proposal=proposal,
        scores=GOOD,
        comment="Both languages are assessed by people who speak them. Say how the levels are checked.",
        recommendation="approve",
        actor=reviewer,
    )
    council.comment(
        proposal=proposal,
        field="criteria",
        text="Name the scale for the levels.",
        suggestion="Four calls and one talk at the counter; both languages have to be at level B2 of the European scale.",
        actor=reviewer,
    )
    council.comment(
        proposal=proposal,
        text="Shall we ask the clerk's office to stand behind it before we vote?",
        visibility=Comment.Visibility.CHAIR,
        actor=cast.manager,
    )


def _in_sign_off(cast: Cast) -> None:
    proposal = write(cast, drafts.TUTOR, by=cast.member, kind="recognition")
    with days_ago(5):
        council.submit(proposal=proposal, actor=cast.member)


def _returned(cast: Cast) -> None:
    with days_ago(20):
        proposal = write(cast, drafts.SPREADSHEETS, by=cast.assessor)
        council.submit(proposal=proposal, actor=cast.assessor)
    council.comment(
        proposal=proposal,
        field="need",
        text="Who asks for it, when, and how many?",
        suggestion="Of 63 small firms that the chamber of commerce asked in spring 2026, 19 had no cash plan and wanted one.",
        actor=cast.manager,
    )
    with days_ago(16):
        council.return_for_changes(
            proposal=proposal, reason="Show the need: a source and a date, please.", actor=cast.manager
        )


def _withdrawn(cast: Cast) -> None:
    with days_ago(48):
        proposal = write(cast, drafts.CODING, by=cast.assessor)
        council.submit(proposal=proposal, actor=cast.assessor)
    with days_ago(45):
        council.withdraw(proposal=proposal, actor=cast.assessor)
