"""What a graph of a framework shows: an item with what is around it, or the upper levels."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from django.urls import reverse

from gradatim.program.taxonomy.graph import Box, Drawing, Line, draw
from gradatim.program.taxonomy.models import Association, Framework, Item
from gradatim.program.taxonomy.queries.frameworks import items_below, path_to, relations, top_items

AROUND = 12  # items below or beside on one graph
TOP = 12  # items of the upper level
EACH = 4  # below each of them


def graph_of_item(item: Item) -> Drawing:
    """An item between what it stands under, what stands below it, and what it is related to."""
    path = path_to(item)[-2:]
    slug = item.framework.organization.slug
    boxes = [_box(i, slug) for i in path] + [_box(item, slug, strong=True)]
    lines = [Line(a.key, b.key) for a, b in pairwise(boxes)]
    for child in items_below(item)[:AROUND]:
        boxes.append(_box(child, slug))
        lines.append(Line(item.pk, child.pk))
    known = {b.key for b in boxes}
    for n, related in enumerate(relations(item)[:AROUND]):
        other = related.item
        if other is not None and other.pk in known:
            lines.append(Line(item.pk, other.pk, related.words, loose=True))
            continue
        box = _box(other, slug) if other else Box(-1 - n, related.title, related.address)
        boxes.append(box)
        known.add(box.key)
        lines.append(Line(item.pk, box.key, related.words, loose=True))
    return draw(boxes, lines)


def graph_of_framework(framework: Framework) -> Drawing:
    """The framework, its upper level, and the first items below each."""
    slug = framework.organization.slug
    head = Box(0, framework.title, reverse("taxonomy:framework", args=[slug, framework.pk]), strong=True)
    top = list(top_items(framework)[:TOP])
    links = Association.objects.filter(
        framework=framework, kind=Association.Kind.CHILD, destination__in=[i.identifier for i in top]
    ).values_list("destination", "origin")
    wanted: dict[UUID, list[UUID]] = {}
    for above, below in links.order_by("sequence", "id"):
        if len(wanted.setdefault(above, [])) < EACH:
            wanted[above].append(below)
    keys = [k for under in wanted.values() for k in under]
    children = {i.identifier: i for i in framework.items.filter(identifier__in=keys)}
    boxes, lines = [head], []
    for item in top:
        boxes.append(_box(item, slug))
        lines.append(Line(0, item.pk))
        for key in wanted.get(item.identifier, []):
            child = children.get(key)
            if child is not None and child.pk not in {b.key for b in boxes}:
                boxes.append(_box(child, slug))
                lines.append(Line(item.pk, child.pk))
    return draw(boxes, lines)


def _box(item: Item, slug: str, *, strong: bool = False) -> Box:
    return Box(item.pk, item.name, reverse("taxonomy:item", args=[slug, item.pk]), strong=strong)
