"""Reads of framework imports: what one would change, and those that there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gradatim.engine.framework.shape import Framework as Package
from gradatim.engine.framework.shape import Item as Read
from gradatim.program.ground.models import Work
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Framework, Import, Item
from gradatim.program.taxonomy.queries.usage import users

WORK = "framework"  # kind of the work rows of imports
STORED = ("statement", "code", "kind", "uri", "description", "labels", "language", "reach", "more")
PART = 500  # rows asked about at a time


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import of a framework would do; nothing is stored by making one.

    Attributes:
        package: the framework as read.
        framework: the one stored already, or ``None``.
        new: statements that would be added.
        changed: statements that would change, as (before, after).
        unchanged: how many stay as they are.
        ended: statements that the publisher took out of use.
        retired: items left out by the package but in use, with what uses them: kept and marked retired.
        removed: items left out and used by nothing: deleted.
        writes: what has to be written, with its place in the package.
        lines: everything as ``[what, code, before, after, identifier]``.
    """

    package: Package
    framework: Framework | None
    new: list[str]
    changed: list[tuple[str, str]]
    unchanged: int
    ended: list[str]
    retired: list[tuple[Item, list[str]]]
    removed: list[Item]
    writes: list[tuple[int, Read]] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)

    @property
    def code(self) -> str | None:
        """``"in-use"`` when the package leaves out what is in use."""
        return "in-use" if self.retired else None

    @property
    def idle(self) -> bool:
        """Whether the import would change no item."""
        return self.framework is not None and not (self.writes or self.retired or self.removed)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, for the log and the list of versions."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "retired": len(self.retired) + len(self.ended),
            "removed": len(self.removed),
        }


def plan_import(organization: Organization, package: Package) -> Plan:
    """What importing a framework would change.

    Args:
        organization: who imports.
        package: from a reader of `gradatim.engine.framework`.
    """
    stored = Framework.objects.filter(organization=organization, identifier=package.identifier).first()
    items: dict[UUID, Item] = {i.identifier: i for i in stored.items.defer("words")} if stored else {}
    plan = Plan(package, stored, new=[], changed=[], unchanged=0, ended=[], retired=[], removed=[])
    unchanged = 0
    for position, item in enumerate(package.items):
        before = items.pop(item.identifier, None)
        if before is not None and before.retired == item.retired and values_of(item) == _stored(before):
            unchanged += 1
            continue
        plan.writes.append((position, item))
        _line(plan, before, item)
    used = _users(items.values())
    retired = [(i, used[i.pk]) for i in items.values() if i.pk in used]
    removed = [i for i in items.values() if i.pk not in used]
    plan.lines.extend(
        ["retired", i.code, i.statement, "", str(i.identifier)] for i, _who in retired if not i.retired
    )
    plan.lines.extend(["removed", i.code, i.statement, "", str(i.identifier)] for i in removed)
    return Plan(
        package,
        stored,
        plan.new,
        plan.changed,
        unchanged,
        plan.ended,
        retired,
        removed,
        plan.writes,
        plan.lines,
    )


def _line(plan: Plan, before: Item | None, item: Read) -> None:
    """Write one difference down."""
    if before is None:
        plan.new.append(item.statement)
        plan.lines.append(["new", item.code, "", item.statement, str(item.identifier)])
    elif item.retired and not before.retired:
        plan.ended.append(item.statement)
        plan.lines.append(["retired", item.code, before.statement, item.statement, str(item.identifier)])
    else:
        plan.changed.append((before.statement, item.statement))
        plan.lines.append(["changed", item.code, _shown(before, item), item.statement, str(item.identifier)])


def _shown(before: Item, item: Read) -> str:
    """What it said, and which other fields changed."""
    values = values_of(item)
    others = [n for n, old in _stored(before).items() if n != "statement" and old != values[n]]
    return before.statement + (f" ({', '.join(others)})" if others else "")


def values_of(item: Read) -> dict[str, Any]:
    """An item's columns as the reader has them."""
    return {name: getattr(item, name) for name in STORED} | {
        "labels": list(item.labels),
        "more": dict(item.more),
    }


def _stored(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in STORED}


def _users(items: Iterable[Item]) -> dict[int, list[str]]:
    """Who uses them, asked in parts: a framework may leave out thousands."""
    found: dict[int, list[str]] = {}
    rows = list(items)
    for start in range(0, len(rows), PART):
        found |= users(rows[start : start + PART])
    return found


def imports(organization: Organization) -> QuerySet[Import]:
    """The imports of an organization, newest first, without their files."""
    return (
        Import.objects.filter(organization=organization)
        .select_related("framework", "started_by", "organization")
        .defer("content")
    )


def find_import(organization: Organization, key: int) -> Import | None:
    """One import with its file."""
    return (
        Import.objects.select_related("framework", "organization")
        .filter(organization=organization, pk=key)
        .first()
    )


def is_stopped(run: Import) -> bool:
    """Whether the worker gave a running import up."""
    states = set(Work.objects.filter(kind=WORK, key__startswith=f"{run.pk}:").values_list("state", flat=True))
    return Work.State.FAILED in states and not states & {Work.State.WAITING, Work.State.RUNNING}


def history(framework: Framework) -> QuerySet[Import]:
    """What was imported into a framework, newest first, without files and lines."""
    return (
        framework.imports.filter(state=Import.State.DONE)
        .select_related("started_by")
        .defer("content", "changes")
    )


def changes_since(earlier: Import, later: Import) -> list[list[str]]:
    """What is different in one version of a framework from an earlier one, over all the imports between them.

    Args:
        earlier: the import of the version to begin with.
        later: the import of the version to end with, of the same framework.

    Returns:
        Lines ``[what, code, before, after]``; what came and went between them, or came back as it was, is left out.
    """
    found: dict[str, list[str]] = {}
    runs = Import.objects.filter(
        framework=later.framework_id, state=Import.State.DONE, pk__gt=earlier.pk, pk__lte=later.pk
    ).order_by("pk")
    for changes in runs.values_list("changes", flat=True):
        for what, code, before, after, *rest in changes:
            key = rest[0] if rest else f"{code} {after or before}"  # older lines do not name the statement
            first = found.pop(key, None)
            line = [what, code, before, after] if first is None else _since(first, what, code, before, after)
            if line is not None:
                found[key] = line
    return list(found.values())


def _since(first: list[str], what: str, code: str, before: str, after: str) -> list[str] | None:
    """Two changes of a statement one after the other as one; none if nothing is left of them."""
    was, _code, began, between = first
    if was == "new":
        return None if what in {"removed", "retired"} else ["new", code, "", after]
    if what == "new":
        return None if began == after else ["changed", code, began, after]
    if what in {"removed", "retired"}:
        return [what, code, began, after]
    return None if began == after and before == between else ["changed", code, began or before, after]


def counted(changes: Iterable[list[str]]) -> dict[str, int]:
    """How many lines there are of each kind."""
    found = dict.fromkeys(("new", "changed", "retired", "removed"), 0)
    for line in changes:
        found[line[0]] += 1
    return found
