"""Writes of ballots: calling a vote, opening it now or later, closing it, breaking a tie. Each locks the ballot's row first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries, rules, tally
from gradatim.program.council.actions.invitations import invite
from gradatim.program.council.actions.lists import must_fit
from gradatim.program.council.actions.moves import locked as locked_proposal
from gradatim.program.council.actions.moves import move, must_chair
from gradatim.program.council.actions.routes import ballot_closed
from gradatim.program.council.models import (
    AgendaItem,
    Ballot,
    Body,
    Elector,
    Meeting,
    Proposal,
    Seat,
    Vote,
    VoteRules,
)
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

Method, State, Result = Ballot.Method, Ballot.State, Ballot.Result
OPENS, CLOSES = "ballot-opens", "ballot-closes"  # kinds of work


def locked(ballot: Ballot) -> Ballot:
    """The ballot as it is now, held until the transaction ends."""
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


@transaction.atomic
def open_ballot(
    *,
    proposal: Proposal,
    method: str = "",
    item: AgendaItem | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    actor: Person,
) -> Ballot:
    """Call a vote, now or for later: the electors are those who hold a voting seat when it opens, without the proposers.

    Args:
        proposal: one with the council.
        method: ``"named"`` or ``"secret"``; what the charter says if left out.
        item: of the meeting that votes; left out for a vote between meetings.
        opens_at: when it opens by itself; at once if left out.
        closes_at: when it closes by itself; until the chair closes it if left out.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The ballot, open or scheduled; each elector gets a mail when it opens. After a vote without quorum it is its re-call.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``transition``; ``conflict`` if nobody could vote, or if a change list
            does not fit what is in force any more; ``meeting-law``, ``charter`` or ``second-reading`` with the clause; ``row-invalid`` for times that are over or in the wrong order.
    """
    item = _held_item(item) if item else None
    proposal = locked_proposal(proposal)
    must_chair(actor, proposal)
    must_fit(proposal)
    move(proposal, Proposal.State.IN_BALLOT)
    body = Body.objects.select_for_update().get(pk=proposal.body_id)  # its seats stay as they are meanwhile
    chosen = Method(method) if method else _usual(body)
    if chosen == Method.SECRET:
        law.no_secret(body)
    law.may_vote_in(body, item)
    _in_order(opens_at, closes_at)
    last = proposal.ballots.order_by("-id").first()
    ballot = Ballot(
        proposal=proposal,
        body=body,
        item=item,
        method=chosen,
        state=State.SCHEDULED,
        recalls=last if last and last.result == Result.NO_QUORUM else None,
        opened_by=actor,
        opens_at=opens_at,
        closes_at=closes_at,
        remind_at=closes_at - timedelta(days=body.remind_days) if closes_at and body.remind_days else None,
    )
    ballot.save()
    proposal.save(update_fields=["state"])
    if closes_at:
        ground.enqueue(kind=CLOSES, key=str(ballot.pk), payload={"ballot": ballot.pk}, due_at=closes_at)
    if opens_at is None:
        return _begin(ballot, actor)
    ground.enqueue(kind=OPENS, key=str(ballot.pk), payload={"ballot": ballot.pk}, due_at=opens_at)
    _note(ballot, "ballot.scheduled", actor)
    return ballot


def _held_item(item: AgendaItem) -> AgendaItem:
    """The item and its meeting as they are now; the meeting does not end meanwhile."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    return AgendaItem.objects.select_related("meeting__body").get(pk=item.pk)


def _usual(body: Body) -> Ballot.Method:
    """How a body votes if nobody says how."""
    secret = body.secrecy == Body.Secrecy.DEFAULT and not body.is_open
    return Method.SECRET if secret else Method.NAMED


def _in_order(opens_at: datetime | None, closes_at: datetime | None) -> None:
    now = timezone.now()
    if opens_at and opens_at <= now:
        raise Refused(
            "row-invalid", _("The opening is in the past; leave it empty to open now."), field="opens_at"
        )
    if closes_at and closes_at <= (opens_at or now):
        raise Refused("row-invalid", _("The vote would close before it opens."), field="closes_at")


