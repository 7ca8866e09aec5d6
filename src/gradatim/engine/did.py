"""Who holds a key: did:key, did:web, did:jwk, and https issuers with a key document or a key set.

Spec: Controlled Identifiers 1.0, 3.3 Retrieve Verification Method; did:key 0.9; did:web; Open Badges 3.0
implementation guide (keys of https issuers).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote, urlsplit

from gradatim.engine import encoding, reader
from gradatim.engine.errors import Error, FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import PublicKey

PURPOSE = "assertionMethod"
_WEB_PART = re.compile(r"[A-Za-z0-9._~%-]+\Z")
_WEB_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?\Z")
_SPEC = "Controlled Identifiers 1.0, 3.3"


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


def did_key(key: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{key.to_multibase()}"


def did_web_url(did: str) -> str:
    """The address of a did:web's document.

    Raises:
        KeyRefusedError: ``key-unresolved``, when the DID climbs out of its path or has empty parts.
    """
    parts = did.removeprefix("did:web:").split(":")
    if not did.startswith("did:web:") or any(not _WEB_PART.match(part) for part in parts):
        raise KeyRefusedError("key-unresolved", f"{did} is no did:web identifier.", "did:web, 2.5.2")
    host, *path = unquote(parts[0]), *parts[1:]
    if not _WEB_HOST.match(host):
        raise KeyRefusedError("key-unresolved", f"{did} names no host.", "did:web, 2.5.2")
    if any(unquote(part) in {".", ".."} or re.search(r"[/\\%]", unquote(part)) for part in path):
        raise KeyRefusedError("key-unresolved", f"{did} would climb out of its path.", "did:web, 2.5.2")
    return f"https://{host}/{'/'.join(path) if path else '.well-known'}/did.json"


def host_of(identifier: str) -> str:
    """The host, with its port, where an https or did:web identifier's documents stand; empty when there is none."""
    if identifier.startswith("did:") and not identifier.startswith("did:web:"):
        return ""
    try:
        address = did_web_url(identifier) if identifier.startswith("did:web:") else identifier
        parts = urlsplit(address)
    except (ValueError, KeyRefusedError):
        return ""
    return parts.netloc if parts.scheme == "https" else ""


def find_method(url: str, *, fetcher: Fetcher) -> VerificationMethod:
    """The verification method of an address, from its controller's own document.

    Args:
        url: a DID URL, or an https address of a key or of an issuer followed by ``#`` and the key.
        fetcher: for did:web and https.

    Raises:
        KeyRefusedError: ``key-unresolved``; ``key-not-authorised`` when a document speaks for somebody else;
            `UnreachableKeyError` when the document did not answer.
        FetchError: ``fetch-blocked``.
    """
    base, _, fragment = url.partition("#")
    if base.startswith("did:key:"):
        return _did_key_method(base, fragment)
    if base.startswith("did:jwk:"):
        return _did_jwk_method(base, fragment)
    if base.startswith("did:web:"):
        return _listed(_document(did_web_url(base), base, fetcher), base, url)
    if base.startswith("https://"):
        return _https_method(url, base, fragment, fetcher)
    raise KeyRefusedError("key-unresolved", f"Keys of {base[:80]} cannot be looked up.", _SPEC)


def find_token_key(kid: str, owner: str, *, fetcher: Fetcher) -> VerificationMethod:
    """As `find_method`, for the ``kid`` of a token: at an https address one JWK may stand by itself.

    Where none stands, the key set that the owner publishes is looked at.

    Args:
        kid: an address on the owner's host, or under the owner's DID.
        owner: whose key it has to be.
        fetcher: for the documents.

    Raises:
        KeyRefusedError: as `find_method`; ``key-not-authorised`` when the JWK names another owner.
    """
    if not kid.startswith("https://"):
        return find_method(kid, fetcher=fetcher)
    try:
        return _token_key_at(kid, owner, fetcher)
    except KeyRefusedError as error:
        if error.code != "key-unresolved":
            raise
        try:
            published = key_set(owner, fetcher=fetcher)
        except KeyRefusedError:
            published = []
        for method in published:
            address, _, name = method.id.partition("#")
            if kid in {name, method.id} or (kid == address and len(published) == 1):
                return method
        raise


