"""How often one client may ask the CASE service: a count for each minute, kept in the cache and gone with it."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache

MINUTE = 60


def wait(client: str, now: float | None = None) -> int:
    """Count a question, and say how long the client has to wait for an answer.

    Args:
        client: its network address.
        now: seconds since 1970; the clock's if left out.

    Returns:
        Whole seconds, at least 1; 0 if it is answered at once.
    """
    now = time.time() if now is None else now
    key = f"case:{client}:{int(now // MINUTE)}"
    cache.add(key, 0, timeout=MINUTE)
    try:
        asked = cache.incr(key)
    except ValueError:  # the cache made room between the two lines
        return 0
    return MINUTE - int(now % MINUTE) if asked > settings.CASE_REQUESTS_PER_MINUTE else 0
