"""Reads of frameworks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gradatim.engine.framework.shape import MAX_DEPTH
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Association, Framework, Item, Match

SHOWN = 40  # relations of one item on its page


def frameworks(organization: Organization) -> QuerySet[Framework]:
    """The frameworks by title, each with ``item_count`` (retired items not counted); not those whose import runs."""
    return Framework.objects.filter(organization=organization, whole=True).annotate(
        item_count=Count("items", filter=Q(items__retired=False))
    )


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


def associations(framework: Framework) -> list[tuple[Item, str, Item]]:
    """The relations between items of the framework other than its nesting."""
    items = {i.identifier: i for i in framework.items.all()}
    others: QuerySet[Association] = framework.associations.exclude(kind=Association.Kind.CHILD).order_by("id")
    return [
        (items[a.origin], a.words, items[a.destination])
        for a in others
        if a.origin in items and a.destination in items
    ]


def find_framework(organization: Organization, key: int) -> Framework | None:
    """One framework with ``item_count``, or ``None``."""
    return frameworks(organization).select_related("organization").filter(pk=key).first()


def find_item(organization: Organization, key: int) -> Item | None:
    """One statement of a framework that is here whole, or ``None``."""
    found = Item.objects.select_related("framework__organization").filter(
        framework__organization=organization
    )
    return found.filter(pk=key, framework__whole=True).first()


def top_items(framework: Framework) -> QuerySet[Item]:
    """The items that stand under no other, in order, each with ``below``: how many stand directly under it."""
    parents = Association.objects.filter(
        framework=framework, kind=Association.Kind.CHILD, origin=OuterRef("identifier")
    ).exclude(destination=framework.identifier)
    return _with_below(framework.items.filter(~Exists(parents)))


def items_below(item: Item) -> QuerySet[Item]:
    """What stands directly under an item, each with ``below``."""
    links = Association.objects.filter(
        framework=item.framework_id, kind=Association.Kind.CHILD, destination=item.identifier
    )
    return _with_below(
        Item.objects.filter(framework=item.framework_id, identifier__in=links.values("origin"))
    )


def path_to(item: Item) -> list[Item]:
    """What an item stands under, the topmost first; of several parents the first one counts."""
    path: list[Item] = []
    current = item
    while len(path) < MAX_DEPTH:
        links = Association.objects.filter(
            framework=item.framework_id, kind=Association.Kind.CHILD, origin=current.identifier
        )
        above = (
            Item.objects.filter(framework=item.framework_id, identifier__in=links.values("destination"))
            .order_by("position", "id")
            .first()
        )
        if above is None:
            break
        path.insert(0, above)
        current = above
    return path


@dataclass(frozen=True, slots=True)
class Related:
    """One relation of an item, read from it.

    Attributes:
        words: how it reads between the item and the other end.
        item: the other end, if it is here.
        title: what the other end is called.
        address: where it is, if a browser may go there and it is not here.
    """

    words: str
    item: Item | None
    title: str
    address: str = ""


def relations(item: Item) -> list[Related]:
    """The relations of an item other than nesting: those of its framework, then its lines in crosswalks."""
    links = Association.objects.filter(framework=item.framework_id, origin=item.identifier).exclude(
        kind=Association.Kind.CHILD
    )
    rows = list(links.order_by("id")[:SHOWN])
    here = {
        i.identifier: i
        for i in Item.objects.filter(
            framework=item.framework_id, identifier__in=[a.destination for a in rows]
        )
    }
    found = [_related(a, here.get(a.destination)) for a in rows]
    found += [
        Related(str(m.get_relation_display()), m.destination, m.destination.name)
        for m in item.matches.select_related("destination__framework")[:SHOWN]
    ]
    return found + [
        Related(str(Match.BACK[Match.Relation(m.relation)].label), m.origin, m.origin.name)
        for m in item.matched.select_related("origin__framework")[:SHOWN]
    ]


def _related(association: Association, other: Item | None) -> Related:
    title = (
        other.name
        if other
        else association.outside_title or association.outside_uri or str(association.destination)
    )
    outside = association.outside_uri if association.outside_uri.startswith(("https://", "http://")) else ""
    return Related(association.words, other, title, "" if other else outside)


def _with_below(items: QuerySet[Item]) -> QuerySet[Item]:
    links = Association.objects.filter(
        framework=OuterRef("framework"), kind=Association.Kind.CHILD, destination=OuterRef("identifier")
    )
    counted = links.order_by().values("destination").annotate(n=Count("pk")).values("n")
    return items.annotate(below=Coalesce(Subquery(counted), 0)).defer("words").order_by("position", "id")


def find_items(organization: Organization, keys: Iterable[str]) -> list[Item]:
    """Items of the organization's frameworks by key; what is no key of theirs is left out."""
    numbers = [int(k) for k in keys if k.isascii() and k.isdigit() and len(k) < 19]  # noqa: PLR2004 - a 64-bit key
    return list(
        Item.objects.filter(framework__organization=organization, pk__in=numbers).select_related("framework")
    )
