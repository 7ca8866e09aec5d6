"""Reads of routes, and of where proposals are on theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Achievement
from gradatim.program.council import packs, routing
from gradatim.program.council.models import AgendaItem, Body, Proposal, Route, Seat, Stage
from gradatim.program.council.queries.impact import holders
from gradatim.program.council.routing import Choice, Planned, Risk, Way, Who
from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.quality import Labels, run


def routes(organization: Organization) -> QuerySet[Route]:
    """The routes in force, in the order in which they are asked."""
    return organization.routes.filter(current=True)


def routes_as_data(organization: Organization) -> list[dict[str, Any]]:
    """The routes in force as plain data, the way `actions.replace_routes` takes them."""
    return [{"key": r.key, "name": r.name, "when": r.when, "stages": r.stages} for r in routes(organization)]


def find_route(organization: Organization, key: str) -> Route | None:
    """The route of a key that is in force."""
    return routes(organization).filter(key=key).first()


def editions(route: Route) -> QuerySet[Route]:
    """Every edition of a route, newest first."""
    return (
        Route.objects.filter(organization=route.organization_id, key=route.key)
        .select_related("made_by")
        .order_by("-edition")
    )


def route_labels(organization: Organization) -> Labels:
    """Everything a route's condition may ask, with its name on the screen."""
    return labels_with(taxonomy.known_facts(organization))


def labels_with(known: Mapping[str, str]) -> Labels:
    """The same, where the names of what a rule may ask were read already."""
    own = {key: str(label) for key, label in routing.FACTS.items()}
    return Labels(own | dict(known), known.named if isinstance(known, Labels) else {})


def route_facts(
    known: Mapping[str, Any],
    kind: str,
    achievement: Achievement | None = None,
    evidence: int = 0,
    held: int | None = None,
) -> dict[str, Any]:
    """What a route can ask about a proposal: its draft's facts, what is asked for, and the risk.

    Args:
        known: the draft's facts.
        kind: a `Proposal.Kind`.
        achievement: what is changed or retired; ``None`` for something new.
        evidence: how many pieces of evidence there are.
        held: how many credentials of it are held, if that was asked already.
    """
    facts = dict(known)
    facts["kind"] = kind
    facts["credit_bearing"] = "yes" if facts.get("credit") == "credit" else "no"
    if held is None:
        held = holders(achievement) if achievement and kind != Proposal.Kind.NEW else 0
    facts["holders"] = held
    facts["evidence"] = evidence
    facts["risk"] = str(routing.risk(facts).tier)
    return facts


@dataclass(frozen=True, slots=True)
class Mark:
    """One stage on the page of a proposal.

    Attributes:
        planned: as the route has it, with the reason.
        row: how it went, if the proposal came there.
    """

    planned: Planned
    row: Stage | None

    @property
    def state(self) -> str:
        """``done``, ``now`` or empty, the words of the stair."""
        if self.row is None:
            return ""
        return {Stage.State.OPEN: "now", Stage.State.DONE: "done"}.get(Stage.State(self.row.state), "")


@dataclass(frozen=True)
class Journey:
    """Where a proposal is on its way, and why it goes that way.

    Attributes:
        choice: the route; of a draft the one it would take, else the one it took.
        risk: the computed tier with its reason.
        way: the route's stages with their reasons.
        rows: the stages it came to, oldest first.
    """

    choice: Choice
    risk: Risk
    way: tuple[Planned, ...]
    rows: tuple[Stage, ...]

    @cached_property
    def live(self) -> dict[str, Stage]:
        """The stages that are open or done, by key."""
        return {row.key: row for row in self.rows if row.state in Stage.LIVE}

    @cached_property
    def open(self) -> list[Stage]:
        """The stages that are open now."""
        return [row for row in self.rows if row.state == Stage.State.OPEN]

    @cached_property
    def marks(self) -> list[Mark]:
        """Every stage that applies, with how it went."""
        return [Mark(p, self.live.get(p.stage.key)) for p in self.way if p.applies]

    @cached_property
    def left_out(self) -> list[Planned]:
        """The stages that do not apply, with the reason."""
        return [p for p in self.way if not p.applies]

    @cached_property
    def done(self) -> frozenset[str]:
        """Keys of the stages that are done."""
        return frozenset(key for key, row in self.live.items() if row.state == Stage.State.DONE)

    @cached_property
    def earlier(self) -> list[Stage]:
        """The stages a proposal can go back to: those that are done."""
        return [row for row in self.live.values() if row.state == Stage.State.DONE]

    @cached_property
    def ended(self) -> bool:
        """Whether nothing is left but the decision: all is done, or a vote was lost."""
        if any(row.state == Stage.State.LOST for row in self.live.values()):
            return True
        return routing.due(self.way, self.done).ended


def journey(
    proposal: Proposal,
    *,
    facts: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    rows: Iterable[Stage] | None = None,
    held: int | None = None,
) -> Journey:
    """Where a proposal is on its way.

    Args:
        proposal: which.
        facts: its draft's facts, if they were read already.
        labels: the names of all facts, likewise.
        rows: its stages, likewise.
        held: how many credentials of what it is about are held, likewise.
    """
    organization = proposal.organization
    version = proposal.version
    if facts is None:
        facts = achievements.facts(version) if version else {"title": proposal.subject}
    about = version.achievement if version else None
    asked = route_facts(facts, proposal.kind, about, len(proposal.evidence.all()), held)
    ways = [proposal.route.way] if proposal.route else [route.way for route in routes(organization)]
    if labels is None:
        labels = (
            route_labels(organization) if any(w.when or any(s.when for s in w.stages) for w in ways) else {}
        )
    choice = (
        Choice(ways[0], run([dict(test) for test in ways[0].when], asked, labels), ())
        if proposal.route
        else routing.choose(ways, asked, labels)
    )
    way = routing.plan(choice.way.stages, asked, labels) if choice.way else ()
    found = proposal.stages.all() if rows is None else rows
    return Journey(choice, routing.risk(asked), way, tuple(found))


