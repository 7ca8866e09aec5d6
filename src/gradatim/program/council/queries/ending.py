"""Reads of what the end of a body would touch, before it is retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gradatim.program.council import packs
from gradatim.program.council.models import Ballot, Body, Condition, Meeting, Proposal, Route, Stage
from gradatim.program.council.queries.routes import routes


@dataclass(frozen=True, slots=True)
class Asking:
    """A route that asks a body, and the names of the stages in which it does."""

    route: Route
    stages: Sequence[str]


@dataclass(frozen=True, slots=True)
class End:
    """What the end of a body touches.

    Attributes:
        votes: that are open or scheduled in it; it cannot end before they are closed or called off.
        routes: in force, that ask it; it cannot end before they do not.
        waiting: proposals that it decides about.
        stages: open ones of other proposals, which wait for it.
        later: proposals on their way that would have come to it; their stage goes to who decides about them.
        drafts: proposals that were meant for it.
        meetings: that are planned.
        conditions: of its decisions, not met yet.
        charters: other bodies whose charter names it.
    """

    votes: Sequence[Ballot]
    routes: Sequence[Asking]
    waiting: Sequence[Proposal]
    stages: Sequence[Stage]
    later: Sequence[Proposal]
    drafts: Sequence[Proposal]
    meetings: Sequence[Meeting]
    conditions: Sequence[Condition]
    charters: Sequence[Body]

    @property
    def held_up(self) -> bool:
        """Whether something has to be done first."""
        return bool(self.votes or self.routes)

    @property
    def nothing(self) -> bool:
        """Whether nobody would notice."""
        return not any(getattr(self, name) for name in self.__slots__)


def may_meet(body: Body) -> bool:
    """Whether a body can plan a meeting: a retired one only to finish what is with it."""
    return not body.retired or body.proposals.filter(state__in=Proposal.WITH_COUNCIL).exists()


def routes_that_ask(body: Body) -> list[Asking]:
    """The routes in force that name a body."""
    bodies = list(body.organization.bodies.order_by("id"))
    asking = [
        Asking(route, [s.name for s in route.way.stages if packs.called(bodies, s.body) == body])
        for route in routes(body.organization)
    ]
    return [one for one in asking if one.stages]


def end_of(body: Body) -> End:
    """What the end of a body would touch.

    Args:
        body: one that is not retired.
    """
    ballots = Ballot.objects.filter(body=body, state__in=(Ballot.State.OPEN, Ballot.State.SCHEDULED))
    every = body.organization.proposals.select_related("version").order_by("number")
    going = every.filter(state__in=Proposal.WITH_COUNCIL)
    stages = Stage.objects.filter(body=body, state=Stage.State.OPEN, proposal__in=going.exclude(body=body))
    named = Q(charter__icontains=body.name) | Q(law_source__icontains=body.name)
    others = body.organization.bodies.filter(named | Q(recused_clause__icontains=body.name), retired_on=None)
    conditions = Condition.objects.filter(decision__body=body, met_at=None).exclude(
        decision__published_at=None
    )
    return End(
        votes=list(ballots.select_related("proposal__version").order_by("id")),
        routes=routes_that_ask(body),
        waiting=list(going.filter(body=body)),
        stages=list(stages.select_related("proposal__version").order_by("opened_at")),
        later=_later(body, going),
        drafts=list(every.filter(body=body, state__in=Proposal.CHANGEABLE)),
        meetings=list(body.meetings.filter(state__in=Meeting.COMING)),
        conditions=list(conditions.select_related("decision")),
        charters=list(others.exclude(pk=body.pk).order_by("id")),
    )


def _later(body: Body, going: QuerySet[Proposal]) -> list[Proposal]:
    """The proposals on their way whose route asks the body in a stage that they did not come to yet."""
    bodies, found = list(body.organization.bodies.order_by("id")), []
    for proposal in going.exclude(route=None).select_related("route").prefetch_related("stages"):
        been = {stage.key for stage in proposal.stages.all() if stage.state in Stage.LIVE}
        stages = proposal.route.way.stages if proposal.route else ()
        if any(packs.called(bodies, s.body) == body for s in stages if s.key not in been):
            found.append(proposal)
    return found
