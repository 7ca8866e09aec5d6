"""Signed tokens (compact JWS), read strictly, and the key that a token names.

Spec: Open Badges 3.0, 8.2 JSON Web Token Proof Format; RFC 7515; RFC 8725; Securing VCs using JOSE and COSE, 3. What a
token's claims say is the business of `claims`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from gradatim.engine import did, encoding, reader
from gradatim.engine.errors import InputError, KeyRefusedError, ProofError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import ED25519, P256, P384, RSA, PublicKey, Signer
from gradatim.engine.proof.checking import is_by

ALGORITHMS = {"EdDSA": ED25519, "ES256": P256, "ES384": P384, "RS256": RSA}
"""The algorithms that are taken, and the kind of key each needs; never `none`, never a shared secret."""

TYPES = frozenset({"JWT", "vc+jwt", "vc+ld+jwt", "vc+ld+json+jwt", "vp+jwt", "vp+ld+jwt", "vp+ld+json+jwt"})
"""The ``typ`` of tokens that are taken; left out, it is ``JWT``."""

_PARTS = 3
_USUAL = 512  # characters of a header that is remembered
_SPEC = "Open Badges 3.0, 8.2.4"
_FOREIGN = ("jku", "x5u", "x5c")
_DOUBTFUL = frozenset({"crit", "b64", "jwk", *_FOREIGN})
_SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class Jws(NamedTuple):
    """A token taken apart; nothing of it has been verified."""

    header: Mapping[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


def looks_like(text: str) -> bool:
    """Whether a text is meant as a compact token."""
    start = text.lstrip()[:2]
    return start == "ey" and text.count(".") >= _PARTS - 1


def parse(token: str) -> Jws:
    """Take a compact token apart.

    Raises:
        InputError: ``encoding``, ``duplicate-key``, ``parse``, ``proof-unsupported`` (an encrypted token).
    """
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise InputError(
            "proof-unsupported",
            f"A signed token has three parts; this has {len(parts)} (five: it is encrypted).",
            "RFC 7515, 7.1",
        )
    header, payload, signature = parts
    return Jws(
        _read_again(header) if len(header) <= _USUAL else _read(header),
        reader.read_object(encoding.base64url_decode(payload)),
        token[: -len(signature) - 1].encode("ascii"),
        encoding.base64url_decode(signature),
    )


def _read(header: str) -> Mapping[str, Any]:
    return MappingProxyType(reader.read_object(encoding.base64url_decode(header)))


_read_again = lru_cache(maxsize=256)(_read)  # an issuer's header is the same on each of its tokens


def type_of(header: Mapping[str, Any]) -> str:
    """The ``typ`` of a header, without the media type's first half; media types are the same in any case (RFC 7515, 4.1.9)."""
    typ = str(header.get("typ", "JWT")).lower().removeprefix("application/")
    return "JWT" if typ == "jwt" else typ


def check_header(header: Mapping[str, Any], *, types: frozenset[str] = TYPES) -> str:
    """The algorithm of a header that may be trusted to be looked at further.

    Args:
        header: of a token.
        types: the ``typ`` values that are taken.

    Raises:
        ProofError: ``proof-unsupported``, ``private-key-exposed``.
        KeyRefusedError: ``key-not-authorised``, for a key that the token itself wants fetched.
    """
    algorithm = str(header.get("alg"))
    if algorithm not in ALGORITHMS:
        raise ProofError(
            "proof-unsupported", f"Tokens signed with {algorithm!r} are not accepted.", "RFC 8725, 3.1"
        )
    if type_of(header) not in types:
        raise ProofError(
            "proof-unsupported",
            f"A token of the type {header.get('typ')!r} is no credential.",
            "RFC 8725, 3.11",
        )
    if not _DOUBTFUL.isdisjoint(header):
        _check_doubtful(header)
    return algorithm


