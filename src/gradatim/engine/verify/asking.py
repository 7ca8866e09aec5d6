"""What one verification may ask of the network: each address once, and only so much in all.

Spec: Controlled Identifiers 1.0, 5.13. A credential names the addresses, and its maker may be hostile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gradatim.engine.errors import FetchError
from gradatim.engine.fetch import Fetcher, Response

MAX_ADDRESSES = 50
MAX_SECONDS = 20.0  # for all addresses together; the last one may take its own time beyond that


@dataclass(slots=True)
class Asking:
    """A fetcher for one verification, in front of the reader's own.

    Attributes:
        fetcher: who really asks.
        clock: seconds, from any start.
    """

    fetcher: Fetcher
    clock: Callable[[], float] = time.monotonic
    requests: list[dict[str, Any]] = field(default_factory=list)
    _answers: dict[str, Response | FetchError] = field(default_factory=dict)
    _seconds: float = 0.0

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`; the second answer is the first one.

        Raises:
            FetchError: as `Fetcher.get`; ``unavailable`` once the credential has asked for too much.
        """
        answer = self._answers.get(url)
        if answer is None:
            answer = self._answers[url] = self._ask(url, accept)
        if isinstance(answer, FetchError):
            raise FetchError(answer.code, answer.message, answer.spec)
        return answer

    def _ask(self, url: str, accept: str) -> Response | FetchError:
        if len(self._answers) >= MAX_ADDRESSES or self._seconds >= MAX_SECONDS:
            return FetchError(
                "unavailable", f"{url} was not asked: this credential names too many addresses, or slow ones."
            )
        started, before = self.clock(), len(self.fetcher.requests)
        try:
            return self.fetcher.get(url, accept=accept)
        except FetchError as error:
            return error
        finally:
            self._seconds += self.clock() - started
            self.requests += self.fetcher.requests[before:]
