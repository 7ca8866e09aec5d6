"""The check "status": was it taken back or paused.

Spec: Bitstring Status List v1.0, 3.2; Status List 2021 (its forerunner); 1EdTech Revocation List 1.0. A list counts only
if the credential's own issuer signed it; an older edition than one seen before is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradatim.engine import status_list
from gradatim.engine.errors import Error, StatusError
from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.report import Check, Outcome
from gradatim.engine.verify import lists

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

MAX_ENTRIES = 20  # of one credential; each may name a list of its own
_SPEC = "Bitstring Status List v1.0, 3.2"
_NAMED = "1EdTech Revocation List 1.0"
_GOOD = Check("status", Outcome.PASSED, "It has neither been taken back nor paused.", _SPEC)
_SAID = {
    "revocation": ("revoked", "It was taken back by its issuer."),
    "suspension": ("suspended", "It is paused by its issuer."),
}


def check(document: Mapping[str, Any], setting: Setting, notes: dict[str, Any]) -> list[Check]:
    """Every status entry; the worst of them decides."""
    entries = [entry for entry in listed(document.get("credentialStatus", [])) if isinstance(entry, Mapping)]
    if not entries:
        return [Check("status", Outcome.PASSED, "It names no list on which it could be taken back.", _SPEC)]
    if len(entries) > MAX_ENTRIES:
        words = f"It names {len(entries):,} status entries; at most {MAX_ENTRIES} are looked up."
        return [Check("status", Outcome.FAILED, words, _SPEC, "resource-limit", refuses=True)]
    found = [one for entry in entries for one in _entry(entry, document, setting, notes)]
    if found == [_GOOD]:
        return found
    told = [c for c in found if c.name == "status"]
    for outcome in (Outcome.FAILED, Outcome.UNDETERMINED):
        bad = next((c for c in told if c.outcome is outcome), None)
        if bad is not None:
            return [bad]
    subjects = [s for s in listed(document.get("credentialSubject")) if isinstance(s, Mapping)]
    if len(entries) > 1 and any("AchievementSubject" in types_of(subject) for subject in subjects):
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
    kinds = types_of(entry)
    found = []
    try:
        if "1EdTechRevocationList" in kinds:
            found.append(_named_list(entry, document, setting))
        if not status_list.ENTRIES.isdisjoint(kinds):  # of both kinds it is on two lists
            found += _bit(entry, document, setting, notes)
        if not found:
            raise lists.Open(
                StatusError(
                    "status-unsupported",
                    f"A status of the kind {kinds} cannot be looked up here.",
                    _SPEC,
                )
            )
    except lists.Open as question:
        found.append(Check("status", Outcome.UNDETERMINED, question.message, question.spec, question.code))
    except Error as error:
        found.append(Check("status", Outcome.FAILED, error.message, error.spec, error.code))
    return found


def _named_list(entry: Mapping[str, Any], document: Mapping[str, Any], setting: Setting) -> Check:
    """1EdTechRevocationList: credentials by their id."""
    name = document.get("id")
    if not isinstance(name, str):
        words = "The credential has no id, so no list can say whether it was taken back."
        raise lists.Open(StatusError("status-invalid", words, _NAMED))
    url = str(entry.get("id"))
    listing = lists.names(url, setting)
    whose = listing.get("issuer", issuer_of(document))
    if (whose.get("id") if isinstance(whose, Mapping) else whose) != issuer_of(document):
        raise StatusError(
            "status-invalid",
            f"The revocation list {url} is by another issuer than the credential.",
            _NAMED,
        )
    found = lists.taken_back(listing, [name], url)
    if found is None:
        return Check("status", Outcome.PASSED, "It was not taken back.", _NAMED)
    reason = found.get("revocationReason")
    said = f" The issuer says: {reason}." if isinstance(reason, str) else ""
    return Check("status", Outcome.FAILED, f"It was taken back by its issuer.{said}", _NAMED, "revoked")


def _bit(
    entry: Mapping[str, Any], document: Mapping[str, Any], setting: Setting, notes: dict[str, Any]
) -> list[Check]:
    purpose = str(entry["statusPurpose"])
    bits, moment = _bits(str(entry["statusListCredential"]), purpose, document, setting)
    value = status_list.get(bits, int(entry["statusListIndex"]), int(entry.get("statusSize", 1)))
    notes["status_list_from"] = moment
    if not value:
        return [_GOOD]
    if purpose in _SAID:
        code, sentence = _SAID[purpose]
        return [Check("status", Outcome.FAILED, sentence, _SPEC, code)]
    if purpose == "message":
        words = _message(entry, value)
        return [
            _GOOD,
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
            _GOOD,
            Check(
                "refresh",
                Outcome.UNDETERMINED,
                "The issuer has a newer version of it.",
                _SPEC,
                "refresh-available",
            ),
        ]
    raise lists.Open(
        StatusError(
            "status-unsupported", f"What a status of the purpose {purpose!r} means is not known here.", _SPEC
        )
    )


def _bits(url: str, purpose: str, document: Mapping[str, Any], setting: Setting) -> tuple[bytes, Any]:
    """What stands in a list that is for a purpose, and since when; unfolded once, however many purposes it has."""
    listing, issuer = lists.listing(url, document, setting), issuer_of(document)
    known = setting.bits.get(key := (url, issuer, f"for {purpose}"))
    if known is None:
        subject = status_list.subject_of(listing, url=url, purpose=purpose)
        known = setting.bits.get(whole := (url, issuer, ""))
        if known is None:
            try:
                bits = status_list.decode(subject.get("encodedList"), old=status_list.is_old(listing))
            except Error as error:
                lists.no_list(url, issuer, error, setting)
                raise
            known = setting.bits[whole] = bits, listing.get("validFrom") or listing.get("issuanceDate")
        setting.bits[key] = known
    return known


def _message(entry: Mapping[str, Any], value: int) -> str:
    for one in listed(entry.get("statusMessage", [])):
        if isinstance(one, Mapping) and one.get("status") == hex(value):
            return str(one.get("message"))
    return hex(value)
