"""The one way out: https only, no private address, small answers, short waits, few redirects.

Spec: Controlled Identifiers 1.0, 5.13; DID Web Method, 3.2 (addresses a resolver must not ask).
"""

from __future__ import annotations

import functools
import http.client
import io
import ipaddress
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from gradatim.engine.errors import FetchError

MAX_BYTES = 1024 * 1024  # of one answer
MAX_SECONDS = 8.0  # for one address, redirects and all
MAX_REDIRECTS = 3
PORTS = frozenset({443, 8443})  # of addresses that are asked
_UNICAST = ipaddress.ip_network("2000::/3")
_RESERVED = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("3fff::/20"))
"""Of the IANA's registries of special addresses, what Python 3.11 takes for public: former 6to4 relays, documentation."""
_HOST = re.compile(r"[\w.-]+\Z")
_LOCAL = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer.

    Attributes:
        url: the final address.
        body: its bytes, within the limit.
        content_type: what it says it is.
        link: its ``Link`` header.
        read: what was made of it, by whoever would have to make it again: many ask for one address.
    """

    url: str
    body: bytes
    content_type: str
    link: str = ""
    read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


class _Headers(Protocol):
    """Headers of an answer, by name."""

    def get(self, name: str, /) -> str | None: ...


_Given = tuple[int, bytes, _Headers]  # status, body, headers


class Fetcher(Protocol):
    """What verification asks for documents; `requests` keeps every address that was asked."""

    requests: list[dict[str, Any]]

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """The answer of an address.

        Raises:
            FetchError: ``fetch-blocked``, ``timeout``, ``too-large``, ``not-found``, ``gone`` (for good) or ``unavailable``.
        """


def check_address(url: str, *, ports: frozenset[int] = PORTS) -> tuple[str, int]:
    """The host and port of an address that may be asked.

    Args:
        url: any text.
        ports: the ports that may be asked.

    Raises:
        FetchError: ``fetch-blocked``.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", 443 if parts.port is None else parts.port
    except ValueError:
        raise FetchError("fetch-blocked", f"{url!r} is no address.") from None
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or not host:
        raise FetchError("fetch-blocked", f"{url} was not asked: only plain https addresses are.")
    if port not in ports:
        raise FetchError("fetch-blocked", f"{url} was not asked: port {port} is none of {sorted(ports)}.")
    plain = host.rstrip(".").lower()
    if (
        plain in _LOCAL
        or plain.endswith(_LOCAL)
        or "." not in plain
        or _is_number(plain)
        or not _HOST.match(plain)
    ):
        raise FetchError("fetch-blocked", f"{url} was not asked: it is not on the public internet by name.")
    return plain, port


def _is_number(host: str) -> bool:
    """Whether a host is an IP address in any spelling; those are never asked."""
    if ":" in host:
        return True
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or last.startswith("0x")


def check_ip(text: str) -> None:
    """Refuse an address a name resolved to, unless it is public.

    Raises:
        FetchError: ``fetch-blocked``.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    # of IPv6 only global unicast, and none of it that hides an IPv4 address (6to4, Teredo; NAT64 lies outside)
    hidden = isinstance(address, ipaddress.IPv6Address) and (
        address not in _UNICAST or address.sixtofour is not None or address.teredo is not None
    )
    reserved = any(address in network for network in _RESERVED)
    if not address.is_global or address.is_multicast or hidden or reserved:
        raise FetchError("fetch-blocked", f"The name leads to {text}, which is not a public address.")


def check_ips(addresses: Iterable[str]) -> None:
    """Refuse a name that leads to any address that is not public.

    Raises:
        FetchError: ``fetch-blocked``.
    """
    for address in addresses:
        check_ip(address)


@dataclass(slots=True)
class MemoryFetcher:
    """A stand-in network: a map of addresses, for tests and for `gradatim verify --web`.

    Each entry: ``file`` (or ``body``), ``then_file`` for the second request, ``status``, ``content_type``, ``location``,
    ``link``, ``hang_s``, ``drip_bytes_per_s``, ``dns`` (what the name resolves to). An address that is not listed refuses the connection;
    waiting happens on a clock of its own, not in the real world.
    """

    web: Mapping[str, Mapping[str, Any]]
    folder: Path = Path()
    requests: list[dict[str, Any]] = field(default_factory=list)
    limit: int = MAX_BYTES
    _asked: dict[str, int] = field(default_factory=dict)
    _waited: float = 0.0  # seconds, on the clock of its own

    @classmethod
    def from_file(cls, path: Path) -> MemoryFetcher:
        """From a JSON file; the files it names are relative to it."""
        return cls(json.loads(path.read_text(encoding="utf-8")), path.parent)

    def get(self, url: str, *, accept: str = "application/json") -> Response:  # noqa: ARG002 - the map has one answer
        """As `Fetcher.get`."""
        return _follow(url, self._answer, self.requests, clock=lambda: self._waited, limit=self.limit)

    def _answer(self, url: str, left: float) -> _Given:
        check_address(url)
        entry = self.web.get(url)
        if entry is None:
            raise FetchError("unavailable", f"{url} refused the connection.")
        for address in entry.get("dns", []):
            check_ip(address)
        body = self._body(url, entry)
        took = float(entry.get("hang_s", 0)) + (
            len(body or b"x" * 1000) / entry["drip_bytes_per_s"] if "drip_bytes_per_s" in entry else 0
        )
        self._waited += min(took, left)
        if took > left:
            raise FetchError("timeout", f"{url} did not answer in time.")
        kind = entry.get("content_type") or entry.get("contentType") or "application/json"
        headers = {name: str(entry.get(name.lower(), "")) for name in ("Location", "Link")}
        return int(entry.get("status", 200)), body, {**headers, "Content-Type": kind}

    def _body(self, url: str, entry: Mapping[str, Any]) -> bytes:
        count = self._asked[url] = self._asked.get(url, 0) + 1
        name = entry.get("then_file") if count > 1 and "then_file" in entry else entry.get("file")
        if name:
            return (self.folder / str(name)).read_bytes()
        body: object = entry.get("body", b"")
        if isinstance(body, bytes):
            return body
        return body.encode() if isinstance(body, str) else json.dumps(body).encode()


Resolve = Callable[[str, int], list[str]]


def _resolve(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(slots=True)
class WebFetcher:
    """The internet, within the limits of this module: a name is resolved once, and that address is connected to.

    Attributes:
        resolve: name and port to IP addresses.
        context: TLS settings; certificates are always checked.
        public_only: refuse addresses that are not public (a test with a server of its own turns it off).
        ports: the ports that may be asked.
        limit: at most so many bytes of an answer.
        seconds: for one address, redirects and all.
    """

    resolve: Resolve = _resolve
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    public_only: bool = True
    ports: frozenset[int] = PORTS
    requests: list[dict[str, Any]] = field(default_factory=list)
    limit: int = MAX_BYTES
    seconds: float = MAX_SECONDS

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`."""
        return _follow(
            url,
            lambda one, left: self._answer(one, left, accept),
            self.requests,
            limit=self.limit,
            seconds=self.seconds,
        )

    def _answer(self, url: str, left: float, accept: str) -> _Given:
        host, port = check_address(url, ports=self.ports)
        ends = time.monotonic() + left
        addresses = _looked_up(self.resolve, host, port, ends)
        if self.public_only:
            check_ips(addresses)
        connection = _Connection(host, port, addresses[0], self.context, ends)
        try:
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "GET",
                target,
                headers={"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "gradatim"},
            )
            with connection.getresponse() as answer:
                return answer.status, _read(answer, url, self.limit), answer.headers
        except (OSError, ValueError, http.client.HTTPException) as error:
            code = "timeout" if isinstance(error, TimeoutError) else "unavailable"
            raise FetchError(code, f"{url} did not answer ({type(error).__name__}).") from None
        finally:
            connection.close()


