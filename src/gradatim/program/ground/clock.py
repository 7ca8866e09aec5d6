"""Times as people read them: in the time zone of the program, with the zone beside."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format

PLACES = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def zones() -> list[str]:
    """The time zones that can be chosen: UTC, then those of places, by name."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in PLACES)]


def moment(at: datetime, zone: str = "") -> str:
    """Day and time with the zone, such as ``"Nov. 25, 2026, 5 p.m. EST"``.

    Args:
        at: an aware time.
        zone: IANA name; the one in use if left out.
    """
    local = timezone.localtime(at, ZoneInfo(zone) if zone else None)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def day(at: datetime, zone: str = "") -> str:
    """The day of a time there.

    Args:
        at: an aware time.
        zone: IANA name; the one in use if left out.
    """
    return date_format(timezone.localtime(at, ZoneInfo(zone) if zone else None))
