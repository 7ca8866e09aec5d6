"""Whom a change of bodies and routes touches, step by step: nothing that is on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.council.models import Ballot, Proposal, Stage
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.changes import Path, Step


def touched(organization: Organization, found: Iterable[Step]) -> dict[Path, list[str]]:
    """What waits for a body or is on a route that a step changes, in sentences that say what becomes of it.

    Args:
        organization: whose.
        found: the steps of a change list.
    """
    steps = [s for s in found if s.path[0] in {"bodies", "routes"} and len(s.path) > 1 and not _is_new(s)]
    if not steps:
        return {}
    going = Proposal.objects.filter(organization=organization, state__in=Proposal.WITH_COUNCIL)
    waiting = Counter(going.values_list("body__key", flat=True))
    voting = Counter(
        Ballot.objects.filter(
            proposal__organization=organization, state__in=(Ballot.State.OPEN, Ballot.State.SCHEDULED)
        ).values_list("body__key", "state")
    )
    stages = Counter(
        Stage.objects.filter(proposal__in=going, state=Stage.State.OPEN)
        .exclude(body=F("proposal__body"))
        .values_list("body__key", flat=True)
    )
    on_way = Counter(going.exclude(route=None).values_list("route__key", flat=True))
    said: dict[Path, list[str]] = {}
    routes: set[str] = set()
    for step in steps:
        section, key = step.path[:2]
        if section == "bodies":
            ends = step.what in {"retired", "removed"}
            said[step.path] = _end(key, waiting, stages, voting) if ends else _body(key, waiting, voting)
        elif key not in routes:  # once for a route and its stages
            said[step.path] = _route(key, on_way)
            routes.add(key)
    return said


def _is_new(step: Step) -> bool:
    """Whether it is about a body or a route that is not there yet."""
    return step.what == "added" and (len(step.path) == 2 or step.inside)  # noqa: PLR2004 - a body, or a route itself


def _body(key: str, waiting: Counter[str], voting: Counter[tuple[str, str]]) -> list[str]:
    said = []
    if n := voting[key, Ballot.State.OPEN]:
        said.append(
            ngettext(
                "One vote is open. It is counted by the rules it was opened under.",
                "%(n)s votes are open. They are counted by the rules they were opened under.",
                n,
            )
            % {"n": n}
        )
    if n := waiting[key]:
        said.append(
            ngettext(
                "One proposal waits for this body. A vote on it that opens later goes by the new rules.",
                "%(n)s proposals wait for this body. Votes on them that open later go by the new rules.",
                n,
            )
            % {"n": n}
        )
    return said or [_("Nothing waits for this body now.")]


def _end(
    key: str, waiting: Counter[str], stages: Counter[str], voting: Counter[tuple[str, str]]
) -> list[str]:
    said = []
    if voting[key, Ballot.State.OPEN] or voting[key, Ballot.State.SCHEDULED]:
        said.append(
            _(
                "A vote is open or scheduled in it. This cannot take effect before that is closed or called off."
            )
        )
    if n := waiting[key]:
        said.append(
            ngettext(
                "One proposal is with this body, which finishes it.",
                "%(n)s proposals are with this body, which finishes them.",
                n,
            )
            % {"n": n}
        )
    if n := stages[key]:
        said.append(
            ngettext(
                "One stage of another proposal is open in it, and is finished there.",
                "%(n)s stages of other proposals are open in it, and are finished there.",
                n,
            )
            % {"n": n}
        )
    return said or [_("Nothing waits for this body now.")]


def _route(key: str, on_way: Counter[str]) -> list[str]:
    if n := on_way[key]:
        return [
            ngettext(
                "One proposal is on its way here. It keeps the edition it started on.",
                "%(n)s proposals are on their way here. They keep the edition they started on.",
                n,
            )
            % {"n": n}
        ]
    return [_("No proposal is on this route now.")]
