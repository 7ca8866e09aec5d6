"""Who holds a key: did:key, did:web, did:jwk, and https issuers with a key document or a key set.

Spec: Controlled Identifiers 1.0, 3.3 Retrieve Verification Method; did:key 0.9; did:web; Open Badges 3.0
implementation guide (keys of https issuers).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

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
from gradatim.engine.errors import Error, KeyRefusedError
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
    method = _named(kid, owner, fetcher)
    if method is not None:
        return method
    document = fetch_document(base, fetcher=fetcher)
    if "kty" not in document:
        return find_method(kid, fetcher=fetcher)
    if document.get("iss", owner) != owner:
        raise documents.foreign(kid, str(document["iss"]))
    return _published(kid, owner, documents.signing_key(document), fetcher)


def _named(kid: str, owner: str, fetcher: Fetcher) -> VerificationMethod | None:
    """The key of that ``kid`` in the owner's key set."""
    try:
        methods = key_set(owner, fetcher=fetcher)
    except KeyRefusedError:
        return None
    for method in methods:
        address, _, name = method.id.partition("#")
        if kid in {name, method.id} or (kid == address and len(methods) == 1):
            return method
    return None


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
    if fragment.startswith("z"):
        key = PublicKey.from_multibase(fragment)
        document = fetch_document(base, fetcher=fetcher)
        if "verificationMethod" not in document:
            return _published(url, base, key, fetcher)
        return documents.listed(documents.own(document, base), base, url)
    document = fetch_document(base, fetcher=fetcher)
    if "publicKeyMultibase" in document or "publicKeyJwk" in document:
        method = documents.method_of(document, url, frozenset({PURPOSE}))
        if host_of(method.controller) != host_of(base):
            raise documents.foreign(base, method.controller)
        known = _published(url, method.controller, method.key, fetcher)
        return replace(
            known, expires=known.expires or method.expires, revoked=known.revoked or method.revoked
        )
    return documents.listed(documents.own(document, base), base, url)


def _published(url: str, owner: str, key: PublicKey, fetcher: Fetcher) -> VerificationMethod:
    """The owner's own entry for a key that stands elsewhere: anybody can write, somewhere, whose key it is."""
    silent = None
    for read in (key_set, _own_methods):
        try:
            methods = read(owner, fetcher=fetcher)
        except KeyRefusedError as error:
            silent = silent or (error if read is key_set else None)
            continue
        for method in methods:
            if method.key == key:
                return replace(method, id=url)
    raise silent or KeyRefusedError(
        "key-not-authorised",
        f"Neither {owner} nor the key set of its host lists the key that the proof names.",
        _SPEC,
    )


def _own_methods(owner: str, *, fetcher: Fetcher) -> list[VerificationMethod]:
    return methods_of(document_of(owner, fetcher=fetcher), owner)


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
