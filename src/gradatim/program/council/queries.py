"""Reads of the council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import tally
from gradatim.program.council.models import Ballot, Body, Decision, Elector, Proposal, Review, Seat, Vote
from gradatim.program.council.rubric import CRITERIA, FLOOR
from gradatim.program.ground.models import Link
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.quality import Finding

PURPOSE = "vote"  # of the links that go out when a vote opens


def bodies(organization: Organization) -> QuerySet[Body]:
    """The bodies with their seats."""
    return organization.bodies.prefetch_related("seats__holder").order_by("id")


def find_body(organization: Organization, body: int) -> Body | None:
    """One body."""
    return bodies(organization).filter(pk=body).first()


def vacant_seats(body: Body) -> QuerySet[Seat]:
    """The seats that nobody holds today: empty ones, and those whose term has ended."""
    return body.seats.filter(Q(holder=None) | Q(until__lt=timezone.localdate())).order_by("id")


def proposals(organization: Organization, *, state: str = "") -> QuerySet[Proposal]:
    """Proposals, newest first, perhaps of one state."""
    found = organization.proposals.select_related(
        "version__achievement", "version__type", "version__level", "body"
    )
    if state:
        found = found.filter(state=state)
    return found.prefetch_related("proposers").order_by("-number")


def find_proposal(organization: Organization, number: int) -> Proposal | None:
    """One proposal with all that its page shows."""
    electors = Elector.objects.select_related("person", "seat", "vote").order_by("person__name")
    ballots = Ballot.objects.prefetch_related(Prefetch("electors", queryset=electors)).order_by("-id")
    return (
        organization.proposals.select_related(
            "organization",
            "body",
            "decision",
            "version__achievement__organization",
            "version__type",
            "version__level",
        )
        .prefetch_related(
            "proposers",
            Prefetch("reviews", queryset=Review.objects.select_related("reviewer").order_by("id")),
            Prefetch("ballots", queryset=ballots),
            "version__outcomes",
        )
        .filter(number=number)
        .first()
    )


def findings(proposal: Proposal) -> list[Finding]:
    """What the quality rules say about what is proposed."""
    return achievements.findings(proposal.version)


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


@dataclass(frozen=True, slots=True)
class Scored:
    """What reviewers think of a proposal by one criterion of the rubric."""

    words: str
    mean: float
    least: int
    reviews: int

    @property
    def low(self) -> bool:
        """Whether a reviewer gave less than will do."""
        return self.least < FLOOR


def scores(proposal: Proposal) -> list[Scored]:
    """The criteria that were scored, in the rubric's order."""
    given = [review.scores for review in proposal.reviews.all()]
    table = []
    for key, words in CRITERIA.items():
        values = [s[key] for s in given if key in s]
        if values:
            table.append(Scored(str(words), sum(values) / len(values), min(values), len(values)))
    return table


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


def proposals_waiting(organization: Organization) -> QuerySet[Proposal]:
    """Proposals with the council for which no vote is open yet, longest waiting first."""
    return (
        organization.proposals.filter(state=Proposal.State.SUBMITTED)
        .select_related("version", "body")
        .annotate(reviewed=Count("reviews"))
        .order_by("submitted_at")
    )


def unproposed(organization: Organization) -> QuerySet[Version]:
    """Drafts that no open proposal is about: next versions, what has to be revised, what was drafted on its own."""
    going = Proposal.objects.filter(version=OuterRef("pk")).exclude(state__in=Proposal.SETTLED)
    drafts = achievements.versions(organization).filter(~Exists(going), state=Version.State.DRAFT)
    return drafts.order_by("title", "id")


def open_about(version: Version) -> Proposal | None:
    """The proposal about a version that is not settled yet; there is at most one."""
    return version.proposals.exclude(state__in=Proposal.SETTLED).first()


def may_be_proposed(version: Version) -> bool:
    """Whether a version is a draft that no open proposal is about."""
    return version.state == Version.State.DRAFT and open_about(version) is None


def newest_about(version: Version) -> Proposal | None:
    """The newest proposal about a version, or about the one before it: what a new proposal starts from."""
    about = Proposal.objects.filter(version__achievement=version.achievement_id)
    return about.order_by("-version__number", "-number").first()


def deciding_body(organization: Organization) -> Body | None:
    """The council that new proposals go to."""
    return organization.bodies.filter(kind=Body.Kind.DECIDING).order_by("id").first()


def reviews_waiting_for(organization: Organization, person: Person) -> QuerySet[Proposal]:
    """Proposals before the person's body that they have not reviewed and did not make."""
    return (
        organization.proposals.filter(state=Proposal.State.SUBMITTED, body__seats__holder=person)
        .exclude(reviews__reviewer=person)
        .exclude(proposers=person)
        .select_related("version")
        .distinct()
        .order_by("submitted_at")
    )


def to_decide(organization: Organization) -> QuerySet[Ballot]:
    """Closed votes that still want their decision written."""
    return (
        Ballot.objects.filter(proposal__organization=organization, state=Ballot.State.CLOSED, decision=None)
        .exclude(result=Ballot.Result.NO_QUORUM)
        .select_related("proposal__version")
    )


def held_decisions(organization: Organization) -> QuerySet[Decision]:
    """Decisions that wait to be published."""
    return organization.decisions.filter(published_at=None).select_related("proposal__version")


def drafts_of(organization: Organization, person: Person) -> QuerySet[Proposal]:
    """A person's own proposals that are theirs to go on with."""
    return organization.proposals.filter(proposers=person, state__in=Proposal.CHANGEABLE).select_related(
        "version"
    )


def public_decisions(organization: Organization) -> QuerySet[Decision]:
    """Published decisions, newest first."""
    return (
        organization.decisions.exclude(published_at=None)
        .select_related("proposal__version__achievement", "ballot__body")
        .order_by("-decided_at")
    )


def find_decision(organization: Organization, number: str) -> Decision | None:
    """One published decision."""
    return public_decisions(organization).select_related("organization").filter(number=number).first()


def counts(organization: Organization) -> dict[str, int]:
    """How many proposals are in each state."""
    return dict(organization.proposals.values_list("state").annotate(n=Count("id")))


def code_links(email: str) -> QuerySet[Link]:
    """The links of votes that went to an address and can still be used."""
    return Link.objects.filter(
        purpose=PURPOSE, email__iexact=email.strip(), used_at=None, expires_at__gt=timezone.now()
    )


def decision_of(proposal: Proposal) -> Decision | None:
    """The decision on a proposal, held or published."""
    return getattr(proposal, "decision", None)


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
