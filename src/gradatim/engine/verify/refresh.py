"""A newer version of a credential, asked for once, after its proof held.

Spec: Open Badges 3.0, 9.1 step 3; 1EdTech Credential Refresh 1.0; Open Badges 3.0, 10 (which credentials are the same).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding
from gradatim.engine.errors import Error, FetchError
from gradatim.engine.fetch import check_address
from gradatim.engine.model import credential as model
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.report import Check, Outcome, Report

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

MAX_SERVICES = 3  # that are asked; Open Badges 3.0 knows one
SERVICE = "1EdTechCredentialRefresh"
_ACCEPT = (
    "application/vc+ld+json, application/vc, application/vc+jwt, text/plain;q=0.9, application/json;q=0.9"
)
_SPEC = "Open Badges 3.0, 9.1"


def renewed(document: Mapping[str, Any], checks: Sequence[Check], setting: Setting) -> Report | None:
    """The report of the newer version that its service answers with; ``None`` when the given one is to be judged.

    It stands in for the given one only if its own proof holds, it is the same credential, and its date is later. Nothing is
    asked for one that failed a check, or stands inside another.
    """
    if setting.depth or any(check.outcome is Outcome.FAILED for check in checks):
        return None
    from gradatim.engine.verify import run  # noqa: PLC0415 - the newer one is a credential: the checks call each other

    named = {
        str(entry.get("id")): None
        for entry in listed(document.get("refreshService", []))
        if isinstance(entry, Mapping) and SERVICE in types_of(entry)
    }
    for address in [*named][:MAX_SERVICES]:
        try:
            body = setting.fetcher.get(address, accept=_ACCEPT).body
        except FetchError:
            continue
        report = run(body, replace(setting, depth=1))
        if report.document is None or not _is_newer(report, document):
            continue
        words = "The issuer has a newer version of it; that one was checked."
        told = Check("refresh", Outcome.UNDETERMINED, words, _SPEC, "refreshed")
        return replace(report, checks=(*report.checks, told))
    return None


def check(document: Mapping[str, Any]) -> list[Check]:
    """What to know about the first service that was not asked."""
    for entry in listed(document.get("refreshService", [])):
        try:
            check_address(str(entry.get("id")) if isinstance(entry, Mapping) else "")
        except FetchError as error:
            words = f"A newer version was not asked for. {error.message}"
            return [Check("refresh", Outcome.UNDETERMINED, words, _SPEC, "refresh-blocked")]
    return []


def _is_newer(report: Report, given: Mapping[str, Any]) -> bool:
    """Whether it is the same credential (10), later, and signed as it stands by the same issuer."""
    document = report.document or {}
    if any(c.outcome is not Outcome.PASSED for c in report.deciding if c.name in _GENUINE):
        return False
    if model.identity_of(document) != model.identity_of(given):
        return False
    try:
        dates = [
            encoding.parse_datetime(one.get("validFrom") or one["issuanceDate"]) for one in (document, given)
        ]
    except (Error, KeyError):
        return False
    return dates[0] > dates[1]


_GENUINE = frozenset({"input", "type", "context", "shape", "terms", "proof", "key", "issuer"})
