"""Verification as the product does it: its own issuers are known, its own lists are read from its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils import timezone

from gradatim.engine.did import host_of
from gradatim.engine.fetch import Fetcher, WebFetcher
from gradatim.engine.report import Report
from gradatim.engine.verify import continuity, verify
from gradatim.program.credentials import queries
from gradatim.program.credentials.fetching import InTurn, ProductFetcher
from gradatim.program.ground import actions as ground
from gradatim.program.ground import queries as seen


class _Memory(dict[str, str]):
    """What was seen elsewhere: status lists and issuers' keys. Our own stand in our rows, and nobody has to vouch for them."""

    def __init__(self, own: Collection[str], fetcher: ProductFetcher) -> None:
        super().__init__()
        self.own = {continuity.place(issuer) for issuer in own}
        self.fetcher = fetcher

    def get(self, place: str, default: Any = None) -> Any:  # noqa: ANN401 - dict's own signature
        found = None if place in self.own or self.fetcher.is_own(place) else seen.seen(place)
        return default if found is None else found

    def __setitem__(self, place: str, text: str) -> None:
        if place not in self.own and not self.fetcher.is_own(place):
            ground.remember(place=place, host=host_of(place.removeprefix(continuity.place(""))), text=text)


def fetcher(who: str | None = None, network: Fetcher | None = None) -> ProductFetcher:
    """What answers for our own addresses, and asks for the others.

    Args:
        who: the client it is done for, from `limits.client`, who takes turns with the others; nobody for what the program does.
        network: where to ask; the internet if left out.
    """
    outside = network or WebFetcher()
    return ProductFetcher(outside if who is None else InTurn(outside, who))


def check(
    source: bytes | str | Mapping[str, Any], *, network: Fetcher | None = None, who: str | None = None
) -> Report:
    """Check a credential in any form.

    Args:
        source: a file's bytes, a text, or a document.
        network: where to ask for what is not ours; the internet if left out.
        who: the client it is done for, as for `fetcher`.

    Returns:
        The engine's report.
    """
    asked = fetcher(who, network)
    own = queries.own_issuers()
    return verify(source, fetcher=asked, now=timezone.now(), trusted=own, memory=_Memory(own, asked))
