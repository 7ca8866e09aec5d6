"""Writes of stages: one is done, others are asked, dates change, reminders go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import queries, rules
from gradatim.program.council.actions import decisions
from gradatim.program.council.actions.invitations import remind_electors
from gradatim.program.council.actions.moves import blocking, locked, must_chair, must_not_propose
from gradatim.program.council.actions.routes import advance, end
from gradatim.program.council.actions.telling import tell
from gradatim.program.council.models import Ballot, Proposal, Stage
from gradatim.program.council.routing import Kind
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

State = Stage.State


def _note(stage: Stage, verb: str, actor: Person | None) -> None:
    log(
        organization=stage.proposal.organization,
        verb=verb,
        target=f"proposal:{stage.proposal.number}",
        actor=actor,
        detail={"stage": stage.key, "kind": stage.kind},
    )


def _held(stage: Stage) -> Stage:
    """The stage as it is now; its proposal is held first, so that two never pass each other."""
    proposal = locked(stage.proposal)
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    held.proposal = proposal
    return held


@transaction.atomic
def end_stage(*, stage: Stage, note: str = "", actor: Person) -> Stage:
    """Say that a stage is done; the route goes on, and where it ends with a sign-off, that is the decision.

    Args:
        stage: an open one that is no vote.
        note: for the record; public where the stage decides.
        actor: whom the stage waits for; reviews and consultations are ended by the chair or a program manager.

    Returns:
        The stage, done.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``vote`` for a vote; ``rules`` while a quality rule blocks.
    """
    stage = _held(stage)
    proposal = stage.proposal
    must_not_propose(actor, proposal)
    if not rules.may_end(actor, stage):
        raise Refused("permission", _("This stage waits for somebody else. The chair can ask you instead."))
    if stage.state != State.OPEN or proposal.state not in Proposal.WITH_COUNCIL:
        raise Refused("closed", _("This stage is not open any more."))
    if stage.kind == Kind.BALLOT:
        raise Refused("vote", _("A vote ends when it is closed and counted."))
    if wrong := blocking(proposal):
        raise Refused("rules", " ".join(wrong))
    end(stage, State.DONE, note, actor)
    _note(stage, "stage.done", actor)
    advance(proposal)
    if stage.kind == Kind.SIGN_OFF and queries.journey(proposal).ended:
        decisions.decide_by_sign_off(
            proposal=proposal,
            rationale=note.strip() or f"{proposal.route.name if proposal.route else ''}: {stage.name}.",
            actor=actor,
        )
    return stage


@transaction.atomic
def ask_people(*, stage: Stage, people: Iterable[Person], add: bool = False, actor: Person) -> Stage:
    """Ask others for a stage, instead of or together with those who are asked; what was done in it stays.

    Args:
        stage: an open one.
        people: who work on the program, for reviews and consultations partners too, proposers aside; none puts it
            back to those the route names.
        add: keep those who are asked already.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The stage; those newly asked get a mail.

    Raises:
        Refused: ``own-proposal`` for a proposer asking or asked, ``permission``, ``closed``, ``outsider``.
    """
    stage = _held(stage)
    proposal = stage.proposal
    must_chair(actor, proposal)
    if stage.state != State.OPEN:
        raise Refused("closed", _("This stage is not open any more."))
    wanted = list(people)
    for person in wanted:
        if rules.is_proposer(person, proposal):
            raise Refused(
                "own-proposal", _("%(name)s is one of its proposers.") % {"name": person}, field="people"
            )
        if not rules.may_be_asked(person, stage):
            raise Refused(
                "outsider",
                _("%(name)s does not work on this program; invite them first.") % {"name": person},
                field="people",
            )
    there = set(stage.people.values_list("pk", flat=True))
    if add:
        stage.people.add(*wanted)
    else:
        stage.people.set(wanted)
    for person in wanted:
        if person.pk not in there:
            tell(stage, person, "asked")
    _note(stage, "stage.people-asked", actor)
    return stage


@transaction.atomic
def change_due(*, stage: Stage, due_at: datetime | None, actor: Person) -> Stage:
    """Give a stage another date.

    Args:
        stage: an open one.
        due_at: until when; ``None`` for no date.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The stage.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``.
    """
    stage = _held(stage)
    must_chair(actor, stage.proposal)
    if stage.state != State.OPEN:
        raise Refused("closed", _("This stage is not open any more."))
    moved = due_at - stage.due_at if due_at and stage.due_at else None
    for name in ("remind_at", "late_at"):
        before = getattr(stage, name)
        setattr(stage, name, before + moved if before and moved is not None else None)
    stage.due_at = due_at
    stage.save(update_fields=["due_at", "remind_at", "late_at"])
    _note(stage, "stage.date-changed", actor)
    return stage


@transaction.atomic
def change_reminder(*, stage: Stage, remind_at: datetime | None, actor: Person) -> Stage:
    """Choose when whom a stage waits for is reminded.

    Args:
        stage: an open one.
        remind_at: a time to come; ``None`` for no reminder.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The stage.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``row-invalid`` for a time that is over.
    """
    stage = _held(stage)
    must_chair(actor, stage.proposal)
    if stage.state != State.OPEN:
        raise Refused("closed", _("This stage is not open any more."))
    if remind_at is not None and remind_at <= timezone.now():
        raise Refused("row-invalid", _("This time is over; choose a later one."), field="remind")
    stage.remind_at = remind_at
    stage.save(update_fields=["remind_at"])
    _note(stage, "stage.reminder-changed", actor)
    return stage


def run_stages(*, now: datetime, limit: int = 100) -> int:
    """End the consultation windows that are over, remind whom stages and votes wait for, tell the chair about late ones.

    Args:
        now: the time.
        limit: at most so many stages of each sort.

    Returns:
        How many stages and votes were touched.
    """
    waiting = Stage.objects.filter(state=State.OPEN, proposal__state__in=Proposal.WITH_COUNCIL)
    waiting = waiting.exclude(queries.put_off_on(timezone.localdate(now), "proposal__"))
    over = waiting.filter(kind=Kind.CONSULTATION, due_at__lte=now)
    done = [_window_over(stage) for stage in over.order_by("due_at")[:limit]]
    done += [_remind(stage) for stage in waiting.filter(remind_at__lte=now).order_by("remind_at")[:limit]]
    done += [_escalate(stage) for stage in waiting.filter(late_at__lte=now).order_by("late_at")[:limit]]
    closing = Ballot.objects.filter(state=Ballot.State.OPEN, remind_at__lte=now).order_by("remind_at")
    done += [remind_electors(ballot=ballot) for ballot in closing[:limit]]
    return sum(done)


@transaction.atomic
def _window_over(stage: Stage) -> bool:
    stage = _held(stage)
    if stage.state != State.OPEN or stage.proposal.state not in Proposal.WITH_COUNCIL:
        return False
    end(stage, State.DONE, _("The window is over."), None)
    _note(stage, "stage.done", None)
    advance(stage.proposal)
    return True


@transaction.atomic
def _remind(stage: Stage) -> bool:
    stage = _held(stage)
    if stage.state != State.OPEN or stage.remind_at is None:
        return False
    for person in queries.asked_people(stage):
        tell(stage, person, f"reminder:{stage.remind_at:%Y-%m-%d}")
    stage.remind_at = None
    stage.save(update_fields=["remind_at"])
    return True


@transaction.atomic
def _escalate(stage: Stage) -> bool:
    stage = _held(stage)
    if stage.state != State.OPEN or stage.late_at is None:
        return False
    for person in queries.in_charge(stage):
        tell(stage, person, "late")
    stage.late_at = None
    stage.save(update_fields=["late_at"])
    return True
