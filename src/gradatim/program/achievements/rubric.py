"""The rubric of an achievement: criteria, each with levels from the lowest to the highest. Plain data, checked; no rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused

MOST_CRITERIA = 20
LEAST_LEVELS, MOST_LEVELS = 2, 8
NAME, DESCRIPTION = 200, 1000  # letters
MOST_POINTS = 10_000
KEY = re.compile("[A-Za-z0-9_-]{1,60}")
ALIKE = 0.6  # share of letters from which an outcome counts as reworded, not as another one


def read(
    criteria: Iterable[Mapping[str, Any]], *, outcomes: Sequence[str] = (), kinds: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Criteria as they are kept, or what is wrong with them.

    Args:
        criteria: each with ``name``, ``needed`` (the name or key of the level that is enough; may be empty) and
            ``levels`` from the lowest to the highest, each with ``name``, ``points`` and ``description``; keys are
            kept where there are some. If it is said, ``measures`` (texts of outcomes) and ``used_in`` (kinds of
            assessment; none: in all of them).
        outcomes: the texts of the achievement's outcomes, in order.
        kinds: its kinds of assessment.

    Raises:
        Refused: ``field`` with everything that has to be mended.
    """
    rows, wrong = list(criteria), list[str]()
    if len(rows) > MOST_CRITERIA:
        wrong.append(_("A rubric has at most %(n)s criteria.") % {"n": MOST_CRITERIA})
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows[:MOST_CRITERIA], start=1):
        criterion = _criterion(row, number, [c["key"] for c in found], wrong)
        for name, there in (("measures", outcomes), ("used_in", kinds)):
            if tied := _tied(row.get(name) or (), there, number, wrong):
                criterion[name] = tied
        found.append(criterion)
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


def _tied(wanted: Iterable[str], there: Sequence[str], number: int, wrong: list[str]) -> list[str]:
    """What a criterion is tied to, in the order in which it stands there."""
    asked = set(wanted)
    wrong += [
        _("Criterion %(n)s: “%(text)s” is not there any more; choose again.") % {"n": number, "text": text}
        for text in sorted(asked - set(there))
    ]
    return [text for text in dict.fromkeys(there) if text in asked]


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
    wanted = str(row.get("key") or "")
    if not KEY.fullmatch(wanted):
        wanted = slugify(name)[:40].strip("-") or "part"
    return next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)


def parts(criteria: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What a rubric consists of: key of each criterion, and ``criterion/level`` of each level → its name."""
    found = {}
    for criterion in criteria:
        found[criterion["key"]] = str(criterion["name"])
        for level in criterion["levels"]:
            found[f"{criterion['key']}/{level['key']}"] = f"{criterion['name']}: {level['name']}"
    return found


def texts(criteria: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The texts of a rubric that can be translated: part, see `parts`, and ``"name"`` or ``"description"`` → original."""
    found = {}
    for criterion in criteria:
        found[criterion["key"], "name"] = str(criterion["name"])
        for level in criterion["levels"]:
            for kind in ("name", "description"):
                if level[kind]:
                    found[f"{criterion['key']}/{level['key']}", kind] = str(level[kind])
    return found


def read_texts(
    criteria: Iterable[Mapping[str, Any]], texts: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """The texts of a rubric in one more language as they are kept, or what is wrong with them.

    Args:
        criteria: as `read` gives them.
        texts: key of a part, see `parts` → its ``name``, of a level its ``description`` too; empty ones are left out.

    Raises:
        Refused: ``field`` with everything that has to be mended.
    """
    there, found, wrong = parts(criteria), dict[str, dict[str, str]](), list[str]()
    for part, said in texts.items():
        if part not in there:
            wrong.append(_("The rubric has changed meanwhile: “%(part)s” is gone.") % {"part": part})
        kept = {name: said.get(name, "").strip() for name in ("name", "description")}
        for text, longest in ((kept["name"], NAME), (kept["description"], DESCRIPTION)):
            if len(text) > longest:
                wrong.append(
                    _("%(part)s: write at most %(n)s letters.")
                    % {"part": there.get(part, part), "n": longest}
                )
        if kept := {name: text for name, text in kept.items() if text}:
            found[part] = kept
    if wrong:
        raise Refused("field", " ".join(wrong), field="rubric")
    return found


def heirs(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """What became of outcomes: the text of each → its text now, reworded perhaps; those that are gone are left out.

    Args:
        before: their texts.
        after: the texts in their place, in any order.
    """
    found = {text: text for text in before if text in after}
    gone = [text for text in dict.fromkeys(before) if text not in found]
    fresh = [text for text in dict.fromkeys(after) if text not in found]
    alike = [(share, old, new) for old in gone for new in fresh if (share := _alike(old, new)) >= ALIKE]
    for _share, old, new in sorted(alike, reverse=True):
        if old not in found and new in fresh:
            found[old] = new
            fresh.remove(new)
    return found


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.casefold(), other.casefold())
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def followed(
    criteria: Iterable[Mapping[str, Any]],
    became: Mapping[str, str],
    *,
    outcomes: Sequence[str],
    kinds: Collection[str],
) -> list[dict[str, Any]]:
    """The criteria with ties that follow changed outcomes and kinds of assessment; what is gone ties nothing.

    Args:
        criteria: as `read` gives them.
        became: as `heirs` gives it.
        outcomes: as they are now, in order.
        kinds: of assessment, as they are now.
    """
    found = []
    for criterion in criteria:
        now = {k: v for k, v in criterion.items() if k not in {"measures", "used_in"}}
        measured = {became.get(text) for text in criterion.get("measures", ())}
        if measures := [text for text in dict.fromkeys(outcomes) if text in measured]:
            now["measures"] = measures
        if used_in := [kind for kind in criterion.get("used_in", ()) if kind in kinds]:
            now["used_in"] = used_in
        found.append(now)
    return found


def loosened(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """The ties that a change cut: name of the criterion, ``"measures"`` or ``"used_in"``, what is gone."""
    now = {criterion["key"]: criterion for criterion in after}
    return [
        (str(criterion["name"]), part, gone)
        for criterion in before
        if criterion["key"] in now
        for part in ("measures", "used_in")
        for gone in _gone(criterion.get(part, ()), now[criterion["key"]].get(part, ()))
    ]


def _gone(before: Sequence[str], after: Sequence[str]) -> list[str]:
    became = heirs(before, after)
    return [text for text in before if text not in became]


def unmeasured(criteria: Iterable[Mapping[str, Any]], outcomes: Iterable[str]) -> list[str]:
    """The outcomes that no criterion measures."""
    measured = {text for criterion in criteria for text in criterion.get("measures", ())}
    return [text for text in outcomes if text not in measured]


def unjudged(criteria: Iterable[Mapping[str, Any]], kinds: Iterable[str]) -> list[str]:
    """The kinds of assessment that no criterion is used in; one that names none is used in all."""
    named = [criterion.get("used_in") for criterion in criteria]
    return [kind for kind in kinds if not any(not used or kind in used for used in named)]


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
