"""Writes of credentials: what someone outside signed about an achievement is checked and handed down.

Spec: Open Badges 3.0, 6.1.2 EndorsementCredential and 9.1 (the subject is what is endorsed).
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gradatim.engine import encoding
from gradatim.engine.bake import sniff
from gradatim.engine.fetch import Fetcher
from gradatim.engine.model.values import types_of
from gradatim.engine.report import Report
from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements import document as definitions
from gradatim.program.achievements.models import Endorsement, Version
from gradatim.program.credentials import verification
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person


def receive_endorsement(
    *, version: Version, content: bytes, actor: Person, network: Fetcher | None = None
) -> Endorsement:
    """Check an endorsement in full and attach it to the version that it is about.

    Args:
        version: any that is not retired; a draft too, for rules may ask for endorsements before approval.
        content: the EndorsementCredential as its signer sent it: JSON or a signed token.
        actor: who received it.
        network: where keys and status lists are asked for; the internet if left out.

    Returns:
        The endorsement; the one that is there already, if it was received before.

    Raises:
        Refused: with the cause word of the check that failed; ``not-an-endorsement``; ``endorsement-mismatch`` when it
            is about something else; ``self-issued`` when the program itself signed it; ``transition``.
    """
    if sniff(content) not in {"json", "jwt"}:
        raise Refused(
            "not-an-endorsement",
            _("Send the endorsement as it was signed: a JSON file or the text of a token, no picture."),
            field="file",
        )
    report = verification.check(content, network=network)
    said = _good(report, version)
    until = said.get("validUntil") or said.get("expirationDate")  # data model 2.0, 1.1
    return achievements.attach_endorsement(
        version=version,
        identifier=_line(said["id"])[:200],
        endorser=_endorser(said)[:200],
        endorser_url=_address(said),
        claim=_text(said["credentialSubject"].get("endorsementComment", "")),
        document=content.decode("utf-8-sig").strip(),
        valid_from=_day(said.get("validFrom") or said["issuanceDate"]),
        valid_until=_day(until) if until else None,
        actor=actor,
    )


def check_endorsement(
    *, endorsement: Endorsement, actor: Person | None, network: Fetcher | None = None
) -> Report:
    """Check an endorsement again; what its signer took back, or what no longer holds, is withdrawn.

    Args:
        endorsement: one that stands.
        actor: who asks.
        network: as for `receive_endorsement`.

    Returns:
        The report; one that could not be decided, as when nobody answers, changes nothing.
    """
    report = verification.check(endorsement.document, network=network)
    if report.verdict in {"invalid", "refused"}:
        achievements.withdraw_endorsement(endorsement=endorsement, actor=actor)
    return report


def _good(report: Report, version: Version) -> dict[str, Any]:
    """The endorsement, if it may be attached."""
    said = report.document or {}
    if report.verdict == "refused" or "EndorsementCredential" not in types_of(said):
        bad = report.decided_by
        words = bad.detail if bad else _("It is a credential of another kind.")
        raise Refused(
            "not-an-endorsement",
            _("This is no endorsement: %(why)s") % {"why": words},
            field="file",
        )
    if report.verdict != "valid":
        bad = report.decided_by
        words = bad.detail if bad else ""
        raise Refused(
            report.cause or report.verdict, _("It cannot be attached. %(why)s") % {"why": words}, field="file"
        )
    wanted = definitions.url(version)
    if said["credentialSubject"].get("id") != wanted:
        raise Refused(
            "endorsement-mismatch",
            _("It is about something else: its subject has to be %(address)s.") % {"address": wanted},
            field="file",
        )
    if _issuer(said).get("id") == version.achievement.organization.did:
        raise Refused(
            "self-issued",
            _("Your own program signed it. An endorsement is what someone outside says."),
            field="file",
        )
    return said


def _issuer(said: dict[str, Any]) -> dict[str, Any]:
    issuer = said["issuer"]
    return issuer if isinstance(issuer, dict) else {"id": issuer}


def _endorser(said: dict[str, Any]) -> str:
    name = _issuer(said).get("name")
    return (_line(name) if isinstance(name, str) else "") or _line(_issuer(said)["id"])


def _address(said: dict[str, Any]) -> str:
    url = _line(_issuer(said).get("url", ""))
    return url if url.startswith("https://") and len(url) <= 300 else ""  # noqa: PLR2004 - the column's


def _text(value: object) -> str:
    """A text without control characters but for line ends; PostgreSQL takes no U+0000, and none of the others is seen."""
    return "".join(c for c in str(value) if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _line(value: object) -> str:
    return " ".join(_text(value).split())


def _day(moment: str) -> date:
    return encoding.parse_datetime(moment).date()
