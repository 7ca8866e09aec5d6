"""Verification as the product does it: its own issuers are known, its own lists are read from its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from gradatim.engine.fetch import Fetcher, WebFetcher
from gradatim.engine.report import Report
from gradatim.engine.verify import continuity, verify
from gradatim.program.credentials import queries
from gradatim.program.credentials.fetching import ProductFetcher


class _Memory(dict[str, str]):
    """What was seen before, kept for as long as the cache keeps it: status lists, and keys of issuers from elsewhere.

    Our own keys stand in our rows: nobody has to vouch for them.
    """

    def __init__(self, own: Collection[str]) -> None:
        super().__init__()
        self.own = {continuity.place(issuer) for issuer in own}

    def get(self, place: str, default: Any = None) -> Any:  # noqa: ANN401 - dict's own signature
        return default if place in self.own else cache.get(f"status-list:{place}", default)

    def __setitem__(self, place: str, text: str) -> None:
        if place not in self.own:
            cache.set(f"status-list:{place}", text, timeout=None)


def check(source: bytes | str | Mapping[str, Any], *, network: Fetcher | None = None) -> Report:
    """Check a credential in any form.

    Args:
        source: a file's bytes, a text, or a document.
        network: where to ask for what is not ours; the internet if left out.

    Returns:
        The engine's report.
    """
    fetcher = ProductFetcher(network or WebFetcher())
    own = queries.own_issuers()
    return verify(source, fetcher=fetcher, now=timezone.now(), trusted=own, memory=_Memory(own))
