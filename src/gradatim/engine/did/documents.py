"""Controller documents and key sets: which keys an issuer publishes.

Spec: Controlled Identifiers 1.0, 2 and 3.3; Open Badges 3.0 implementation guide (keys of https issuers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from gradatim.engine import encoding, reader
from gradatim.engine.did.addresses import did_web_url, host_of
from gradatim.engine.errors import Error, FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import PublicKey

PURPOSE = "assertionMethod"
BOTH = frozenset({PURPOSE, "authentication"})
"""What a key may be used for where nothing else is said."""
MAX_KEYS = 500  # of one key document or key set
_SPEC = "Controlled Identifiers 1.0, 3.3"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A key, whose it is, and from when to when it counts.

    Attributes:
        id: the full address of the method.
        controller: the identifier that may sign with it.
        key: the public key.
        purposes: the relationships that list it, e.g. ``{"assertionMethod"}``.
        expires, revoked: instants, or ``None``.
    """

    id: str
    controller: str
    key: PublicKey
    purposes: frozenset[str]
    expires: datetime | None = None
    revoked: datetime | None = None


class Document(dict[str, Any]):
    """A JSON document about keys, and what was found in it: many proofs may name it, and each only one key."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        super().__init__(members)
        self.found: dict[Any, Any] = {}


def fetch_document(url: str, *, fetcher: Fetcher) -> Document:
    """A JSON document about keys.

    Raises:
        KeyRefusedError: ``key-unresolved``, when it is none; `UnreachableKeyError` when it did not answer.
        FetchError: ``fetch-blocked``.
    """
    try:
        answer = fetcher.get(url, accept="application/did+json, application/json;q=0.9, */*;q=0.1")
    except FetchError as error:
        if error.code == "fetch-blocked":
            raise
        raise UnreachableKeyError(
            "key-unresolved", f"The issuer's key document could not be read: {error.message}", _SPEC
        ) from None
    if host_of(answer.url) != host_of(url):
        raise UnreachableKeyError(
            "key-unresolved",
            f"{url} leads to {host_of(answer.url)[:200]}; a key counts only from the issuer's own host.",
            _SPEC,
        )
    if "document" not in answer.read:
        answer.read["document"] = _read(url, answer.body)
    document: Document | Error = answer.read["document"]
    if isinstance(document, Error):
        raise document.with_traceback(None)  # or it would grow each time it is raised
    return document


def _read(url: str, body: bytes) -> Document | Error:
    try:
        return Document(reader.read_object(body))
    except Error as error:
        words = f"{url} answers with no key document: {error.message}"
        return KeyRefusedError("key-unresolved", words, _SPEC)


def own(document: Document, identifier: str) -> Document:
    """The document, if it is that of an identifier.

    Raises:
        KeyRefusedError: ``key-unresolved``.
    """
    if document.get("id") != identifier:
        raise KeyRefusedError(
            "key-unresolved",
            f"The key document is that of {str(document.get('id'))[:120]!r}, not of {identifier}.",
            _SPEC,
        )
    return document


def listed(document: Document, base: str, url: str) -> VerificationMethod:
    """The method of a controller document, with the relationships that list it.

    Raises:
        KeyRefusedError: ``key-unresolved``, ``key-not-authorised``.
    """
    return _in_document(_entries(document, base), base, url)


def lists_keys(document: Mapping[str, Any]) -> bool:
    """Whether a document is one that lists keys, as a profile need not."""
    return any(name in document for name in (*BOTH, "verificationMethod"))


def describes(document: Document, owner: str, url: str) -> bool:
    """Whether a controller document itself says which key an address names; one of too many keys says nothing."""
    entries = _readable(partial(_entries, document, owner))
    return entries is not None and url in entries.found


def purposes_of(document: Document, owner: str, url: str) -> frozenset[str]:
    """The relationships in which a controller document names an address.

    Raises:
        KeyRefusedError: ``key-unresolved``, for more than `MAX_KEYS`.
    """
    return frozenset(_entries(document, owner).purposes.get(url, ())) & BOTH


def _entries(document: Document, base: str) -> _Entries:
    if base not in document.found:
        document.found[base] = _Entries(document, base)
    entries: _Entries = document.found[base]
    return entries


class _Entries:
    """The entries of a controller document by their addresses, and the relationships that list them."""

    def __init__(self, document: Mapping[str, Any], base: str) -> None:
        self.found: dict[str, Mapping[str, Any]] = {}
        self.purposes: dict[str, set[str]] = {}
        self.twice: set[str] = set()  # described in two ways
        self.methods: list[VerificationMethod] | None = None  # those that can be read, once asked for
        for name in (PURPOSE, "authentication", "verificationMethod"):
            entries = _list(document.get(name))
            if len(entries) > MAX_KEYS:
                raise KeyRefusedError(
                    "key-unresolved",
                    f"The key document of {base[:200]} lists more than {MAX_KEYS} keys.",
                    _SPEC,
                )
            for entry in entries:
                identifier = entry.get("id") if isinstance(entry, Mapping) else entry
                if isinstance(identifier, str):
                    url = _absolute(identifier, base)
                    self.purposes.setdefault(url, set()).add(name)
                    if isinstance(entry, Mapping) and self.found.setdefault(url, entry) != entry:
                        self.twice.add(url)


def _in_document(entries: _Entries, base: str, url: str) -> VerificationMethod:
    if url not in entries.found:
        raise KeyRefusedError("key-unresolved", f"The issuer's key document lists no key {url}.", _SPEC)
    if url in entries.twice:
        words = f"The issuer's key document describes the key {url} twice, in two ways."
        raise KeyRefusedError("key-unresolved", words, "Controlled Identifiers 1.0, 2.2")
    purposes = frozenset(entries.purposes[url] - {"verificationMethod"})
    method = method_of(entries.found[url], url, purposes)
    if method.controller != base:
        raise foreign(base, method.controller)
    return method


def method_of(entry: Mapping[str, Any], url: str, purposes: frozenset[str]) -> VerificationMethod:
    """The verification method that an entry describes.

    Raises:
        KeyRefusedError: ``key-unresolved``, ``key-not-authorised``, ``key-too-weak``.
    """
    if "publicKeyMultibase" in entry:
        key = PublicKey.from_multibase(entry["publicKeyMultibase"])
    elif isinstance(entry.get("publicKeyJwk"), Mapping):
        key = signing_key(entry["publicKeyJwk"])
    else:
        raise KeyRefusedError("key-unresolved", f"{url} holds no key in a form this program reads.", _SPEC)
    try:
        times = {
            name: encoding.parse_datetime(entry[name]) for name in ("expires", "revoked") if name in entry
        }
    except Error as error:
        raise KeyRefusedError(
            "key-unresolved", f"When the key {url} ends cannot be read. {error.message}", _SPEC
        ) from None
    return VerificationMethod(
        url, str(entry.get("controller", "")), key, purposes, times.get("expires"), times.get("revoked")
    )


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [] if value is None else [value]


def _absolute(identifier: str, base: str) -> str:
    return base + identifier if identifier.startswith("#") else identifier


def document_of(issuer: str, *, fetcher: Fetcher) -> Document:
    """The controller document of a did:web or https issuer.

    Raises:
        KeyRefusedError, FetchError: as `find_method`.
    """
    address = did_web_url(issuer) if issuer.startswith("did:web:") else issuer
    return own(fetch_document(address, fetcher=fetcher), issuer)


def methods_of(document: Document, issuer: str) -> list[VerificationMethod]:
    """The keys that a controller document lists; what cannot be read is left out."""
    entries = _entries(document, issuer)
    if entries.methods is None:
        found = [_readable(partial(_in_document, entries, issuer, url)) for url in entries.found]
        entries.methods = [method for method in found if method is not None]
    return entries.methods


def key_set(issuer: str, *, fetcher: Fetcher) -> list[VerificationMethod]:
    """The keys that an issuer publishes: for https at ``/.well-known/jwks.json`` of its host, for did:web its document's.

    Keys that cannot be read are left out.

    Raises:
        KeyRefusedError, FetchError: as `find_method`.
    """
    if issuer.startswith("did:web:"):
        return methods_of(document_of(issuer, fetcher=fetcher), issuer)
    host = host_of(issuer)
    if not host:
        raise KeyRefusedError(
            "key-not-authorised",
            f"{issuer[:80]} publishes no key set.",
            "Open Badges 3.0, implementation guide",
        )
    address = f"https://{host}/.well-known/jwks.json"
    document = fetch_document(address, fetcher=fetcher)
    if "keys" not in document.found:
        keys = [key for key in _list(document.get("keys")) if isinstance(key, Mapping)]
        if len(keys) > MAX_KEYS:
            raise KeyRefusedError("key-unresolved", f"{address} lists more than {MAX_KEYS} keys.", _SPEC)
        document.found["keys"] = [(jwk, _readable(partial(signing_key, jwk))) for jwk in keys]
    if (issuer, "set") not in document.found:
        document.found[issuer, "set"] = [
            VerificationMethod(f"{address}#{jwk.get('kid', '')}", issuer, key, BOTH)
            for jwk, key in document.found["keys"]
            if key is not None and jwk.get("iss", issuer) == issuer
        ]
    methods: list[VerificationMethod] = document.found[issuer, "set"]
    return methods


def _readable(read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except Error:
        return None


def signing_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of a JWK, unless it is said to be for something else than signatures.

    Spec: RFC 7517, 4.2 and 4.3.

    Raises:
        KeyRefusedError: ``key-not-authorised``, ``key-unresolved``, ``key-too-weak``.
    """
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise KeyRefusedError(
            "key-not-authorised", "Its owner says that this key is not for signatures.", "RFC 7517, 4.2"
        )
    return PublicKey.from_jwk(jwk)


def foreign(document: str, controller: str) -> KeyRefusedError:
    """What is raised when a document speaks for somebody else."""
    return KeyRefusedError(
        "key-not-authorised",
        f"{document} says that its key belongs to {controller[:200] or 'nobody'}; only the owner's own document can say that.",
        _SPEC,
    )
