"""What a verifiable credential has to look like, whatever it is about.

Spec: VC Data Model 2.0, 4 and Open Badges 3.0, 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from gradatim.engine import encoding
from gradatim.engine.errors import ContextError, InputError, ShapeError
from gradatim.engine.model import presentation
from gradatim.engine.model.achievement import CLASSES
from gradatim.engine.model.values import (
    URI,
    Class,
    Field,
    Report,
    check_class,
    is_text,
    is_uri,
    listed,
    shape_error,
    types_of,
)

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json\Z")
CLR_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.\d\.\d)*\.json\Z")
SCHEMAS = re.compile(
    r"https://purl\.imsglobal\.org/spec/(ob/v3p0|clr/v2p0)/schema/json(-ld)?/[a-z0-9_]+_schema\.json\Z"
)

ACHIEVEMENT, ENDORSEMENT, RECORD, STATUS_LIST, PRESENTATION, OTHER = (
    "achievement",
    "endorsement",
    "record",
    "status-list",
    "presentation",
    "other",
)
STATUS_LISTS = frozenset({"BitstringStatusListCredential", "StatusList2021Credential"})
SUBJECTS = {ACHIEVEMENT: "AchievementSubject", ENDORSEMENT: "EndorsementSubject", RECORD: "ClrSubject"}
ENVELOPE = Class(
    "VerifiableCredential",
    {
        "image": Field("Image"),
        "evidence": Field("Evidence", many=True),
        "endorsement": Field("endorsement", many=True),
        "endorsementJwt": Field("token", many=True),
        "partial": Field("boolean"),
    },
)
_ROOTS = {
    kind: Class(
        "VerifiableCredential",
        {
            **ENVELOPE.fields,
            "id": Field("uri", required=True),
            "issuer": Field("Profile", required=True),
            "credentialSubject": Field(subject, required=True),
        },
    )
    for kind, subject in SUBJECTS.items()
}
MAX_INDEX_DIGITS = 12  # of a place in a status list
MAX_STATUS_SIZE = 8  # bits of one entry in a status list; a byte is plenty
_DIGITS = re.compile(rf"(0|[1-9][0-9]{{0,{MAX_INDEX_DIGITS - 1}}})\Z")


def kind_of(document: Mapping[str, Any]) -> str:
    """Which of the six kinds a document is, by its types.

    Raises:
        ShapeError: ``type``, when it is no verifiable credential and no presentation of some.
    """
    types = types_of(document)
    if "VerifiablePresentation" in types and "VerifiableCredential" not in types:
        return PRESENTATION
    if "VerifiableCredential" not in types:
        raise ShapeError(
            "type",
            "This is not a verifiable credential: its type does not include VerifiableCredential.",
            "VC Data Model 2.0, 4.5",
        )
    if {"AchievementCredential", "OpenBadgeCredential"} & set(types):
        return ACHIEVEMENT
    if "EndorsementCredential" in types:
        return ENDORSEMENT
    if "ClrCredential" in types:
        return RECORD
    return STATUS_LIST if STATUS_LISTS & set(types) else OTHER


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's identifier."""
    issuer = document.get("issuer")
    return str(issuer.get("id") if type(issuer) is dict or isinstance(issuer, Mapping) else issuer)


def identity_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """The issuer's id and the credential's own: two credentials with the same pair are one (Open Badges 3.0, 10).

    The one with the later ``validFrom`` stands for both.
    """
    issuer = document.get("issuer")
    names = issuer.get("id") if isinstance(issuer, Mapping) else issuer, document.get("id")
    first, second = (unquote(str(name)).strip() for name in names)
    return first, second


