"""How a log line is hashed; the writer and the checker share it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from gradatim.program.people.models import LogEntry

GENESIS = "0" * 64  # what the first line of a log points to


def line_hash(entry: LogEntry) -> str:
    """SHA-256 of a log line's content and of the hash of the line before, hex."""
    at: datetime = entry.at.astimezone(UTC)
    content = [
        entry.organization_id,
        entry.sequence,
        at.isoformat(timespec="microseconds"),
        entry.actor_name,
        entry.verb,
        entry.target,
        entry.detail,
        entry.previous_hash,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
