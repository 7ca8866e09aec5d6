"""Credentials as signed tokens (compact JWS), read strictly.

Spec: Open Badges 3.0, 8.2 JSON Web Token Proof Format; RFC 7515; RFC 8725; Securing VCs using JOSE and COSE, 3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gradatim.engine import did, encoding, reader
from gradatim.engine.errors import InputError, KeyRefusedError, ProofError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import ED25519, P256, P384, RSA, PublicKey, Signer

ALGORITHMS = {"EdDSA": ED25519, "ES256": P256, "ES384": P384, "RS256": RSA}
"""The algorithms that are taken, and the kind of key each needs; never `none`, never a shared secret."""

TYPES = frozenset({"JWT", "vc+jwt", "vc+ld+json+jwt", "vc+ld+jwt", "vp+jwt"})
_PARTS = 3
_SPEC = "Open Badges 3.0, 8.2.4"
_FOREIGN = ("jku", "x5u", "x5c")
_SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class Jws:
    """A token taken apart; nothing of it has been verified."""

    header: dict[str, Any]
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
    header, payload, signature = (encoding.base64url_decode(part) for part in parts)
    return Jws(
        reader.read_object(header),
        reader.read_object(payload),
        token.rpartition(".")[0].encode("ascii"),
        signature,
    )


def check_header(header: Mapping[str, Any]) -> str:
    """The algorithm of a header that may be trusted to be looked at further.

    Raises:
        ProofError: ``proof-unsupported``, ``private-key-exposed``.
        KeyRefusedError: ``key-not-authorised``, for a key that the token itself wants fetched.
    """
    algorithm = str(header.get("alg"))
    if algorithm not in ALGORITHMS:
        raise ProofError(
            "proof-unsupported", f"Tokens signed with {algorithm!r} are not accepted.", "RFC 8725, 3.1"
        )
    if "crit" in header or "b64" in header:
        raise ProofError(
            "proof-unsupported", "The token demands an extension that is not known here.", "RFC 7515, 4.1.11"
        )
    if str(header.get("typ", "JWT")) not in TYPES:
        raise ProofError(
            "proof-unsupported",
            f"A token of the type {header.get('typ')!r} is no credential.",
            "RFC 8725, 3.11",
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
    return algorithm


def key_for(
    header: Mapping[str, Any], issuer: str, *, fetcher: Fetcher, at: datetime | None = None
) -> PublicKey:
    """The issuer's key that a header names; a key in the header counts only if the issuer publishes it too.

    Args:
        header: after `check_header`.
        issuer: the credential's issuer id.
        fetcher: for the issuer's documents.
        at: the instant the key has to count at, for keys with an end.

    Raises:
        KeyRefusedError: ``key-not-authorised``, ``key-unresolved``, ``key-too-weak``; FetchError: ``fetch-blocked``.
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    if isinstance(jwk, Mapping):
        key = PublicKey.from_jwk(jwk)
        if issuer.startswith(("did:key:", "did:jwk:")):
            published = [did.find_method(issuer, fetcher=fetcher)]
        else:
            published = did.key_set(issuer, fetcher=fetcher)
        for method in published:
            if method.key == key:
                authorise(method, issuer=issuer, purpose=did.PURPOSE, at=at)
                return key
        raise KeyRefusedError(
            "key-not-authorised",
            "The token brings its own key, and the issuer does not publish that key.",
            _SPEC,
        )
    if not isinstance(kid, str):
        raise KeyRefusedError("key-unresolved", "The token names no key.", _SPEC)
    if kid.startswith("#"):
        kid = issuer + kid
    if not _belongs(kid, issuer):
        raise KeyRefusedError(
            "key-not-authorised", f"The token's key is at {kid[:200]}, which is not the issuer's.", _SPEC
        )
    if kid.startswith("https://"):
        return _https_key(kid, issuer, fetcher)
    method = did.find_method(kid, fetcher=fetcher)
    authorise(method, issuer=issuer, purpose=did.PURPOSE, at=at)
    return method.key


def _belongs(kid: str, issuer: str) -> bool:
    if kid.startswith("https://"):
        host = did.host_of(kid)
        return host != "" and host == did.host_of(issuer)
    return kid.partition("#")[0] == issuer


def _https_key(kid: str, issuer: str, fetcher: Fetcher) -> PublicKey:
    """One JWK at an address of the issuer's own host."""
    document = did._fetched(kid, fetcher)  # noqa: SLF001 - one way of fetching key documents
    if "kty" in document:
        return PublicKey.from_jwk(document)
    method = did.find_method(kid, fetcher=fetcher)
    authorise(method, issuer=issuer, purpose=did.PURPOSE, at=None)
    return method.key


