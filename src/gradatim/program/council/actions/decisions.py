"""Writes of decisions: written after a vote, held until published, with conditions tracked to done, and looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.council import queries, rules
from gradatim.program.council.actions.adopting import adopt_text
from gradatim.program.council.actions.changes import again
from gradatim.program.council.actions.lists import let_go, put_in_force, usual_kind
from gradatim.program.council.actions.moves import give_back, locked, move, must_chair, unbind
from gradatim.program.council.actions.proposals import propose, propose_text
from gradatim.program.council.models import Ballot, Condition, Decision, Proposal
from gradatim.program.council.records import address
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

Outcome, Kind = Decision.Outcome, Decision.Kind
POSSIBLE = {
    Ballot.Result.CARRIED: (Outcome.APPROVED, Outcome.CONDITIONS),
    Ballot.Result.LOST: (Outcome.REJECTED, Outcome.REVISE, Outcome.DEFERRED),
    Ballot.Result.TIED: (Outcome.REJECTED, Outcome.REVISE, Outcome.DEFERRED),
}
"""The outcomes that the result of a vote allows; the first is the usual one."""


RECONSIDERED = ("reconsidered_as", "reconsidered_why", "admitted_at", "admitted_by", "declined_why")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition to be written: what, whether nothing is issued before it is met, and by when."""

    text: str
    before_start: bool = False
    due: date | None = None


@transaction.atomic
def decide(
    *,
    ballot: Ballot,
    rationale: str,
    actor: Person,
    outcome: str | None = None,
    conditions: Sequence[Wanted] = (),
    kind: str = Kind.ACHIEVEMENT,
    notation: str = "",
    review_by: date | None = None,
    deferred_until: date | None = None,
) -> Decision:
    """Write the decision of a closed vote. It is held until `publish`: a held decision approves nothing.

    Args:
        ballot: a closed one with a quorum, and no tie that waits for the chair.
        rationale: why, in words that will be public.
        actor: the chair or a program manager, not a proposer.
        outcome: one of `POSSIBLE`; the usual one if left out.
        conditions: of an approval with conditions, one at least.
        kind: what it is about: a microcredential or a transcript notation; a policy is decided by a motion.
        notation: the words on the transcript, for such a decision.
        review_by: when what is approved should be looked at again.
        deferred_until: when what is deferred should come back.

    Returns:
        The decision with its number, e.g. ``"2026-09"``. What is deferred is with the council again, and back in
        the queue on its day.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``row-invalid`` without a rationale, with an outcome that the
            vote does not allow, for conditions without an approval with conditions and the other way round.
    """
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    proposal = locked(ballot.proposal)
    must_chair(actor, proposal)
    _must_wait(ballot)
    if not rationale.strip():
        raise Refused("row-invalid", _("Give the reason; it will be public."), field="rationale")
    chosen = _chosen(ballot, outcome)
    wanted = [c for c in conditions if c.text.strip()]
    if (chosen == Outcome.CONDITIONS) != bool(wanted):
        raise Refused(
            "row-invalid",
            _("An approval with conditions names them, and no other outcome has any."),
            field="outcome",
        )
    if kind == Kind.POLICY:
        raise Refused("row-invalid", _("A policy is decided by a motion in a meeting."), field="kind")
    if proposal.is_policy:
        kind = Kind.POLICY
    if (kind == Kind.TRANSCRIPT) != bool(notation.strip()):
        raise Refused(
            "row-invalid",
            _("Give the words for the transcript if the decision is about them."),
            field="notation",
        )
    decision = _write(
        proposal,
        ballot,
        actor,
        kind=Kind(kind),
        notation=notation.strip(),
        outcome=chosen,
        rationale=rationale.strip(),
        review_by=review_by,
        deferred_until=deferred_until if chosen == Outcome.DEFERRED else None,
    )
    Condition.objects.bulk_create(
        Condition(decision=decision, text=c.text.strip(), before_start=c.before_start, due=c.due)
        for c in wanted
    )
    _note(
        decision, "decision.written", actor, {"outcome": decision.outcome, "version": ballot.version_digest}
    )
    return decision


