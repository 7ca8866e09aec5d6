"""Who holds a key: did:key, did:web, did:jwk, and https issuers with a key document or a key set.

Spec: Controlled Identifiers 1.0, 3.3 Retrieve Verification Method; did:key 0.9; did:web; Open Badges 3.0
implementation guide (keys of https issuers).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from gradatim.engine import encoding, reader
from gradatim.engine.did import documents
from gradatim.engine.did.addresses import did_web_url, host_of
from gradatim.engine.did.documents import (
    PURPOSE,
    VerificationMethod,
    document_of,
    fetch_document,
    key_set,
    methods_of,
)
from gradatim.engine.errors import Error, KeyRefusedError, UnreachableKeyError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import PublicKey

__all__ = [
    "PURPOSE",
    "VerificationMethod",
    "authorise",
    "did_key",
    "did_web_url",
    "document_of",
    "fetch_document",
    "find_method",
    "find_named",
    "find_published",
    "find_token_key",
    "host_of",
    "key_set",
    "methods_of",
]

_SPEC = "Controlled Identifiers 1.0, 3.3"


def did_key(key: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{key.to_multibase()}"


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
        return documents.listed(document_of(base, fetcher=fetcher), base, url)
    if base.startswith("https://"):
        return _https_method(url, base, fragment, fetcher)
    raise KeyRefusedError("key-unresolved", f"Keys of {base[:80]} cannot be looked up.", _SPEC)


def find_token_key(kid: str, owner: str, *, fetcher: Fetcher) -> VerificationMethod:
    """As `find_method`, for the ``kid`` of a token: at an https address one JWK may stand by itself.

    What stands anywhere on a host may be anybody's, so the owner has to publish that key too (`key_set`).

    Args:
        kid: an address on the owner's host, or under the owner's DID.
        owner: whose key it has to be.
        fetcher: for the documents.

    Raises:
        KeyRefusedError: as `find_method`; ``key-not-authorised`` when the owner does not publish the key.
    """
    base = kid.partition("#")[0]
    if not kid.startswith("https://") or base == owner:
        return find_method(kid, fetcher=fetcher)
    with suppress(KeyRefusedError):  # there need not be a set
        method = find_named(kid, owner, fetcher=fetcher)
        if method is not None:
            return method
    document = fetch_document(base, fetcher=fetcher)
    if "kty" not in document:
        return find_method(kid, fetcher=fetcher)
    if document.get("iss", owner) != owner:
        raise documents.foreign(kid, str(document["iss"]))
    return find_published(documents.signing_key(document), owner, fetcher=fetcher, url=kid)


def find_named(name: str, owner: str, *, fetcher: Fetcher) -> VerificationMethod | None:
    """The key of that name in the owner's key set, as the owner's own document has it if it lists it; or ``None``.

    Args:
        name: a ``kid``: a name in the set, or an address.
        owner: a did:web or https identifier.
        fetcher: for the documents.

    Raises:
        KeyRefusedError, FetchError: as `key_set` and `find_published`.
    """
    methods = key_set(owner, fetcher=fetcher)
    for method in methods:
        address, _, known = method.id.partition("#")
        if name in {known, method.id} or (name == address and len(methods) == 1):
            return find_published(method.key, owner, fetcher=fetcher, url=method.id)
    return None


def find_published(key: PublicKey, owner: str, *, fetcher: Fetcher, url: str = "") -> VerificationMethod:
    """The owner's own entry for a key that stands elsewhere: anybody can write, somewhere, whose key it is.

    Args:
        key: it.
        owner: who has to publish it. What the owner's document says of it counts more than the key set of the host.
        fetcher: for the documents.
        url: what the method is to be called.

    Raises:
        KeyRefusedError: ``key-not-authorised``, ``key-unresolved``; `UnreachableKeyError` when either did not answer.
        FetchError: ``fetch-blocked``.
    """
    silent = None
    for read in (_own_methods, key_set)[: 1 if owner.startswith("did:") else 2]:
        try:
            methods = read(owner, fetcher=fetcher)
        except (
            KeyRefusedError
        ) as error:  # a profile without keys says nothing; a set that is none leaves it open
            if read is key_set or isinstance(error, UnreachableKeyError):
                silent = silent or error
            continue
        same = [method for method in methods if method.key == key]
        if same:
            return _of_one_key([method for method in same if method.id == url] or same, url)
    raise silent or KeyRefusedError(
        "key-not-authorised",
        f"Neither {owner[:200]} nor the key set of its host lists the key that the proof names.",
        _SPEC,
    )


def _of_one_key(methods: list[VerificationMethod], url: str) -> VerificationMethod:
    """What several entries say of one key: all that it is listed for, until the first of them ends it."""
    first, *others = methods
    if not others:
        return replace(first, id=url or first.id)
    return VerificationMethod(
        url or first.id,
        first.controller,
        first.key,
        frozenset().union(*(method.purposes for method in methods)),
        min((method.expires for method in methods if method.expires), default=None),
        min((method.revoked for method in methods if method.revoked), default=None),
    )


def _own_methods(owner: str, *, fetcher: Fetcher) -> list[VerificationMethod]:
    if not host_of(owner):  # a did:key and a did:jwk are their keys
        return [find_method(owner, fetcher=fetcher)]
    return methods_of(document_of(owner, fetcher=fetcher), owner)


@lru_cache(maxsize=256)
def _did_key_method(did: str, fragment: str) -> VerificationMethod:
    encoded = did.removeprefix("did:key:")
    if fragment and fragment != encoded:
        raise KeyRefusedError(
            "key-unresolved", "The fragment names another key than the did:key itself.", "did:key 0.9, 3.1"
        )
    if not encoded.startswith("z"):
        raise KeyRefusedError(
            "key-unresolved", "A did:key is written in base58btc, with a z.", "did:key 0.9, 3"
        )
    key = PublicKey.from_multibase(encoded)
    return VerificationMethod(f"{did}#{encoded}", did, key, documents.BOTH)


def _did_jwk_method(did: str, fragment: str) -> VerificationMethod:
    if fragment not in {"", "0"}:
        raise KeyRefusedError("key-unresolved", "A did:jwk has one key, called #0.", "did:jwk")
    try:
        jwk = reader.read_object(encoding.base64url_decode(did.removeprefix("did:jwk:")))
    except Error:
        raise KeyRefusedError("key-unresolved", "The did:jwk is damaged.", "did:jwk") from None
    return VerificationMethod(f"{did}#0", did, documents.signing_key(jwk), documents.BOTH)


def _https_method(url: str, base: str, fragment: str, fetcher: Fetcher) -> VerificationMethod:
    silent = None
    try:
        document = fetch_document(base, fetcher=fetcher)
    except KeyRefusedError as error:
        document, silent = documents.Document({}), error
    if "publicKeyMultibase" in document or "publicKeyJwk" in document:
        return _by_itself(document, url, base, fetcher)
    if documents.lists_keys(document):
        return documents.listed(documents.own(document, base), base, url)
    try:  # a profile without keys: the key set of its host may have it
        named = find_named(url, base, fetcher=fetcher)
        if named is not None:
            return named
    except KeyRefusedError as error:
        silent = silent or error
    if fragment.startswith("z"):
        return find_published(PublicKey.from_multibase(fragment), base, fetcher=fetcher, url=url)
    raise silent or KeyRefusedError(
        "key-unresolved",
        f"Neither {base[:200]} nor the key set of its host lists the key {url[:200]}.",
        _SPEC,
    )


def _by_itself(document: dict[str, Any], url: str, base: str, fetcher: Fetcher) -> VerificationMethod:
    """A key document, if its controller lists it by its address or by its key."""
    method = documents.method_of(document, url, frozenset({PURPOSE}))
    owner = method.controller
    if host_of(owner) != host_of(base):
        raise documents.foreign(base, owner)
    own = documents.Document({})
    with suppress(KeyRefusedError):
        own = document_of(owner, fetcher=fetcher)
        purposes = documents.purposes_of(own, owner, url)
        if purposes and not documents.describes(own, owner, url):
            return replace(method, purposes=purposes)
    if documents.describes(own, owner, url):
        return documents.listed(own, owner, url)  # whatever stands at the address
    known = find_published(method.key, owner, fetcher=fetcher, url=url)
    return replace(known, expires=known.expires or method.expires, revoked=known.revoked or method.revoked)


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
