"""Writes of resolutions: the text that a published decision adopts, numbered and dated, in the place of an earlier one."""

from __future__ import annotations

from django.utils import timezone

from gradatim.program.council.models import Body, Decision, Resolution


def adopt_text(decision: Decision) -> Resolution | None:
    """Record the text that a decision adopts: of a proposal that is a text, or the words of a motion about a policy.

    Args:
        decision: published and in effect, held by the caller.

    Returns:
        The resolution, or ``None`` where nothing was decided as a text.
    """
    text = _text(decision)
    if text is None or Resolution.objects.filter(decision=decision).exists():
        return None
    body = Body.objects.select_for_update().get(pk=decision.body_id)
    subject, wording = text
    last = body.resolutions.order_by("-number").first()
    return Resolution.objects.create(
        body=body,
        decision=decision,
        number=last.number + 1 if last else 1,
        subject=subject,
        wording=wording,
        adopted_on=timezone.localdate(),
        replaces=body.resolutions.filter(subject__iexact=subject).first(),
    )


def _text(decision: Decision) -> tuple[str, str] | None:
    proposal, motion = decision.proposal, decision.motion
    if proposal is not None:
        return (proposal.subject, proposal.wording) if proposal.is_text else None
    if motion is not None and decision.kind == Decision.Kind.POLICY:
        return motion.item.title, motion.text
    return None
