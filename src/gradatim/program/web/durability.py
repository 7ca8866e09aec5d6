"""Whether the database keeps what it says it has kept (settings of the reliability promises)."""

from __future__ import annotations

from django.conf import settings
from django.db import connection


def findings() -> list[str]:
    """What is weaker than it has to be, one sentence each; empty if all is well."""
    if connection.vendor == "sqlite":
        return _sqlite()
    return _postgresql()


def accepted() -> bool:
    """Whether the operator said that weaker settings are wanted (``GRADATIM_WEAK_DURABILITY=on``)."""
    return bool(settings.WEAK_DURABILITY)


def _value(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return str(row[0]).lower() if row else ""


def _sqlite() -> list[str]:
    wanted = {
        "journal_mode": ("wal",),
        "synchronous": ("2", "3"),
        "foreign_keys": ("1",),
    }
    found = []
    if "memory" in str(connection.settings_dict["NAME"]):
        found.append("The database lives in memory: all is lost when the process ends.")
        wanted.pop("journal_mode")
    for name, good in wanted.items():
        value = _value(f"PRAGMA {name}")
        if value not in good:
            found.append(f"SQLite's {name} is {value}; it must be {' or '.join(good)}.")
    if int(_value("PRAGMA busy_timeout") or 0) < 5000:  # noqa: PLR2004 - milliseconds, as the promise says
        found.append("SQLite's busy_timeout must be at least 5000 milliseconds.")
    return found


def _postgresql() -> list[str]:
    found = []
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        value = _value(f"SHOW {name}")
        if value not in {"on", "remote_apply", "remote_write", "local"}:
            found.append(f"PostgreSQL's {name} is {value}; it must be on.")
    return found
