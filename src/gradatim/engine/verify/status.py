"""The check "status": was it taken back or paused.

Spec: Bitstring Status List v1.0, 3.2; 1EdTech Revocation List 1.0. A list counts only if the credential's own issuer
signed it; an older edition than one seen before is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding, reader, status_list
from gradatim.engine.bake import sniff
from gradatim.engine.errors import Error, FetchError, StatusError
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.report import Check, Outcome
from gradatim.engine.verify import intake, proofs

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

_SPEC = "Bitstring Status List v1.0, 3.2"
_SAID = {
    "revocation": ("revoked", "It was taken back by its issuer."),
    "suspension": ("suspended", "It is paused by its issuer."),
}


class _Open(Exception):  # noqa: N818 - not an error: the question stays open
    """The status could not be decided."""

    def __init__(self, error: Error, code: str | None = None) -> None:
        super().__init__(error.message)
        self.code, self.message, self.spec = code or error.code, error.message, error.spec


def check(document: Mapping[str, Any], setting: Setting, notes: dict[str, Any]) -> list[Check]:
    """Every status entry; the worst of them decides."""
    entries = [entry for entry in listed(document.get("credentialStatus", [])) if isinstance(entry, Mapping)]
    if not entries:
        return [Check("status", Outcome.PASSED, "It names no list on which it could be taken back.", _SPEC)]
    found: list[Check] = []
    for entry in entries:
        found += _entry(entry, document, setting, notes)
    told = [c for c in found if c.name == "status"]
    for outcome in (Outcome.FAILED, Outcome.UNDETERMINED):
        bad = next((c for c in told if c.outcome is outcome), None)
        if bad is not None:
            return [bad]
    if len(entries) > 1 and "AchievementSubject" in types_of(listed(document["credentialSubject"])[0]):
        return [
            Check(
                "status",
                Outcome.FAILED,
                "An Open Badge names at most one status entry.",
                "Open Badges 3.0, 6.1",
                "schema",
            )
        ]
    return [told[0], *(c for c in found if c.name != "status")]


def _entry(
    entry: Mapping[str, Any], document: Mapping[str, Any], setting: Setting, notes: dict[str, Any]
) -> list[Check]:
    try:
        if "1EdTechRevocationList" in types_of(entry):
            return [_named_list(entry, document, setting)]
        if "BitstringStatusListEntry" not in types_of(entry):
            raise _Open(
                StatusError(
                    "status-unsupported",
                    f"A status of the kind {types_of(entry)} cannot be looked up here.",
                    _SPEC,
                )
            )
        return _bit(entry, document, setting, notes)
    except _Open as question:
        return [Check("status", Outcome.UNDETERMINED, question.message, question.spec, question.code)]
    except Error as error:
        return [Check("status", Outcome.FAILED, error.message, error.spec, error.code)]


def _fetched(url: str, setting: Setting) -> bytes:
    try:
        return setting.fetcher.get(
            url, accept="application/vc+ld+json, application/vc, application/vc+jwt, application/json;q=0.9"
        ).body
    except FetchError as error:
        blocked = error.code in {"fetch-blocked", "too-large"}
        raise _Open(error, None if blocked else "status-unavailable") from None


def _named_list(entry: Mapping[str, Any], document: Mapping[str, Any], setting: Setting) -> Check:
    """1EdTechRevocationList: credentials by their id."""
    url = str(entry.get("id"))
    body = _fetched(url, setting)
    try:
        listing = reader.read_object(body)
    except Error as error:
        raise _Open(error, "status-invalid") from None
    for one in listed(listing.get("revokedCredential", [])):
        if (
            isinstance(one, Mapping)
            and one.get("id") == document.get("id")
            and one.get("revoked", True) is True
        ):
            reason = (
                f" The issuer says: {one['revocationReason']}."
                if isinstance(one.get("revocationReason"), str)
                else ""
            )
            return Check(
                "status",
                Outcome.FAILED,
                f"It was taken back by its issuer.{reason}",
                "1EdTech Revocation List 1.0",
                "revoked",
            )
    return Check("status", Outcome.PASSED, "It was not taken back.", "1EdTech Revocation List 1.0")


def _bit(
    entry: Mapping[str, Any], document: Mapping[str, Any], setting: Setting, notes: dict[str, Any]
) -> list[Check]:
    url, purpose = str(entry["statusListCredential"]), str(entry["statusPurpose"])
    listing = _list(url, document, setting)
    subject = status_list.subject_of(listing, url=url, purpose=purpose)
    size = int(entry.get("statusSize", 1))
    value = status_list.get(
        status_list.decode(subject.get("encodedList")), int(entry["statusListIndex"]), size
    )
    notes["status_list_from"] = listing.get("validFrom")
    passed = Check("status", Outcome.PASSED, "It has neither been taken back nor paused.", _SPEC)
    if not value:
        return [passed]
    if purpose in _SAID:
        code, sentence = _SAID[purpose]
        return [Check("status", Outcome.FAILED, sentence, _SPEC, code)]
    if purpose == "message":
        words = _message(entry, value)
        return [
            passed,
            Check(
                "refresh",
                Outcome.UNDETERMINED,
                f"The issuer's message: {words}.",
                _SPEC,
                f"status-message:{words}",
            ),
        ]
    if purpose == "refresh":
        return [
            passed,
            Check(
                "refresh",
                Outcome.UNDETERMINED,
                "The issuer has a newer version of it.",
                _SPEC,
                "refresh-available",
            ),
        ]
    raise _Open(
        StatusError(
            "status-unsupported", f"What a status of the purpose {purpose!r} means is not known here.", _SPEC
        )
    )


def _message(entry: Mapping[str, Any], value: int) -> str:
    for one in listed(entry.get("statusMessage", [])):
        if isinstance(one, Mapping) and one.get("status") == hex(value):
            return str(one.get("message"))
    return hex(value)


def _list(url: str, document: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The newest edition of a list that the credential's own issuer signed; found once in a verification."""
    issuer = proofs.issuer_of(document)
    found = setting.lists.get((url, issuer))
    if found is None:
        try:
            found = _newest(url, issuer, setting)
        except (_Open, Error) as error:
            found = error
        setting.lists[url, issuer] = found
    if isinstance(found, Exception):
        raise found
    return found


