"""Tokens with claims that their holder may leave out (SD-JWT), and the proof that it is the holder who shows them.

Spec: RFC 9901 (SD-JWT), 4 and 7; SD-JWT-based Verifiable Digital Credentials (SD-JWT VC), 2 and 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from gradatim.engine import did, encoding, reader
from gradatim.engine.did.documents import MAX_KEYS, signing_key
from gradatim.engine.errors import InputError, KeyRefusedError, ProofError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import PublicKey
from gradatim.engine.proof import claims, jose

TYPES = frozenset({"dc+sd-jwt", "vc+sd-jwt"})
MAX_DISCLOSURES = 1_000
MAX_AGE = timedelta(minutes=10)  # of a proof that the holder shows it now
_KEPT = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aud"})
_HASHES = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
_PROPERTY, _ENTRY = 3, 2  # parts of a disclosure: of a claim, of an entry of a list
_SPEC = "RFC 9901, 7.1"
_BINDING = "RFC 9901, 7.3"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A token with what was disclosed put in its place; nothing of it has been verified.

    Attributes:
        token: of the issuer; its payload has the disclosed claims.
        binding: the holder's own token, if there is one.
        bound: the text that the holder's token stands for.
        hash_name: of the digests.
    """

    token: jose.Jws
    binding: jose.Jws | None
    bound: bytes
    hash_name: str


def parse(text: str) -> Disclosed:
    """Take a token with disclosures apart, and put the disclosed claims in their place.

    Raises:
        InputError: ``parse``, ``encoding``, ``duplicate-key``, ``resource-limit``; ``schema`` for disclosures that do not
            fit, or that would stand in for what has to be seen.
    """
    first, *disclosures, last = text.split("~")
    if len(disclosures) > MAX_DISCLOSURES:
        raise InputError(
            "resource-limit", f"A token with more than {MAX_DISCLOSURES:,} disclosures is not read."
        )
    token = jose.parse(first)
    name = _HASHES.get(str(token.payload.get("_sd_alg", "sha-256")))
    if name is None:
        raise InputError("schema", "The digests of its claims are of a kind that is not known here.", _SPEC)
    found: dict[str, list[Any]] = {}
    for piece in disclosures:
        digest = encoding.base64url_encode(hashlib.new(name, piece.encode("ascii", "replace")).digest())
        if digest in found:
            raise _wrong("A disclosure stands twice in it.")
        found[digest] = _disclosure(piece)
    opening = _Opening(found)
    payload = opening.value(token.payload, 0)
    if opening.left:
        raise _wrong("It discloses something that its issuer did not put there.")
    payload.pop("_sd_alg", None)
    opened = jose.Jws(token.header, payload, token.signed, token.signature)
    bound = text[: len(text) - len(last)].encode("ascii", "replace")
    return Disclosed(opened, jose.parse(last) if last else None, bound, name)


def _disclosure(piece: str) -> list[Any]:
    value = reader.read_json(encoding.base64url_decode(piece))
    if not isinstance(value, list) or len(value) not in {_ENTRY, _PROPERTY} or not isinstance(value[0], str):
        raise _wrong("A disclosure in it is damaged.")
    name = value[1] if len(value) == _PROPERTY else ""
    if not isinstance(name, str) or name in {"_sd", "..."}:
        raise _wrong(f"It discloses {str(name)[:80]!r}, which is no name of a claim.")
    return value


