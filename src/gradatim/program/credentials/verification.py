"""Verification as the product does it: its own issuers are known, its own lists are read from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from gradatim.engine.fetch import Fetcher, WebFetcher
from gradatim.engine.report import Report
from gradatim.engine.verify import verify
from gradatim.program.credentials import queries
from gradatim.program.credentials.fetching import ProductFetcher


class _Lists(dict[str, str]):
    """Status lists seen before, kept for as long as the cache keeps them."""

    def get(self, url: str, default: Any = None) -> Any:  # noqa: ANN401 - dict's own signature
        return cache.get(f"status-list:{url}", default)

    def __setitem__(self, url: str, text: str) -> None:
        cache.set(f"status-list:{url}", text, timeout=None)


def check(source: bytes | str | Mapping[str, Any], *, network: Fetcher | None = None) -> Report:
    """Check a credential in any form.

    Args:
        source: a file's bytes, a text, or a document.
        network: where to ask for what is not ours; the internet if left out.

    Returns:
        The engine's report.
    """
    fetcher = ProductFetcher(network or WebFetcher())
    return verify(source, fetcher=fetcher, now=timezone.now(), trusted=queries.own_issuers(), memory=_Lists())
