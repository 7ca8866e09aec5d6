"""Writes of a proposal's way: it starts, goes on stage by stage, goes on after a vote, goes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import queries, routing, rules
from gradatim.program.council.actions.moves import give_back, locked, move, must_chair, must_not_propose
from gradatim.program.council.actions.telling import tell
from gradatim.program.council.models import Ballot, Body, Proposal, Stage
from gradatim.program.council.routing import Kind
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

State = Stage.State


def start(proposal: Proposal) -> None:
    """Put a proposal that was just sent on its route; sent again, it goes on where it was told to.

    Args:
        proposal: held by the caller.

    Raises:
        Refused: ``route`` if none of the organization's routes fits.
    """
    before, again = proposal.route, proposal.resume
    proposal.route, proposal.resume = None, ""
    found = queries.journey(proposal)
    if found.choice.way is None:
        raise Refused(
            "route",
            _(
                "None of the routes fits this proposal. A program manager adds one that is for everything else."
            ),
        )
    route = queries.find_route(proposal.organization, found.choice.way.key)
    keep = bool(again and before and route and before.key == route.key)
    undone = routing.undone(found.way, again) if keep else frozenset(found.live)
    _close(proposal, [row for key, row in found.live.items() if key in undone or row.state == State.OPEN])
    proposal.route = route
    proposal.save(update_fields=["route", "resume"])
    advance(proposal)


def advance(proposal: Proposal) -> None:
    """Open whatever the route asks for now.

    Args:
        proposal: held by the caller.
    """
    while True:
        found = queries.journey(proposal)
        if found.ended:
            _close(proposal, found.open)
            return
        new = [s for s in routing.due(found.way, found.done).stages if s.key not in found.live]
        for stage in new:
            _open(proposal, stage)
        if not any(stage.kind == Kind.INFORMATION for stage in new):
            return


def _open(proposal: Proposal, stage: routing.Stage) -> Stage:
    body, now = queries.stage_body(proposal, stage.body), timezone.now()
    informs = stage.kind == Kind.INFORMATION
    row = Stage.objects.create(
        proposal=proposal,
        key=stage.key,
        kind=stage.kind,
        name=stage.name,
        who=stage.who,
        body=body,
        in_public=body.is_open,
        state=State.DONE if informs else State.OPEN,
        opened_at=now,
        **dates(stage, now, body),
        ended_at=now if informs else None,
    )
    if stage.kind == Kind.BALLOT and body.pk != proposal.body_id:
        proposal.body = body
        proposal.save(update_fields=["body"])
    asked = list(people.staff(proposal.organization).filter(email__in=stage.people)) if stage.people else []
    if stage.kind == Kind.RUBRIC and stage.reviews and not asked:
        asked = _least_loaded(proposal, body.pk, stage.reviews)
    row.people.set(asked)
    tells = informs or (stage.kind == Kind.CONSULTATION and stage.body)
    told = queries.holders_of(body.pk) if tells and not asked else asked
    for person in told:
        tell(row, person, "opened")
    return row


def dates(stage: routing.Stage, opened: datetime, body: Body) -> dict[str, datetime | None]:
    """When a stage is due, and when its people and then the chair get a mail: as the route says, else as its body does."""
    remind, escalate = stage.remind or body.remind_days or 0, stage.escalate or body.escalate_days or 0
    due = opened + timedelta(days=stage.days) if stage.days and stage.kind != Kind.INFORMATION else None
    return {
        "due_at": due,
        "remind_at": due - timedelta(days=remind) if due and 0 < remind < stage.days else None,
        "late_at": due + timedelta(days=escalate) if due and escalate else None,
    }


def _least_loaded(proposal: Proposal, body: int, many: int) -> list[Person]:
    """The members of a body with the fewest reviews to give; neither proposers nor those with a conflict of interest."""
    own = set(proposal.proposers.values_list("pk", flat=True))
    own |= set(proposal.recusals.values_list("person", flat=True))
    keys = [person.pk for person in queries.holders_of(body) if person.pk not in own]
    busy = Count("stages", filter=Q(stages__state=State.OPEN, stages__kind=Kind.RUBRIC))
    return list(Person.objects.filter(pk__in=keys).annotate(busy=busy).order_by("busy", "pk")[:many])


def _close(proposal: Proposal, rows: Iterable[Stage]) -> None:
    keys = [row.pk for row in rows]
    proposal.stages.filter(pk__in=keys).update(state=State.CLOSED)
    proposal.stages.filter(pk__in=keys, ended_at=None).update(ended_at=timezone.now())


def end(stage: Stage, state: Stage.State, note: str, actor: Person | None) -> None:
    """End a stage that is held by the caller, whatever the way."""
    stage.state, stage.note, stage.ended_by, stage.ended_at = state, note.strip(), actor, timezone.now()
    stage.save(update_fields=["state", "note", "ended_by", "ended_at"])


def ballot_closed(ballot: Ballot, proposal: Proposal, actor: Person | None) -> None:
    """Let the route go on after a vote that carried, was lost or tied for good.

    Args:
        ballot: a closed one with a quorum, and no tie that waits for the chair.
        proposal: what it is on, held by the caller.
        actor: who closed it; ``None`` for the clock.
    """
    stage = proposal.stages.filter(state=State.OPEN, kind=Kind.BALLOT).first()
    if stage is None:
        return
    carried = ballot.result == Ballot.Result.CARRIED
    end(stage, State.DONE if carried else State.LOST, "", actor)
    if not queries.journey(proposal).ended:
        move(proposal, Proposal.State.SUBMITTED)
        proposal.save(update_fields=["state"])
    advance(proposal)


def reviewed(proposal: Proposal, actor: Person | None) -> None:
    """End a review by the rubric when as many reviews are there as the route asks for.

    Args:
        proposal: held by the caller.
        actor: who gave the last one; ``None`` for a guest.
    """
    found = queries.journey(proposal)
    many = {planned.stage.key: planned.stage.reviews for planned in found.way}
    ready = [stage for stage in found.open if stage.kind == Kind.RUBRIC and many.get(stage.key)]
    for stage in ready:
        since = proposal.reviews.filter(updated_at__gte=stage.opened_at).count()
        if since >= many[stage.key]:
            end(stage, State.DONE, "", actor)
    if ready:
        advance(proposal)


def replace(proposal: Proposal, gone: Person) -> None:
    """Ask somebody else for the reviews that a person was asked for and does not give.

    Args:
        proposal: held by the caller.
        gone: who recused themselves.
    """
    for stage in proposal.stages.filter(state=State.OPEN, kind=Kind.RUBRIC, people=gone):
        asked = set(stage.people.values_list("pk", flat=True))
        stage.people.remove(gone)
        others = [
            person
            for person in _least_loaded(proposal, stage.body_id or proposal.body_id, 100)
            if person.pk not in asked
        ]
        for person in others[:1]:
            stage.people.add(person)
            tell(stage, person, "asked")


def leave(proposal: Proposal) -> None:
    """Close every open stage of a proposal that leaves its route.

    Args:
        proposal: held by the caller.
    """
    _close(proposal, proposal.stages.filter(state=State.OPEN))


@transaction.atomic
def return_for_changes(
    *, proposal: Proposal, reason: str, to: str = "", resume: str = "", actor: Person
) -> Proposal:
    """Give a proposal back before a vote: to its proposers, or to an earlier stage.

    Args:
        proposal: one with the council.
        reason: what has to change.
        to: key of a stage that is done; empty for its proposers.
        resume: key of the stage where it goes on when its proposers send it again; empty for from the start.
        actor: the chair, a program manager or someone an open stage waits for; not a proposer.

    Returns:
        The proposal: returned, and its draft can be changed again; or with the council, at the earlier stage.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``transition``; ``row-invalid`` without a reason or for no such stage.
    """
    proposal = locked(proposal)
    found = queries.journey(proposal)
    must_not_propose(actor, proposal)
    if not any(rules.may_end(actor, stage) for stage in found.open):
        must_chair(actor, proposal)
    if not reason.strip():
        raise Refused("row-invalid", _("Say what has to change."), field="reason")
    possible = {row.key for row in found.earlier}
    if to and to not in possible:
        raise Refused("row-invalid", _("It has not been there yet."), field="to")
    if resume and resume not in {planned.stage.key for planned in found.way}:
        raise Refused("row-invalid", _("There is no such stage on its route."), field="resume")
    if to:
        _back_to_stage(proposal, found, to, reason, actor)
    else:
        move(proposal, Proposal.State.RETURNED)
        give_back(proposal, actor)
        proposal.returned_reason, proposal.resume = reason.strip(), resume
        proposal.save(update_fields=["state", "returned_reason", "resume"])
        for stage in found.open:
            end(stage, State.SENT_BACK, reason, actor)
    log(
        organization=proposal.organization,
        verb="proposal.returned",
        target=f"proposal:{proposal.number}",
        actor=actor,
        detail={"to": to or "proposers"},
    )
    return proposal


def _back_to_stage(proposal: Proposal, found: queries.Journey, to: str, reason: str, actor: Person) -> None:
    if proposal.state != Proposal.State.SUBMITTED:
        raise Refused("transition", _("A vote is open. Close it first."))
    undone = routing.undone(found.way, to)
    for stage in found.open:
        end(stage, State.SENT_BACK, reason, actor)
    _close(proposal, [row for key, row in found.live.items() if key in undone and row.state != State.OPEN])
    advance(proposal)