def authorise(method: did.VerificationMethod, *, issuer: str, purpose: str, at: datetime | None) -> None:
    """Whether a key may speak for an issuer, for a purpose, at an instant.

    Raises:
        KeyRefusedError: ``issuer-mismatch``, ``key-not-authorised``.
    """
    if method.controller != issuer:
        raise KeyRefusedError(
            "issuer-mismatch",
            f"The key belongs to {method.controller[:200]}, not to the issuer {issuer[:200]}.",
            "Open Badges 3.0, 8.3",
        )
    if purpose not in method.purposes:
        raise KeyRefusedError(
            "key-not-authorised",
            f"The issuer does not list this key for {purpose}.",
            "Controlled Identifiers 1.0, 3.3",
        )
    for name, moment in (("revoked", method.revoked), ("expired", method.expires)):
        if moment is not None and (at is None or at >= moment):
            raise KeyRefusedError(
                "key-not-authorised",
                f"The issuer's key {name} on {encoding.format_datetime(moment)}, before this was signed.",
                "Controlled Identifiers 1.0, 2.2",
            )


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
    if not key.verify(jws.signature, jws.signed):
        raise ProofError(
            "proof-invalid",
            "The token was changed after it was signed, or another key signed it.",
            "RFC 7515, 5.2",
        )


def sign(credential: Mapping[str, Any], *, signer: Signer, kid: str) -> str:
    """A credential as a token: its own members plus ``iss``, ``jti``, ``sub``, ``nbf`` and ``exp``.

    Args:
        credential: without an embedded proof; its subject has an id.
        signer: an Ed25519, P-256, P-384 or RSA key.
        kid: the address of its public half.

    Raises:
        ProofError: ``schema``, when the subject has no id.
    """
    subject = credential.get("credentialSubject")
    if not isinstance(subject, Mapping) or "id" not in subject:
        raise ProofError(
            "schema",
            "A credential whose subject has no id cannot be issued as a token.",
            "Open Badges 3.0, 8.2.3",
        )
    issuer = credential["issuer"]
    claims: dict[str, Any] = {
        "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
        "jti": credential["id"],
        "sub": subject["id"],
        "nbf": _numeric(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _numeric(credential["validUntil"])
    algorithm = next(name for name, kind in ALGORITHMS.items() if kind == signer.public_key.kind)
    head = {"alg": algorithm, "kid": kid, "typ": "JWT"}
    signed = ".".join(
        encoding.base64url_encode(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())
        for part in (head, dict(credential) | claims)
    )
    return f"{signed}.{encoding.base64url_encode(signer.sign(signed.encode('ascii')))}"


def _numeric(text: str) -> int:
    return int(encoding.parse_datetime(text).timestamp())


def check_claims(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The credential inside a verified payload, after comparing the claims with it.

    Raises:
        ProofError: ``schema`` or ``issuer-mismatch``, naming the claim; ``InputError``: ``schema`` for a damaged claim.
    """
    names = ("iss", "jti", "sub", "nbf", "exp", "iat", "aud", "cnf")
    credential = {key: value for key, value in payload.items() if key not in names}
    issuer, subject = credential.get("issuer"), credential.get("credentialSubject")
    issuer_id = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    subject_id = subject.get("id") if isinstance(subject, Mapping) else None
    if payload.get("iss") != issuer_id:
        raise ProofError("issuer-mismatch", "The token's iss is not the credential's issuer.", _SPEC)
    for claim, value in (("jti", credential.get("id")), ("sub", subject_id)):
        if payload.get(claim) is None or payload[claim] != value:
            raise ProofError("schema", f"The token's {claim} differs from the credential.", _SPEC)
    for claim, name in (("nbf", "validFrom"), ("exp", "validUntil")):
        stated = instant(payload, claim)
        if name in credential and stated != encoding.parse_datetime(credential[name]).replace(microsecond=0):
            raise ProofError("schema", f"The token's {claim} differs from the credential's {name}.", _SPEC)
    if "nbf" not in payload:
        raise ProofError("schema", "The token has no nbf.", _SPEC)
    return credential


def instant(payload: Mapping[str, Any], claim: str) -> datetime | None:
    """A NumericDate claim as an instant, to the second; ``None`` when it is not there.

    Raises:
        InputError: ``schema``.
    """
    value = payload.get(claim)
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(claim)
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise InputError("schema", f"The token's {claim} is no time.", "RFC 7519, 4.1") from None
