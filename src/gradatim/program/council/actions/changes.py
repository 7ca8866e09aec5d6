"""Writes of proposals that carry a change list: a change of the taxonomy, or a policy in place of another one."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.council import rules
from gradatim.program.council.actions.lists import corrects, must_fit, usual_kind, written_out
from gradatim.program.council.actions.moves import locked
from gradatim.program.council.actions.proposals import propose_text
from gradatim.program.council.models import Body, Proposal
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy.models import ChangeList

Kind = Proposal.Kind


@transaction.atomic
def propose_changes(
    *,
    changes: ChangeList,
    body: Body,
    subject: str,
    purpose: str,
    need: str,
    recognition: str = "",
    effective_on: date | None = None,
    correction: bool = False,
    actor: Person,
) -> Proposal:
    """Propose a change list; what is decided is written out from it.

    Args:
        changes: the actor's own, open or just laid.
        body: who will decide.
        subject: what it is about, in a line.
        purpose: what it is for.
        need: what shows that it is needed.
        recognition: who else is concerned.
        effective_on: first day in force; with the decision if left out.
        correction: it corrects words only, and goes the way of corrections.
        actor: the proposer.

    Returns:
        The proposal, a draft of the kind taxonomy, policy or correction. Its decision puts the list in force.

    Raises:
        Refused: ``permission``; ``closed`` for a list that is proposed already; ``conflict``; ``kind`` for a
            correction that changes more than words; as `propose_text`.
    """
    if changes.made_by_id != actor.pk:
        raise Refused("permission", _("This is somebody else's change list."))
    if Proposal.objects.filter(changes=changes).exists():
        raise Refused("closed", _("This change list is proposed already."))
    if correction and not corrects(changes):
        raise Refused("kind", _("It changes more than words, so it is no correction."), field="correction")
    changes = taxonomy.lay(changes=changes, effective_on=effective_on, actor=actor)
    proposal = propose_text(
        organization=changes.organization,
        body=body,
        kind=usual_kind(changes),
        subject=subject,
        wording=written_out(changes),
        purpose=purpose,
        need=need,
        recognition=recognition,
        actor=actor,
    )
    proposal.changes = changes
    proposal.kind = Kind.CORRECTION if correction else proposal.kind
    proposal.save(update_fields=["changes", "kind"])
    must_fit(proposal)
    return proposal


@transaction.atomic
def reopen_changes(*, proposal: Proposal, actor: Person) -> ChangeList:
    """Write on at the change list of a proposal that is with its proposers. Whoever does is one of them from then on.

    Args:
        proposal: a draft, or one that was returned, about the taxonomy.
        actor: a program manager, an administrator, or the chair on their own proposal.

    Returns:
        The list; it is closed again when the proposal is sent.

    Raises:
        Refused: ``permission``, ``not-draft``; ``closed`` for one without a list.
    """
    proposal = locked(proposal)
    if not rules.may_route(actor, proposal.organization) or not rules.may_change(actor, proposal):
        raise Refused(
            "permission", _("Only its proposers who may change the policy write on at a change list.")
        )
    if proposal.state not in Proposal.CHANGEABLE:
        raise Refused("not-draft", _("The council has it. It can be changed once it is returned."))
    if proposal.changes is None:
        raise Refused("closed", _("This proposal has no change list."))
    proposal.proposers.add(actor)
    if proposal.changes.state == ChangeList.State.OPEN and proposal.changes.made_by_id == actor.pk:
        return proposal.changes
    return taxonomy.reopen_list(changes=proposal.changes, actor=actor)


def again(old: Proposal, actor: Person) -> ChangeList | None:
    """The change list of a proposal once more, for one that looks at it again; none if it is in force already."""
    if old.changes is None or old.changes.state == ChangeList.State.DONE:
        return None
    return taxonomy.begin_list(
        organization=old.organization,
        base=old.changes.base,
        text=old.changes.text,
        whole=old.changes.whole,
        laid=True,
        actor=actor,
    )
