"""Reads of who looked at a proposal before it was decided: the part of the public record that says it.

Units, numbers and how each stage ended are for everyone to read. Names stand beside them only where a body met under an
open-meeting law then, whose minutes name them anyway. What one reviewer advised, remarks that are not for the proposers, and
who voted in a secret ballot are not part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.council.models import (
    Ballot,
    Comment,
    Decision,
    Elector,
    Proposal,
    Review,
    Seat,
    Stage,
)
from gradatim.program.council.routing import Kind, Who
from gradatim.program.people.models import Person

BY_ONE = (Kind.COMPLETENESS, Kind.SIGN_OFF, Kind.TECHNICAL)


@dataclass(frozen=True, slots=True)
class Looked:
    """A stage of a proposal's way, or a vote, for everyone to read.

    Attributes:
        name: of the stage.
        kind: what happened in it.
        body: whose it was; empty where no body was asked.
        units: for whom those spoke who looked at it, and how many of them did; an empty one says nothing.
        people: how many looked at it; in a vote, how many could vote.
        names: theirs, where the body met in public.
        outcome: how it ended.
        ended_at: when; ``None`` where it was told only.
        voted: whether it was a vote.
    """

    name: str
    kind: str
    body: str
    units: tuple[tuple[str, int], ...]
    people: int
    names: tuple[str, ...]
    outcome: str
    ended_at: datetime | None
    voted: bool = False

    @property
    def who(self) -> str:
        """How many looked at it, and for whom they spoke."""
        if not self.people:
            return ""
        many = (
            ngettext("%(n)s member could vote", "%(n)s members could vote", self.people)
            if self.voted
            else ngettext("%(n)s person", "%(n)s people", self.people)
        ) % {"n": self.people}
        units = ", ".join(f"{unit} ({n})" if n > 1 else unit for unit, n in self.units if unit)
        return f"{many}: {units}" if units else many

    @property
    def words(self) -> str:
        """All of it in a line, without names."""
        return ", ".join(part for part in (self.name, self.body, self.who, self.outcome) if part)


def with_record(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Decisions with what `looked_at` reads, in as many queries for a thousand as for one."""
    electors = Elector.objects.select_related("person", "seat")
    ballots = Ballot.objects.select_related("body").prefetch_related(Prefetch("electors", electors))
    remarks = Comment.objects.filter(visibility=Comment.Visibility.PROPOSER).select_related("author")
    return decisions.prefetch_related(
        "proposal__body",
        "proposal__proposers",
        Prefetch("proposal__stages", Stage.objects.select_related("body", "ended_by")),
        Prefetch("proposal__reviews", Review.objects.select_related("reviewer")),
        Prefetch("proposal__comments", remarks),
        Prefetch("proposal__ballots", ballots.order_by("id")),
    )


def looked_at(decision: Decision) -> list[Looked]:
    """Who looked at what was decided, stage by stage and vote by vote, in the order of time.

    Args:
        decision: one of `with_record`; one about a motion has no stages.
    """
    proposal = decision.proposal
    if proposal is None:
        return []
    stages = [s for s in proposal.stages.all() if s.opened_at <= decision.decided_at]
    ballots = [b for b in proposal.ballots.all() if b.closed_at and b.closed_at <= decision.decided_at]
    found = [(s.opened_at, _stage(s, stages, proposal)) for s in stages if s.kind != Kind.BALLOT]
    found += [(b.opened_at, _vote(b, stages)) for b in ballots if b.opened_at]
    return [looked for _at, looked in sorted(found, key=lambda pair: pair[0])]


def _stage(stage: Stage, stages: list[Stage], proposal: Proposal) -> Looked:
    asks_body = stage.who in {Who.MEMBERS, Who.CHAIR} or stage.kind in {Kind.RUBRIC, Kind.CONSULTATION}
    body = (stage.body or proposal.body) if asks_body else None
    people = _people(stage, stages, proposal)
    return Looked(
        name=stage.name,
        kind=stage.get_kind_display(),
        body=body.name if body else "",
        units=_counted(unit for unit, _person in people),
        people=len(people),
        names=_names(person for _unit, person in people) if body and stage.in_public else (),
        outcome=_ended(stage),
        ended_at=stage.ended_at,
    )


def _ended(stage: Stage) -> str:
    if stage.kind == Kind.INFORMATION:
        return _("told")
    return _("over") if stage.state == Stage.State.CLOSED else stage.get_state_display()


def _people(stage: Stage, stages: list[Stage], proposal: Proposal) -> list[tuple[str, Person | None]]:
    """Who looked at it in a stage, each with for whom they speak."""
    if stage.kind in BY_ONE:
        return [(stage.get_who_display(), stage.ended_by)] if stage.ended_by_id else []
    if stage.kind == Kind.RUBRIC:
        return [(r.unit or (_("from outside") if r.guest_id else ""), r.reviewer) for r in proposal.reviews.all()
                if _is_of(r, stage, stages)]  # fmt: skip
    if stage.kind == Kind.CONSULTATION:
        own = {person.pk for person in proposal.proposers.all()}
        said = [c for c in proposal.comments.all() if _within(c.made_at, stage) and c.author_id not in own]
        # read again, because a prefetch that others made may hold remarks for the council
        said = [c for c in said if c.visibility == Comment.Visibility.PROPOSER]
        return list({c.author_id: (c.unit, c.author) for c in said}.values())
    return []


def _is_of(review: Review, stage: Stage, stages: list[Stage]) -> bool:
    """Whether a review was given in a stage: the last one of its kind that had begun."""
    begun = [s for s in stages if s.kind == Kind.RUBRIC and s.opened_at <= review.created_at]
    first = next(s for s in stages if s.kind == Kind.RUBRIC)
    return (begun[-1] if begun else first).pk == stage.pk


def _within(at: datetime, stage: Stage) -> bool:
    return stage.opened_at <= at and (stage.ended_at is None or at <= stage.ended_at)


def _vote(ballot: Ballot, stages: list[Stage]) -> Looked:
    at = ballot.opened_at or ballot.closed_at
    in_stage = (s.name for s in stages if s.kind == Kind.BALLOT and at and _within(at, s))
    electors = list(ballot.electors.all())
    return Looked(
        name=next(in_stage, _("Vote")),
        kind=ballot.get_method_display(),
        body=ballot.body.name,
        units=_counted(e.seat.constituency for e in electors),
        people=len(electors),
        names=_names(e.person for e in electors if e.present)
        if ballot.in_public and not ballot.is_secret
        else (),
        outcome=ballot.get_result_display(),
        ended_at=ballot.closed_at,
        voted=True,
    )


def _counted(units: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(units).items()))


def _names(people: Iterable[Person | None]) -> tuple[str, ...]:
    return tuple(sorted(person.name for person in people if person is not None))


def unit_of(person: Person, proposal: Proposal) -> str:
    """For whom a person speaks about a proposal: by their seat in its body, or in one that its stages ask."""
    bodies = Q(body=proposal.body_id) | Q(body__in=proposal.stages.exclude(body=None).values("body"))
    held = Q(holder=person) | Q(alternate=person)
    found = Seat.objects.filter(bodies, held).exclude(constituency="").order_by("id")
    return found.values_list("constituency", flat=True).first() or ""
