"""A rubric as people read it, on pages and in words, and as Open Badges 3.0 says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gradatim.program.achievements.languages import Text, in_language, outcomes_in
from gradatim.program.achievements.models import ASSESSMENT_KINDS, RubricAlignment, Translation, Version


@dataclass(frozen=True, slots=True)
class Level:
    """A level as it is shown; the lowest comes first."""

    key: str
    name: Text
    points: str
    enough: bool
    description: Text
    aligned: list[RubricAlignment]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as it is shown.

    Attributes:
        key: what names it in addresses.
        name: what is looked at.
        levels: from the lowest to the highest.
        measures: the outcomes.
        used_in: the kinds of assessment in words; none: all of them.
        aligned: to what.
    """

    key: str
    name: Text
    levels: list[Level]
    measures: list[Text]
    used_in: list[str]
    aligned: list[RubricAlignment]


def judged(version: Version, translation: Translation | None = None) -> list[Criterion]:
    """The rubric of a version as it is shown, in its own language or in one it was translated to."""
    if not version.rubric:
        return []
    said = translation.rubric if translation else {}
    names = dict(
        zip((o.text for o in version.outcomes.all()), outcomes_in(version, translation), strict=True)
    )

    def text(part: str, kind: str, original: str) -> Text:
        return in_language(version, translation, said.get(part, {}).get(kind, ""), original)

    aligned: dict[str, list[RubricAlignment]] = defaultdict(list)
    for row in version.rubric_alignments.all():
        aligned[row.part].append(row)
    return [
        Criterion(
            key=criterion["key"],
            name=text(criterion["key"], "name", criterion["name"]),
            levels=[
                Level(
                    key=level["key"],
                    name=text(part, "name", level["name"]),
                    points=level["points"],
                    enough=level["key"] == criterion["needed"],
                    description=text(part, "description", level["description"]),
                    aligned=aligned[part],
                )
                for level in criterion["levels"]
                for part in (f"{criterion['key']}/{level['key']}",)
            ],
            measures=[names.get(measured, Text(measured)) for measured in criterion.get("measures", ())],
            used_in=[str(ASSESSMENT_KINDS.get(kind, kind)) for kind in criterion.get("used_in", ())],
            aligned=aligned[criterion["key"]],
        )
        for criterion in version.rubric
    ]


def in_words(version: Version) -> str:
    """A rubric as text, a line for each level, for people who compare."""
    return "\n".join(line for criterion in judged(version) for line in _lines(criterion))


def _lines(criterion: Criterion) -> Iterable[str]:
    yield str(criterion.name)
    yield from (_("measures: %(outcome)s") % {"outcome": text} for text in criterion.measures)
    yield from (_("used in: %(kind)s") % {"kind": kind} for kind in criterion.used_in)
    yield from _aligned(criterion.aligned)
    for level in criterion.levels:
        points = _(" (%(n)s points)") % {"n": level.points} if level.points else ""
        enough = _(", enough") if level.enough else ""
        description = f": {level.description}" if level.description.words else ""
        yield f"- {level.name}{points}{enough}{description}"
        yield from _aligned(level.aligned)


def _aligned(rows: Iterable[RubricAlignment]) -> Iterable[str]:
    return (_("aligned to: %(target)s") % {"target": row.target_name} for row in rows)


def words_of(version: Version, part: str) -> list[str]:
    """What a part of the rubric says, for finding what it could be aligned to.

    Args:
        version: any.
        part: key of a criterion, or ``criterion/level``.
    """
    for criterion in judged(version):
        if criterion.key == part:
            return [str(criterion.name), *map(str, criterion.measures)]
        for level in criterion.levels:
            if f"{criterion.key}/{level.key}" == part:
                return [f"{level.name}. {level.description}"]
    return []


def ties_in_words(version: Version, translation: Translation | None = None) -> str:
    """What each criterion measures and where it is used, as a list in Markdown; criteria that say neither are left out."""
    lines = []
    for criterion in judged(version, translation):
        measures = _("measures %(outcomes)s") % {"outcomes": "; ".join(map(str, criterion.measures))}
        used_in = _("used in %(kinds)s") % {"kinds": "; ".join(criterion.used_in)}
        said = [text for text, tied in ((measures, criterion.measures), (used_in, criterion.used_in)) if tied]
        if said:
            lines.append(f"- {criterion.name}: {', '.join(said)}")
    return "\n".join(lines)


def described(version: Version, address: str, translation: Translation | None = None) -> list[dict[str, Any]]:
    """A rubric as ``resultDescription`` of Open Badges 3.0: one for each criterion.

    Args:
        version: any.
        address: the achievement's ``id`` in its own language; criteria and levels have addresses below it, the same
            in every language.
        translation: in whose language; texts that it lacks are the original's.
    """
    return [_described(criterion, f"{address}#{criterion.key}") for criterion in judged(version, translation)]


def _described(criterion: Criterion, address: str) -> dict[str, Any]:
    needed = next((f"{address}/{level.key}" for level in criterion.levels if level.enough), "")
    whole = {
        "id": address,
        "type": ["ResultDescription"],
        "name": criterion.name.words,
        "resultType": "RubricCriterionLevel",
        "requiredLevel": needed,
        "alignment": [row.signed() for row in criterion.aligned],
        "rubricCriterionLevel": [
            _leveled(level, number, address) for number, level in enumerate(criterion.levels, start=1)
        ],
    }
    return {name: value for name, value in whole.items() if value}


def _leveled(level: Level, number: int, address: str) -> dict[str, Any]:
    whole = {
        "id": f"{address}/{level.key}",
        "type": ["RubricCriterionLevel"],
        "name": level.name.words,
        "level": str(number),
        "points": level.points,
        "description": level.description.words,
        "alignment": [row.signed() for row in level.aligned],
    }
    return {name: value for name, value in whole.items() if value}


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
