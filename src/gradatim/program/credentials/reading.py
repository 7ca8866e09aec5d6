"""What a checked document says, in the few facts that a reader looks for first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gradatim.engine.encoding import parse_datetime
from gradatim.engine.errors import Error


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a document; every field may be missing, because anybody's document can be checked.

    Attributes:
        title: of the credential or of what was achieved.
        learner: the name it gives its subject.
        issuer: the name it gives its issuer.
        issuer_id: who signed, as an identifier; names can be made up, this cannot.
        since: start of its validity.
        until: end of its validity.
        results: what was looked at, and the level of the rubric or the value that was reached.
    """

    title: str = ""
    learner: str = ""
    issuer: str = ""
    issuer_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    results: tuple[tuple[str, str], ...] = ()


def said_by(document: Mapping[str, Any] | None) -> Said:
    """The facts of a document as the engine read it.

    Args:
        document: of a report; ``None`` when nothing could be taken in.
    """
    if document is None:
        return Said()
    subject, issuer = _first(document.get("credentialSubject")), document.get("issuer")
    profile = _object(issuer)
    return Said(
        title=_text(document.get("name")) or _text(_object(subject.get("achievement")).get("name")),
        learner=_text(subject.get("name")) or _identified(subject),
        issuer=_text(profile.get("name")),
        issuer_id=_text(profile.get("id")) or _text(issuer),
        since=_moment(document.get("validFrom") or document.get("issuanceDate")),
        until=_moment(document.get("validUntil") or document.get("expirationDate")),
        results=tuple(_results(subject)),
    )


def _results(subject: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The results that have a name (Open Badges 3.0, Result)."""
    descriptions = _listed(_object(subject.get("achievement")).get("resultDescription"))
    described = {_text(one.get("id")): one for one in descriptions}
    for result in _listed(subject.get("result")):
        about = described.get(_text(result.get("resultDescription")), {})
        reached = _text(result.get("achievedLevel"))
        levels = (
            _text(level.get("name"))
            for level in _listed(about.get("rubricCriterionLevel"))
            if reached and level.get("id") == reached
        )
        name, value = _text(about.get("name")), next(levels, "") or _text(result.get("value"))
        if name and value:
            yield name, value


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]


def _identified(subject: Mapping[str, Any]) -> str:
    """The name among the subject's identifiers, where it is written openly."""
    given = subject.get("identifier")
    for one in given if isinstance(given, list) else [given]:
        identifier = _object(one)
        if identifier.get("identityType") == "name" and identifier.get("hashed") is False:
            return _text(identifier.get("identityHash"))
    return ""


def _first(value: object) -> Mapping[str, Any]:
    return _object(value[0] if isinstance(value, list) and value else value)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    try:
        return parse_datetime(_text(value))
    except (Error, ValueError):
        return None
