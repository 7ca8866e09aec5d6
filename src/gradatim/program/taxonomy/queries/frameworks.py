"""Reads of frameworks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gradatim.engine.framework.case import Framework as Package
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Association, Framework, Item
from gradatim.program.taxonomy.queries.usage import users


def frameworks(organization: Organization) -> QuerySet[Framework]:
    """The frameworks by title, each with ``item_count`` (retired items not counted)."""
    return Framework.objects.filter(organization=organization).annotate(
        item_count=Count("items", filter=Q(items__retired=False))
    )


def search_items(organization: Organization, text: str, *, limit: int = 30) -> list[Item]:
    """Items to align to: those that have every word in code or statement, retired ones left out.

    Args:
        organization: whose frameworks.
        text: words, any letter case; empty finds the first items.
        limit: at most so many.
    """
    found = Item.objects.filter(framework__organization=organization, retired=False).select_related(
        "framework"
    )
    for word in text.split()[:8]:
        found = found.filter(Q(statement__icontains=word) | Q(code__icontains=word))
    return list(found.order_by("framework__title", "position", "id")[:limit])


def sample_package() -> bytes:
    """The framework that comes with the product, a CASE package: "Northfield outcomes for work and data"."""
    return (files("gradatim.program.taxonomy") / "data" / "northfield-outcomes.json").read_bytes()


@dataclass(slots=True)
class Branch:
    """An item with what stands below it."""

    item: Item
    children: list[Branch] = field(default_factory=list)


def tree(framework: Framework) -> list[Branch]:
    """The items of a framework as a nested list; an item with several parents stands under the first."""
    branches = {i.identifier: Branch(i) for i in framework.items.all()}
    parents = framework.associations.filter(kind=Association.Kind.CHILD).order_by("sequence", "id")
    placed: set[UUID] = set()
    for origin, destination in parents.values_list("origin", "destination"):
        if origin in branches and destination in branches and origin not in placed:
            branches[destination].children.append(branches[origin])
            placed.add(origin)
    order = {origin: n for n, origin in enumerate(parents.values_list("origin", flat=True))}
    roots = [b for identifier, b in branches.items() if identifier not in placed]
    return sorted(roots, key=lambda b: order.get(b.item.identifier, len(order)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import of a framework would do; nothing is stored by making one.

    Attributes:
        package: the framework as read.
        framework: the one stored already, or ``None``.
        new: statements that would be added.
        changed: statements that would change, as (before, after).
        unchanged: how many stay as they are.
        retired: items left out by the package but in use, with what uses them: kept and marked retired.
        removed: items left out and used by nothing: deleted.
    """

    package: Package
    framework: Framework | None
    new: list[str]
    changed: list[tuple[str, str]]
    unchanged: int
    retired: list[tuple[Item, list[str]]]
    removed: list[Item]

    @property
    def code(self) -> str | None:
        """``"in-use"`` when the package leaves out what is in use."""
        return "in-use" if self.retired else None

    @property
    def idle(self) -> bool:
        """Whether the import would change no item."""
        return self.framework is not None and not (self.new or self.changed or self.retired or self.removed)


def plan_import(organization: Organization, package: Package) -> Plan:
    """What importing a package would change.

    Args:
        organization: who imports.
        package: from `gradatim.engine.framework.case.read_package`.
    """
    stored = Framework.objects.filter(organization=organization, identifier=package.identifier).first()
    items = {i.identifier: i for i in stored.items.all()} if stored else {}
    new, changed, unchanged = [], [], 0
    for item in package.items:
        before = items.pop(item.identifier, None)
        if before is None:
            new.append(item.statement)
        elif before.retired or (before.statement, before.code, before.kind, before.uri) != (
            item.statement,
            item.code,
            item.kind,
            item.uri,
        ):
            changed.append((before.statement, item.statement))
        else:
            unchanged += 1
    used = users(items.values())
    return Plan(
        package=package,
        framework=stored,
        new=new,
        changed=changed,
        unchanged=unchanged,
        retired=[(i, used[i.pk]) for i in items.values() if i.pk in used],
        removed=[i for i in items.values() if i.pk not in used],
    )


def associations(framework: Framework) -> list[tuple[Item, str, Item]]:
    """The relations between items of the framework other than its nesting."""
    items = {i.identifier: i for i in framework.items.all()}
    others: QuerySet[Association] = framework.associations.exclude(kind=Association.Kind.CHILD).order_by("id")
    return [
        (items[a.origin], a.words, items[a.destination])
        for a in others
        if a.origin in items and a.destination in items
    ]


def find_items(organization: Organization, keys: Iterable[str]) -> list[Item]:
    """Items of the organization's frameworks by key; what is no key of theirs is left out."""
    numbers = [int(k) for k in keys if k.isascii() and k.isdigit() and len(k) < 19]  # noqa: PLR2004 - a 64-bit key
    return list(
        Item.objects.filter(framework__organization=organization, pk__in=numbers).select_related("framework")
    )
