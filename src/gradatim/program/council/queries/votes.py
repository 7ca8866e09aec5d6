"""Reads of ballots and votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from gradatim.program.council import secret, tally
from gradatim.program.council.models import Attendance, Ballot, Elector, Vote
from gradatim.program.people.models import Organization, Person

PURPOSE = "vote"  # of the links that go out when a vote opens


def count(ballot: Ballot) -> tally.Count:
    """Presence and votes of a closed ballot; of one that is not, who is there and nothing of what was voted."""
    if ballot.state == Ballot.State.CLOSED:
        return tally.Count(
            seats=ballot.seats,
            present=ballot.present or 0,
            recused=ballot.recused or 0,
            votes_for=ballot.votes_for or 0,
            votes_against=ballot.votes_against or 0,
            abstained=ballot.abstained or 0,
        )
    there = sum(e.present for e in ballot.electors.all()) + proposers_there(ballot)
    return tally.Count(seats=ballot.seats, present=there)


def proposers_there(ballot: Ballot) -> int:
    """How many proposers sit in the meeting with a voting seat: in the room, and recused by the proposal being theirs."""
    if ballot.item_id is None:
        return 0
    proposers = ballot.proposal.proposers.values("pk")
    there = Attendance.objects.filter(meeting__items=ballot.item_id, present=True, person__in=proposers)
    return there.filter(seat__votes=True).count()


def count_open(ballot: Ballot) -> tally.Count:
    """What the votes of an open ballot come to; for its close only, never for a page."""
    electors = list(ballot.electors.select_related("vote"))
    votes, own = Counter(_choices(e for e in electors if e.present)), proposers_there(ballot)
    return tally.Count(
        seats=ballot.seats,
        present=sum(e.present for e in electors) + own,
        recused=votes[Vote.Choice.RECUSED] + own,
        votes_for=votes[Vote.Choice.FOR],
        votes_against=votes[Vote.Choice.AGAINST],
        abstained=votes[Vote.Choice.ABSTAIN],
    )


def _choices(electors: Iterable[Elector]) -> Iterable[str]:
    for elector in electors:
        if hasattr(elector, "vote"):
            vote = elector.vote
            yield vote.choice or secret.unseal(elector.pk, bytes(vote.sealed or b""))


def explain(ballot: Ballot) -> str:
    """The arithmetic of a closed ballot in one sentence; "" while it is open."""
    if ballot.state != Ballot.State.CLOSED:
        return ""
    decided = ballot.result if ballot.tie_broken_by_id else ""
    consent = ballot.method == Ballot.Method.CONSENT
    return tally.explain(count(ballot), ballot, decided=decided, consent=consent)


def votes_waiting_for(organization: Organization, person: Person) -> QuerySet[Ballot]:
    """Open votes in which the person is an elector and has not voted."""
    waiting = Q(electors__person=person, electors__vote=None)
    return (
        Ballot.objects.filter(waiting, state=Ballot.State.OPEN, proposal__organization=organization)
        .select_related("proposal__version")
        .order_by("closes_at", "id")
    )


def open_ballots(organization: Organization) -> QuerySet[Ballot]:
    """The votes that are open, oldest first, each with how many electors there are and how many have voted."""
    return (
        Ballot.objects.filter(proposal__organization=organization, state=Ballot.State.OPEN)
        .select_related("proposal__version", "body")
        .annotate(of=Count("electors"), voted=Count("electors__vote"))
        .order_by("opened_at", "id")
    )


def newest_ballot(organization: Organization, number: int) -> Ballot | None:
    """The newest vote on a proposal with its electors, and nothing else of the proposal."""
    electors = Elector.objects.select_related("vote")
    return (
        Ballot.objects.filter(proposal__organization=organization, proposal__number=number)
        .select_related("proposal", "body", "recalls")
        .prefetch_related(Prefetch("electors", queryset=electors))
        .order_by("-id")
        .first()
    )


def named_votes(*ballots: Ballot) -> QuerySet[Vote]:
    """Who voted what in closed votes by name; of a secret ballot only who had a conflict of interest."""
    found = Vote.objects.filter(elector__ballot__in=ballots, elector__ballot__state=Ballot.State.CLOSED)
    return (
        found.exclude(choice="")
        .select_related("elector__person", "elector__seat")
        .order_by("elector__person__name")
    )


def find_elector(key: str) -> Elector | None:
    """An elector with the vote and what it is on."""
    return (
        Elector.objects.select_related(
            "person",
            "vote",
            "ballot__body",
            "ballot__item",
            "ballot__proposal__organization",
            "ballot__proposal__version__achievement__organization",
        )
        .filter(pk=int(key))
        .first()
    )
