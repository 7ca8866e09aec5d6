"""What members have to be to each other in a credential that is about to be signed; a reader does not refuse it for these.

Spec: Open Badges 3.0, B (AchievementSubject, Result, ResultDescription); CLR Standard 2.0, Association.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.model import credential as model
from gradatim.engine.model.achievement import number_of, within
from gradatim.engine.model.alike import Held, Path, Shape
from gradatim.engine.model.values import Report, listed

_DATES = ("activityStartDate", "activityEndDate")
_WHERE = "credentialSubject.achievement.resultDescription"


def check(subject: Mapping[str, Any], kind: str, report: Report) -> None:
    """Report every breach.

    Args:
        subject: of a credential that `credential.findings` has nothing against.
        kind: from `credential.kind_of`.
        report: called with each.
    """
    if kind == model.ENDORSEMENT:
        return
    for achievement in listed(subject.get("achievement", [])):
        if "resultDescription" in achievement:
            _descriptions(listed(achievement["resultDescription"]), report)
    if kind == model.RECORD:
        _associations(subject, report)
        return
    if "activityStartDate" in subject and "activityEndDate" in subject:
        start, end = (encoding.parse_datetime(subject[name]) for name in _DATES)
        if end < start:
            report("credentialSubject.activityEndDate", "lies before activityStartDate; correct one of them")
    if "result" in subject:
        _results(subject, report)


def held(kind: str, shape: Shape) -> Held | None:
    """The same as a rule for documents of one shape; ``None`` if no text differs that it is about."""
    places = tuple(place for place, path in enumerate(shape.paths) if _is_about(path))

    def kept(document: Mapping[str, Any]) -> bool:
        broken: list[str] = []
        check(document["credentialSubject"], kind, lambda path, _sentence: broken.append(path))
        return not broken

    return Held(places, kept) if places else None


def _is_about(path: Path) -> bool:
    return path[0] == "credentialSubject" and not {*_DATES, "result", "resultDescription"}.isdisjoint(path)


def _descriptions(descriptions: list[Mapping[str, Any]], report: Report) -> None:
    """What a result may be is possible, and each description is told from the others."""
    seen: set[str] = set()
    for one in descriptions:
        if one["id"] in seen:
            report(
                f"{_WHERE}.id",
                f"{one['id'][:200]} stands twice; give each its own, for results name them by it",
            )
        seen.add(one["id"])
        least, most = _number(one.get("valueMin")), _number(one.get("valueMax"))
        if least is not None and most is not None and least > most:
            report(f"{_WHERE}.valueMin", "is more than valueMax; correct one of them")
        required, allowed = one.get("requiredValue"), listed(one.get("allowedValue", []))
        if required is not None and (
            (allowed and required not in allowed) or not within(one, required, _number)
        ):
            report(
                f"{_WHERE}.requiredValue",
                "is none of the values that a result may have; correct it, or allowedValue, valueMin and valueMax",
            )


def _results(subject: Mapping[str, Any], report: Report) -> None:
    described = {one["id"]: one for one in listed(subject["achievement"].get("resultDescription", []))}
    for result in listed(subject["result"]):
        description = described.get(result.get("resultDescription"), {})
        if not within(description, result.get("value"), _number):
            report(
                "credentialSubject.result.value",
                "lies outside valueMin and valueMax of its description; correct it, or these",
            )


def _number(text: object) -> float | None:
    """The number that a text is, with a percent sign or without."""
    return number_of(text.removesuffix("%").rstrip()) if isinstance(text, str) else None


def _associations(subject: Mapping[str, Any], report: Report) -> None:
    """Associations of a record lead from one of its achievements to another (CLR Standard 2.0)."""
    holders = [
        subject,
        *(
            part.get("credentialSubject")
            for part in listed(subject["verifiableCredential"])
            if isinstance(part, Mapping)
        ),
    ]
    named = [
        achievement["id"]
        for holder in holders
        if isinstance(holder, Mapping)
        for achievement in listed(holder.get("achievement", []))
        if isinstance(achievement, Mapping) and "id" in achievement
    ]
    held = {name for name in named if isinstance(name, str)}
    if not all(isinstance(name, str) for name in named):
        report(
            "credentialSubject.verifiableCredential",
            "holds an achievement whose id is no address (URI); its issuer has to issue that credential anew",
        )
    for entry in listed(subject.get("association", [])):
        for name in ("sourceId", "targetId"):
            if entry.get(name) not in held:
                report(
                    f"credentialSubject.association.{name}",
                    f"names {str(entry.get(name))[:200]}, which is no achievement of this record; list it in achievement",
                )