def _begin(ballot: Ballot, actor: Person | None) -> Ballot:
    """Open it: copy the rules, take the snapshot of the electors, write to them."""
    body, proposal = ballot.body, ballot.proposal
    copy_rules(body, ballot)
    ballot.version_digest = queries.digest(proposal)
    ballot.state, ballot.opened_at = State.OPEN, timezone.now()
    seats = list(body.seats.select_related("holder", "alternate").filter(votes=True).order_by("id"))
    ballot.seats = count_seats(body, seats)
    found = list(_electors(ballot, seats))
    if not found:
        raise Refused(
            "conflict", _("Nobody holds a seat with a vote, the proposers aside. Fill the seats first.")
        )
    ballot.save()
    electors = Elector.objects.bulk_create(found)
    recused = _recuse(electors, proposal)
    _note(ballot, "ballot.opened", actor)
    invite(ballot, [e for e in electors if e.person_id not in recused])
    return ballot


def _recuse(electors: Iterable[Elector], proposal: Proposal) -> set[int]:
    """Who declared a conflict of interest before the vote has no vote in it; that is by name in a secret ballot too."""
    declared = set(proposal.recusals.values_list("person", flat=True))
    Vote.objects.bulk_create(
        Vote(elector=elector, choice=Vote.Choice.RECUSED)
        for elector in electors
        if elector.person_id in declared
    )
    return declared


def copy_rules(body: Body, ballot: Ballot) -> None:
    """The body's rules of today, on the ballot for good; at a second call those of its quorum."""
    for field in VoteRules._meta.get_fields():  # noqa: SLF001 - Django's documented way to the fields
        setattr(ballot, field.name, getattr(body, field.name))
    ballot.in_public = body.is_open
    again = ballot.recalls_id or (ballot.item and ballot.item.meeting.recalls_id)
    if again and body.second_call is not None:
        ballot.quorum, ballot.quorum_number = Body.Quorum.NUMBER, body.second_call


def count_seats(body: Body, seats: Iterable[Seat]) -> int:
    """How many voting seats there are; vacant ones only where the charter counts them."""
    today = timezone.localdate()
    return sum(body.vacant_counts or seat.held_on(today) for seat in seats)


def _electors(ballot: Ballot, seats: Iterable[Seat]) -> Iterable[Elector]:
    """One elector per seat: its holder, or where the charter allows it the alternate; never a proposer, nobody twice."""
    today = timezone.localdate()
    proposers = set(ballot.proposal.proposers.values_list("pk", flat=True))
    there = queries.present_at(ballot.item.meeting) if ballot.item else {}
    taken: set[int] = set()
    for seat in seats:
        holder = seat.holder if seat.held_on(today) and seat.holder_id not in proposers else None
        absent = holder is None or (seat.pk in there and there[seat.pk] == seat.alternate_id)
        steps_in = ballot.body.alternates == Body.Alternates.ABSENT and absent
        person = seat.alternate if steps_in and seat.alternate_id not in proposers else holder
        if person is None or person.pk in taken:
            continue
        taken.add(person.pk)
        yield Elector(
            ballot=ballot,
            seat=seat,
            person=person,
            alternate=person.pk != seat.holder_id,
            present=there.get(seat.pk) == person.pk,
        )


@transaction.atomic
def open_due(*, ballot_id: int) -> None:
    """Open a scheduled vote whose time has come; for the worker, any number of times.

    Args:
        ballot_id: which; one that is no longer scheduled is left alone.
    """
    ballot = Ballot.objects.select_for_update().filter(pk=ballot_id, state=State.SCHEDULED).first()
    if ballot is not None:
        locked_proposal(ballot.proposal)
        Body.objects.select_for_update().get(pk=ballot.body_id)
        with timezone.override(ballot.proposal.organization.time_zone):  # terms are days there
            _begin(ballot, None)


@transaction.atomic
def call_off(*, ballot: Ballot, actor: Person) -> None:
    """Take a scheduled vote back before it opens.

    Args:
        ballot: a scheduled one.
        actor: the chair or a program manager, not a proposer.

    Raises:
        Refused: ``own-proposal``, ``permission``; ``closed`` once it is open.
    """
    ballot = locked(ballot)
    proposal = locked_proposal(ballot.proposal)
    must_chair(actor, proposal)
    if ballot.state != State.SCHEDULED:
        raise Refused("closed", _("The vote is open already. Close it instead."))
    move(proposal, Proposal.State.SUBMITTED)
    proposal.save(update_fields=["state"])
    _note(ballot, "ballot.called-off", actor)
    ballot.delete()