def preview(
    organization: Organization,
    facts: Mapping[str, Any],
    kind: str,
    achievement: Achievement | None = None,
    ways: Sequence[Way] | None = None,
) -> Journey:
    """The way something would go that is not proposed yet, or by routes that are not saved yet.

    Args:
        organization: whose.
        facts: of the draft.
        kind: a `Proposal.Kind`.
        achievement: what is changed or retired.
        ways: the routes that are asked; those in force if left out.
    """
    if ways is None:
        ways = [route.way for route in routes(organization)]
    asked, labels = route_facts(facts, kind, achievement), route_labels(organization)
    choice = routing.choose(ways, asked, labels)
    way = routing.plan(choice.way.stages, asked, labels) if choice.way else ()
    return Journey(choice, routing.risk(asked), way, ())


def find_stage(proposal: Proposal, stage: int) -> Stage | None:
    """One stage of a proposal."""
    return proposal.stages.filter(pk=stage).select_related("body").first()


def is_consent(proposal: Proposal) -> bool:
    """Whether the vote that is due is a consent item: carried together with others unless someone pulls it out."""
    if proposal.route is None:
        return False
    live = {stage.key for stage in proposal.stages.all() if stage.state == Stage.State.OPEN}
    return any(stage.consent for stage in proposal.route.way.stages if stage.key in live)


def takes_suggestions(proposal: Proposal) -> bool:
    """Whether proposers may take suggestions over now: while it is theirs, or in a stage whose route lets them."""
    if proposal.state in Proposal.CHANGEABLE:
        return True
    if proposal.state != Proposal.State.SUBMITTED or proposal.route is None:
        return False
    live = {stage.key for stage in proposal.stages.all() if stage.state == Stage.State.OPEN}
    letting = {stage.key for stage in proposal.route.way.stages if stage.edits}
    return bool(live) and live <= letting


def usual_item(proposal: Proposal) -> str:
    """How an agenda handles a proposal unless somebody says otherwise: by consent, by decision, or not yet."""
    if is_consent(proposal):
        return AgendaItem.Kind.CONSENT
    due = any(
        stage.state == Stage.State.OPEN and stage.kind == routing.Kind.BALLOT
        for stage in proposal.stages.all()
    )
    return AgendaItem.Kind.DECISION if due else ""


def stage_body(proposal: Proposal, name: str) -> Body:
    """The body a stage names, unless it is retired; else the one that decides about the proposal."""
    there = proposal.organization.bodies.filter(retired_on=None).order_by("id")
    named = packs.called(there, name) if name.strip() else None
    return named or proposal.body


def holders_of(body: int) -> list[Person]:
    """Who sits in a body today, without vote too."""
    today = timezone.localdate()
    held = Person.objects.filter(Exists(_held_now(today).filter(body=body, holder=OuterRef("pk"))))
    return list(held.order_by("pk"))


def _held_now(today: date) -> QuerySet[Seat]:
    return Seat.objects.filter(Q(until=None) | Q(until__gte=today))


def asked_people(stage: Stage) -> list[Person]:
    """Everyone a stage waits for by name: those asked by hand, else those of the route; never proposers."""
    organization, own = stage.proposal.organization, Q(proposals=stage.proposal)
    asked = list(stage.people.exclude(own).order_by("pk"))
    consults = stage.kind == routing.Kind.CONSULTATION and stage.who != Who.CHAIR
    if not asked and stage.body_id and (consults or stage.who in {Who.MEMBERS, Who.CHAIR}):
        seats = _held_now(timezone.localdate()).filter(body=stage.body_id, holder=OuterRef("pk"))
        if stage.who == Who.CHAIR:
            seats = seats.filter(role=Seat.Role.CHAIR)
        asked = list(Person.objects.filter(Exists(seats)).exclude(own).order_by("pk"))
    elif not asked and stage.who in {Who.OFFICE, Who.SECOND}:
        asked = list(_managers(organization).exclude(own).order_by("pk"))
    if stage.kind == routing.Kind.RUBRIC:
        given = set(stage.proposal.reviews.values_list("reviewer", flat=True))
        asked = [person for person in asked if person.pk not in given]
    return asked


def in_charge(stage: Stage) -> list[Person]:
    """Whom a late stage is told to: the chair of its body and the program managers, proposers aside."""
    seats = _held_now(timezone.localdate()).filter(
        body=stage.body_id or stage.proposal.body_id, role=Seat.Role.CHAIR, holder=OuterRef("pk")
    )
    managers = _managers(stage.proposal.organization).values("pk")
    found = Person.objects.filter(Q(Exists(seats)) | Q(pk__in=managers)).exclude(proposals=stage.proposal)
    return list(found.order_by("pk"))


def _managers(organization: Organization) -> QuerySet[Person]:
    roles = (Membership.Role.MANAGER, Membership.Role.ADMINISTRATOR)
    return Person.objects.filter(
        Exists(Membership.objects.filter(organization=organization, person=OuterRef("pk"), role__in=roles))
    )
