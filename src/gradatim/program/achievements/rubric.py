"""The rubric of an achievement: criteria, each with levels from the lowest to the highest. Plain data, checked; no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused

MOST_CRITERIA = 20
LEAST_LEVELS, MOST_LEVELS = 2, 8
NAME, DESCRIPTION = 200, 1000  # letters
MOST_POINTS = 10_000


def read(criteria: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Criteria as they are kept, or what is wrong with them.

    Args:
        criteria: each with ``name``, ``needed`` (the name or key of the level that is enough; may be empty) and
            ``levels`` from the lowest to the highest, each with ``name``, ``points`` and ``description``; keys are
            kept where there are some.

    Raises:
        Refused: ``field`` with everything that has to be mended.
    """
    rows, wrong = list(criteria), list[str]()
    if len(rows) > MOST_CRITERIA:
        wrong.append(_("A rubric has at most %(n)s criteria.") % {"n": MOST_CRITERIA})
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows[:MOST_CRITERIA], start=1):
        found.append(_criterion(row, number, [c["key"] for c in found], wrong))
    names = [c["name"].casefold() for c in found]
    wrong += [
        _("“%(name)s” is there twice.") % {"name": c["name"]}
        for n, c in enumerate(found)
        if c["name"] and c["name"].casefold() in names[:n]
    ]
    if wrong:
        raise Refused("field", " ".join(wrong), field="rubric")
    return found


def _criterion(row: Mapping[str, Any], number: int, taken: Sequence[str], wrong: list[str]) -> dict[str, Any]:
    name = str(row.get("name") or "").strip()
    at = _("Criterion %(n)s") % {"n": number}
    if not name or len(name) > NAME:
        wrong.append(_("%(at)s: give it a name of at most %(n)s letters.") % {"at": at, "n": NAME})
    levels: list[dict[str, str]] = []
    for one in row.get("levels") or []:
        levels.append(_level(one, at, [level["key"] for level in levels], wrong))
    if not LEAST_LEVELS <= len(levels) <= MOST_LEVELS:
        wrong.append(
            _("%(at)s: it has %(least)s to %(most)s levels.")
            % {"at": at, "least": LEAST_LEVELS, "most": MOST_LEVELS}
        )
    said = [level["name"].casefold() for level in levels]
    if len(set(said)) < len(said):
        wrong.append(_("%(at)s: two levels have the same name.") % {"at": at})
    wanted = str(row.get("needed") or "").strip()
    needed = next((v["key"] for v in levels if wanted and wanted in {v["key"], v["name"]}), "")
    if wanted and not needed:
        wrong.append(_("%(at)s: the level that is enough is none of its levels.") % {"at": at})
    return {"key": _key(row, name, taken), "name": name, "needed": needed, "levels": levels}


def _level(row: Mapping[str, Any], at: str, taken: Sequence[str], wrong: list[str]) -> dict[str, str]:
    name, points = str(row.get("name") or "").strip(), str(row.get("points") or "").strip()
    description = str(row.get("description") or "").strip()
    if not name or len(name) > NAME:
        wrong.append(_("%(at)s: every level has a name.") % {"at": at})
    if len(description) > DESCRIPTION:
        wrong.append(_("%(at)s: describe a level in at most %(n)s letters.") % {"at": at, "n": DESCRIPTION})
    if points and not _counts(points):
        wrong.append(_("%(at)s: points are a number from 0, such as 2 or 2.5.") % {"at": at})
    return {"key": _key(row, name, taken), "name": name, "points": points, "description": description}


def _counts(points: str) -> bool:
    try:
        number = Decimal(points)
    except InvalidOperation:
        return False
    return number.is_finite() and 0 <= number <= MOST_POINTS


def _key(row: Mapping[str, Any], name: str, taken: Sequence[str]) -> str:
    """What names it in addresses: kept once it is there, so that results keep pointing at it."""
    wanted = str(row.get("key") or "") or slugify(name)[:40].strip("-") or "part"
    return next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)


def in_words(criteria: Iterable[Mapping[str, Any]]) -> str:
    """A rubric as text, a line for each level, for people who compare."""
    lines = []
    for criterion in criteria:
        lines.append(str(criterion["name"]))
        for level in criterion["levels"]:
            points = _(" (%(n)s points)") % {"n": level["points"]} if level["points"] else ""
            enough = _(", enough") if level["key"] == criterion["needed"] else ""
            description = f": {level['description']}" if level["description"] else ""
            lines.append(f"- {level['name']}{points}{enough}{description}")
    return "\n".join(lines)


def described(criteria: Iterable[Mapping[str, Any]], address: str) -> list[dict[str, Any]]:
    """A rubric as ``resultDescription`` of Open Badges 3.0: one for each criterion.

    Args:
        criteria: as `read` gives them.
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


def below(criteria: Iterable[Mapping[str, Any]], reached: Mapping[str, str]) -> list[str]:
    """The criteria in which a level was reached that is lower than the one that is enough."""
    found = []
    for criterion in criteria:
        order = [level["key"] for level in criterion["levels"]]
        level = reached.get(criterion["key"])
        if criterion["needed"] and level and order.index(level) < order.index(criterion["needed"]):
            found.append(str(criterion["name"]))
    return found


def fits(criteria: Iterable[Mapping[str, Any]], reached: Mapping[str, str]) -> bool:
    """Whether the levels that were reached are levels of these criteria."""
    known = {c["key"]: {level["key"] for level in c["levels"]} for c in criteria}
    return all(level in known.get(criterion, ()) for criterion, level in reached.items())


def results(
    criteria: Iterable[Mapping[str, Any]], reached: Mapping[str, str], address: str
) -> list[dict[str, Any]]:
    """The levels that a learner reached, as ``result`` of Open Badges 3.0.

    Args:
        criteria: as `read` gives them.
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