@transaction.atomic
def close_ballot(*, ballot: Ballot, actor: Person) -> Ballot:
    """Close a vote and count it; of a secret ballot only the count stays.

    Args:
        ballot: an open one.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The ballot with its result. Without quorum the proposal is with the council again, and the vote can be called again.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``conflict``.
    """
    ballot = locked(ballot)
    proposal = locked_proposal(ballot.proposal)
    must_chair(actor, proposal)
    if ballot.state != State.OPEN:
        raise Refused("closed", _("The vote is closed already."))
    return _close(ballot, proposal, actor)


@transaction.atomic
def close_due(*, ballot_id: int) -> None:
    """Close an open vote whose time has come; for the worker, any number of times.

    Args:
        ballot_id: which; one that is not open is left alone.
    """
    ballot = Ballot.objects.select_for_update().filter(pk=ballot_id, state=State.OPEN).first()
    if ballot is not None:
        _close(ballot, locked_proposal(ballot.proposal), None)


def _close(ballot: Ballot, proposal: Proposal, actor: Person | None) -> Ballot:
    if queries.digest(proposal) != ballot.version_digest:
        raise Refused("conflict", _("What is voted on was changed after the vote opened."))
    ballot.closed_at = timezone.now()
    keep_count(ballot, queries.count_open(ballot))
    if ballot.is_secret:
        _forget(ballot)
    finish(ballot, proposal, actor)
    return ballot


def finish(ballot: Ballot, proposal: Proposal, actor: Person | None) -> None:
    """What follows from a counted ballot: without quorum the proposal is with the council again, else its route goes on."""
    if ballot.result == Result.NO_QUORUM:
        move(proposal, Proposal.State.SUBMITTED)
        proposal.save(update_fields=["state"])
    elif not ballot.waits_for_chair:
        ballot_closed(ballot, proposal, actor)
    _note(ballot, "ballot.closed", actor, {"result": ballot.result})


def keep_count(ballot: Ballot, count: tally.Count) -> None:
    """Close a ballot with what was counted."""
    ballot.state = State.CLOSED
    ballot.result = tally.result(count, ballot)
    for number in ("present", "recused", "votes_for", "votes_against", "abstained"):
        setattr(ballot, number, getattr(count, number))
    ballot.save()


def _forget(ballot: Ballot) -> None:
    """Erase who voted what, and rewrite the electors in one go, so that not even their order of voting is left."""
    Vote.objects.filter(elector__ballot=ballot, choice="").update(sealed=b"")
    Vote.objects.filter(elector__ballot=ballot, choice="").delete()
    electors = list(ballot.electors.order_by("pk"))
    recused = {vote.elector_id: vote for vote in Vote.objects.filter(elector__ballot=ballot)}
    Vote.objects.filter(elector__ballot=ballot).delete()
    ballot.electors.all().delete()
    Elector.objects.bulk_create(electors)
    Vote.objects.bulk_create(recused[e.pk] for e in electors if e.pk in recused)


@transaction.atomic
def break_tie(*, ballot: Ballot, carries: bool, actor: Person) -> Ballot:
    """Decide a tie, where the charter leaves it to the chair.

    Args:
        ballot: a tied one whose rules say so.
        carries: whether the chair is for it.
        actor: who holds the chair's seat, not a proposer and not recused.

    Returns:
        The ballot, carried or lost.

    Raises:
        Refused: ``own-proposal``; ``permission`` for anyone but the chair; ``recused``; ``closed`` if there is no such tie.
    """
    ballot = locked(ballot)
    proposal = locked_proposal(ballot.proposal)
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("This is your own proposal: others run the vote and decide."))
    if not rules.chairs(actor, ballot.body):
        raise Refused("permission", _("Only the chair decides a tie."))
    if not ballot.waits_for_chair:
        raise Refused("closed", _("There is no tie that waits for the chair."))
    if Vote.objects.filter(
        elector__ballot=ballot, elector__person=actor, choice=Vote.Choice.RECUSED
    ).exists():
        raise Refused(
            "recused", _("You have a conflict of interest here; the tie does not carry without you.")
        )
    ballot.result = Result.CARRIED if carries else Result.LOST
    ballot.tie_broken_by = actor
    ballot.save(update_fields=["result", "tie_broken_by"])
    ballot_closed(ballot, proposal, actor)
    _note(ballot, "ballot.tie-broken", actor, {"result": ballot.result})
    return ballot


def _note(ballot: Ballot, verb: str, actor: Person | None, detail: dict[str, Any] | None = None) -> None:
    log(
        organization=ballot.proposal.organization,
        verb=verb,
        target=f"ballot:{ballot.pk}",
        actor=actor,
        detail=detail,
    )
