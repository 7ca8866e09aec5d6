"""How often one client may do something, and how much may be done at once.

The counts stand in a file of their own, shared by the processes of one machine: not in the memory of a process, for several serve one site; not in the database, for readers would wait there for writers.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

NETWORK = 64  # bits of an IPv6 address that name one client: the rest is his to change
TABLE = (
    "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, number INTEGER NOT NULL, ends REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS counts_end ON counts (ends)",
)
PATIENCE = 0.2  # seconds to wait for a turn
_kept = threading.local()


class Turns:
    """What takes long and may wait for others: so much of it at once in this process, and less of one client.

    The threads that are left answer everybody else meanwhile.
    """

    def __init__(self, *, at_once: int, of_one: int) -> None:
        self.at_once, self.of_one = at_once, of_one
        self._held: Counter[str] = Counter()
        self._freed = threading.Condition()

    @contextmanager
    def taken(self, who: str) -> Iterator[bool]:
        """Take a turn, for as long as the block lasts.

        Args:
            who: from `client`.

        Yields:
            Whether there was one; otherwise the caller asks to come again.
        """
        with self._freed:
            mine = self._freed.wait_for(lambda: self._is_free(who), PATIENCE)
            self._held[who] += mine
        try:
            yield mine
        finally:
            with self._freed:
                self._held[who] -= mine
                self._held += Counter()  # drops who holds none
                self._freed.notify_all()

    def _is_free(self, who: str) -> bool:
        return self._held.total() < self.at_once and self._held[who] < self.of_one


def client(request: HttpRequest) -> str:
    """The network address of who asks; behind a proxy, the one that the proxy saw: the last of `X-Forwarded-For`.

    What stands before the last was sent along by the client, who can write there what he likes.
    """
    return client_of(request.META)


def client_of(meta: Mapping[str, Any]) -> str:
    """As `client`, from what the server says of a request (WSGI's ``environ``)."""
    near = str(meta.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_PROXY:
        return _network(near)
    return _network(str(meta.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or near)


def count(name: str, who: str, *, seconds: int, now: float | None = None) -> int:
    """Count one more.

    Args:
        name: what is limited, e.g. ``"codes"``.
        who: from `client`.
        seconds: length of the stretches that are counted by themselves; they are the same for everybody.
        now: seconds since 1970; the clock's if left out.

    Returns:
        How many there were in this stretch, with this one.
    """
    now = time.time() if now is None else now
    ends = (now // seconds + 1) * seconds
    add = "INSERT INTO counts VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET number = number + 1 RETURNING number"
    number = _ask(add, f"{name}:{who}:{ends:.0f}", ends)
    if number == 1:
        _ask("DELETE FROM counts WHERE ends <= ?", now)
    return number


def counted(name: str, who: str, *, seconds: int, now: float | None = None) -> int:
    """How many there were in this stretch; as for `count`, without counting one more."""
    now = time.time() if now is None else now
    ends = (now // seconds + 1) * seconds
    return _ask("SELECT number FROM counts WHERE key = ?", f"{name}:{who}:{ends:.0f}")


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:  # a socket's, or what a proxy says of one
        return address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> (128 - NETWORK) << (128 - NETWORK)))


def _ask(words: str, *values: Any) -> int:  # noqa: ANN401 - texts and numbers
    rows = _connection(settings.LIMITS_FILE).execute(words, values).fetchall()
    return int(rows[0][0]) if rows else 0


def _connection(path: Path) -> sqlite3.Connection:
    """This thread's; every statement is a transaction of its own."""
    if getattr(_kept, "path", None) != path:
        if hasattr(_kept, "connection"):
            _kept.connection.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")  # the counts of a machine that went down are no loss
        for words in TABLE:
            connection.execute(words)
        _kept.path, _kept.connection = path, connection
    found: sqlite3.Connection = _kept.connection
    return found
