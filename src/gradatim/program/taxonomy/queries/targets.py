"""How an item is named when something is aligned to it.

Spec: Open Badges 3.0, Alignment (``targetType`` and its ``ext:`` values).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.program.taxonomy.models import Item
from gradatim.program.taxonomy.queries.published import address

TYPES = {"esco": "ext:ESCOSkill", "onet": "ext:ONETElement", "ctdl": "ceasn:Competency"}
"""Source of the framework → target type; everything else is a CFItem."""


@dataclass(frozen=True, slots=True)
class Target:
    """An item as the target of an alignment: where it is, its code, and what it is."""

    url: str
    code: str
    type: str


def target_of(item: Item) -> Target:
    """The target of an alignment with an item.

    Args:
        item: with its framework.

    Returns:
        Its own web address, or where the CASE service hands it out once it is published; the identifier as the code of
        a CFItem, the source's own code of anything else that has one.
    """
    kind = TYPES.get(item.framework.source, "CFItem")
    if kind == "ext:ONETElement" and item.kind == "Occupation":
        kind = "ext:ONETOccupation"
    code = item.code if kind != "CFItem" and item.code else str(item.identifier)
    return Target(item.link or address("CFItems", item.identifier), code, kind)