class _Opening:
    """One walk over a payload that puts each disclosure where its digest stands."""

    def __init__(self, found: Mapping[str, list[Any]]) -> None:
        self.found = found
        self.left = set(found)
        self.seen: set[str] = set()

    def value(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - JSON
        if depth > reader.MAX_DEPTH:
            raise InputError("too-deep", f"The token is nested more than {reader.MAX_DEPTH} deep.")
        if isinstance(value, list):
            return [entry for one in value for entry in self.entry(one, depth)]
        if not isinstance(value, dict):
            return value
        if "..." in value:
            raise _wrong("A placeholder stands where none may be.")
        result = {key: self.value(entry, depth + 1) for key, entry in value.items() if key != "_sd"}
        digests = value.get("_sd", [])
        if not isinstance(digests, list):
            raise _wrong("Its digests are no list.")
        for digest in digests:
            disclosed = self.take(digest, _PROPERTY)
            if disclosed is None:
                continue
            if depth == 0 and disclosed[1] in _KEPT:
                raise _wrong(f"It discloses {disclosed[1]!r}, which has to be seen always.")
            if disclosed[1] in result:
                raise _wrong(f"It says {disclosed[1][:80]!r} twice.")
            result[disclosed[1]] = self.value(disclosed[2], depth + 1)
        return result

    def entry(self, entry: Any, depth: int) -> list[Any]:  # noqa: ANN401 - JSON
        """An entry of a list: itself, what is disclosed of it, or nothing."""
        if not isinstance(entry, dict) or set(entry) != {"..."}:
            return [self.value(entry, depth + 1)]
        disclosed = self.take(entry["..."], _ENTRY)
        return [] if disclosed is None else [self.value(disclosed[1], depth + 1)]

    def take(self, digest: Any, size: int) -> list[Any] | None:  # noqa: ANN401 - JSON
        if not isinstance(digest, str) or digest in self.seen:
            raise _wrong("A digest in it is damaged, or stands twice.")
        self.seen.add(digest)
        disclosed = self.found.get(digest)
        if disclosed is None:
            return None
        if len(disclosed) != size:
            raise _wrong("A disclosure stands where one of another kind is wanted.")
        self.left.discard(digest)
        return disclosed


def issuer_key(token: jose.Jws, issuer: str, *, fetcher: Fetcher, at: datetime) -> PublicKey:
    """The issuer's key: of an https issuer from its own metadata, else as for every token.

    Raises:
        KeyRefusedError, FetchError: as `jose.key_for`.
    """
    if not issuer.startswith("https://"):
        return jose.key_for(token.header, issuer, fetcher=fetcher, at=at)
    try:
        parts = urlsplit(issuer)
    except ValueError:
        raise KeyRefusedError("key-unresolved", f"{issuer[:200]} is no address.", "SD-JWT VC, 3.3") from None
    address = f"https://{parts.netloc}/.well-known/jwt-vc-issuer{parts.path.rstrip('/')}"
    metadata = did.fetch_document(address, fetcher=fetcher)
    if metadata.get("issuer") != issuer:
        raise KeyRefusedError(
            "key-not-authorised", f"{address} does not speak for {issuer[:200]}.", "SD-JWT VC, 3.3"
        )
    keys = metadata.get("jwks")
    if not isinstance(keys, Mapping) and isinstance(metadata.get("jwks_uri"), str):
        keys = did.fetch_document(metadata["jwks_uri"], fetcher=fetcher)
    entries = keys.get("keys") if isinstance(keys, Mapping) else None
    entries = [e for e in entries if isinstance(e, Mapping)] if isinstance(entries, list) else []
    if len(entries) > MAX_KEYS:
        raise KeyRefusedError(
            "key-unresolved", f"{issuer[:200]} lists more than {MAX_KEYS} keys.", "SD-JWT VC, 3.3"
        )
    kid = token.header.get("kid")
    named = [e for e in entries if e.get("kid") == kid] if kid is not None else entries
    if len(named) != 1:
        raise KeyRefusedError(
            "key-unresolved", f"{issuer[:200]} publishes no key {str(kid)[:200]!r}.", "SD-JWT VC, 3.3"
        )
    return signing_key(named[0])


def check_binding(disclosed: Disclosed, *, challenge: str | None, domain: str | None, now: datetime) -> None:
    """Whether the person who shows it holds the key that it was made out to, and was asked by this reader.

    Raises:
        ProofError: ``proof-challenge``, ``proof-domain``, ``proof-invalid``; KeyRefusedError: ``key-unresolved``.
    """
    binding = disclosed.binding
    if binding is None:
        if challenge is not None or domain is not None:
            raise ProofError(
                "proof-challenge", "It comes without a proof that its holder shows it.", _BINDING
            )
        return
    jose.check_header(binding.header, types=frozenset({"kb+jwt"}))
    holder = disclosed.token.payload.get("cnf")
    jwk = holder.get("jwk") if isinstance(holder, Mapping) else None
    if not isinstance(jwk, Mapping):
        raise ProofError(
            "proof-invalid", "It was made out to no key, yet somebody signed as its holder.", _BINDING
        )
    jose.verify(binding, PublicKey.from_jwk(jwk))
    digest = encoding.base64url_encode(hashlib.new(disclosed.hash_name, disclosed.bound).digest())
    if binding.payload.get("sd_hash") != digest:
        raise ProofError("proof-invalid", "The holder signed for another choice of claims.", _BINDING)
    if challenge is not None and binding.payload.get("nonce") != challenge:
        raise ProofError("proof-challenge", "It was shown for another request than this one.", _BINDING)
    if domain is not None and binding.payload.get("aud") != domain:
        raise ProofError("proof-domain", f"It was shown to somebody else than {domain}.", _BINDING)
    issued = claims.instant(binding.payload, "iat")
    if (
        issued is None
        or issued > now + timedelta(minutes=5)
        or (challenge is not None and issued < now - MAX_AGE)
    ):
        raise ProofError("proof-expired", "The holder did not sign for this just now.", _BINDING)


def _wrong(words: str) -> InputError:
    return InputError("schema", words, _SPEC)