def _write(proposal: Proposal, ballot: Ballot | None, actor: Person, **said: Any) -> Decision:  # noqa: ANN401 - columns of Decision
    organization = Organization.objects.select_for_update().get(pk=proposal.organization_id)
    deferred = said["outcome"] == Outcome.DEFERRED
    now = timezone.now()
    move(proposal, Proposal.State.SUBMITTED if deferred else Proposal.State.DECIDED)
    if deferred and said.get("deferred_until"):
        proposal.put_off_at, proposal.put_off_until = now, said["deferred_until"]
        proposal.put_off_why = said["rationale"]
    proposal.save(update_fields=["state", "put_off_at", "put_off_until", "put_off_why"])
    if not deferred:
        unbind(proposal)
    return Decision.objects.create(
        organization=organization,
        body_id=proposal.body_id,
        title=proposal.public_title,
        proposal=proposal,
        ballot=ballot,
        number=next_number(organization, timezone.localdate(now).year),
        decided_by=actor,
        decided_at=now,
        practice=proposal.practice,
        **said,
    )


def decide_by_sign_off(*, proposal: Proposal, rationale: str, actor: Person) -> Decision:
    """Write and publish the decision of a proposal whose route ends with a sign-off instead of a vote.

    Args:
        proposal: held by the caller, at the end of its route.
        rationale: why, in words that will be public.
        actor: who signed off.

    Returns:
        The decision, published: approved.

    Raises:
        Refused: ``transition``, ``route``; ``rules`` while a quality rule blocks.
    """
    kind = Kind.POLICY if proposal.is_policy else Kind.ACHIEVEMENT
    decision = _write(proposal, None, actor, kind=kind, outcome=Outcome.APPROVED, rationale=rationale)
    _take_effect(decision, actor)
    _note(decision, "decision.signed-off", actor, {"version": queries.digest(proposal)})
    return decision


def _must_wait(ballot: Ballot) -> None:
    """Refuse unless the vote is closed and waits for its decision."""
    if (
        ballot.state != Ballot.State.CLOSED
        or ballot.result == Ballot.Result.NO_QUORUM
        or hasattr(ballot, "decision")
    ):
        raise Refused("closed", _("There is no closed vote that waits for its decision."))
    if ballot.waits_for_chair:
        raise Refused("closed", _("The vote is tied; the chair decides the tie first."))


def _chosen(ballot: Ballot, outcome: str | None) -> Decision.Outcome:
    possible = POSSIBLE[Ballot.Result(ballot.result)]
    chosen = Outcome(outcome) if outcome else possible[0]
    if chosen not in possible:
        raise Refused("row-invalid", _("The vote does not allow this outcome."), field="outcome")
    return chosen


def next_number(organization: Organization, year: int) -> str:
    """One more than the highest of the year: removed practice leaves gaps, so counting would give a number twice."""
    taken = organization.decisions.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    return f"{year}-{max((int(n.partition('-')[2]) for n in taken), default=0) + 1:02d}"


@transaction.atomic
def publish(*, decision: Decision, over: bool = False, actor: Person) -> Decision:
    """Publish a decision: from now on it counts, and everyone can read it.

    Args:
        decision: a held one.
        over: what was decided about a change list counts, even where something else was changed meanwhile.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The decision. Approved: its version can be issued, once the conditions before the start are met. To be revised or
        rejected: its draft can be changed again. Deferred: it stays in review. A change list that was approved is in force.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``conflict`` if a change list does not fit any more.
    """
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    _must_run(actor, decision)
    if decision.published_at is not None:
        raise Refused("closed", _("It is published already."))
    _take_effect(decision, actor, over=over)
    _note(decision, "decision.published", actor)
    return decision


def _must_run(actor: Person, decision: Decision) -> None:
    """Refuse whoever does not run the body, or proposed what was decided."""
    if decision.proposal is not None:
        must_chair(actor, decision.proposal)
    elif not rules.may_run(actor, decision.body):
        raise Refused("permission", _("Only the chair or a program manager does this."))


def _take_effect(decision: Decision, actor: Person, *, over: bool = False) -> None:
    """Publish a decision and do what it says."""
    decision.published_at = timezone.now()
    decision.save(update_fields=["published_at"])
    if decision.proposal is None:
        adopt_text(decision)
        return
    if decision.approves:
        _approve_if_ready(decision, actor, over=over)
    elif decision.outcome != Outcome.DEFERRED:
        give_back(decision.proposal, actor)
        let_go(decision.proposal, actor)


@transaction.atomic
def publish_all(*, decisions: Iterable[Decision], actor: Person) -> list[Decision]:
    """Publish several held decisions at once, or none of them.

    Args:
        decisions: held ones.
        actor: the chair or a program manager, who proposed none of them.

    Returns:
        The decisions.

    Raises:
        Refused: as `publish`, for the first that cannot be.
    """
    return [publish(decision=decision, actor=actor) for decision in decisions]