def _token_key_at(kid: str, owner: str, fetcher: Fetcher) -> VerificationMethod:
    document = fetch_document(kid.partition("#")[0], fetcher=fetcher)
    if "kty" in document:
        if document.get("iss", owner) != owner:
            raise _foreign(kid, str(document["iss"]))
        key = PublicKey.from_jwk(document)
        return VerificationMethod(kid, owner, key, frozenset({PURPOSE, "authentication"}))
    return find_method(kid, fetcher=fetcher)


@lru_cache(maxsize=256)
def _did_key_method(did: str, fragment: str) -> VerificationMethod:
    encoded = did.removeprefix("did:key:")
    if fragment and fragment != encoded:
        raise KeyRefusedError(
            "key-unresolved", "The fragment names another key than the did:key itself.", "did:key 0.9, 3.1"
        )
    key = PublicKey.from_multibase(encoded)
    return VerificationMethod(f"{did}#{encoded}", did, key, frozenset({PURPOSE, "authentication"}))


def _did_jwk_method(did: str, fragment: str) -> VerificationMethod:
    if fragment not in {"", "0"}:
        raise KeyRefusedError("key-unresolved", "A did:jwk has one key, called #0.", "did:jwk")
    try:
        jwk = reader.read_object(encoding.base64url_decode(did.removeprefix("did:jwk:")))
    except Error:
        raise KeyRefusedError("key-unresolved", "The did:jwk is damaged.", "did:jwk") from None
    return VerificationMethod(
        f"{did}#0", did, PublicKey.from_jwk(jwk), frozenset({PURPOSE, "authentication"})
    )


def _https_method(url: str, base: str, fragment: str, fetcher: Fetcher) -> VerificationMethod:
    if fragment.startswith("z"):
        key = PublicKey.from_multibase(fragment)
        document = fetch_document(base, fetcher=fetcher)
        if "verificationMethod" not in document:
            return _confirmed(url, base, key, fetcher)
        return _listed(_own(document, base), base, url)
    document = fetch_document(base, fetcher=fetcher)
    if "publicKeyMultibase" in document or "publicKeyJwk" in document:
        method = _method(document, url, frozenset({PURPOSE}))
        if host_of(method.controller) != host_of(base):
            raise _foreign(base, method.controller)
        return method
    return _listed(_own(document, base), base, url)


def _confirmed(url: str, issuer: str, key: PublicKey, fetcher: Fetcher) -> VerificationMethod:
    """A key that only the address names: anybody can write that, so the issuer's host has to publish the key."""
    for method in key_set(issuer, fetcher=fetcher):
        if method.key == key:
            return VerificationMethod(url, issuer, key, method.purposes)
    raise KeyRefusedError(
        "key-not-authorised",
        f"Neither {issuer} nor the key set of its host lists the key that the proof names.",
        _SPEC,
    )


def _foreign(document: str, controller: str) -> KeyRefusedError:
    return KeyRefusedError(
        "key-not-authorised",
        f"{document} says that its key belongs to {controller[:200] or 'nobody'}; only the owner's own document can say that.",
        _SPEC,
    )


def fetch_document(url: str, *, fetcher: Fetcher) -> dict[str, Any]:
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
    try:
        return reader.read_object(answer.body)
    except Error as error:
        raise KeyRefusedError(
            "key-unresolved", f"{url} answers with no key document: {error.message}", _SPEC
        ) from None


def _own(document: dict[str, Any], identifier: str) -> dict[str, Any]:
    if document.get("id") != identifier:
        raise KeyRefusedError(
            "key-unresolved",
            f"The key document is that of {str(document.get('id'))[:120]!r}, not of {identifier}.",
            _SPEC,
        )
    return document


def _document(url: str, identifier: str, fetcher: Fetcher) -> dict[str, Any]:
    return _own(fetch_document(url, fetcher=fetcher), identifier)


