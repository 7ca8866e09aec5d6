"""Who takes part: which units are represented, who reviewed, where proposals hang, how many days a stage takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count
from django.utils import timezone

from gradatim.program.council.models import Proposal, Review, Seat, Stage
from gradatim.program.council.queries.proposals import put_off_on
from gradatim.program.council.routing import Kind
from gradatim.program.people.models import Organization

PERIOD = timedelta(days=365)  # what is looked back at
HANGING = 50  # open stages that are listed


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with seats, and what its people did in the last twelve months.

    Attributes:
        name: for whom the seats speak.
        seats: how many there are.
        vacant: how many of them nobody holds.
        reviews: given for it.
        proposals: made by those who hold its seats now.
        remarks: made for it.
    """

    name: str
    seats: int
    vacant: int
    reviews: int
    proposals: int
    remarks: int

    @property
    def silent(self) -> bool:
        """Whether nobody of it said anything."""
        return not (self.reviews or self.proposals or self.remarks)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A proposal that waits, in which stages, and for how long the longest of them has been open."""

    proposal: Proposal
    stages: tuple[Stage, ...]
    days: int
    late: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a stage takes.

    Attributes:
        name: of the stage.
        done: how many ended in the last twelve months.
        middle: days, half of them took longer.
        longest: days.
        back: how many were sent back.
    """

    name: str
    done: int
    middle: float
    longest: int
    back: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Who takes part, and where it hangs."""

    units: tuple[Unit, ...]
    outside: tuple[tuple[str, int], ...]  # units of guests, and how many of them answered
    hanging: tuple[Hanging, ...]
    pace: tuple[Pace, ...]


def reach(organization: Organization) -> Reach:
    """Who takes part in an organization's council; the number of queries does not grow with it."""
    since = timezone.now() - PERIOD
    return Reach(
        _units(organization, since),
        _outside(organization, since),
        _hanging(organization),
        _pace(organization, since),
    )


def _units(organization: Organization, since: object) -> tuple[Unit, ...]:
    mine = {"proposal__organization": organization}
    reviews = Counter(
        Review.objects.filter(**mine, updated_at__gte=since, guest=None).values_list("unit", "reviewer")
    )
    remarks = Counter(
        Proposal.objects.filter(organization=organization, comments__made_at__gte=since).values_list(
            "comments__unit", "comments__author"
        )
    )
    made = Counter(
        Proposal.objects.filter(organization=organization, created_at__gte=since).values_list(
            "proposers", flat=True
        )
    )
    seats: dict[str, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(body__organization=organization, body__retired_on=None).order_by("id"):
        seats[seat.constituency].append(seat)
    today = timezone.localdate()
    found = []
    for name, theirs in seats.items():
        people = {seat.holder_id for seat in theirs if seat.holder_id and seat.held_on(today)}
        found.append(
            Unit(
                name=name,
                seats=len(theirs),
                vacant=sum(not seat.held_on(today) for seat in theirs),
                reviews=_of(name, people, reviews),
                proposals=sum(made[person] for person in people),
                remarks=_of(name, people, remarks),
            )
        )
    return tuple(sorted(found, key=lambda unit: (not unit.silent, unit.name)))


def _of(unit: str, people: Collection[int], given: Mapping[tuple[str, int], int]) -> int:
    """How many were given for a unit; for none in particular, by those who hold such seats."""
    return sum(n for (name, person), n in given.items() if name == unit and (unit or person in people))


def _outside(organization: Organization, since: object) -> tuple[tuple[str, int], ...]:
    asked = (
        organization.proposals.filter(guests__asked_at__gte=since)
        .values_list("guests__unit")
        .annotate(answered=Count("guests__review"))
        .order_by("guests__unit")
    )
    return tuple((str(unit or ""), answered) for unit, answered in asked)


def _hanging(organization: Organization) -> tuple[Hanging, ...]:
    now = timezone.now()
    open_now = (
        Stage.objects.filter(
            proposal__organization=organization,
            proposal__state__in=Proposal.WITH_COUNCIL,
            state=Stage.State.OPEN,
        )
        .exclude(put_off_on(timezone.localdate(now), "proposal__"))
        .select_related("proposal__version", "body")
        .prefetch_related("people")
        .order_by("opened_at")[:HANGING]
    )
    together: dict[int, list[Stage]] = defaultdict(list)
    for stage in open_now:
        together[stage.proposal_id].append(stage)
    return tuple(
        Hanging(
            stages[0].proposal,
            tuple(stages),
            max((now - stage.opened_at).days for stage in stages),
            any(bool(stage.due_at and stage.due_at < now) for stage in stages),
        )
        for stages in together.values()
    )


def _pace(organization: Organization, since: object) -> tuple[Pace, ...]:
    ended = (
        Stage.objects.filter(proposal__organization=organization, ended_at__gte=since)
        .exclude(kind=Kind.INFORMATION)
        .exclude(state__in=(Stage.State.OPEN, Stage.State.CLOSED))
        .values_list("name", "state", "opened_at", "ended_at")
    )
    days: dict[str, list[int]] = defaultdict(list)
    back: Counter[str] = Counter()
    for name, state, opened, closed in ended:
        if state == Stage.State.SENT_BACK:
            back[name] += 1
        if closed:
            days[name].append((closed - opened).days)
    return tuple(
        Pace(name, len(all_days), median(all_days), max(all_days), back[name])
        for name, all_days in sorted(days.items(), key=lambda pair: -median(pair[1]))
    )
