"""How often one client may ask the CASE service: a count for each minute."""

from __future__ import annotations

import time

from django.conf import settings

from gradatim.program.ground import limits

MINUTE = 60


def wait(client: str, now: float | None = None) -> int:
    """Count a question, and say how long the client has to wait for an answer.

    Args:
        client: its network address, from `limits.client`.
        now: seconds since 1970; the clock's if left out.

    Returns:
        Whole seconds, at least 1; 0 if it is answered at once.
    """
    now = time.time() if now is None else now
    asked = limits.count("case", client, seconds=MINUTE, now=now)
    return MINUTE - int(now % MINUTE) if asked > settings.CASE_REQUESTS_PER_MINUTE else 0