def _check_doubtful(header: Mapping[str, Any]) -> None:
    """Refuse what a header must not demand, bring or show."""
    if "crit" in header or "b64" in header:
        raise ProofError(
            "proof-unsupported", "The token demands an extension that is not known here.", "RFC 7515, 4.1.11"
        )
    for name in _FOREIGN:
        if name in header:
            raise KeyRefusedError(
                "key-not-authorised",
                f"The token names its own key by {name}; that proves nothing about the issuer.",
                "RFC 8725, 3.10",
            )
    jwk = header.get("jwk")
    if isinstance(jwk, Mapping) and _SECRET & set(jwk):
        raise ProofError(
            "private-key-exposed",
            "The token's header carries the secret key: whoever sees it can sign.",
            _SPEC,
        )


def key_for(
    header: Mapping[str, Any],
    owner: str,
    *,
    fetcher: Fetcher,
    at: datetime | None = None,
    purpose: str = did.PURPOSE,
) -> PublicKey:
    """The owner's key that a header names; a key in the header counts only if the owner publishes it too.

    Args:
        header: after `check_header`.
        owner: the credential's issuer id, or a presentation's holder.
        fetcher: for the owner's documents.
        at: the instant the key has to count at, for keys with an end.
        purpose: what the key has to be listed for.

    Raises:
        KeyRefusedError: ``key-not-authorised``, ``key-unresolved``, ``key-too-weak``; FetchError: ``fetch-blocked``.
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    if isinstance(jwk, Mapping):
        method = did.find_published(PublicKey.from_jwk(jwk), owner, fetcher=fetcher)
    elif isinstance(kid, str):
        method = _named(kid, owner, fetcher)
    else:
        raise KeyRefusedError(
            "key-unresolved",
            "The token names no key; ask its issuer for one with a kid in its header.",
            _SPEC,
        )
    try:
        did.authorise(method, owner=owner, purpose=purpose, at=at)
    except KeyRefusedError as error:  # a key elsewhere that the token names, whoever's it is
        raise KeyRefusedError("key-not-authorised", error.message, error.spec) from None
    return method.key


def _named(kid: str, owner: str, fetcher: Fetcher) -> did.VerificationMethod:
    """The key at an address of the owner's, or under a name in the owner's key set."""
    if ":" not in kid and not kid.startswith("#"):
        method = did.find_named(kid, owner, fetcher=fetcher)
        if method is None:
            raise KeyRefusedError("key-unresolved", f"The issuer publishes no key {kid[:200]!r}.", _SPEC)
        return method
    if kid.startswith("#"):
        kid = owner + kid
    if not _belongs(kid, owner):
        raise KeyRefusedError(
            "key-not-authorised", f"The token's key is at {kid[:200]}, which is not the issuer's.", _SPEC
        )
    return did.find_token_key(kid, owner, fetcher=fetcher)


def _belongs(kid: str, owner: str) -> bool:
    if kid.startswith("https://"):
        host = did.host_of(kid)
        return host != "" and host == did.host_of(owner)
    return kid.partition("#")[0] == owner


def verify(jws: Jws, key: PublicKey) -> None:
    """Check the signature.

    Raises:
        ProofError: ``proof-invalid``.
    """
    if ALGORITHMS[jws.header["alg"]] != key.kind:
        raise ProofError(
            "proof-invalid",
            f"A {key.kind} key does not make {jws.header['alg']} signatures.",
            "RFC 7518, 3.1",
        )
    if not is_by(key, jws.signature, jws.signed):
        raise ProofError(
            "proof-invalid",
            "The token was changed after it was signed, or another key signed it.",
            "RFC 7515, 5.2",
        )


def sign(payload: Mapping[str, Any], *, signer: Signer, kid: str, typ: str = "JWT") -> str:
    """A compact token.

    Args:
        payload: what is signed.
        signer: an Ed25519, P-256, P-384 or RSA key.
        kid: the address of its public half.
        typ: one of `TYPES`.
    """
    signed = _header(signer.public_key.kind, kid, typ) + encoding.base64url_encode(reader.write_json(payload))
    return f"{signed}.{encoding.base64url_encode(signer.sign(signed.encode('ascii')))}"


@lru_cache(maxsize=64)
def _header(kind: str, kid: str, typ: str) -> str:
    algorithm = next(name for name, wanted in ALGORITHMS.items() if wanted == kind)
    return encoding.base64url_encode(reader.write_json({"alg": algorithm, "kid": kid, "typ": typ})) + "."