def _listed(document: dict[str, Any], base: str, url: str) -> VerificationMethod:
    """The method of a controller document, with the relationships that list it."""
    purposes, found = set(), None
    for name in (PURPOSE, "authentication"):
        for entry in _list(document.get(name)):
            identifier = entry.get("id") if isinstance(entry, Mapping) else entry
            if isinstance(identifier, str) and _absolute(identifier, base) == url:
                purposes.add(name)
                found = entry if isinstance(entry, Mapping) else found
    for entry in _list(document.get("verificationMethod")):
        if (
            isinstance(entry, Mapping)
            and isinstance(entry.get("id"), str)
            and _absolute(entry["id"], base) == url
        ):
            found = entry
    if found is None:
        raise KeyRefusedError("key-unresolved", f"The issuer's key document lists no key {url}.", _SPEC)
    method = _method(found, url, frozenset(purposes))
    if method.controller != base:
        raise _foreign(base, method.controller)
    return method


def _method(entry: Mapping[str, Any], url: str, purposes: frozenset[str]) -> VerificationMethod:
    if "publicKeyMultibase" in entry:
        key = PublicKey.from_multibase(entry["publicKeyMultibase"])
    elif isinstance(entry.get("publicKeyJwk"), Mapping):
        key = PublicKey.from_jwk(entry["publicKeyJwk"])
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


def authorise(method: VerificationMethod, *, owner: str | None, purpose: str, at: datetime | None) -> None:
    """Whether a key may speak for somebody, for a purpose, at an instant.

    Args:
        method: from `find_method` or `key_set`.
        owner: the identifier it has to belong to; ``None`` takes any.
        purpose: the relationship that has to list it.
        at: the instant it has to count at; ``None`` takes no key that has an end.

    Raises:
        KeyRefusedError: ``issuer-mismatch``, ``key-not-authorised``.
    """
    if owner is not None and method.controller != owner:
        raise KeyRefusedError(
            "issuer-mismatch",
            f"The key belongs to {method.controller[:200]}, not to {owner[:200]}.",
            "Open Badges 3.0, 8.3",
        )
    if purpose not in method.purposes:
        raise KeyRefusedError("key-not-authorised", f"Its owner does not list this key for {purpose}.", _SPEC)
    for name, moment in (("revoked", method.revoked), ("expired", method.expires)):
        if moment is not None and (at is None or at >= moment):
            raise KeyRefusedError(
                "key-not-authorised",
                f"The key {name} on {encoding.format_datetime(moment)}, before this was signed.",
                "Controlled Identifiers 1.0, 2.2",
            )


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [] if value is None else [value]


def _absolute(identifier: str, base: str) -> str:
    return base + identifier if identifier.startswith("#") else identifier


def document_of(issuer: str, *, fetcher: Fetcher) -> dict[str, Any]:
    """The controller document of a did:web or https issuer.

    Raises:
        KeyRefusedError, FetchError: as `find_method`.
    """
    address = did_web_url(issuer) if issuer.startswith("did:web:") else issuer
    return _document(address, issuer, fetcher)


def methods_of(document: dict[str, Any], issuer: str) -> list[VerificationMethod]:
    """The keys that a controller document lists; what cannot be read is left out."""
    entries = [e for e in _list(document.get("verificationMethod")) if isinstance(e, Mapping)]
    names = [_absolute(str(entry.get("id")), issuer) for entry in entries]
    found = [_readable(partial(_listed, document, issuer, name)) for name in names]
    return [method for method in found if method is not None]


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
    keys = [
        key for key in _list(fetch_document(address, fetcher=fetcher).get("keys")) if isinstance(key, Mapping)
    ]
    found = [
        _readable(partial(_of_set, key, address, issuer)) for key in keys if key.get("iss", issuer) == issuer
    ]
    return [method for method in found if method is not None]


def _of_set(jwk: Mapping[str, Any], address: str, issuer: str) -> VerificationMethod:
    return VerificationMethod(
        f"{address}#{jwk.get('kid', '')}", issuer, PublicKey.from_jwk(jwk), frozenset({PURPOSE})
    )


def _readable(read: Callable[[], VerificationMethod]) -> VerificationMethod | None:
    try:
        return read()
    except Error:
        return None