def check_context(document: Mapping[str, Any], kind: str) -> None:
    """The contexts that have to come first, in their order.

    Raises:
        ContextError: ``context``.
    """
    value = document.get("@context")
    entries = listed(value) if value is not None else []
    if not entries:
        raise ContextError(
            "context",
            "The document has no @context, so its words have no defined meaning.",
            "VC Data Model 2.0, 4.3",
        )
    first = entries[0]
    if first not in (V1, V2):
        raise ContextError("context", f"The first @context has to be {V2}.", "VC Data Model 2.0, 4.3")
    if {V1, V2} <= {e for e in entries if isinstance(e, str)}:
        raise ContextError(
            "context", "The document names data models 1.1 and 2.0 at once.", "VC Data Model 2.0, 4.3"
        )
    wanted = {ACHIEVEMENT: OB_CONTEXT, ENDORSEMENT: OB_CONTEXT, RECORD: CLR_CONTEXT}.get(kind)
    if wanted and not (len(entries) > 1 and isinstance(entries[1], str) and wanted.match(entries[1])):
        raise ContextError(
            "context",
            "The second @context has to be that of Open Badges 3.0 (or CLR 2.0 for a record).",
            "Open Badges 3.0, 6.1",
        )


def findings(document: Mapping[str, Any], kind: str | None = None) -> list[ShapeError]:
    """Every breach of the data model once, in the order of the document's tables; empty when there is none.

    Args:
        document: a credential; its contexts are `check_context`'s business.
        kind: from `kind_of`, if it is known already.
    """
    kind = kind or kind_of(document)
    found: dict[tuple[str, str], ShapeError] = {}  # a long list may break one rule in each entry

    def report(path: str, sentence: str) -> None:
        found.setdefault((path, sentence), shape_error(path, sentence))

    if kind == PRESENTATION:
        presentation.check(document, report)
        return list(found.values())
    _envelope(document, report, legacy=is_legacy(document), badge=kind in SUBJECTS)
    subject = document.get("credentialSubject")
    if kind in SUBJECTS:
        if isinstance(subject, list):
            report("credentialSubject", "has to be one object")
        elif isinstance(subject, Mapping):
            check_class(subject, CLASSES[SUBJECTS[kind]], CLASSES, "credentialSubject", report)
        check_class(document, ENVELOPE, CLASSES, "", report)
        if kind in {ENDORSEMENT, RECORD} and "name" not in document:
            report("name", "is missing")
    return list(found.values())


def check(document: Mapping[str, Any], kind: str | None = None) -> None:
    """Hold a credential against the data model.

    Raises:
        ShapeError: ``schema``, the first breach with its place.
    """
    for error in findings(document, kind):
        raise error


def is_legacy(document: Mapping[str, Any]) -> bool:
    """Whether it is written in the data model 1.1."""
    return listed(document.get("@context"))[:1] == [V1]


def root(kind: str) -> Class:
    """The fields of a whole credential of a kind of `SUBJECTS` as a class; what `OUTSIDE` looks at is not in it."""
    return _ROOTS[kind]


def _envelope(document: Mapping[str, Any], report: Report, *, legacy: bool, badge: bool) -> None:
    if (badge and "id" not in document) or ("id" in document and not is_uri(document["id"])):
        report("id", "has to be one absolute address (URI)")
    _issuer(document.get("issuer"), report, badge=badge)
    subjects = document.get("credentialSubject")
    if not subjects or any(not isinstance(s, Mapping) or not s for s in listed(subjects)):
        report("credentialSubject", "has to say something about somebody")
    for name in ("name", "description"):
        if name in document and not is_text(document[name]):
            report(name, "has to be a text, or texts with their language")
    if any(not isinstance(name, str) for name in listed(document.get("type", []))):
        report("type", "has to hold names only")
    for check_outside, _, _ in OUTSIDE:
        check_outside(document, report, legacy=legacy, badge=badge)


def _services(document: Mapping[str, Any], report: Report, **_: bool) -> None:
    """What may be of any kind has to say of which it is, and where what it needs is found."""
    for name in _SERVICES:
        for entry in listed(document[name]) if name in document else ():
            if not isinstance(entry, Mapping) or not types_of(entry):
                report(name, "has to be an object with a type")
            elif (name == "credentialSchema" or "id" in entry) and not URI.match(str(entry.get("id"))):
                report(f"{name}.id", "has to be an absolute address (URI)")


