"""The product's fetcher: what it publishes itself it answers from its rows, the rest comes from the network."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from gradatim.engine.did import did_web_url
from gradatim.engine.errors import FetchError
from gradatim.engine.fetch import Fetcher, Response
from gradatim.program.credentials import addresses, documents, queries, rules
from gradatim.program.ground import limits
from gradatim.program.people.models import Organization

TURNS = limits.Turns(at_once=5, of_one=2)  # of a process's threads: the others wait for nobody elsewhere


class InTurn:
    """A `Fetcher` that one client shares with the others: who has addresses asked that never answer waits for himself."""

    def __init__(self, network: Fetcher, who: str) -> None:
        self.network, self.who = network, who
        self.requests = network.requests

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`; ``unavailable`` when no turn is free."""
        with TURNS.taken(self.who) as mine:
            if not mine:
                raise FetchError(
                    "unavailable",
                    _("%(url)s was not asked: too many are asked at this moment. Try again in a few seconds.")
                    % {"url": url},
                )
            return self.network.get(url, accept=accept)


class ProductFetcher:
    """A `Fetcher` that knows what this installation publishes without asking anybody."""

    def __init__(self, network: Fetcher) -> None:
        self.network = network
        self.requests: list[dict[str, Any]] = network.requests

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`."""
        body = self._own(url)
        if body is None:
            return self.network.get(url, accept=accept)
        self.requests.append({"url": url, "status": 200, "outcome": "own"})
        return Response(url, body.encode(), "application/json")

    def is_own(self, url: str) -> bool:
        """Whether it was asked for, and answered from our rows."""
        return any(r["url"] == url and r["outcome"] == "own" for r in self.requests)

    def _own(self, url: str) -> str | None:
        organization = _owner_of_document(url)
        if organization is not None:
            return json.dumps(documents.did_document(organization))
        try:
            match = resolve(urlsplit(url).path)
        except (Resolver404, ValueError):
            return None
        if match.view_name == "credentials:status_list":
            found = queries.find_status_list(**match.kwargs)
            return found.document if found and addresses.status_url(found) == url else None
        if match.view_name == "credentials:credential" and _is_here(url):
            return _public(match.kwargs["credential"])
        return None


def _public(key: Any) -> str:  # noqa: ANN401 - a UUID, as the address was resolved
    """A credential that everyone may see; of any other nobody learns whether it exists."""
    found = queries.find_credential(key)
    if found is None or not rules.is_public(found):
        raise FetchError(
            "not-found",
            _(
                "No public credential has this address. If somebody gave it to you, ask for the signed file or a share link."
            ),
        )
    return found.document


def _is_here(url: str) -> bool:
    """Whether an address is one of this site, or of the host that an issuer of this site is named by."""
    host = urlsplit(url).netloc
    hosts = {urlsplit(did_web_url(did)).netloc for did in queries.own_issuers()}
    return host in hosts | {urlsplit(settings.SITE_URL).netloc}


def _owner_of_document(url: str) -> Organization | None:
    """The organization whose did:web document has this address."""
    if not url.endswith("/did.json"):
        return None
    parts = urlsplit(url)
    path = [p for p in parts.path.removesuffix("/did.json").split("/") if p and p != ".well-known"]
    for host in {parts.netloc, parts.netloc.replace(":", "%3A")}:
        found = Organization.objects.filter(did="did:web:" + ":".join([host, *path])).first()
        if found is not None and urlsplit(did_web_url(found.did)).path == parts.path:
            return found
    return None
