"""Decisions that come from a motion of a meeting: policies, transcript notations, whatever needs no proposal."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements.models import PRACTICE_MARK
from gradatim.program.council.actions.decisions import next_number
from gradatim.program.council.actions.meetings import held, note
from gradatim.program.council.models import Decision, Motion
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person

Kind = Decision.Kind


@transaction.atomic
def record_motion(*, motion: Motion, kind: str, rationale: str, actor: Person) -> Decision:
    """Write the decision that a carried motion is; it is held until it is published with the others.

    Args:
        motion: a carried one that is no amendment.
        kind: ``"policy"``, or ``"transcript"``, whose notation is then the words of the motion.
        rationale: why, in words that will be public.
        actor: the chair or a program manager.

    Returns:
        The decision with its number.

    Raises:
        Refused: ``permission``; ``closed`` for a motion that did not carry or was written down already; ``row-invalid``
            without a rationale or for another kind.
    """
    meeting = held(motion.item.meeting, actor)
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    if motion.state != Motion.State.CARRIED or motion.amends_id or hasattr(motion, "decision"):
        raise Refused("closed", _("There is no carried motion that waits to be written down as a decision."))
    if not rationale.strip():
        raise Refused("row-invalid", _("Give the reason; it will be public."), field="rationale")
    if kind not in {Kind.POLICY, Kind.TRANSCRIPT}:
        raise Refused(
            "row-invalid", _("A microcredential is decided by a vote on its proposal."), field="kind"
        )
    organization = Organization.objects.select_for_update().get(pk=meeting.body.organization_id)
    now = timezone.now()
    decision = Decision.objects.create(
        organization=organization,
        body=meeting.body,
        title=f"{PRACTICE_MARK}{motion.item.title}" if meeting.practice else motion.item.title,
        motion=motion,
        number=next_number(organization, timezone.localdate(now).year),
        kind=Kind(kind),
        notation=motion.text[:200] if kind == Kind.TRANSCRIPT else "",
        outcome=Decision.Outcome.APPROVED,
        rationale=rationale.strip(),
        decided_by=actor,
        decided_at=now,
        practice=meeting.practice,
    )
    note(meeting, "decision.written", actor, {"decision": decision.number, "motion": motion.pk})
    return decision
