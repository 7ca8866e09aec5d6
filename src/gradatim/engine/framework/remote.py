"""A framework from a CASE service: one package by its address, or the list of what the service has.

Spec: CASE 1.1 REST binding, 3 (paths) and 3.4 (paging by ``Link``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from gradatim.engine.errors import FetchError, ShapeError
from gradatim.engine.fetch import Fetcher, Response
from gradatim.engine.framework.case import MAX_VALUES
from gradatim.engine.framework.shape import MAX_BYTES, MAX_NAME
from gradatim.engine.reader import read_json

MAX_PAGES = 50
MAX_LISTED = 2_000
ACCEPT = "application/json, text/csv;q=0.5, */*;q=0.1"

_ONE = re.compile(r"(/ims/case/v\d+p\d+)/CFDocuments/([0-9A-Fa-f-]{36})/?$")
_BASE = re.compile(r"/ims/case/v\d+p\d+/?$")
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """A framework that a service has: its title, and the address of its package."""

    title: str
    address: str
    version: str = ""


def get(address: str, fetcher: Fetcher) -> bytes | list[Listed]:
    """What is at an address.

    Args:
        address: of a package, a document or a file; or of a service (``…/ims/case/v1p1`` or its ``CFDocuments``).
        fetcher: the network; give it a limit of `MAX_BYTES`.

    Returns:
        The bytes of the framework; or, from a service, what it lists.

    Raises:
        FetchError: as `Fetcher.get`; ``fetch-loop`` when a page of the list comes twice; ``too-large``.
        ShapeError: ``schema`` for a list that is none.
    """
    asked = _ONE.sub(r"\1/CFPackages/\2", address.strip())
    if _BASE.search(asked):
        asked = asked.rstrip("/") + "/CFDocuments"
    answer = fetcher.get(asked, accept=ACCEPT)
    if b'"CFDocuments"' not in answer.body[:100_000]:
        return answer.body
    found: list[Listed] = []
    for page in _pages(answer, fetcher):
        document = read_json(page.body, limit=MAX_BYTES, values=MAX_VALUES)
        entries = document.get("CFDocuments") if isinstance(document, dict) else None
        if not isinstance(entries, list):
            raise ShapeError("schema", f"{page.url}: CFDocuments must be a list.", "CASE 1.1, CFDocumentSet")
        found += [listed for entry in entries if (listed := _listed(entry, page.url))]
        if len(found) > MAX_LISTED:
            raise FetchError(
                "too-large", f"{asked} lists more than {MAX_LISTED:,} frameworks; give the address of one."
            )
    return found


def _pages(answer: Response, fetcher: Fetcher) -> Iterator[Response]:
    """The page and those that follow it; a page that came before ends it, whether by address or by content."""
    seen = {answer.url}
    contents = {hashlib.sha256(answer.body).digest()}
    yield answer
    for _ in range(MAX_PAGES):
        match = _NEXT.search(answer.link)
        if not match:
            return
        url = urljoin(answer.url, match[1])
        if url in seen:
            raise FetchError("fetch-loop", f"The list goes round in a circle: {url} is its own next page.")
        answer = fetcher.get(url, accept=ACCEPT)
        content = hashlib.sha256(answer.body).digest()
        if content in contents:
            raise FetchError("fetch-loop", f"The list goes round in a circle: {url} repeats an earlier page.")
        seen |= {url, answer.url}
        contents.add(content)
        yield answer
    raise FetchError(
        "too-large", f"The list has more than {MAX_PAGES} pages; give the address of one framework."
    )


def _listed(entry: Any, base: str) -> Listed | None:  # noqa: ANN401 - a JSON value
    if not isinstance(entry, dict) or not isinstance(entry.get("identifier"), str):
        return None
    package = entry.get("CFPackageURI")
    given = package.get("uri") if isinstance(package, dict) else None
    own = base.split("/CFDocuments", 1)[0] + f"/CFPackages/{entry['identifier']}"
    address = given if isinstance(given, str) and "/CFPackages/" in given else own
    return Listed(str(entry.get("title", ""))[:MAX_NAME], address, str(entry.get("version") or "")[:80])
