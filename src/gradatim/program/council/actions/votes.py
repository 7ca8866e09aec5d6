"""Writes of votes: opening, presence, voting, closing. Each locks the ballot's row first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import queries as achievements
from gradatim.program.council import queries, rules, tally
from gradatim.program.council.actions.proposals import locked as locked_proposal
from gradatim.program.council.actions.proposals import move, must_chair
from gradatim.program.council.models import Ballot, Body, Elector, Proposal, Seat, Vote
from gradatim.program.ground import actions as ground
from gradatim.program.ground.digests import code_digest
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

PURPOSE = queries.PURPOSE
CODE_OPENS = timedelta(hours=1)  # how long the page that a short code opened can be used


def _locked(ballot: Ballot) -> Ballot:
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


@transaction.atomic
def open_ballot(*, proposal: Proposal, closes_at: datetime | None = None, actor: Person) -> Ballot:
    """Open a vote: the electors are those who hold a voting seat now, without the proposers.

    Args:
        proposal: one with the council.
        closes_at: when it will be closed; only said, the chair closes it.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The ballot, open; each elector gets a mail.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``transition``; ``conflict`` if nobody could vote.
    """
    proposal = locked_proposal(proposal)
    must_chair(actor, proposal)
    move(proposal, Proposal.State.IN_BALLOT)
    body = Body.objects.select_for_update().get(pk=proposal.body_id)  # its seats stay as they are meanwhile
    today = date.today()  # noqa: DTZ011 - terms are days of the organization
    seats = [s for s in body.seats.select_related("holder") if s.votes]
    proposers = set(proposal.proposers.values_list("pk", flat=True))
    current = [
        s
        for s in seats
        if s.holder_id and (s.until is None or s.until >= today) and s.holder_id not in proposers
    ]
    if not current:
        raise Refused(
            "conflict", _("Nobody holds a seat with a vote, the proposers aside. Fill the seats first.")
        )
    ballot = Ballot.objects.create(
        proposal=proposal,
        body=body,
        version_digest=achievements.content_digest(proposal.version),
        seats=len(seats),
        quorum_needed=tally.quorum_needed(
            len(seats),
            numerator=body.quorum_numerator,
            denominator=body.quorum_denominator,
            inclusive=body.quorum_inclusive,
        ),
        threshold=body.threshold,
        recused_counts=body.recused_counts,
        opened_by=actor,
        closes_at=closes_at,
    )
    electors = Elector.objects.bulk_create(Elector(ballot=ballot, seat=s, person=s.holder) for s in current)
    proposal.save(update_fields=["state"])
    log(organization=proposal.organization, verb="ballot.opened", target=f"ballot:{ballot.pk}", actor=actor)
    _invite(ballot, electors, {s.pk: s for s in current})
    return ballot


def _invite(ballot: Ballot, electors: list[Elector], seats: dict[int, Seat]) -> None:
    proposal = ballot.proposal
    for elector in electors:
        person = seats[elector.seat_id].holder
        if person is None or not person.email:
            continue
        link = ground.make_link(purpose=PURPOSE, key=str(elector.pk), email=person.email)
        words = {
            "title": proposal.version.title,
            "body": ballot.body.name,
            "address": settings.SITE_URL + reverse("council:vote_link", args=[link.token]),
            "page": settings.SITE_URL + reverse("council:vote_link"),
            "code": link.code,
        }
        ground.write_mail(
            key=f"vote:{elector.pk}",
            to=person.email,
            subject=_("Your vote: %(title)s") % words,
            text=_(
                "The %(body)s votes on “%(title)s”.\n\nRead it and vote on this page:\n%(address)s\n\n"
                "If the link does not work, open %(page)s and type this code: %(code)s\n\n"
                "Link and code are yours alone. Opening the page does nothing; the button on it does."
            )
            % words,
            organization_name=proposal.organization.name,
        )


@transaction.atomic
def mark_present(*, ballot: Ballot, electors: list[int], actor: Person) -> None:
    """Note who is there; whoever has voted stays present.

    Args:
        ballot: an open one.
        electors: the keys of those who are present.
        actor: the chair or a program manager, not a proposer.

    Raises:
        Refused: ``permission``, ``closed``.
    """
    ballot = _locked(ballot)
    if not rules.may_chair(actor, ballot.proposal):
        raise Refused("permission", _("Only the chair or a program manager notes who is present."))
    if ballot.state != Ballot.State.OPEN:
        raise Refused("closed", _("The vote is closed."))
    ballot.electors.update(present=False)
    ballot.electors.filter(Q(pk__in=electors) | Q(vote__isnull=False)).update(present=True)
    organization = ballot.proposal.organization
    log(organization=organization, verb="ballot.presence-noted", target=f"ballot:{ballot.pk}", actor=actor)


@transaction.atomic
def cast_vote(*, ballot: Ballot, choice: str, reason: str = "", actor: Person) -> Vote:
    """Vote, once.

    Args:
        ballot: an open one.
        choice: a `Vote.Choice`.
        reason: for the council.
        actor: an elector.

    Returns:
        The vote.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``already-voted``, ``conflict`` (what is voted on changed),
            ``row-invalid``.
    """
    if choice not in Vote.Choice.values:
        raise Refused("row-invalid", _("Choose one of the four."), field="choice")
    ballot = _locked(ballot)
    proposal = ballot.proposal
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("Nobody votes on their own proposal."))
    elector = ballot.electors.filter(person=actor).first()
    if elector is None:
        raise Refused("permission", _("You are not on the list of this vote."))
    if ballot.state != Ballot.State.OPEN:
        raise Refused("closed", _("The vote is closed; yours came too late and was not counted."))
    if achievements.content_digest(proposal.version) != ballot.version_digest:
        raise Refused("conflict", _("What is voted on was changed after the vote opened. Tell the chair."))
    try:
        with transaction.atomic():
            vote = Vote.objects.create(
                elector=elector, choice=choice, reason=reason.strip(), cast_at=timezone.now()
            )
    except IntegrityError:
        raise Refused("already-voted", _("You have voted already; a vote is cast once.")) from None
    Elector.objects.filter(pk=elector.pk).update(present=True)
    log(organization=proposal.organization, verb="vote.cast", target=f"ballot:{ballot.pk}", actor=actor)
    return vote


def vote_by_link(*, token: str, choice: str, reason: str = "") -> Vote:
    """Vote by the link of a mail, as the person it went to.

    Args:
        token: from the address.
        choice: a `Vote.Choice`.
        reason: for the council.

    Returns:
        The vote.

    Raises:
        Refused: as `cast_vote`; the link stays usable if the vote was refused.
    """
    with transaction.atomic():
        link = ground.use_link(token=token, purpose=PURPOSE)
        elector = Elector.objects.select_related("ballot", "person").get(pk=int(link.key))
        return cast_vote(ballot=elector.ballot, choice=choice, reason=reason, actor=elector.person)


def link_by_code(*, email: str, code: str) -> str:
    """Turn the short code of a vote's mail into a link that opens the same page, for when the mailed link is damaged.

    Args:
        email: where the mail went.
        code: as in the mail; dashes, spaces and letter case do not matter.

    Returns:
        The token of a new link, good for an hour; whoever has voted by another way cannot vote again by it.

    Raises:
        Refused: ``not-found``; a wrong code is counted, and after five nothing opens by code, only by the mailed link.
    """
    waiting = queries.code_links(email).filter(tries__lt=ground.CODE_TRIES)
    for link in waiting:
        if compare_digest(link.code_digest, code_digest(PURPOSE, link.key, code)):
            return ground.make_link(purpose=PURPOSE, key=link.key, email=link.email, valid=CODE_OPENS).token
    waiting.update(tries=F("tries") + 1)
    raise Refused(
        "not-found",
        _("No open vote fits this address and code. Compare both with the message, letter by letter."),
        field="code",
    )


@transaction.atomic
def close_ballot(*, ballot: Ballot, actor: Person) -> Ballot:
    """Close a vote and count it.

    Args:
        ballot: an open one.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The ballot with its result. Without quorum the proposal is with the council again, and a new vote can be opened.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``conflict``.
    """
    ballot = _locked(ballot)
    proposal = locked_proposal(ballot.proposal)
    must_chair(actor, proposal)
    if ballot.state != Ballot.State.OPEN:
        raise Refused("closed", _("The vote is closed already."))
    if achievements.content_digest(proposal.version) != ballot.version_digest:
        raise Refused("conflict", _("What is voted on was changed after the vote opened."))
    ballot.result = tally.result(
        queries.count(ballot),
        needed=ballot.quorum_needed,
        threshold=ballot.threshold,
        recused_counts=ballot.recused_counts,
    )
    ballot.state, ballot.closed_at = Ballot.State.CLOSED, timezone.now()
    ballot.save(update_fields=["state", "result", "closed_at"])
    if ballot.result == Ballot.Result.NO_QUORUM:
        move(proposal, Proposal.State.SUBMITTED)
        proposal.save(update_fields=["state"])
    detail = {"result": ballot.result}
    log(
        organization=proposal.organization,
        verb="ballot.closed",
        target=f"ballot:{ballot.pk}",
        actor=actor,
        detail=detail,
    )
    return ballot
