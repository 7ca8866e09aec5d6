"""A rubric as people read it, on pages and in words, and as Open Badges 3.0 says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gradatim.program.achievements.models import ASSESSMENT_KINDS, Version


@dataclass(frozen=True, slots=True)
class Level:
    """A level as it is shown; the lowest comes first."""

    name: str
    points: str
    enough: bool
    description: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as it is shown.

    Attributes:
        name: what is looked at.
        levels: from the lowest to the highest.
        measures: the outcomes.
        used_in: the kinds of assessment in words; none: all of them.
    """

    name: str
    levels: list[Level]
    measures: list[str]
    used_in: list[str]


def judged(version: Version) -> list[Criterion]:
    """The rubric of a version as it is shown."""
    return [
        Criterion(
            name=str(criterion["name"]),
            levels=[
                Level(
                    name=level["name"],
                    points=level["points"],
                    enough=level["key"] == criterion["needed"],
                    description=level["description"],
                )
                for level in criterion["levels"]
            ],
            measures=list(criterion.get("measures", ())),
            used_in=[str(ASSESSMENT_KINDS.get(kind, kind)) for kind in criterion.get("used_in", ())],
        )
        for criterion in version.rubric
    ]


def in_words(version: Version) -> str:
    """A rubric as text, a line for each level, for people who compare."""
    return "\n".join(line for criterion in judged(version) for line in _lines(criterion))


def _lines(criterion: Criterion) -> Iterable[str]:
    yield criterion.name
    yield from (_("measures: %(outcome)s") % {"outcome": text} for text in criterion.measures)
    yield from (_("used in: %(kind)s") % {"kind": kind} for kind in criterion.used_in)
    for level in criterion.levels:
        points = _(" (%(n)s points)") % {"n": level.points} if level.points else ""
        enough = _(", enough") if level.enough else ""
        description = f": {level.description}" if level.description else ""
        yield f"- {level.name}{points}{enough}{description}"


def ties_in_words(version: Version) -> str:
    """What each criterion measures and where it is used, as a list in Markdown; criteria that say neither are left out."""
    lines = []
    for criterion in judged(version):
        measures = _("measures %(outcomes)s") % {"outcomes": "; ".join(criterion.measures)}
        used_in = _("used in %(kinds)s") % {"kinds": "; ".join(criterion.used_in)}
        said = [text for text, tied in ((measures, criterion.measures), (used_in, criterion.used_in)) if tied]
        if said:
            lines.append(f"- {criterion.name}: {', '.join(said)}")
    return "\n".join(lines)


def described(criteria: Iterable[Mapping[str, Any]], address: str) -> list[dict[str, Any]]:
    """A rubric as ``resultDescription`` of Open Badges 3.0: one for each criterion.

    Args:
        criteria: as `rubric.read` gives them.
        address: the achievement's ``id``; criteria and levels have addresses below it.
    """
    return [_described(criterion, f"{address}#{criterion['key']}") for criterion in criteria]


def _described(criterion: Mapping[str, Any], address: str) -> dict[str, Any]:
    levels = []
    for number, level in enumerate(criterion["levels"], start=1):
        whole = {
            "id": f"{address}/{level['key']}",
            "type": ["RubricCriterionLevel"],
            "name": level["name"],
            "level": str(number),
            "points": level["points"],
            "description": level["description"],
        }
        levels.append({name: value for name, value in whole.items() if value})
    found = {
        "id": address,
        "type": ["ResultDescription"],
        "name": criterion["name"],
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": levels,
    }
    if criterion["needed"]:
        found["requiredLevel"] = f"{address}/{criterion['needed']}"
    return found


def results(
    criteria: Iterable[Mapping[str, Any]], reached: Mapping[str, str], address: str
) -> list[dict[str, Any]]:
    """The levels that a learner reached, as ``result`` of Open Badges 3.0.

    Args:
        criteria: as `rubric.read` gives them.
        reached: criterion's key → level's key.
        address: as for `described`.
    """
    return [
        {
            "type": ["Result"],
            "resultDescription": f"{address}#{criterion['key']}",
            "achievedLevel": f"{address}#{criterion['key']}/{reached[criterion['key']]}",
        }
        for criterion in criteria
        if criterion["key"] in reached
    ]
