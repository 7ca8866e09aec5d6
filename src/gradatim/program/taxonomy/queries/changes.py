"""Reads of change lists: what they would change, and where they no longer fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy.changes import Kind, Merged, Path, Step, apart, merge, steps
from gradatim.program.taxonomy.changes.entries import is_list, own
from gradatim.program.taxonomy.changes.merging import Choice
from gradatim.program.taxonomy.models import ChangeList, Governance, Value
from gradatim.program.taxonomy.queries.policy import stored_policy
from gradatim.program.taxonomy.queries.usage import users

State = ChangeList.State


def taxonomy_text(organization: Organization) -> str:
    """The taxonomy as it is now, as YAML."""
    return pack.write(stored_policy(organization))


def change_lists(organization: Organization) -> QuerySet[ChangeList]:
    """All lists, the latest first."""
    return ChangeList.objects.filter(organization=organization).select_related("made_by")


def find_change_list(organization: Organization, changes: int) -> ChangeList | None:
    """One list."""
    return change_lists(organization).filter(pk=changes).first()


def working_list(organization: Organization, person: Person) -> ChangeList | None:
    """The list that a person is writing; there is at most one."""
    return ChangeList.objects.filter(organization=organization, made_by=person, state=State.OPEN).first()


def steps_of(changes: ChangeList) -> list[Step]:
    """What a list changes, step by step."""
    return steps(apart(changes.base), apart(changes.text))


def merged(
    changes: ChangeList, now: str, choices: Mapping[str, Choice] | None = None, *, whole: bool = True
) -> Merged:
    """A list on top of what is in force now.

    Args:
        changes: which.
        now: the taxonomy, or the whole policy, as YAML.
        choices: address of a conflict → whose entry it shall be.
        whole: ``False`` to leave out what the list says about bodies and routes.
    """
    base, ours = apart(changes.base), apart(changes.text)
    if changes.whole and not whole:
        base, ours = own(base), own(ours)
    theirs = base if now == changes.base else apart(now)
    return merge(base, ours, theirs, choices)


def needs_decision(held: Governance, found: Iterable[Step]) -> bool:
    """Whether any of these steps needs a decision, where this is who decides and what needs none."""
    return bool(held.decided_by) and any(not step.kinds <= {Kind(k) for k in held.direct} for step in found)


def standing_in(organization: Organization, found: Iterable[Step]) -> dict[Path, list[str]]:
    """The definitions that stand in the values that steps are about: a step's path → names."""
    touched = {
        s.path: s.before for s in found if s.path[0] == "dimensions" and s.before and not is_list(s.path)
    }
    values = {
        (value.dimension.key, value.key): value
        for value in Value.objects.filter(dimension__organization=organization).select_related("dimension")
    }
    meant = {
        path: [v for (d, k), v in values.items() if d == path[1] and (len(path) == 2 or k == path[-1])]  # noqa: PLR2004 - the dimension itself
        for path in touched
    }
    names = users({v.pk: v for its in meant.values() for v in its}.values())
    return {path: sorted({n for v in its for n in names.get(v.pk, [])}) for path, its in meant.items()}
