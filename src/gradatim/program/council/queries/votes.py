"""Reads of ballots and votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gradatim.program.council import tally
from gradatim.program.council.models import Ballot, Elector, Vote
from gradatim.program.ground.models import Link
from gradatim.program.people.models import Organization, Person

PURPOSE = "vote"  # of the links that go out when a vote opens


def count(ballot: Ballot) -> tally.Count:
    """Presence and votes of a ballot."""
    return count_of(ballot.electors.select_related("vote"))


def count_of(electors: Iterable[Elector]) -> tally.Count:
    """Presence and votes of electors that were read with their votes."""
    electors = list(electors)
    votes = Counter(e.vote.choice for e in electors if hasattr(e, "vote"))
    recused = votes[Vote.Choice.RECUSED]
    return tally.Count(
        present=sum(e.present for e in electors) - recused,
        recused=recused,
        votes_for=votes[Vote.Choice.FOR],
        votes_against=votes[Vote.Choice.AGAINST],
        abstained=votes[Vote.Choice.ABSTAIN],
    )


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


def code_links(email: str) -> QuerySet[Link]:
    """The links of votes that went to an address and can still be used."""
    return Link.objects.filter(
        purpose=PURPOSE, email__iexact=email.strip(), used_at=None, expires_at__gt=timezone.now()
    )


def find_elector(key: str) -> Elector | None:
    """An elector with the vote and what it is on."""
    return (
        Elector.objects.select_related(
            "person",
            "vote",
            "ballot__body",
            "ballot__proposal__organization",
            "ballot__proposal__version__achievement__organization",
        )
        .filter(pk=int(key))
        .first()
    )
