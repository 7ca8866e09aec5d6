"""What addresses say of an older badge: for an issuer speaks only what answers on its own host, under its own name.

Spec: Open Badges 2.0, Badge Verification. Addresses that were written with http are asked by https.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from gradatim.engine import reader
from gradatim.engine.errors import Error, FetchError, KeyRefusedError

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

SPEC = "Open Badges 2.0, Badge Verification"


class Open(Exception):  # noqa: N818 - not an error: the question stays open
    """An address did not answer."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.message)
        self.code = error.code if error.code in {"fetch-blocked", "too-large"} else "status-unavailable"
        self.gone = error.code == "gone"
        self.message = error.message


def secure(url: str) -> str:
    """The address as it is asked and compared: by https."""
    return f"https://{url.removeprefix('http://')}" if url.startswith("http://") else url


def spelled(name: str) -> set[str]:
    """A name as a list may write it: an address with https or with http."""
    url = secure(name)
    return {url, f"http://{url.removeprefix('https://')}"} if url.startswith("https://") else {name}


def host_of(url: str) -> str:
    """The host and port of an address of the web, the usual port left out; else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.lower().removesuffix(":443") if parts.scheme in {"https", "http"} else ""


def of_the_web(url: str) -> bool:
    """Whether a reader takes it for an address of the web, even one that is written wrongly: https:host/path."""
    return url.lower().startswith(("https:", "http:"))


def climbs(url: str) -> bool:
    """Whether the path of an address of the web goes up again, as some hosts read it: by ``..;``, a backslash, or encoded twice."""
    path = unquote(unquote(urlsplit(url).path)).replace("\\", "/")
    return any(part.partition(";")[0] == ".." for part in path.split("/"))


def name_of_host(url: str) -> str:
    """The host of an address of the web without its port, else an empty text."""
    return urlsplit(url).hostname or "" if host_of(url) else ""


def name_of(value: object) -> object:
    """The ``id`` of what is written out, or what stands there in its place."""
    return value.get("id", value) if isinstance(value, Mapping) else value


def read(url: str, setting: Setting) -> bytes:
    """What an address answers on its own host.

    Raises:
        Open: nothing, or it leads to another host.
    """
    try:
        answer = setting.fetcher.get(page(url), accept="application/ld+json, application/json;q=0.9")
    except FetchError as error:
        raise Open(error) from None
    if host_of(answer.url) != host_of(url):
        words = f"{url[:200]} leads to {host_of(answer.url)[:200]}; what an issuer says counts only from its own host."
        raise Open(FetchError("unavailable", words))
    return answer.body


def read_object(url: str, setting: Setting) -> dict[str, Any]:
    """The JSON at an address; if it names another address as its own, that has to be on the same host.

    Raises:
        Open: as `read`.
        InputError: it is no JSON object.
        KeyRefusedError: ``issuer-mismatch``.
    """
    found = reader.read_object(read(url, setting))
    named = str(found.get("id", url))
    if host_of(named) != host_of(url):
        words = f"{url[:200]} answers with what belongs at {named[:200]}."
        raise KeyRefusedError("issuer-mismatch", words, SPEC)
    return found


def read_itself(url: str, setting: Setting) -> dict[str, Any]:
    """A badge class or profile, its ``id`` always an address that says the same.

    Whoever may put a file on a host could call it by another's name: that address is asked, and if it does not agree, the
    file is called by its own.

    Raises:
        Open, InputError, KeyRefusedError: as `read_object`.
    """
    found = {"id": url} | read_object(url, setting)
    named = str(found["id"])
    if page(named) != page(url):
        with suppress(Open, Error):
            other = read_object(named, setting)
            if page(str(other.get("id"))) == page(named):
                return other
        return found | {"id": url}
    return found


def page(url: str) -> str:
    """What is asked for: a fragment names a part of it."""
    return secure(url).partition("#")[0]