def _newest(url: str, issuer: str, setting: Setting) -> Mapping[str, Any]:
    """The edition that answers now, or one seen before if that is newer."""
    body = _fetched(url, setting)
    if sniff(body) != "jwt":
        try:
            reader.read_object(body)
        except Error as error:
            raise _Open(error, "status-invalid") from None
    listing = _verified(body, url, issuer, setting)
    before = _remembered(url, issuer, setting)
    if before is not None and _edition(before) > _edition(listing):
        return before
    setting.memory[url] = body.decode("utf-8-sig")
    return listing


def _remembered(url: str, issuer: str, setting: Setting) -> Mapping[str, Any] | None:
    text = setting.memory.get(url)
    try:
        listing = intake.take(text).document
        _edition(listing)
    except Error:  # nothing there, or nothing that can be read
        return None
    return listing if proofs.issuer_of(listing) == issuer else None


def _edition(listing: Mapping[str, Any]) -> float:
    moment = listing.get("validFrom") or listing.get("issuanceDate")
    return encoding.parse_datetime(moment).timestamp() if moment else 0.0


def _verified(body: bytes, url: str, issuer: str, setting: Setting) -> Mapping[str, Any]:
    """A list whose proof is good and whose issuer is the credential's own."""
    from gradatim.engine.verify import run  # noqa: PLC0415 - a list is a credential: the checks call each other

    report = run(body, replace(setting, status=False, trusted=None, recipient=None, depth=setting.depth + 1))
    listing = report.document or {}
    bad = report.decided_by
    if bad is not None:
        error = StatusError("status-invalid", f"The status list cannot be trusted: {bad.detail}", _SPEC)
        if bad.outcome is Outcome.UNDETERMINED or bad.cause in {"expired", "not-yet-valid"}:
            raise _Open(error)
        raise error
    if proofs.issuer_of(listing) != issuer:
        raise StatusError(
            "status-invalid", f"The status list {url} is by another issuer than the credential.", _SPEC
        )
    return listing
