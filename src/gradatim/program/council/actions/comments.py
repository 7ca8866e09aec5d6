"""Writes of comments: on a field or the whole, settled, suggestions taken over."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.actions import Fields
from gradatim.program.council import law, queries, rules
from gradatim.program.council.actions.dossier import changeable, keep_edit
from gradatim.program.council.actions.moves import blocking, give_back, hand_over, locked
from gradatim.program.council.models import Comment, Proposal
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person

OWN = ("purpose", "need", "recognition", "subject", "wording")  # fields of the proposal itself
DRAFT = ("title", "description", "outcomes", "criteria", "workload_hours")  # of its draft
SUGGESTIBLE = (*DRAFT, *OWN, *queries.MORE)
FURTHER = (
    "type", "level", "placements", "assessment", "assessment_kinds", "evidence_kinds", "supervision", "grading", "credit",
    "clock_hours", "participation", "prerequisites", "cost", "stacking", "quality_assurance", "validity_months",
    "image_label", "review_by",
)  # fmt: skip
"""Of the draft too; what is remarked on them is written, not taken over."""
BESIDES = ("rubric", "alignments", "translations", "evidence", "budget", "files")
ABOUT_TEXT = ("subject", "wording", "purpose", "need", "recognition")
ABOUT_END = ("purpose", "need")


def parts_of(proposal: Proposal) -> tuple[str, ...]:
    """What can be remarked on in a proposal, part by part."""
    if proposal.is_text:
        return (*ABOUT_TEXT, *queries.MORE, "evidence", "budget", "files")
    own = [name for name in OWN if name not in {"subject", "wording"}]
    if proposal.kind == Proposal.Kind.RETIRE:
        return (*ABOUT_END, "evidence", "files")
    return (*DRAFT, *FURTHER, *own, *queries.MORE, *BESIDES)


@transaction.atomic
def comment(
    *,
    proposal: Proposal,
    text: str,
    field: str = "",
    suggestion: str = "",
    visibility: str = Comment.Visibility.PROPOSER,
    actor: Person,
) -> Comment:
    """Remark on a field of a proposal, or on the whole of it, perhaps with words to take over.

    Args:
        proposal: one that is not settled.
        text: the remark; may be left out beside a suggestion.
        field: of `parts_of`; empty for the whole.
        suggestion: the field's new text, for a field of `SUGGESTIBLE`.
        visibility: a `Comment.Visibility`.
        actor: a member of its body, someone who is asked by name or sits in a body that is consulted, the chair, a
            program manager or a proposer.

    Returns:
        The comment.

    Raises:
        Refused: ``permission``, ``closed``; ``meeting-law`` for the council between its meetings; ``row-invalid`` without words, for no such field, a suggestion for the whole, or
            a proposer who hides something from the proposers.
    """
    proposal = locked(proposal)
    standing = rules.standing(actor, proposal)
    if not standing.may_comment:
        raise Refused("permission", _("Its proposers, members of the council and those it asks comment."))
    if proposal.state in Proposal.SETTLED:
        raise Refused("closed", _("Nothing more happens to it."))
    if not text.strip() and not suggestion.strip():
        raise Refused("row-invalid", _("Write something."), field="text")
    if field and field not in parts_of(proposal):
        raise Refused("row-invalid", _("There is no such field."), field="field")
    if suggestion.strip() and not field:
        raise Refused("row-invalid", _("Choose the field that the words are for."), field="field")
    if suggestion.strip() and field not in SUGGESTIBLE:
        raise Refused(
            "row-invalid",
            _("This is chosen, not written, so no words can be taken over. Write it as a comment."),
            field="suggestion",
        )
    if visibility not in Comment.Visibility.values or (
        standing.proposes and visibility != Comment.Visibility.PROPOSER
    ):
        raise Refused("row-invalid", _("Choose who reads it."), field="visibility")
    if visibility == Comment.Visibility.BODY:
        law.may_comment(proposal.body)
    made = Comment.objects.create(
        proposal=proposal,
        field=field,
        author=actor,
        text=text.strip(),
        suggestion=suggestion.strip(),
        visibility=visibility,
        unit=queries.unit_of(actor, proposal),
    )
    _note(proposal, "proposal.commented", actor)
    return made


@transaction.atomic
def settle_comment(*, comment: Comment, actor: Person) -> Comment:
    """Say that a comment is dealt with.

    Args:
        comment: an open one.
        actor: its author, a proposer, the chair or a program manager.

    Returns:
        The comment.

    Raises:
        Refused: ``permission``, ``closed``.
    """
    proposal = locked(comment.proposal)
    comment = Comment.objects.get(pk=comment.pk)
    if not rules.may_settle(actor, comment, rules.standing(actor, proposal)):
        raise Refused("permission", _("Its author, the proposers and the chair settle a comment."))
    _settle(comment, actor, taken=False)
    _note(proposal, "proposal.comment-settled", actor)
    return comment


def _settle(comment: Comment, actor: Person, *, taken: bool) -> None:
    if comment.settled_at is not None:
        raise Refused("closed", _("It is settled already."))
    comment.settled_at, comment.settled_by, comment.taken = timezone.now(), actor, taken
    comment.save(update_fields=["settled_at", "settled_by", "taken"])


@transaction.atomic
def take_suggestion(*, comment: Comment, actor: Person) -> Comment:
    """Take the suggested words over into the proposal.

    Args:
        comment: an open one with a suggestion that proposers read.
        actor: a proposer or program manager; while it is with the council, a proposer.

    Returns:
        The comment, settled.

    Raises:
        Refused: ``permission``, ``closed``; ``not-draft`` while the proposal is with the council and its open stages do not
            let proposers take suggestions over; ``rules`` if a rule would block it then; what the draft refuses.
    """
    proposal = locked(comment.proposal)
    with_council = proposal.state not in Proposal.CHANGEABLE
    if not with_council or not queries.takes_suggestions(proposal):
        changeable(proposal, actor)
    elif not rules.is_proposer(actor, proposal):
        raise Refused("permission", _("Only its proposers take words over while it is with the council."))
    comment = Comment.objects.get(pk=comment.pk)
    if comment.visibility != Comment.Visibility.PROPOSER or not comment.suggestion:
        raise Refused("permission", _("There are no words to take over."))
    _settle(comment, actor, taken=True)
    if with_council:
        give_back(proposal, actor)
    _write(proposal, comment.field, comment.suggestion, actor)
    keep_edit(proposal, actor)
    if with_council:
        hand_over(proposal, actor)
        if wrong := blocking(proposal):
            raise Refused("rules", " ".join(wrong))
    _note(proposal, "proposal.suggestion-taken", actor)
    return comment


def _write(proposal: Proposal, field: str, text: str, actor: Person) -> None:
    if field in queries.MORE:
        proposal.more = {**proposal.more, field: text}
        proposal.save(update_fields=["more"])
    elif field in OWN:
        setattr(proposal, field, text)
        proposal.save(update_fields=[field])
    else:
        value: Any = text
        if field == "outcomes":
            value = text.splitlines()
        elif field == "workload_hours":
            if not text.isdecimal():
                raise Refused("field", _("“%(text)s” is no number of hours.") % {"text": text}, field=field)
            value = int(text)
        if proposal.version is None:
            raise Refused("field", _("This proposal is a text; it has no such field."), field=field)
        fields: Fields = {field: value}  # type: ignore[misc]  # one of DRAFT, each a key of Fields
        achievements.revise(version=proposal.version, actor=actor, **fields)


def _note(proposal: Proposal, verb: str, actor: Person) -> None:
    log(organization=proposal.organization, verb=verb, target=f"proposal:{proposal.number}", actor=actor)
