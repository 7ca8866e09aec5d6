"""The check "parts": endorsements and embedded credentials, each verified on its own.

Spec: Open Badges 3.0, 9.1 step 6; CLR Standard 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gradatim.engine.model import credential as model
from gradatim.engine.model.values import listed
from gradatim.engine.report import Check, Outcome

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


def check(document: Mapping[str, Any], kind: str, setting: Setting) -> Inside:
    """Every part; a bad one is named and never spoils the outside."""
    from gradatim.engine.verify import run  # noqa: PLC0415 - a part is a credential: the checks call each other

    found = list(_parts(document, kind))
    if not found:
        return Inside([], ())
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
    for path, part, owner in found:
        report = run(part, replace(setting, depth=setting.depth + 1, trusted=None, recipient=None))
        reports.append({"path": path, "verdict": report.verdict, "cause": report.cause})
        if report.cause == "resource-limit":
            break  # the next one was made to be as hard
        inner = report.document or {}
        warnings += _mismatch(path, inner, owner, kind)
    doubtful = [r for r in reports if r["verdict"] != "valid"]
    bad = next((r for r in doubtful if r["verdict"] != "undetermined"), next(iter(doubtful), None))
    if bad is None:
        return Inside(
            [Check("parts", Outcome.PASSED, f"All {len(reports)} parts inside are good.", _SPEC), *warnings],
            tuple(reports),
        )
    if bad["verdict"] == "undetermined":
        told = Check(
            "parts",
            Outcome.UNDETERMINED,
            f"The part {bad['path']} could not be checked.",
            _SPEC,
            bad["cause"],
        )
    else:
        told = Check("parts", Outcome.FAILED, f"The part {bad['path']} is not good.", _SPEC, bad["cause"])
    return Inside([told, *warnings], tuple(reports))


def _parts(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """Path, part, and the object it belongs to."""
    subject = document.get("credentialSubject")
    owners = [("", document)]
    if isinstance(subject, Mapping) and isinstance(subject.get("achievement"), Mapping):
        owners.append(("credentialSubject.achievement.", subject["achievement"]))
    if isinstance(document.get("issuer"), Mapping):
        owners.append(("issuer.", document["issuer"]))
    for path, owner in owners:
        for name in ("endorsement", "endorsementJwt"):
            for number, part in enumerate(listed(owner.get(name, []))):
                yield f"{path}{name}[{number}]", part, owner
    if kind == model.RECORD and isinstance(subject, Mapping):
        for number, part in enumerate(listed(subject.get("verifiableCredential", []))):
            yield f"credentialSubject.verifiableCredential[{number}]", part, subject


def _mismatch(path: str, part: Mapping[str, Any], owner: Mapping[str, Any], kind: str) -> list[Check]:
    subject = part.get("credentialSubject")
    about = subject.get("id") if isinstance(subject, Mapping) else None
    if "endorsement" in path and about != owner.get("id"):
        return [
            Check(
                "kind",
                Outcome.UNDETERMINED,
                f"The endorsement at {path} is about something else.",
                _SPEC,
                "endorsement-mismatch",
            )
        ]
    if (
        kind == model.RECORD
        and "verifiableCredential" in path
        and about
        and owner.get("id")
        and about != owner["id"]
    ):
        return [
            Check(
                "recipient",
                Outcome.UNDETERMINED,
                f"The credential at {path} is another person's.",
                "CLR Standard 2.0",
                "holder-mismatch",
            )
        ]
    return []
