"""Writes that are rehearsed: done, looked at, and kept or undone; what needs a decision is kept on a change list instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.actions.editions import REHEARSING
from gradatim.program.taxonomy.actions.replacing import replace_all
from gradatim.program.taxonomy.changes import apart, steps, together
from gradatim.program.taxonomy.changes.entries import head_of
from gradatim.program.taxonomy.changes.merging import Choice
from gradatim.program.taxonomy.models import ChangeList

Result = TypeVar("Result")


@contextmanager
def rehearsing() -> Iterator[None]:
    """While this lasts, nothing is refused for want of a decision; whoever opens it undoes what is done, or asks later."""
    token = REHEARSING.set(True)
    try:
        yield
    finally:
        REHEARSING.reset(token)


def amend(
    *, organization: Organization, actor: Person, act: Callable[[], Result]
) -> tuple[Result, ChangeList | None]:
    """Do something to the taxonomy: at once if it may be, else on the actor's change list, which is begun if there is none.

    While a person has a list, everything they do goes there, on top of what the list says already.

    Args:
        organization: whose.
        actor: who does it.
        act: calls actions of this room; whatever it writes is undone if it only goes on the list.

    Returns:
        What `act` returned, and the list if the change stands there.

    Raises:
        Refused: ``conflict`` while somebody has to choose between the list and what is in force; what `act` refuses.
    """
    with transaction.atomic(), rehearsing():
        changes = queries.working_list(organization, actor)
        now = queries.taxonomy_text(organization)
        if changes:
            _put_on_top(organization, changes, now)
        before = queries.taxonomy_text(organization)
        result = act()
        after = queries.taxonomy_text(organization)
        if changes is None and not queries.needs_decision(organization, steps(apart(before), apart(after))):
            return result, None
        transaction.set_rollback(True)
    if after == before:
        return result, None
    with transaction.atomic():
        if changes is None:
            changes = ChangeList.objects.create(
                organization=organization, base=now, text=after, made_by=actor
            )
        else:
            changes.base, changes.text = now, after
            changes.save(update_fields=["base", "text"])
        note(changes, "changes.kept", actor)
    return result, changes


def _put_on_top(organization: Organization, changes: ChangeList, now: str) -> None:
    """Make the taxonomy what a list makes of it; the caller undoes it."""
    text = merged_text(changes, now)
    replace_all(organization, pack.read(text), rehearsed=True)


def merged_text(changes: ChangeList, now: str, choices: Mapping[str, Choice] | None = None) -> str:
    """A list on top of what is in force, as YAML; refused with ``conflict`` while a choice is missing."""
    found = queries.merged(changes, now, choices)
    if found.conflicts:
        raise Refused(
            "conflict",
            _(
                "Meanwhile this was changed here too: %(names)s. Choose on the change list which of both it shall be."
            )
            % {"names": ", ".join(c.name for c in found.conflicts[:5])},
        )
    return together(found.entries, head_of(now))


def looking(*, organization: Organization, changes: ChangeList, act: Callable[[], Result]) -> Result:
    """Look at the taxonomy as a list makes it; nothing is kept.

    Args:
        organization: whose.
        changes: the list; one that does not fit any more is looked at as it was written.
        act: reads.
    """
    with transaction.atomic(), rehearsing():
        now = queries.taxonomy_text(organization)
        try:
            text = merged_text(changes, now)
        except Refused:
            text = changes.text
        replace_all(organization, pack.read(text), rehearsed=True)
        result = act()
        transaction.set_rollback(True)
    return result


def note(
    changes: ChangeList, verb: str, actor: Person | None, detail: dict[str, object] | None = None
) -> None:
    """Log what was done to a list."""
    people.log(
        organization=changes.organization,
        verb=verb,
        target=f"changes:{changes.pk}",
        actor=actor,
        detail=detail,
    )
