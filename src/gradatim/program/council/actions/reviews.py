"""Writes of reviews: the rubric, reviews by members and guests, recusals, comments and suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries, rubric, rules
from gradatim.program.council.actions import routes
from gradatim.program.council.actions.governing import by_decision
from gradatim.program.council.actions.moves import locked, must_chair, must_not_propose
from gradatim.program.council.models import Body, Guest, Proposal, Recusal, Review, Rubric
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person
from gradatim.program.taxonomy.quality import key_of

MOST_CRITERIA = 40
GUEST_DAYS = timedelta(days=60)  # how long a guest's link opens


@transaction.atomic
def change_rubric(
    *, body: Body, criteria: Sequence[Mapping[str, object]], all_must_meet: bool = False, actor: Person
) -> Rubric:
    """Write the criteria by which a body's members review; reviews that were given keep their scores.

    Args:
        body: whose.
        criteria: ``key`` (empty for a new one), ``words`` and ``floor`` (0 to 3), in order.
        all_must_meet: each criterion is met or not, and every one has to be.
        actor: who may write routes.

    Returns:
        The rubric.

    Raises:
        Refused: ``permission``; ``row-invalid`` for none, too many, two alike, or a floor out of range.
    """
    if not rules.may_route(actor, body.organization):
        raise Refused(
            "permission", _("Only program managers, administrators and the chair write the rubric.")
        )
    with by_decision(body.organization, actor):
        return put_rubric(body, criteria, all_must_meet=all_must_meet, actor=actor)


def put_rubric(
    body: Body, criteria: Sequence[Mapping[str, object]], *, all_must_meet: bool, actor: Person | None
) -> Rubric:
    """Write a rubric, whoever asks; see `change_rubric`."""
    if not 0 < len(criteria) <= MOST_CRITERIA:
        raise Refused("row-invalid", _("A rubric has 1 to %(n)s criteria.") % {"n": MOST_CRITERIA})
    found: list[rubric.Criterion] = []
    for one in criteria:
        words, floor = str(one["words"]).strip(), int(str(one.get("floor", rubric.FLOOR)))
        key = str(one.get("key") or "") or key_of(words, 40)
        if key in {c.key for c in found}:
            raise Refused("row-invalid", _("“%(words)s” is there twice.") % {"words": words})
        if not 0 <= floor <= rubric.BEST:
            raise Refused("row-invalid", _("The least that will do is a number from 0 to 3."))
        found.append(rubric.Criterion(key, words, 1 if all_must_meet else floor))
    made, _new = Rubric.objects.update_or_create(
        body=body,
        defaults={
            "criteria": rubric.Rubric(tuple(found)).data(),
            "all_must_meet": all_must_meet,
            "changed_by": actor,
        },
    )
    log(organization=body.organization, verb="rubric.changed", target=f"body:{body.pk}", actor=actor)
    return made


@transaction.atomic
def review(
    *, proposal: Proposal, scores: dict[str, int], comment: str, recommendation: str, actor: Person
) -> Review:
    """Give a review, or change one's own.

    Args:
        proposal: one with the council.
        scores: criterion to a number from 0 to 3 (0 or 1 where all must be met); criteria may be left out.
        comment: for the council.
        recommendation: a `Review.Recommendation`.
        actor: a member of the body, or someone who was asked; not a proposer, and not recused.

    Returns:
        The review.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``recused``, ``closed``, ``row-invalid``; ``meeting-law`` for a comment to
            the council between its meetings.
    """
    proposal = locked(proposal)
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("Nobody reviews their own proposal."))
    if not rules.may_review(actor, proposal):
        raise Refused("permission", _("Only members of the council, and those it asks, review."))
    if proposal.recusals.filter(person=actor).exists():
        raise Refused("recused", _("You said that you have a conflict of interest, so you do not review."))
    _check(proposal, scores, recommendation)
    if comment.strip():
        law.may_comment(proposal.body)
    given, _made = Review.objects.update_or_create(
        proposal=proposal,
        reviewer=actor,
        defaults={
            "scores": scores,
            "comment": comment,
            "recommendation": recommendation,
            "unit": queries.unit_of(actor, proposal),
        },
    )
    _note(proposal, "proposal.reviewed", actor)
    routes.reviewed(proposal, actor)
    return given


def _check(proposal: Proposal, scores: dict[str, int], recommendation: str) -> None:
    if proposal.state not in Proposal.WITH_COUNCIL:
        raise Refused("closed", _("It is not with the council now."))
    asked = queries.rubric_for(proposal)
    if not asked.fits(scores):
        raise Refused("row-invalid", _("Scores go from 0 to %(best)s.") % {"best": asked.best})
    if recommendation not in Review.Recommendation.values:
        raise Refused("row-invalid", _("Choose one of the three."), field="recommendation")


def _note(proposal: Proposal, verb: str, actor: Person | None) -> None:
    log(organization=proposal.organization, verb=verb, target=f"proposal:{proposal.number}", actor=actor)


@transaction.atomic
def recuse(*, proposal: Proposal, reason: str = "", actor: Person) -> Recusal:
    """Say that one has a conflict of interest: one is asked for no review of it any more, and an own review is taken out.

    Args:
        proposal: one with the council.
        reason: for the chair.
        actor: someone who could review it.

    Returns:
        The recusal.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``.
    """
    proposal = locked(proposal)
    must_not_propose(actor, proposal)
    if not rules.may_review(actor, proposal):
        raise Refused("permission", _("Only members of the council, and those it asks, review."))
    if proposal.state not in Proposal.WITH_COUNCIL:
        raise Refused("closed", _("It is not with the council now."))
    made, _new = Recusal.objects.update_or_create(
        proposal=proposal, person=actor, defaults={"reason": reason.strip()}
    )
    proposal.reviews.filter(reviewer=actor).delete()
    routes.replace(proposal, actor)
    _note(proposal, "proposal.recused", actor)
    return made


@transaction.atomic
def ask_guest(*, proposal: Proposal, name: str, email: str, unit: str = "", actor: Person) -> Guest:
    """Ask somebody from outside for a review, by a mail with a link; asked again, they get another mail.

    Args:
        proposal: one with the council.
        name: whom.
        email: where the mail goes.
        unit: for whom they speak.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The guest.

    Raises:
        Refused: ``own-proposal`` for a proposer asking or asked, ``permission``, ``closed``.
    """
    proposal = locked(proposal)
    must_chair(actor, proposal)
    if proposal.state not in Proposal.WITH_COUNCIL:
        raise Refused("closed", _("It is not with the council now."))
    address = email.strip().casefold()
    if proposal.proposers.filter(email__iexact=address).exists():
        raise Refused("own-proposal", _("This is one of its proposers."), field="email")
    guest, _new = Guest.objects.update_or_create(
        proposal=proposal, email=address, defaults={"name": name.strip(), "unit": unit, "asked_by": actor}
    )
    link = ground.make_link(purpose=queries.GUEST, key=str(guest.pk), email=address, valid=GUEST_DAYS)
    words = {
        "name": actor.name,
        "body": proposal.body.name,
        "title": proposal.title,
        "address": settings.SITE_URL + reverse("council:guest_review", args=[link.token]),
    }
    ground.write_mail(
        key=f"guest:{guest.pk}:{link.row.pk}",
        to=address,
        subject=_("Your opinion is asked: %(title)s") % words,
        text="\n\n".join(
            (
                _("%(name)s of the %(body)s asks what you think of “%(title)s”.") % words,
                _("Read it and answer on this page; you need no account:\n%(address)s") % words,
                ground.code_sentence(link),
                _("The link is yours alone. Opening the page does nothing; the button on it does."),
            )
        ),
        organization_name=proposal.organization.name,
    )
    _note(proposal, "proposal.guest-asked", actor)
    return guest


@transaction.atomic
def review_as_guest(*, token: str, scores: dict[str, int], comment: str, recommendation: str) -> Review:
    """Give a review by the link of a mail, as the person it went to; once.

    Args:
        token: from the address.
        scores: as in `review`.
        comment: for the council.
        recommendation: a `Review.Recommendation`.

    Returns:
        The review.

    Raises:
        Refused: ``not-found``, ``expired``, ``closed``, ``row-invalid``; the link stays usable if it was refused.
    """
    link = ground.use_link(token=token, purpose=queries.GUEST)
    guest = Guest.objects.select_related("proposal").get(pk=int(link.key))
    proposal = locked(guest.proposal)
    _check(proposal, scores, recommendation)
    given, _made = Review.objects.update_or_create(
        proposal=proposal,
        guest=guest,
        defaults={
            "scores": scores,
            "comment": comment,
            "recommendation": recommendation,
            "unit": guest.unit,
        },
    )
    ground.close_links(purpose=queries.GUEST, key=link.key)
    _note(proposal, "proposal.reviewed-by-guest", None)
    routes.reviewed(proposal, None)
    return given
