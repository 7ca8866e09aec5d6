"""Writes of proposals and reviews."""

from __future__ import annotations

from typing import Unpack

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.actions import Fields
from gradatim.program.achievements.models import Version
from gradatim.program.council import queries, rules
from gradatim.program.council.models import Body, Proposal, Review
from gradatim.program.council.rubric import BEST, CRITERIA
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

State = Proposal.State


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, held until the transaction ends."""
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def must_chair(actor: Person, proposal: Proposal) -> None:
    """Refuse whoever may not run the vote and the decision: proposers first of all."""
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("This is your own proposal: others run the vote and decide."))
    if not rules.may_chair(actor, proposal):
        raise Refused("permission", _("Only the chair or a program manager does this."))


def move(proposal: Proposal, state: Proposal.State) -> None:
    """Take a proposal into another state, if there is a way."""
    if state not in Proposal.TRANSITIONS[Proposal.State(proposal.state)]:
        raise Refused(
            "transition",
            _("This proposal is %(now)s; it cannot become “%(then)s”.")
            % {"now": proposal.get_state_display(), "then": state.label},
        )
    proposal.state = state


@transaction.atomic
def propose(
    *,
    organization: Organization,
    body: Body,
    purpose: str,
    need: str,
    recognition: str = "",
    version: Version | None = None,
    actor: Person,
    **achievement: Unpack[Fields],
) -> Proposal:
    """Start a proposal together with the draft of what it proposes, or about a draft that is there.

    Args:
        organization: whose.
        body: who will decide; one that only advises cannot.
        purpose: what it is for and for whom.
        need: what shows that it is needed, with source and date.
        recognition: who outside will recognise it.
        version: a draft to propose, such as a next version or one that has to be revised; a new one if left out.
        actor: the proposer.
        **achievement: what `achievements.actions.draft` takes; title and description at least.

    Returns:
        The proposal, a draft.

    Raises:
        Refused: ``permission``; ``advisory``; ``in-use`` for a version with an open proposal; what the draft refuses.
    """
    if not rules.may_propose(actor, organization) or body.organization_id != organization.pk:
        raise Refused("permission", _("Only people who work on this program can propose."))
    if body.kind != Body.Kind.DECIDING:
        raise Refused(
            "advisory", _("%(body)s only advises; propose to a council that decides.") % {"body": body}
        )
    if version is None:
        version = achievements.draft(organization=organization, actor=actor, **achievement)
    else:
        version = _taken_up(version, organization, actor, achievement)
    Organization.objects.select_for_update().get(pk=organization.pk)  # two at once: two numbers
    last = organization.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        organization=organization,
        body=body,
        number=last + 1,
        version=version,
        purpose=purpose,
        need=need,
        recognition=recognition,
        practice=version.achievement.practice,
    )
    proposal.proposers.add(actor)
    log(organization=organization, verb="proposal.started", target=f"proposal:{proposal.number}", actor=actor)
    return proposal


def _taken_up(version: Version, organization: Organization, actor: Person, fields: Fields) -> Version:
    """A draft that is there, changed and held until the transaction ends."""
    if version.achievement.organization_id != organization.pk:
        raise Refused("permission", _("This draft belongs to another organization."))
    version = achievements.revise(version=version, actor=actor, **fields)
    if queries.open_about(version) is not None:
        raise Refused("in-use", _("There is an open proposal about this draft already. Go on with that one."))
    return version


@transaction.atomic
def revise_proposal(
    *,
    proposal: Proposal,
    purpose: str,
    need: str,
    recognition: str = "",
    actor: Person,
    **achievement: Unpack[Fields],
) -> Proposal:
    """Change a proposal while it is a draft or was returned. Whoever does is one of its proposers from then on.

    Args:
        proposal: which.
        purpose: what it is for and for whom.
        need: what shows that it is needed.
        recognition: who outside will recognise it.
        actor: who changes it.
        **achievement: what `achievements.actions.revise` takes.

    Returns:
        The proposal.

    Raises:
        Refused: ``permission``, ``not-draft``; what the draft refuses.
    """
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers change a proposal."))
    if proposal.state not in Proposal.CHANGEABLE:
        raise Refused(
            "not-draft", _("It is with the council now; ask for it to be returned if it has to change.")
        )
    achievements.revise(version=proposal.version, actor=actor, **achievement)
    proposal.purpose, proposal.need, proposal.recognition = purpose, need, recognition
    proposal.save(update_fields=["purpose", "need", "recognition"])
    proposal.proposers.add(actor)  # who writes it must not decide on it
    log(
        organization=proposal.organization,
        verb="proposal.revised",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def submit(*, proposal: Proposal, actor: Person) -> Proposal:
    """Send a proposal to the council.

    Args:
        proposal: a draft, or one that was returned.
        actor: who sends it.

    Returns:
        The proposal, with the council.

    Raises:
        Refused: ``permission``, ``transition``; ``rules`` while a quality rule blocks, saying which and how to mend it.
    """
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers send a proposal."))
    move(proposal, State.SUBMITTED)
    achievements.send_to_review(version=proposal.version, actor=actor)
    proposal.submitted_at = timezone.now()
    proposal.returned_reason = ""
    proposal.save(update_fields=["state", "submitted_at", "returned_reason"])
    log(
        organization=proposal.organization,
        verb="proposal.submitted",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def return_for_changes(*, proposal: Proposal, reason: str, actor: Person) -> Proposal:
    """Give a proposal back before a vote.

    Args:
        proposal: one with the council.
        reason: what has to change.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The proposal, returned; its draft can be changed again.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``transition``; ``row-invalid`` without a reason.
    """
    proposal = locked(proposal)
    must_chair(actor, proposal)
    if not reason.strip():
        raise Refused("row-invalid", _("Say what has to change."), field="reason")
    move(proposal, State.RETURNED)
    achievements.back_to_draft(version=proposal.version, actor=actor)
    proposal.returned_reason = reason.strip()
    proposal.save(update_fields=["state", "returned_reason"])
    log(
        organization=proposal.organization,
        verb="proposal.returned",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, actor: Person) -> Proposal:
    """Take a proposal back for good, before a vote.

    Args:
        proposal: which.
        actor: a proposer or program manager.

    Returns:
        The proposal, withdrawn.

    Raises:
        Refused: ``permission``, ``transition``.
    """
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers withdraw a proposal."))
    was_with_council = proposal.state == State.SUBMITTED
    move(proposal, State.WITHDRAWN)
    if was_with_council:
        achievements.back_to_draft(version=proposal.version, actor=actor)
    proposal.save(update_fields=["state"])
    log(
        organization=proposal.organization,
        verb="proposal.withdrawn",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def review(
    *, proposal: Proposal, scores: dict[str, int], comment: str, recommendation: str, actor: Person
) -> Review:
    """Give a review, or change one's own.

    Args:
        proposal: one with the council.
        scores: criterion to 0 to 3; criteria may be left out.
        comment: for the council.
        recommendation: a `Review.Recommendation`.
        actor: a member of the body who did not propose it.

    Returns:
        The review.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``row-invalid``.
    """
    proposal = locked(proposal)
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("Nobody reviews their own proposal."))
    if not rules.may_review(actor, proposal):
        raise Refused("permission", _("Only members of the council review."))
    if proposal.state not in {State.SUBMITTED, State.IN_BALLOT}:
        raise Refused("closed", _("It is not with the council now."))
    if not set(scores) <= set(CRITERIA) or not all(0 <= score <= BEST for score in scores.values()):
        raise Refused("row-invalid", _("Scores go from 0 to 3."))
    if recommendation not in Review.Recommendation.values:
        raise Refused("row-invalid", _("Choose one of the three."), field="recommendation")
    given, _made = Review.objects.update_or_create(
        proposal=proposal,
        reviewer=actor,
        defaults={"scores": scores, "comment": comment, "recommendation": recommendation},
    )
    log(
        organization=proposal.organization,
        verb="proposal.reviewed",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return given
