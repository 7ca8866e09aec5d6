"""Writes that are rehearsed: done, looked at, and kept or undone; what needs a decision is kept on a change list instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
from gradatim.program.taxonomy.changes.entries import head_of, of_others
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


def is_rehearsing() -> bool:
    """Whether nothing is refused for want of a decision now."""
    return REHEARSING.get()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list is written on: the taxonomy, or, for the room that has bodies and routes, the whole policy.

    Attributes:
        text: how it is now, as YAML.
        put: makes it what a policy says; the caller undoes it.
        whole: whether bodies and routes are in it.
    """

    text: Callable[[Organization], str]
    put: Callable[[Organization, pack.Policy], None]
    whole: bool = False


def _put_taxonomy(organization: Organization, policy: pack.Policy) -> None:
    replace_all(organization, policy, rehearsed=True)


TAXONOMY = Scope(queries.taxonomy_text, _put_taxonomy)


def amend(
    *, organization: Organization, actor: Person, act: Callable[[], Result], scope: Scope = TAXONOMY
) -> tuple[Result, ChangeList | None]:
    """Change something: at once if it may be, else on the actor's change list, which is begun if there is none.

    While a person has a list, everything they do goes there, on top of what the list says already.

    Args:
        organization: whose.
        actor: who does it.
        act: calls actions of the room; whatever it writes is undone if it only goes on the list.
        scope: what of the policy it can change.

    Returns:
        What `act` returned, and the list if the change stands there.

    Raises:
        Refused: ``conflict`` while somebody has to choose between the list and what is in force; what `act` refuses.
    """
    with transaction.atomic(), rehearsing():
        changes, held = queries.working_list(organization, actor), queries.governance(organization)
        now = scope.text(organization)
        if changes:
            scope.put(organization, pack.read(merged_text(changes, now, whole=scope.whole)))
        before = scope.text(organization)
        result = act()
        after = scope.text(organization)
        if changes is None and not queries.needs_decision(held, steps(apart(before), apart(after))):
            return result, None
        transaction.set_rollback(True)
    if after == before:
        return result, None
    with transaction.atomic():
        changes = _kept(organization, changes, scope, now, after, actor)
        note(changes, "changes.kept", actor)
    return result, changes


def _kept(
    organization: Organization, changes: ChangeList | None, scope: Scope, now: str, after: str, actor: Person
) -> ChangeList:
    """The list with what was changed, on top of what is in force; what it says about other parts stays."""
    if changes is None:
        return ChangeList.objects.create(
            organization=organization, base=now, text=after, whole=scope.whole, made_by=actor
        )
    if changes.whole and not scope.whole:
        now, after = _beside(now, changes.base), _beside(after, changes.text)
    changes.base, changes.text, changes.whole = now, after, changes.whole or scope.whole
    changes.save(update_fields=["base", "text", "whole"])
    return changes


def _beside(text: str, other: str) -> str:
    """A taxonomy with the bodies and routes of another text."""
    return together({**apart(text), **of_others(apart(other))}, head_of(text))


def merged_text(
    changes: ChangeList, now: str, choices: Mapping[str, Choice] | None = None, *, whole: bool = True
) -> str:
    """A list on top of what is in force, as YAML; refused with ``conflict`` while a choice is missing."""
    found = queries.merged(changes, now, choices, whole=whole)
    if found.conflicts:
        raise Refused(
            "conflict",
            _(
                "Meanwhile this was changed here too: %(names)s. Choose on the change list which of both it shall be."
            )
            % {"names": ", ".join(c.name for c in found.conflicts[:5])},
        )
    return together(found.entries, head_of(now))


def looking(
    *, organization: Organization, changes: ChangeList, act: Callable[[], Result], scope: Scope = TAXONOMY
) -> Result:
    """Look at things as a list makes them; nothing is kept.

    Args:
        organization: whose.
        changes: the list; one that does not fit any more is looked at as it was written.
        act: reads.
        scope: what of the policy it can see.
    """
    with transaction.atomic(), rehearsing():
        now = scope.text(organization)
        try:
            text = merged_text(changes, now, whole=scope.whole)
        except Refused:
            text = changes.text
        scope.put(organization, pack.read(text))
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
