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
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import continuity, intake
from gradatim.engine.verify.person import is_about, subjects_of

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

MAX_PARTS = 300  # each may be as much work as the outside
MAX_DEPTH = 3
_LEADING = ("credentialSubject", "achievement", "source", "issuer", "creator", "parentOrg")
"""Members that hold achievements and profiles, or what holds these: below no others is there an endorsement."""
_SPEC = "Open Badges 3.0, 9.1"
_RECORDS = "CLR Standard 2.0"


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
    reports, warnings, persons = [], [], _persons(document, kind, setting.presenter)
    inner = replace(
        setting, depth=setting.depth + 1, trusted=None, recipient=None, challenge=None, domain=None
    )
    shown = kind == model.PRESENTATION and setting.presenter is not None
    inner = replace(inner, holder=presentation.holder_of(document) if shown else None)
    changed: list[Check] = []
    for path, part, about in found:
        report = run(part, inner)
        if about is None:
            strange = _foreign(path, report, document, persons)
        else:
            strange = _mismatch(path, report, about)
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
    issuer = issuer_of(document) if "issuer" in document else document.get("iss")
    return {
        "path": path,
        "name": name if isinstance(name := document.get("name"), str) else None,
        "issuer": issuer if isinstance(issuer, str) else None,
        "verdict": report.verdict,
        "outcome": bad.outcome if bad else Outcome.PASSED,
        "cause": (bad and bad.cause) or report.cause,
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
    first = next((warning for warning in warnings if warning.cause), None)
    if importing and first is not None:
        return [Check("parts", Outcome.FAILED, first.detail, first.spec, first.cause), *warnings]
    if bad is not None:
        words = f"{_called(bad)} could not be checked: {bad['detail']}"
        return [Check("parts", Outcome.UNDETERMINED, words, _SPEC, bad["cause"]), *warnings]
    return [Check("parts", Outcome.PASSED, _counted(reports), _SPEC), *warnings]


def _counted(reports: Sequence[Mapping[str, Any]]) -> str:
    """In words that every part is good; where it is open what they are about, only that they are genuine."""
    strange = sum(report["outcome"] != Outcome.PASSED for report in reports)
    all_of_them = "The part inside is" if len(reports) == 1 else f"All {len(reports)} parts inside are"
    if not strange:
        return f"{all_of_them} good."
    some = "it" if len(reports) == 1 else f"{strange} of them"
    return f"{all_of_them} genuine, but {some} may be about something or somebody else."


def _called(report: Mapping[str, Any]) -> str:
    name = report["name"]
    return f"“{name[:200]}” inside" if name else f"The part {report['path']}"


def _parts(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any, frozenset[str] | None]]:
    """Path, part, and the ids that an endorsement may be about; ``None`` for a credential of the person's."""
    owners = list(_owners(document))
    for path, owner in owners:
        if "endorsement" in owner or "endorsementJwt" in owner:
            # An endorsement of the credential may be about what the credential names: its achievement, its profiles.
            about = _ids(owner) if path else _ids(*(named for _, named in owners))
            for name in ("endorsement", "endorsementJwt"):
                for number, part in enumerate(listed(owner.get(name, []))):
                    yield f"{path}{name}[{number}]", part, about
    if kind == model.RECORD:
        shown, path = document["credentialSubject"], "credentialSubject."
    elif kind == model.PRESENTATION:
        shown, path = document, ""
    else:
        return
    for number, part in enumerate(listed(shown.get("verifiableCredential", []))):
        yield f"{path}verifiableCredential[{number}]", part, None


def _persons(document: Mapping[str, Any], kind: str, presenter: str | None) -> list[Mapping[str, Any]]:
    """Whose the credentials of a record or presentation have to be: the holder's; where none is named, who signed it."""
    if kind != model.PRESENTATION:
        return subjects_of(document)
    holder = presentation.holder_of(document) or presenter
    return [] if holder is None else [{"id": str(holder)}]


def _owners(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The credential itself, and all achievements and profiles in it, each with its path; not those of its parts."""
    yield path, node
    for name in _LEADING:
        value = node.get(name)
        if isinstance(value, Mapping):
            yield from _owners(value, f"{path}{name}.")
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, Mapping):
                    yield from _owners(one, f"{path}{name}[{number}].")


def _ids(*nodes: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(node["id"]) for node in nodes if "id" in node)


def _mismatch(path: str, report: Report, about: frozenset[str]) -> Check | None:
    """What is no endorsement, or one of something else."""
    document = report.document or {}
    named = {str(subject.get("id")) for subject in subjects_of(document)}
    if "EndorsementCredential" not in types_of(document):
        words = f"What stands at {path} is no endorsement."
    elif named and named <= about:
        return None
    else:
        words = f"The endorsement at {path} is about something else."
    return Check("references", Outcome.UNDETERMINED, words, _SPEC, "endorsement-mismatch")


def _foreign(
    path: str, report: Report, outside: Mapping[str, Any], persons: Sequence[Mapping[str, Any]]
) -> Check | None:
    """A credential that is somebody else's, or of which nobody can say whose it is; one that is not good is marked anyway."""
    if report.verdict not in {"valid", "undetermined"}:
        return None
    document = report.document or {}
    if "VerifiablePresentation" in types_of(document):
        words = f"What stands at {path} is a presentation, and no credential."
        return Check("references", Outcome.UNDETERMINED, words, _RECORDS, "type")
    answers = [is_about(document, person, issuer_of(outside)) for person in persons]
    if False in answers:
        words = f"The credential at {path} is another person's."
        return Check("recipient", Outcome.UNDETERMINED, words, _RECORDS, "holder-mismatch")
    if report.decided_by is None and (not answers or None in answers):
        words = f"The credential at {path} names nobody who could be compared."
        return Check("recipient", Outcome.UNDETERMINED, words, _RECORDS)
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
                return [Check("references", Outcome.UNDETERMINED, words, _RECORDS, "reference-unknown")]
    return []


def _subject(part: object) -> Mapping[str, Any]:
    """The subject of a part, in whatever form it stands there; nothing if it cannot be read."""
    try:
        subject = intake.take(part, inside=True).document.get("credentialSubject")
    except Error:
        return {}
    return subject if isinstance(subject, Mapping) else {}
