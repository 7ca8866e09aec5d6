"""The demo's clock: what is written under it happened so many days ago. Nothing else ever asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

_back: ContextVar[timedelta] = ContextVar("back", default=timedelta(0))
_today = timezone.now


def _now() -> datetime:
    return _today() - _back.get()


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Set Django's clock back for what this thread does inside; actions then date what they write by it.

    Args:
        days: how many.
    """
    timezone.now = _now  # the same as before for every thread that set nothing back
    token = _back.set(timedelta(days=days))
    try:
        yield
    finally:
        _back.reset(token)
