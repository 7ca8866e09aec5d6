"""Writes of what belongs to a proposal: evidence, files, co-proposers, the long form, unfinished text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.council import queries, rules
from gradatim.program.council.actions.moves import locked
from gradatim.program.council.models import Attachment, Edit, Evidence, Proposal, Scratch
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

MOST_FILES = 10
MOST_TYPED = 60_000  # letters that are kept of what is not saved yet
FILES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""What can be attached, by the end of its name; it is only ever handed out as a download."""


def changeable(proposal: Proposal, actor: Person) -> Proposal:
    """The proposal, held, if this person may change it now."""
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers change a proposal."))
    if proposal.state not in Proposal.CHANGEABLE:
        raise Refused(
            "not-draft", _("It is with the council now; ask for it to be returned if it has to change.")
        )
    return proposal


@transaction.atomic
def write_rubric(*, proposal: Proposal, criteria: Sequence[Mapping[str, Any]], actor: Person) -> None:
    """Write the rubric of the draft that a proposal is about; whoever does is one of its proposers from then on.

    Args:
        proposal: a draft, or one that was returned, about an achievement.
        criteria: as `achievements.actions.set_rubric` takes them.
        actor: one of its proposers, or a program manager.

    Raises:
        Refused: ``permission``, ``not-draft``; ``field`` with everything that has to be mended.
    """
    proposal = changeable(proposal, actor)
    if proposal.version is None:
        raise Refused("not-draft", _("This proposal is about no achievement."))
    achievements.set_rubric(version=proposal.version, criteria=criteria, actor=actor)
    keep_edit(proposal, actor)


def keep_edit(proposal: Proposal, actor: Person) -> None:
    """Keep the text as it is now under the next revision; who writes it must not decide on it.

    Args:
        proposal: held by the caller.
        actor: who saved it.
    """
    if proposal.version:
        proposal.version.refresh_from_db()
    proposal.revision += 1
    proposal.save(update_fields=["revision"])
    Edit.objects.create(
        proposal=proposal, revision=proposal.revision, content=queries.content_of(proposal), made_by=actor
    )
    proposal.proposers.add(actor)


@transaction.atomic
def answer_more(
    *, proposal: Proposal, answers: Mapping[str, str], revision: int | None = None, actor: Person
) -> Proposal:
    """Answer the long form.

    Args:
        proposal: a draft, or one that was returned.
        answers: field of `queries.MORE` → text; those left out stay.
        revision: the one that was read before; ``None`` to write in any case.
        actor: who does it; one of its proposers from then on.

    Returns:
        The proposal.

    Raises:
        Refused: ``permission``, ``not-draft``; ``conflict`` if somebody saved meanwhile; ``field`` for no such field.
    """
    proposal = changeable(proposal, actor)
    must_be_current(proposal, revision)
    if unknown := set(answers) - set(queries.MORE):
        raise Refused("field", _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))})
    proposal.more = {k: v for k, v in {**proposal.more, **answers}.items() if v.strip()}
    proposal.save(update_fields=["more"])
    keep_edit(proposal, actor)
    _note(proposal, "proposal.long-form-answered", actor)
    return proposal


def must_be_current(proposal: Proposal, revision: int | None) -> None:
    """Refuse to write over what somebody else saved meanwhile."""
    if revision is not None and revision != proposal.revision:
        raise Refused(
            "conflict", _("Somebody else saved this proposal meanwhile. Nothing is lost: compare both.")
        )


def _note(proposal: Proposal, verb: str, actor: Person) -> None:
    log(organization=proposal.organization, verb=verb, target=f"proposal:{proposal.number}", actor=actor)


@transaction.atomic
def add_evidence(
    *, proposal: Proposal, kind: str, text: str, source: str, dated: date, url: str = "", actor: Person
) -> Evidence:
    """Add a piece of evidence that something is needed.

    Args:
        proposal: a draft, or one that was returned.
        kind: an `Evidence.Kind`.
        text: what it shows.
        source: who says so.
        dated: when they said so; not in the future.
        url: where it can be read.
        actor: a proposer or program manager.

    Returns:
        The row.

    Raises:
        Refused: ``permission``, ``not-draft``; ``row-invalid`` for a date in the future or a missing source.
    """
    proposal = changeable(proposal, actor)
    if dated > timezone.localdate():
        raise Refused("row-invalid", _("The source cannot be from the future."), field="dated")
    if kind not in Evidence.Kind.values:
        raise Refused("row-invalid", _("Choose where it comes from."), field="kind")
    for field, said in (("text", text), ("source", source)):
        if not said.strip():
            raise Refused("row-invalid", _("Say what it shows and who says so."), field=field)
    row = Evidence.objects.create(
        proposal=proposal, kind=kind, text=text.strip(), source=source.strip(), dated=dated, url=url
    )
    proposal.proposers.add(actor)
    _note(proposal, "proposal.evidence-added", actor)
    return row


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor: Person) -> None:
    """Take a piece of evidence out.

    Args:
        evidence: which.
        actor: a proposer or program manager.

    Raises:
        Refused: ``permission``, ``not-draft``.
    """
    proposal = changeable(evidence.proposal, actor)
    evidence.delete()
    proposal.proposers.add(actor)
    _note(proposal, "proposal.evidence-removed", actor)


