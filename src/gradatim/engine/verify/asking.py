"""What one verification may ask of the network: each address once, and only so much in all.

Spec: Controlled Identifiers 1.0, 5.13. A credential names the addresses, and its maker may be hostile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.errors import FetchError
from gradatim.engine.fetch import Fetcher, Response

MAX_ADDRESSES = 50
MAX_BYTES = 8 * 1024 * 1024  # of all answers together
MAX_KEPT = 256  # answers and lists of a sitting
MAX_SECONDS = 20.0  # for all addresses together; the last one may take its own time beyond that

Question = tuple[str, str]  # an address, and the kinds of answer that are taken
Answer = tuple[Response | FetchError, list[dict[str, Any]]]  # and the requests it took


@dataclass(slots=True)
class Sitting:
    """What a reader keeps who verifies many credentials at one instant: each address is asked once for all of them.

    A verification with a sitting says what it says without one, whatever went before. Pass it to the next only within a minute or so: it keeps
    what the network answered, failures too. Another instant empties it.

    Attributes:
        now: the instant of what is kept.
        answers: by address and what was asked for, with the requests it took.
        lists: status lists by kind and address, and by issuer; for the one verification also what is wrong with them.
        bits: what stands in them, by address, issuer and purpose.
        sheets: what its credentials have in common.
    """

    now: datetime | None = None
    answers: dict[Question, Answer] = field(default_factory=dict)
    lists: dict[tuple[str, str], Mapping[str, Any] | Exception] = field(default_factory=dict)
    bits: dict[tuple[str, str, str], tuple[bytes, Any]] = field(default_factory=dict)
    sheets: Sheets = field(default_factory=Sheets)

    def at(self, now: datetime) -> None:
        """Empty it if it is of another instant, or full."""
        if self.now != now or len(self.answers) > MAX_KEPT or len(self.lists) > MAX_KEPT:
            self.now = now
            self.answers.clear()
            self.lists.clear()
            self.bits.clear()
        # what was wrong may have been that the credential before this one had asked for too much
        for key in [key for key, found in self.lists.items() if isinstance(found, Exception)]:
            del self.lists[key]


@dataclass(slots=True)
class Asking:
    """A fetcher for one verification, in front of the reader's own.

    Attributes:
        fetcher: who really asks.
        clock: seconds, from any start.
        kept: answers that others had before, and will have after.
    """

    fetcher: Fetcher
    clock: Callable[[], float] = time.monotonic
    requests: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[Question, Answer] = field(default_factory=dict)
    _answers: dict[Question, Response | FetchError] = field(default_factory=dict)
    _seconds: float = 0.0
    _bytes: int = 0

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`; the second answer is the first one.

        Raises:
            FetchError: as `Fetcher.get`; ``unavailable`` once the credential has asked for too much.
        """
        answer = self._answers.get(question := (url, accept))
        if answer is None:
            answer = self._ask(url, accept)
            if not isinstance(answer, FetchError):
                self._bytes += len(answer.body)
                answer = replace(answer, read={})  # what is made of it ends with this verification
            self._answers[question] = answer
        if isinstance(answer, FetchError):
            raise FetchError(answer.code, answer.message, answer.spec)
        return answer

    def _ask(self, url: str, accept: str) -> Response | FetchError:
        if len(self._answers) >= MAX_ADDRESSES or self._seconds >= MAX_SECONDS or self._bytes >= MAX_BYTES:
            words = f"{url} was not asked: this credential names too many addresses, or slow or long ones."
            return FetchError("unavailable", words)
        if (url, accept) in self.kept:
            answer, requests = self.kept[url, accept]
            self.requests += requests
            return answer
        started, before = self.clock(), len(self.fetcher.requests)
        answer = self._really(url, accept)
        self._seconds += self.clock() - started
        requests = self.fetcher.requests[before:]
        self.requests += requests
        self.kept[url, accept] = answer, requests
        return answer

    def _really(self, url: str, accept: str) -> Response | FetchError:
        try:
            return self.fetcher.get(url, accept=accept)
        except FetchError as error:
            return error
