"""The check "dates": in force at the instant of the check.

Spec: VC Data Model 2.0, 4.9 Validity Period; Open Badges 3.0, 9.1 step 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding
from gradatim.engine.errors import Error
from gradatim.engine.report import Check, Outcome

if TYPE_CHECKING:
    from gradatim.engine.verify.intake import Taken

SKEW = timedelta(minutes=5)  # how far two clocks may be apart
_BEGINS, _ENDS = ("validFrom", "issuanceDate"), ("validUntil", "expirationDate")


def dates(document: Mapping[str, Any], now: datetime, taken: Taken | None = None) -> Check:
    """In force at the instant of the check (a token's own times count too); undetermined if a time cannot be read."""
    spec = "VC Data Model 2.0, 4.9"
    try:
        begins = [encoding.parse_datetime(document[name]) for name in _BEGINS if name in document]
        ends = [encoding.parse_datetime(document[name]) for name in _ENDS if name in document]
    except Error as error:  # where a document is not held against the data model
        return Check("dates", Outcome.UNDETERMINED, error.message, spec, error.code)
    begins += [taken.not_before] if taken and taken.not_before else []
    ends += [taken.expires] if taken and taken.expires else []
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
