"""What upper rooms show on the pages of lower ones: panel → template and the query that fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradatim.program.achievements import queries as achievements
from gradatim.program.people.models import Organization

SHOWN = 50  # rows of a panel


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page.

    Attributes:
        template: drawn with what `fill` returns, and the request.
        fill: from the organization and the context of the page around it.
    """

    template: str
    fill: Callable[[Organization, Mapping[str, Any]], dict[str, Any]]


def _rule_effects(organization: Organization, page: Mapping[str, Any]) -> dict[str, Any]:
    found = achievements.effects(organization, before=page["before"], after=page["after"])
    return {"effects": found[:SHOWN], "total": len(found)}


def _exceptions(organization: Organization, page: Mapping[str, Any]) -> dict[str, Any]:
    versions = achievements.versions_of(organization, [waiver.subject for waiver in page["exceptions"]])
    found = [(waiver, versions.get(waiver.subject)) for waiver in page["exceptions"]]
    return {"exceptions": found, "may_change": page["may_change"], "links_rules": page["links_rules"]}


PANELS = {
    "rule effects": Panel("achievements/_effects.html", _rule_effects),
    "exceptions": Panel("achievements/_exceptions.html", _exceptions),
}
