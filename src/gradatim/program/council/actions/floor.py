"""Writes on the floor of a meeting: live minutes, consent, motions, public comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries, rules, tally
from gradatim.program.council.actions.ballots import copy_rules, count_seats, finish, keep_count
from gradatim.program.council.actions.meetings import held, in_session, note
from gradatim.program.council.actions.moves import locked as locked_proposal
from gradatim.program.council.actions.moves import move, must_chair
from gradatim.program.council.actions.putting_off import carry_out, may_be_put_off, must_be_to_come
from gradatim.program.council.models import AgendaItem, Ballot, Meeting, Motion, Proposal, PublicComment
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person

Kind = AgendaItem.Kind
MOTION_CHOICES = frozenset({"for", "against", "abstain"})


@transaction.atomic
def write_notes(*, item: AgendaItem, notes: str, actor: Person) -> AgendaItem:
    """Write what the minutes say about an item.

    Args:
        item: of a meeting in session, or one whose minutes are not approved yet.
        notes: Markdown.
        actor: the chair or a program manager.

    Returns:
        The item.

    Raises:
        Refused: ``permission``; ``closed`` once the minutes are approved.
    """
    meeting = held(item.meeting, actor)
    if meeting.state not in {Meeting.State.IN_SESSION, Meeting.State.ENDED}:
        raise Refused(
            "closed", _("Notes are taken from the beginning of the meeting until its minutes are approved.")
        )
    item.notes = notes.strip()
    item.save(update_fields=["notes"])
    note(meeting, "minutes.written", actor, {"item": item.pk})
    return item


@transaction.atomic
def pull_item(*, item: AgendaItem, actor: Person) -> AgendaItem:
    """Pull an item off the consent list, so that it is decided on its own. One member is enough.

    Args:
        item: a consent item of a meeting that is not over.
        actor: who holds a seat of the body.

    Returns:
        The item, now one for decision.

    Raises:
        Refused: ``permission``; ``closed`` when it is no consent item any more, or carried.
    """
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if not rules.sits(actor, meeting.body):
        raise Refused("permission", _("Only members of the body pull an item."))
    item = AgendaItem.objects.get(pk=item.pk)
    if item.kind != Kind.CONSENT or meeting.over or item.ballots.exists():
        raise Refused("closed", _("This item is not on the consent list any more."))
    item.kind, item.pulled_by = Kind.DECISION, actor
    item.save(update_fields=["kind", "pulled_by"])
    note(meeting, "agenda.pulled", actor, {"item": item.pk})
    return item


@transaction.atomic
def carry_consent(*, meeting: Meeting, actor: Person) -> list[Ballot]:
    """Carry everything that is still on the consent list, nobody having objected.

    Args:
        meeting: one in session with a quorum.
        actor: the chair or a program manager; none of the proposals may be theirs.

    Returns:
        One closed ballot per proposal, by unanimous consent.

    Raises:
        Refused: as `consent`; nothing is carried then.
    """
    meeting = held(meeting, actor)
    items = [i for i in meeting.items.filter(kind=Kind.CONSENT) if i.proposal_id and not i.ballots.exists()]
    if not items:
        raise Refused("closed", _("Nothing is left on the consent list."))
    return [consent(item=item, actor=actor) for item in items]


@transaction.atomic
def consent(*, item: AgendaItem, actor: Person) -> Ballot:
    """Carry one item by unanimous consent: the chair asked, and nobody objected.

    Args:
        item: with a proposal, of a meeting in session with a quorum.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The closed ballot; its decision can be written.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``, ``transition``, ``meeting-law``, ``second-reading``;
            ``no-quorum``; ``charter`` where even all those present are too few to carry it.
    """
    meeting = held(item.meeting, actor)
    if item.proposal is None:
        raise Refused("row-invalid", _("This item has no proposal; move it as a motion."))
    item.meeting = meeting
    body, proposal = meeting.body, locked_proposal(item.proposal)
    must_chair(actor, proposal)
    law.may_vote_in(body, item)
    move(proposal, Proposal.State.IN_BALLOT)
    proposal.save(update_fields=["state"])
    now = timezone.now()
    ballot = Ballot(
        proposal=proposal,
        body=body,
        item=item,
        method=Ballot.Method.CONSENT,
        opened_by=actor,
        opened_at=now,
        closed_at=now,
        version_digest=queries.digest(proposal),
    )
    copy_rules(body, ballot)
    count = _all_for(meeting, ballot)
    said = tally.result(count, ballot)
    if said == Ballot.Result.NO_QUORUM:
        raise Refused("no-quorum", _("There is no quorum, so nothing carries. Note who is there first."))
    if said != Ballot.Result.CARRIED:
        raise Refused(
            "charter", _("Those present are too few to carry it, even all together. Vote on it instead.")
        )
    keep_count(ballot, count)
    finish(ballot, proposal, actor)
    return ballot


def _all_for(meeting: Meeting, ballot: Ballot) -> tally.Count:
    """As if all voting members who are there had voted for it, proposers aside."""
    there = queries.present_at(meeting)
    seats = list(meeting.body.seats.filter(votes=True))
    present, own = sum(seat.pk in there for seat in seats), queries.proposers_there(ballot)
    ballot.seats = count_seats(meeting.body, seats)
    return tally.Count(seats=ballot.seats, present=present, recused=own, votes_for=present - own)


@transaction.atomic
def make_motion(
    *,
    item: AgendaItem,
    text: str,
    moved_by: Person,
    kind: str = Motion.Kind.MAIN,
    until: date | None = None,
    amends: Motion | None = None,
    actor: Person,
) -> Motion:
    """Note a motion, or an amendment to one.

    Args:
        item: of a meeting in session.
        text: its words; of an amendment, the words as they would then be.
        moved_by: a member who is there.
        kind: a `Motion.Kind`; to defer or to table is moved before or instead of a vote, and puts the proposal off.
        until: of a motion to defer, the day on which the proposal is back in the queue.
        amends: the motion to be amended, still open.
        actor: the chair or a program manager, who keeps the minutes.

    Returns:
        The motion, to be seconded.

    Raises:
        Refused: ``permission``, ``closed``, ``not-present``; ``meeting-law`` for a late item; ``row-invalid`` without words,
            or for a motion to defer without a day to come.
    """
    meeting = held(item.meeting, actor)
    in_session(meeting)
    item.meeting = meeting
    if meeting.body.is_open:
        law.may_vote_in(meeting.body, item)
    _must_be_there(meeting, moved_by)
    if not text.strip():
        raise Refused("row-invalid", _("Write the words of the motion."), field="text")
    if amends is not None and (amends.item_id != item.pk or amends.state not in _OPEN):
        raise Refused("closed", _("The motion to be amended is not open."), field="amends")
    if kind == Motion.Kind.DEFER:
        if until is None:
            raise Refused("row-invalid", _("Say until which day it is deferred."), field="until")
        must_be_to_come(until)
    if kind != Motion.Kind.MAIN and item.proposal is not None:
        may_be_put_off(item.proposal)
    motion = Motion.objects.create(
        item=item,
        text=text.strip(),
        moved_by=moved_by,
        amends=amends,
        kind=Motion.Kind(kind),
        until=until if kind == Motion.Kind.DEFER else None,
    )
    note(meeting, "motion.made", actor, {"motion": motion.pk})
    return motion


_OPEN = (Motion.State.MOVED, Motion.State.SECONDED)


def _must_be_there(meeting: Meeting, person: Person) -> None:
    if person.pk not in queries.present_at(meeting).values():
        raise Refused("not-present", _("%(name)s is not noted as present.") % {"name": person})


@transaction.atomic
def second_motion(*, motion: Motion, seconded_by: Person, actor: Person) -> Motion:
    """Note who seconds a motion.

    Args:
        motion: one that was moved.
        seconded_by: another member who is there.
        actor: the chair or a program manager.

    Returns:
        The motion, seconded.

    Raises:
        Refused: ``permission``, ``closed``, ``not-present``; ``row-invalid`` for the mover.
    """
    meeting = held(motion.item.meeting, actor)
    in_session(meeting)
    _must_be_there(meeting, seconded_by)
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    if motion.state != Motion.State.MOVED:
        raise Refused("closed", _("This motion is not waiting for a second."))
    if seconded_by.pk == motion.moved_by_id:
        raise Refused("row-invalid", _("Somebody else has to second it."), field="seconded_by")
    motion.seconded_by, motion.state = seconded_by, Motion.State.SECONDED
    motion.save(update_fields=["seconded_by", "state"])
    note(meeting, "motion.seconded", actor, {"motion": motion.pk})
    return motion


@transaction.atomic
def settle_motion(
    *, motion: Motion, how: str, votes: Mapping[Person, str] | None = None, actor: Person
) -> Motion:
    """Note what became of a motion; it carries by more votes for than against.

    Args:
        motion: a seconded one without an open amendment; any open one can be withdrawn.
        how: ``"consent"`` (nobody objected), ``"vote"`` or ``"withdrawn"``.
        votes: for a vote: who of those present voted for, against or abstained. A carried amendment takes the place of the
            words it amends.
        actor: the chair or a program manager.

    Returns:
        The motion, settled.

    Raises:
        Refused: ``permission``, ``closed``, ``not-present``, ``no-quorum``; ``row-invalid`` for a vote nobody took part in.
    """
    meeting = held(motion.item.meeting, actor)
    in_session(meeting)
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    if motion.state not in _OPEN:
        raise Refused("closed", _("This motion is settled already."))
    if how == "withdrawn":
        motion.state = Motion.State.WITHDRAWN
    else:
        _may_settle(motion, meeting)
        _count(motion, meeting, {} if how == "consent" else votes or {}, by_consent=how == "consent")
    motion.save()
    if motion.state == Motion.State.CARRIED:
        carry_out(motion, actor)
    if motion.amends is not None and motion.state == Motion.State.CARRIED:
        Motion.objects.filter(pk=motion.amends.pk).update(text=motion.text)
    note(meeting, "motion.settled", actor, {"motion": motion.pk, "state": motion.state})
    return motion


def _may_settle(motion: Motion, meeting: Meeting) -> None:
    if motion.state != Motion.State.SECONDED:
        raise Refused("closed", _("The motion was not seconded."))
    if motion.amendments.filter(state__in=_OPEN).exists():
        raise Refused("closed", _("An amendment is open; settle it first."))
    if not queries.quorum_at(meeting).met:
        raise Refused("no-quorum", _("There is no quorum, so nothing carries. Note who is there first."))


def _count(motion: Motion, meeting: Meeting, votes: Mapping[Person, str], *, by_consent: bool) -> None:
    for person, choice in votes.items():
        _must_be_there(meeting, person)
        if choice not in MOTION_CHOICES:
            raise Refused("row-invalid", _("A vote on a motion is for, against or abstain."))
    motion.by_consent = by_consent
    motion.by_name = {str(person): choice for person, choice in votes.items()}
    chosen = list(votes.values())
    motion.votes_for, motion.votes_against = chosen.count("for"), chosen.count("against")
    if not by_consent and not motion.votes_for + motion.votes_against:
        raise Refused("row-invalid", _("Note who voted for and who against."))
    carried = by_consent or motion.votes_for > motion.votes_against
    motion.state = Motion.State.CARRIED if carried else Motion.State.LOST


@transaction.atomic
def note_comment(
    *, item: AgendaItem, speaker: str, speaks_for: str = "", words: str, actor: Person
) -> PublicComment:
    """Note what someone from the public said.

    Args:
        item: the place for public comment, in a meeting in session.
        speaker: the name that is given.
        speaks_for: for whom.
        words: what was said, in short.
        actor: the chair or a program manager.

    Returns:
        The comment.

    Raises:
        Refused: ``permission``, ``closed``; ``row-invalid`` for another kind of item or without name and words.
    """
    meeting = held(item.meeting, actor)
    in_session(meeting)
    if item.kind != Kind.COMMENT or not speaker.strip() or not words.strip():
        raise Refused(
            "row-invalid", _("Note who spoke and what was said, under “public comment”."), field="words"
        )
    made = PublicComment.objects.create(
        item=item, speaker=speaker.strip(), speaks_for=speaks_for.strip(), words=words.strip()
    )
    note(meeting, "comment.noted", actor, {"item": item.pk})
    return made
