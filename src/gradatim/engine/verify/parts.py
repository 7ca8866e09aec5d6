"""The check "parts": endorsements and embedded credentials, each verified on its own.

Spec: Open Badges 3.0, 9.1 step 6; CLR Standard 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gradatim.engine.errors import Error
from gradatim.engine.model import credential as model
from gradatim.engine.model import presentation
from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.values import listed
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import continuity, intake

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

MAX_PARTS = 300  # each may be as much work as the outside
MAX_DEPTH = 3
_SPEC = "Open Badges 3.0, 9.1"


@dataclass(frozen=True, slots=True)
class Inside:
    """What was found inside."""

    checks: list[Check]
    reports: tuple[dict[str, Any], ...]


NOTHING = Inside([], ())


def inside(document: Mapping[str, Any], kind: str) -> bool:
    """Whether there are parts."""
    return any(True for _ in _parts(document, kind))


def check(document: Mapping[str, Any], kind: str, setting: Setting) -> Inside:
    """Every part; a bad one is named and never spoils the outside."""
    from gradatim.engine.verify import run  # noqa: PLC0415 - a part is a credential: the checks call each other

    found = list(_parts(document, kind))
    if not found:
        return NOTHING
    if setting.depth >= MAX_DEPTH or len(found) > MAX_PARTS:
        return Inside(
            [
                Check(
                    "parts",
                    Outcome.UNDETERMINED,
                    "It holds more parts than are looked at.",
                    _SPEC,
                    "resource-limit",
                )
            ],
            (),
        )
    reports, warnings = [], []
    inner = replace(
        setting, depth=setting.depth + 1, trusted=None, recipient=None, challenge=None, domain=None
    )
    inner = replace(inner, holder=presentation.holder_of(document) if kind == model.PRESENTATION else None)
    changed: list[Check] = []
    for path, part, about in found:
        report = run(part, inner)
        strange = _mismatch(path, report.document or {}, about)
        reports.append(_summary(path, report, strange))
        changed += [check for check in report.checks if check.cause == continuity.CAUSE]
        if report.cause == "resource-limit":
            break  # the next one was made to be as hard
        warnings += [strange] if strange else []
    warnings += _links(document, kind)
    checks = [*told(reports, warnings, importing=setting.importing), *dict.fromkeys(changed)]
    return Inside(checks, tuple(reports))


def _summary(path: str, report: Report, strange: Check | None) -> dict[str, Any]:
    """What is said of a part: where it stands, what it is called, whose it is, and how it was judged."""
    document, bad = report.document or {}, report.decided_by or strange
    return {
        "path": path,
        "name": name if isinstance(name := document.get("name"), str) else None,
        "issuer": issuer_of(document) if "issuer" in document else None,
        "verdict": report.verdict,
        "cause": bad.cause if bad else report.cause,
        "detail": bad.detail if bad else None,
    }


def told(
    reports: list[dict[str, Any]], warnings: Sequence[Check] = (), *, importing: bool = False
) -> list[Check]:
    """The check of the parts, and what to know beside it.

    Args:
        reports: a summary of each.
        warnings: what is about something else, or links to nothing.
        importing: as `Setting.importing`.
    """
    doubtful = [r for r in reports if r["verdict"] != "valid"]
    bad = next((r for r in doubtful if r["verdict"] != "undetermined"), next(iter(doubtful), None))
    if bad is not None and bad["verdict"] != "undetermined":
        words = f"{_called(bad)} is not good: {bad['detail']}"
        return [Check("parts", Outcome.FAILED, words, _SPEC, bad["cause"]), *warnings]
    if importing and warnings:
        first = warnings[0]
        return [Check("parts", Outcome.FAILED, first.detail, first.spec, first.cause), *warnings]
    if bad is not None:
        words = f"{_called(bad)} could not be checked: {bad['detail']}"
        return [Check("parts", Outcome.UNDETERMINED, words, _SPEC, bad["cause"]), *warnings]
    return [Check("parts", Outcome.PASSED, f"All {len(reports)} parts inside are good.", _SPEC), *warnings]


def _called(report: Mapping[str, Any]) -> str:
    name = report["name"]
    return f"“{name[:200]}” inside" if name else f"The part {report['path']}"


def _parts(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any, frozenset[str]]]:
    """Path, part, and the ids that it may be about."""
    subject = _object(document, "credentialSubject")
    achievement = _object(subject, "achievement")
    owners = {
        "": document,
        "credentialSubject.achievement.": achievement,
        "issuer.": _object(document, "issuer"),
        "credentialSubject.source.": _object(subject, "source"),
        "credentialSubject.achievement.creator.": _object(achievement, "creator"),
    }
    for path, owner in owners.items():
        if "endorsement" in owner or "endorsementJwt" in owner:
            # An endorsement of the credential may be about what the credential names: its achievement, its profiles.
            about = _ids(owner) if path else _ids(subject, *owners.values())
            for name in ("endorsement", "endorsementJwt"):
                for number, part in enumerate(listed(owner.get(name, []))):
                    yield f"{path}{name}[{number}]", part, about
    if kind == model.RECORD:
        shown, path, holder = subject, "credentialSubject.", _ids(subject)
    elif kind == model.PRESENTATION:
        shown, path, holder = document, "", frozenset({str(presentation.presenter_of(document))})
    else:
        return
    for number, part in enumerate(listed(shown.get("verifiableCredential", []))):
        yield f"{path}verifiableCredential[{number}]", part, holder - {"None"}


def _object(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that is an object, or an empty one."""
    value = owner.get(name)
    return value if isinstance(value, Mapping) else {}


def _ids(*nodes: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(node["id"]) for node in nodes if "id" in node)


def _mismatch(path: str, part: Mapping[str, Any], about: frozenset[str]) -> Check | None:
    """A part that is about something or somebody else."""
    subject = part.get("credentialSubject")
    named = str(subject["id"]) if isinstance(subject, Mapping) and "id" in subject else None
    if "endorsement" in path and named not in about:
        words = f"The endorsement at {path} is about something else."
        return Check("references", Outcome.UNDETERMINED, words, _SPEC, "endorsement-mismatch")
    if "verifiableCredential" in path and named and about and named not in about:
        words = f"The credential at {path} is another person's."
        return Check("recipient", Outcome.UNDETERMINED, words, "CLR Standard 2.0", "holder-mismatch")
    return None


def _links(document: Mapping[str, Any], kind: str) -> list[Check]:
    """Associations of a record: both ends are achievements that it holds."""
    if kind != model.RECORD:
        return []
    subject = document["credentialSubject"]
    held = {
        str(achievement["id"])
        for node in (subject, *(_subject(part) for part in listed(subject["verifiableCredential"])))
        for achievement in listed(node.get("achievement", []))
        if isinstance(achievement, Mapping) and "id" in achievement
    }
    for entry in listed(subject.get("association", [])):
        for name in ("sourceId", "targetId"):
            if entry.get(name) not in held:
                words = f"The record links to {str(entry.get(name))[:200]}, which is no achievement in it."
                return [
                    Check("references", Outcome.UNDETERMINED, words, "CLR Standard 2.0", "reference-unknown")
                ]
    return []


def _subject(part: object) -> Mapping[str, Any]:
    """The subject of a part, in whatever form it stands there; nothing if it cannot be read."""
    try:
        subject = intake.take(part, inside=True).document.get("credentialSubject")
    except Error:
        return {}
    return subject if isinstance(subject, Mapping) else {}