def _approve_if_ready(decision: Decision, actor: Person, *, over: bool = False) -> None:
    """Approve the version, or retire it, unless something has to be done before the start."""
    proposal = decision.proposal
    if proposal is None or queries.open_conditions(decision).filter(before_start=True).exists():
        return
    version = proposal.version
    if version is None:
        adopt_text(decision)
        put_in_force(decision, actor, over=over)
        return
    if proposal.kind == Proposal.Kind.RETIRE:
        achievements.retire(version=version, actor=actor)
        return
    achievements.approve(
        version=version,
        decision_number=decision.number,
        decision_url=address(decision, decision.organization),
        decided_at=decision.decided_at,
        review_by=decision.review_by,
        actor=actor,
    )


@transaction.atomic
def meet_condition(*, condition: Condition, note: str, actor: Person) -> Condition:
    """Confirm that a condition is met; with the last one before the start, what was approved can be issued.

    Args:
        condition: an open one.
        note: how it was met; public.
        actor: the chair or a program manager, not a proposer.

    Returns:
        The condition.

    Raises:
        Refused: ``own-proposal``, ``permission``, ``closed``; ``row-invalid`` without a note.
    """
    decision = Decision.objects.select_for_update().get(pk=condition.decision_id)
    condition = Condition.objects.select_for_update().get(pk=condition.pk)
    _must_run(actor, decision)
    if condition.met_at is not None:
        raise Refused("closed", _("This condition is met already."))
    if not note.strip():
        raise Refused("row-invalid", _("Say how it was met; it will be public."), field="note")
    condition.met_at, condition.met_by, condition.note = timezone.now(), actor, note.strip()
    condition.save(update_fields=["met_at", "met_by", "note"])
    _note(decision, "condition.met", actor, {"condition": condition.pk})
    if condition.before_start and decision.published_at is not None:
        _approve_if_ready(decision, actor)
    return condition


@transaction.atomic
def reconsider(*, decision: Decision, reason: str, actor: Person) -> Proposal:
    """Ask for a decision to be looked at again: a proposal of its own, linked from the decision.

    Args:
        decision: a published one that was not deferred and is not looked at again yet.
        reason: what is new, or what was wrong.
        actor: who may propose; from then on a proposer of it.

    Returns:
        The new proposal, a draft: about the same draft version, or about a next version of what was approved. It goes to
        the council once somebody other than who wrote the decision has admitted it, see `admit`.

    Raises:
        Refused: ``permission``, ``closed``; ``row-invalid`` without a reason; what the draft refuses.
    """
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    old = decision.proposal
    if not rules.may_propose(actor, decision.organization):
        raise Refused("permission", _("Only people who work on this program can propose."))
    if old is None or not queries.may_be_reconsidered(decision):
        raise Refused("closed", _("This decision is not one that can be looked at again now."))
    if not reason.strip():
        raise Refused("row-invalid", _("Say what is new, or what was wrong."), field="reason")
    made = _again(decision, old, actor)
    decision.reconsidered_as, decision.reconsidered_why = made, reason.strip()
    decision.admitted_at, decision.admitted_by, decision.declined_why = None, None, ""
    decision.save(update_fields=RECONSIDERED)
    _note(decision, "decision.reconsidered", actor, {"proposal": made.number})
    return made


def _again(decision: Decision, old: Proposal, actor: Person) -> Proposal:
    """A proposal like the one that was decided, about the same text, draft or a next version."""
    said: dict[str, Any] = {"organization": decision.organization, "body": old.body, "actor": actor}
    said |= {name: getattr(old, name) for name in ("purpose", "need", "recognition")}
    version = old.version
    if version is None:
        kind = usual_kind(old.changes) if old.corrects_policy and old.changes else old.kind
        made = propose_text(kind=kind, subject=old.subject, wording=old.wording, **said)
        made.changes = again(old, actor)
        made.save(update_fields=["changes"])
        return made
    if decision.approves and old.kind != Proposal.Kind.RETIRE:
        version = achievements.new_version(version=version, actor=actor)
    return propose(version=version, **said)


def _note(decision: Decision, verb: str, actor: Person, detail: dict[str, object] | None = None) -> None:
    log(
        organization=decision.organization,
        verb=verb,
        target=f"decision:{decision.number}",
        actor=actor,
        detail=detail,
    )
