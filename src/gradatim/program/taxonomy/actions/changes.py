"""Writes of change lists: they are begun, taken back step by step, proposed, and put in force by a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.actions.editions import keep
from gradatim.program.taxonomy.actions.rehearsing import merged_text, note
from gradatim.program.taxonomy.actions.replacing import replace_all
from gradatim.program.taxonomy.changes import Path, apart, take_back, together
from gradatim.program.taxonomy.changes.entries import head_of
from gradatim.program.taxonomy.changes.merging import Choice
from gradatim.program.taxonomy.models import ChangeList, Governance

State = ChangeList.State


@transaction.atomic
def govern(*, organization: Organization, decided_by: str) -> None:
    """Note who decides about the taxonomy from now on, as the room that has the bodies says.

    Args:
        organization: whose.
        decided_by: the body's name; empty if nobody can decide yet, so that changes take effect at once.
    """
    if queries.governance(organization).decided_by != decided_by:
        Governance.objects.update_or_create(
            organization=organization, defaults={"decided_by": decided_by[:120]}
        )
        people.log(
            organization=organization,
            verb="taxonomy.governed",
            target=f"organization:{organization.pk}",
            actor=None,
            detail={"by": decided_by},
        )


@transaction.atomic
def allow_directly(*, organization: Organization, kinds: list[str], actor: Person) -> None:
    """Say which kinds of change need no decision. Where a council decides, this is decided too.

    Args:
        organization: whose.
        kinds: of `changes.KINDS`.
        actor: who does it.

    Raises:
        Refused: ``needs-decision``.
    """
    Governance.objects.update_or_create(organization=organization, defaults={"direct": kinds})
    keep(
        organization=organization,
        verb="governance.changed",
        target=f"organization:{organization.pk}",
        actor=actor,
    )


@transaction.atomic
def take_back_step(
    *, changes: ChangeList, path: Path, check: Callable[[str], object] = pack.read, actor: Person
) -> ChangeList | None:
    """Take one step off a list; a list without steps is given up.

    Args:
        changes: one that is being written.
        path: of the step.
        check: refuses a text that does not fit together.
        actor: who does it.

    Returns:
        The list; ``None`` if nothing is left of it.

    Raises:
        Refused: ``closed``; ``policy`` if another step needs this one.
    """
    changes = _open(changes)
    left = take_back(apart(changes.base), apart(changes.text), path)
    text = together(left, head_of(changes.base))
    try:
        check(text)
    except Refused as refused:
        raise Refused(
            "policy",
            _("Another change on the list needs this one: %(why)s Take that one back first.")
            % {"why": refused.message},
        ) from None
    changes.text = text
    changes.save(update_fields=["text"])
    note(changes, "changes.taken-back", actor)
    if not queries.steps_of(changes):
        give_up(changes=changes, actor=actor)
        return None
    return changes


def _open(changes: ChangeList, *states: ChangeList.State) -> ChangeList:
    """The list as it is now, held; refused unless it is in one of the states."""
    found = ChangeList.objects.select_for_update().get(pk=changes.pk)
    if found.state not in (states or (State.OPEN,)):
        raise Refused("closed", _("This change list is %(state)s.") % {"state": found.get_state_display()})
    return found


@transaction.atomic
def settle_conflicts(
    *,
    changes: ChangeList,
    now: str,
    choices: Mapping[str, Choice],
    check: Callable[[str], object] = pack.read,
    actor: Person,
) -> ChangeList:
    """Put a list on top of what is in force now, with what was chosen where both changed the same.

    Args:
        changes: one that is being written.
        now: the taxonomy, or the whole policy, as YAML.
        choices: address of a conflict → ``"ours"`` for the list, ``"theirs"`` for what is in force.
        check: refuses a text that does not fit together.
        actor: who chooses.

    Returns:
        The list, begun anew on what is in force.

    Raises:
        Refused: ``closed``; ``conflict`` while a choice is missing; ``policy`` if the outcome does not fit together.
    """
    changes = _open(changes)
    text = merged_text(changes, now, choices)
    check(text)
    changes.base, changes.text = now, text
    changes.save(update_fields=["base", "text"])
    note(changes, "changes.settled", actor, {"choices": dict(choices)})
    return changes


@transaction.atomic
def begin_list(
    *,
    organization: Organization,
    base: str,
    text: str,
    whole: bool = False,
    laid: bool = False,
    actor: Person,
) -> ChangeList:
    """Begin a list with all that it changes, such as a policy file, or an earlier list that is taken up again.

    Args:
        organization: whose.
        base: what is in force, as YAML.
        text: what shall be.
        whole: whether bodies and routes are in it.
        laid: whether it is proposed at once.
        actor: whose list it is.

    Returns:
        The list.

    Raises:
        Refused: ``in-use`` if the person writes another list already; ``empty`` if nothing would change.
    """
    if not laid and queries.working_list(organization, actor):
        raise Refused("in-use", _("You are writing another change list. Propose it or give it up first."))
    changes = ChangeList(organization=organization, base=base, text=text, whole=whole, made_by=actor)
    changes.state = State.LAID if laid else State.OPEN
    if not queries.steps_of(changes):
        raise Refused("empty", _("This is how it is already; nothing would change."))
    changes.save()
    note(changes, "changes.begun", actor)
    return changes


@transaction.atomic
def lay(*, changes: ChangeList, effective_on: date | None = None, actor: Person) -> ChangeList:
    """Close a list, because it is proposed.

    Args:
        changes: one that is being written, or proposed already.
        effective_on: first day it shall be in force; with the decision if left out.
        actor: who does it.

    Returns:
        The list.

    Raises:
        Refused: ``closed``; ``empty``.
    """
    changes = _open(changes, State.OPEN, State.LAID)
    if not queries.steps_of(changes):
        raise Refused("empty", _("There is nothing on the change list."))
    changes.state, changes.effective_on = State.LAID, effective_on
    changes.save(update_fields=["state", "effective_on"])
    note(changes, "changes.laid", actor)
    return changes


@transaction.atomic
def reopen_list(*, changes: ChangeList, actor: Person) -> ChangeList:
    """Write on at a list whose proposal is with its proposers.

    Args:
        changes: a proposed one.
        actor: whose list it is from now on.

    Returns:
        The list.

    Raises:
        Refused: ``closed``; ``in-use`` if the person writes another list already.
    """
    changes = _open(changes, State.LAID)
    if queries.working_list(changes.organization, actor):
        raise Refused("in-use", _("You are writing another change list. Propose it or give it up first."))
    changes.state, changes.made_by = State.OPEN, actor
    changes.save(update_fields=["state", "made_by"])
    note(changes, "changes.reopened", actor)
    return changes


@transaction.atomic
def give_up(*, changes: ChangeList, actor: Person | None) -> None:
    """Give a list up; it stays readable, and changes nothing.

    Args:
        changes: one that is not in force.
        actor: who does it.

    Raises:
        Refused: ``closed``.
    """
    changes = _open(changes, State.OPEN, State.LAID, State.WAITING)
    changes.state = State.DROPPED
    changes.save(update_fields=["state"])
    note(changes, "changes.given-up", actor)


@transaction.atomic
def await_day(*, changes: ChangeList, decision_number: str, decision_url: str, problem: str = "") -> None:
    """Note that a list was decided; it takes effect later.

    Args:
        changes: a proposed or waiting one.
        decision_number: of the decision, a copy.
        decision_url: its address.
        problem: why it did not take effect on its day.
    """
    changes = _open(changes, State.LAID, State.WAITING)
    changes.state, changes.problem = State.WAITING, problem
    changes.decision_number, changes.decision_url = decision_number, decision_url
    changes.save(update_fields=["state", "problem", "decision_number", "decision_url"])


@transaction.atomic
def close_list(*, changes: ChangeList, decision_number: str, decision_url: str) -> None:
    """Note that a list is in force.

    Args:
        changes: a proposed or waiting one.
        decision_number: of the decision, a copy.
        decision_url: its address.
    """
    changes = _open(changes, State.LAID, State.WAITING)
    changes.state, changes.problem = State.DONE, ""
    changes.decision_number, changes.decision_url = decision_number, decision_url
    changes.save(update_fields=["state", "problem", "decision_number", "decision_url"])


def as_decided(changes: ChangeList, now: str, *, over: bool = False) -> pack.Policy:
    """What a list makes of what is in force now.

    Args:
        changes: a decided one.
        now: the taxonomy, or the whole policy, as YAML.
        over: where both changed the same, the list counts.

    Raises:
        Refused: ``conflict``; ``policy`` if it does not fit together any more.
    """
    choices: dict[str, Choice] = {}
    if over:
        choices = {c.address: "ours" for c in queries.merged(changes, now).conflicts}
    return pack.read(merged_text(changes, now, choices))


@transaction.atomic
def put_in_force(
    *,
    organization: Organization,
    policy: pack.Policy,
    actor: Person | None,
    verb: str = "changes.in-force",
    target: str = "",
    decision_number: str = "",
    decision_url: str = "",
) -> None:
    """Make the taxonomy what a policy says, in place of what it was; what is used and not in it is retired.

    Args:
        organization: whose.
        policy: from `pack.read` or `as_decided`.
        actor: who does it; nobody on a day that was set.
        verb: of the log and the edition.
        target: of the log.
        decision_number: of the decision behind it, a copy; empty if none is.
        decision_url: its address.

    Raises:
        Refused: ``needs-decision``; ``policy`` for one that lacks what is always there.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    replace_all(organization, policy)
    keep(
        organization=organization,
        verb=verb,
        target=target or f"organization:{organization.pk}",
        actor=actor,
        decision_number=decision_number,
        decision_url=decision_url,
    )