def _proofs(document: Mapping[str, Any], report: Report, **_: bool) -> None:
    for entry in listed(document.get("proof", [])):
        if isinstance(entry, Mapping) and not types_of(entry):
            report("proof", "has to have a type")


_SERVICES = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence")


_MOMENTS = ("validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate")  # of both data models


def _times(document: Mapping[str, Any], report: Report, *, legacy: bool, badge: bool) -> None:
    start, end = ("issuanceDate", "expirationDate") if legacy else ("validFrom", "validUntil")
    if (badge or legacy) and start not in document:
        report(start, "is missing")
    found = {}
    for name in _MOMENTS:
        if name in document:
            try:
                found[name] = encoding.parse_datetime(document[name])
            except InputError:
                report(name, "has to be a date and time with a time zone")
    if start in found and end in found and found[end] < found[start]:
        report(end, f"lies before {start}")


def _issuer(issuer: Any, report: Report, *, badge: bool) -> None:  # noqa: ANN401 - JSON
    if isinstance(issuer, Mapping):
        if badge:
            check_class(issuer, CLASSES["Profile"], CLASSES, "issuer", report)
        elif not is_uri(issuer.get("id")):
            report("issuer.id", "has to be an absolute address (URI)")
    elif not is_uri(issuer):
        report("issuer", "has to be one identifier, or an object with one")


def is_index(value: object) -> bool:
    """A place in a status list, as it is written."""
    return isinstance(value, str) and _DIGITS.match(value) is not None


def _status(document: Mapping[str, Any], report: Report, **_: bool) -> None:
    for entry in listed(document.get("credentialStatus", [])):
        if not isinstance(entry, Mapping) or not {"BitstringStatusListEntry", "StatusList2021Entry"} & set(
            types_of(entry)
        ):
            continue
        path = "credentialStatus"
        if not is_index(entry.get("statusListIndex")):
            report(f"{path}.statusListIndex", "has to be a whole number from 0, written as a text")
        if not isinstance(entry.get("statusPurpose"), str):
            report(f"{path}.statusPurpose", "is missing")
        if not isinstance(entry.get("statusListCredential"), str):
            report(f"{path}.statusListCredential", "is missing")
        size = entry.get("statusSize", 1)
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAX_STATUS_SIZE:
            report(f"{path}.statusSize", f"has to be a whole number from 1 to {MAX_STATUS_SIZE}")
        elif size > 1 and len(listed(entry.get("statusMessage", []))) != 2**size:
            report(f"{path}.statusMessage", f"needs one entry for each of the {2**size} values")


def _related(document: Mapping[str, Any], report: Report, **_: bool) -> None:
    seen: set[str] = set()
    for entry in listed(document.get("relatedResource", [])):
        if not isinstance(entry, Mapping) or not is_uri(entry.get("id")):
            report("relatedResource.id", "has to be an absolute address (URI)")
            continue
        if entry["id"] in seen:
            report("relatedResource.id", "stands twice")
        seen.add(entry["id"])
        if not {"digestSRI", "digestMultibase"} & set(entry):
            report("relatedResource", "needs a digest")


Outside = Callable[..., None]
Texts = Mapping[str, Callable[[Any], bool]]

OUTSIDE: tuple[tuple[Outside, tuple[str, ...], Texts | None], ...] = (
    (_times, _MOMENTS, None),
    (_services, _SERVICES, {"id": is_uri}),
    (_proofs, ("proof",), {}),
    (_status, ("credentialStatus",), {"statusListIndex": is_index}),
    (_related, ("relatedResource",), None),
)
"""Rules of a credential as a whole, each with the members that it looks at; and, if it looks at each text below them by
itself, what these have to be by their names (others may be any text)."""