@transaction.atomic
def attach(*, proposal: Proposal, name: str, content: bytes, actor: Person) -> Attachment:
    """Attach a file.

    Args:
        proposal: a draft, or one that was returned.
        name: as the person called it; its end says what it is.
        content: its bytes.
        actor: a proposer or program manager.

    Returns:
        The attachment.

    Raises:
        Refused: ``permission``, ``not-draft``, ``too-large``; ``row-invalid`` for another kind of file, an empty one, or too
            many.
    """
    proposal = changeable(proposal, actor)
    media_type = FILES.get(PurePath(name).suffix.casefold())
    if media_type is None:
        known = ", ".join(end.removeprefix(".") for end in FILES)
        raise Refused("row-invalid", _("Attach one of: %(known)s.") % {"known": known}, field="file")
    if not content:
        raise Refused("row-invalid", _("The file is empty."), field="file")
    if proposal.attachments.count() >= MOST_FILES:
        raise Refused("row-invalid", _("At most %(n)s files.") % {"n": MOST_FILES}, field="file")
    made = Attachment.objects.create(
        proposal=proposal,
        file=ground.keep_file(name=name, media_type=media_type, content=content),
        added_by=actor,
    )
    proposal.proposers.add(actor)
    _note(proposal, "proposal.file-attached", actor)
    return made


@transaction.atomic
def detach(*, attachment: Attachment, actor: Person) -> None:
    """Take a file out.

    Args:
        attachment: which.
        actor: a proposer or program manager.

    Raises:
        Refused: ``permission``, ``not-draft``.
    """
    proposal = changeable(attachment.proposal, actor)
    file = attachment.file
    attachment.delete()
    file.delete()
    _note(proposal, "proposal.file-removed", actor)


@transaction.atomic
def add_proposer(*, proposal: Proposal, person: Person, actor: Person) -> Proposal:
    """Make somebody a proposer too: they may change it, and neither review it nor vote nor decide on it.

    Args:
        proposal: a draft, or one that was returned.
        person: who works on the program.
        actor: a proposer or program manager.

    Returns:
        The proposal.

    Raises:
        Refused: ``permission``, ``not-draft``; ``outsider``; ``conflict`` for somebody who reviewed it already.
    """
    proposal = changeable(proposal, actor)
    if not rules.may_propose(person, proposal.organization):
        raise Refused(
            "outsider",
            _("%(name)s does not work on this program; invite them first.") % {"name": person},
            field="person",
        )
    if proposal.reviews.filter(reviewer=person).exists():
        raise Refused(
            "conflict",
            _("%(name)s has reviewed it, and cannot propose it too.") % {"name": person},
            field="person",
        )
    proposal.proposers.add(person)
    _note(proposal, "proposal.proposer-added", actor)
    return proposal


@transaction.atomic
def keep_scratch(
    *, organization: Organization, key: str, typed: Mapping[str, str], actor: Person
) -> Scratch | None:
    """Keep what somebody typed and did not save yet; only they see it.

    Args:
        organization: where.
        key: of the page, such as ``"new"`` or ``"proposal:3"``.
        typed: field → text, as it came.
        actor: who typed.

    Returns:
        The row; ``None`` if there is nothing to keep, or more than anybody types.

    Raises:
        Refused: ``permission``.
    """
    if not rules.may_propose(actor, organization):
        raise Refused("permission", _("Only people who work on this program can propose."))
    said = {name: text for name, text in typed.items() if text.strip()}
    if not said or sum(map(len, said.values())) > MOST_TYPED:
        return None
    kept, _made = Scratch.objects.update_or_create(
        organization=organization, person=actor, key=key[:40], defaults={"typed": said}
    )
    return kept


def drop_scratch(*, organization: Organization, key: str, actor: Person) -> None:
    """Forget what somebody typed and did not save.

    Args:
        organization: where.
        key: of the page.
        actor: who typed.
    """
    Scratch.objects.filter(organization=organization, person=actor, key=key).delete()
