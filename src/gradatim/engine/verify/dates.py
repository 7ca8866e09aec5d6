"""The check "dates": in force at the instant of the check.

Spec: VC Data Model 2.0, 4.9 Validity Period; Open Badges 3.0, 9.1 step 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding
from gradatim.engine.report import Check, Outcome

if TYPE_CHECKING:
    from gradatim.engine.verify.intake import Taken

SKEW = timedelta(minutes=5)  # how far two clocks may be apart


def dates(document: Mapping[str, Any], now: datetime, taken: Taken | None = None) -> Check:
    """In force at the instant of the check (a token's own times count too)."""
    begins = [
        encoding.parse_datetime(document[name]) for name in ("validFrom", "issuanceDate") if name in document
    ]
    ends = [
        encoding.parse_datetime(document[name])
        for name in ("validUntil", "expirationDate")
        if name in document
    ]
    begins += [taken.not_before] if taken and taken.not_before else []
    ends += [taken.expires] if taken and taken.expires else []
    spec = "VC Data Model 2.0, 4.9"
    if begins and max(begins) > now + SKEW:
        return Check(
            "dates",
            Outcome.FAILED,
            f"It is in force only from {encoding.format_datetime(max(begins))}.",
            spec,
            "not-yet-valid",
        )
    if ends and min(ends) < now:
        return Check(
            "dates", Outcome.FAILED, f"It ran out on {encoding.format_datetime(min(ends))}.", spec, "expired"
        )
    return Check(
        "dates",
        Outcome.PASSED,
        "It is in force." if not ends else f"It is in force until {encoding.format_datetime(min(ends))}.",
        spec,
    )
