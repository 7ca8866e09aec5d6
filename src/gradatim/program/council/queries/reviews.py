"""Reads of reviews: the rubric, scores, who is asked, comments that a person may read."""

from __future__ import annotations

from gradatim.program.council import rubric
from gradatim.program.council.models import Body, Comment, Guest, Proposal, Rubric
from gradatim.program.people.models import Person

GUEST = "review"  # purpose of the links that ask somebody from outside


def rubric_of(body: Body) -> rubric.Rubric:
    """The rubric of a body, or the one every body starts with."""
    try:
        own = body.rubric
    except Rubric.DoesNotExist:
        return rubric.default()
    criteria = tuple(rubric.Criterion(c["key"], c["words"], c["floor"]) for c in own.criteria)
    return rubric.Rubric(criteria, own.all_must_meet)


def rubric_for(proposal: Proposal) -> rubric.Rubric:
    """By what a proposal is reviewed: a text only by the criteria its body wrote itself, for the usual ones ask of achievements."""
    if proposal.is_text and not hasattr(proposal.body, "rubric"):
        return rubric.Rubric(())
    return rubric_of(proposal.body)


def scores(proposal: Proposal) -> list[rubric.Scored]:
    """The criteria that were scored, in the rubric's order."""
    given = [review.scores for review in proposal.reviews.all()]
    return rubric_for(proposal).table(given)


def misses(proposal: Proposal) -> list[rubric.Criterion]:
    """The criteria that reviewers found not met."""
    given = [review.scores for review in proposal.reviews.all()]
    return rubric_for(proposal).misses(given) if given else []


def readable(
    comments: list[Comment], person: Person, *, proposes: bool, sits: bool, chairs: bool, asked: bool = False
) -> list[Comment]:
    """The comments that a person may read.

    Args:
        comments: of one proposal.
        person: who reads.
        proposes: it is their own proposal.
        sits: they hold a seat of its body.
        chairs: they run its vote.
        asked: a stage asks them, or a body in which they sit.
    """
    levels = Comment.Visibility
    seen = {levels.PROPOSER} if proposes or sits or chairs or asked else set()
    if sits and not proposes:
        seen.add(levels.BODY)
    if chairs:
        seen |= {levels.BODY, levels.CHAIR}
    return [c for c in comments if c.visibility in seen or c.author_id == person.pk]


def find_comment(proposal: Proposal, comment: int) -> Comment | None:
    """One comment on a proposal."""
    return proposal.comments.filter(pk=comment).first()


def find_guest(key: str) -> Guest | None:
    """A guest with what they are asked about."""
    found = Guest.objects.select_related(
        "proposal__organization",
        "proposal__body__rubric",
        "proposal__version__achievement__organization",
        "proposal__version__type",
        "proposal__version__level",
    )
    return found.filter(pk=int(key)).first()


def find_own_guest(proposal: Proposal, guest: int) -> Guest | None:
    """Somebody from outside who was asked about a proposal."""
    return proposal.guests.filter(pk=guest).first()
