"""Writes of votes: who is present, and what each elector votes until the close."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import queries, rules, secret
from gradatim.program.council.actions.ballots import locked
from gradatim.program.council.models import Ballot, Elector, Vote
from gradatim.program.ground import queries as links
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

PURPOSE = queries.PURPOSE
Choice = Vote.Choice
CODE_OPENS = timedelta(hours=1)  # how long the page that a short code opened can be used


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
    ballot = locked(ballot)
    if not rules.may_chair(actor, ballot.proposal):
        raise Refused("permission", _("Only the chair or a program manager notes who is present."))
    if ballot.state != Ballot.State.OPEN:
        raise Refused("closed", _("The vote is closed."))
    voted = Q(vote__isnull=False) & ~Q(vote__choice=Choice.RECUSED)
    ballot.electors.update(present=False)
    ballot.electors.filter(Q(pk__in=electors) | voted).update(present=True)
    organization = ballot.proposal.organization
    log(organization=organization, verb="ballot.presence-noted", target=f"ballot:{ballot.pk}", actor=actor)


@transaction.atomic
def cast_vote(*, ballot: Ballot, choice: str, reason: str = "", actor: Person) -> Vote:
    """Vote, or change one's vote while it is open; the last one counts.

    Args:
        ballot: an open one.
        choice: a `Vote.Choice`.
        reason: for the council; a secret ballot takes none.
        actor: an elector; in a meeting under an open-meeting law one who is noted as present.

    Returns:
        The vote. In a secret ballot the choice is sealed, without time and log line; a conflict of interest is always by name.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``not-present``, ``recused``, ``conflict`` (what is voted on changed),
            ``row-invalid``.
    """
    if choice not in Choice.values:
        raise Refused("row-invalid", _("Choose one of the four."), field="choice")
    ballot = locked(ballot)
    proposal = ballot.proposal
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("Nobody votes on their own proposal."))
    elector = ballot.electors.filter(person=actor).first()
    if elector is None:
        raise Refused("permission", _("You are not on the list of this vote."))
    now = timezone.now()
    if ballot.state != Ballot.State.OPEN or (ballot.closes_at and now >= ballot.closes_at):
        raise Refused("closed", _("The vote is closed; yours came too late and was not counted."))
    if ballot.item_id and ballot.body.is_open and not elector.present:
        raise Refused(
            "not-present", _("You are not noted as present in this meeting. Tell the chair, then vote.")
        )
    if queries.digest(proposal) != ballot.version_digest:
        raise Refused("conflict", _("What is voted on was changed after the vote opened. Tell the chair."))
    if choice != Choice.RECUSED and proposal.recusals.filter(person=actor).exists():
        raise Refused("recused", _("You said that you have a conflict of interest, so you do not vote."))
    if ballot.is_secret and reason.strip():
        raise Refused(
            "row-invalid", _("A secret vote has no reason: it would say whose it is."), field="reason"
        )
    kept = _sealed(elector, choice) if ballot.is_secret else _named(choice, reason)
    vote, first = Vote.objects.update_or_create(elector=elector, defaults=kept)
    Elector.objects.filter(pk=elector.pk, present=False).update(present=True)
    if not ballot.is_secret:
        verb = "vote.cast" if first else "vote.changed"
        log(organization=proposal.organization, verb=verb, target=f"ballot:{ballot.pk}", actor=actor)
    return vote


def _named(choice: str, reason: str) -> dict[str, object]:
    return {"choice": choice, "reason": reason.strip(), "sealed": None, "cast_at": timezone.now()}


def _sealed(elector: Elector, choice: str) -> dict[str, object]:
    if choice == Choice.RECUSED:
        return {"choice": choice, "sealed": None}
    return {"choice": "", "sealed": secret.seal(elector.pk, choice)}


def vote_by_link(*, token: str, choice: str, reason: str = "") -> Vote:
    """Vote by the link of a mail, as the person it went to; the link stays good until the vote closes.

    Args:
        token: from the address.
        choice: a `Vote.Choice`.
        reason: for the council.

    Returns:
        The vote.

    Raises:
        Refused: as `cast_vote`; ``not-found`` or ``expired`` for the link; ``sign-in`` where the charter wants more than it.
    """
    link = links.find_link(token, PURPOSE)
    elector = queries.find_elector(link.key) if link else None
    if link is None or elector is None:
        raise Refused("not-found", _("This link is not known. Please open it again from the message, whole."))
    if not links.is_open(link):
        raise Refused("expired", _("This link has run out. Sign in to vote."))
    if not elector.ballot.body.link_votes:
        raise Refused("sign-in", _("The charter asks you to sign in before you vote."))
    return cast_vote(ballot=elector.ballot, choice=choice, reason=reason, actor=elector.person)