def _looked_up(resolve: Resolve, host: str, port: int, ends: float) -> list[str]:
    """What a name leads to; a name server that is waited for longer than until an instant is left to a thread of its own."""
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError):
            answers.put([])

    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=_left(ends))
    except Empty:
        raise FetchError("timeout", f"The name {host} was not found in time.") from None
    if not found:
        raise FetchError("unavailable", f"The name {host} could not be found.")
    return found


class _Connection(http.client.HTTPSConnection):
    """Connects to the address that was checked, asks for the name's certificate, and is over at an instant."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext, ends: float) -> None:
        super().__init__(host, port, timeout=_left(ends), context=context)
        self._address, self._tls = address, context
        self.response_class = functools.partial(_Answer, ends=ends)  # type: ignore[assignment]  # called the same way

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)


class _Answer(http.client.HTTPResponse):
    """An answer that is over at an instant, however slowly its lines come."""

    def __init__(self, sock: socket.socket, *, ends: float, method: str | None = None) -> None:
        super().__init__(sock, method=method)
        self.fp = io.BufferedReader(_Until(ends, sock, self.fp))


class _Until(io.RawIOBase):
    """A stream from a socket; each read waits only as long as is left."""

    def __init__(self, ends: float, sock: socket.socket, stream: io.BufferedReader) -> None:
        self._ends, self._sock, self._stream = ends, sock, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - a writable buffer
        self._sock.settimeout(_left(self._ends))
        return self._stream.raw.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _left(ends: float) -> float:
    """Seconds until an instant of the monotonic clock; at least one thousandth, because none would mean for ever."""
    return max(ends - time.monotonic(), 0.001)


def _read(answer: http.client.HTTPResponse, url: str, limit: int) -> bytes:
    body = answer.read(limit + 1)
    if len(body) > limit:
        raise FetchError("too-large", f"{url} answers with more than {limit:,} bytes.")
    return body


def _follow(
    url: str,
    answer: Callable[[str, float], _Given],
    requests: list[dict[str, Any]],
    *,
    clock: Callable[[], float] = time.monotonic,
    limit: int = MAX_BYTES,
    seconds: float = MAX_SECONDS,
) -> Response:
    """Ask, follow redirects (each checked anew), and write down what was asked."""
    started = clock()
    for _ in range(MAX_REDIRECTS + 1):
        line: dict[str, Any] = {"url": url, "status": None, "outcome": "ok"}
        try:
            status, body, headers = answer(url, seconds - (clock() - started))
        except FetchError as error:
            line["outcome"] = error.code
            if error.code != "fetch-blocked":
                requests.append(line)
            raise
        line["status"] = status
        requests.append(line)
        location = headers.get("Location")
        if status in {301, 302, 303, 307, 308} and location:
            url = _joined(url, location)
            continue
        if len(body) > limit:
            raise FetchError("too-large", f"{url} answers with more than {limit:,} bytes.")
        if status != 200:  # noqa: PLR2004 - HTTP OK
            line["outcome"] = {404: "not-found", 410: "gone"}.get(status, "unavailable")
            raise FetchError(line["outcome"], f"{url} answered with status {status}.")
        return Response(url, body, headers.get("Content-Type") or "", headers.get("Link") or "")
    raise FetchError("unavailable", f"More than {MAX_REDIRECTS} redirects from {requests[-1]['url']}.")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchError(
            "fetch-blocked", f"{url} leads to {location[:200]!r}, which is no address."
        ) from None
