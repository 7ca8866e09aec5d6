"""Selective disclosure: a holder shows a part of a credential, and the issuer's signature still covers it.

Spec: Data Integrity ECDSA Cryptosuites 1.0, 3.4 and 3.5 (ecdsa-sd-2023).

The issuer signs each statement on its own with a key made for that one proof, and that key, together with the statements
that always have to be shown, with its own. The base proof goes to the holder only; what is shown has a derived proof.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.errors import Error, ProofError
from gradatim.engine.keys import P256, PrivateKey, PublicKey, Signer
from gradatim.engine.proof import cbor, grouping
from gradatim.engine.proof.checking import is_by

NAME = "ecdsa-sd-2023"
MAX_STATEMENTS = 2_000  # each is a signature to check
_TYPE = "DataIntegrityProof"
_BASE, _DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
_KEY_PREFIX = b"\x80\x24"
_SPEC = "Data Integrity ECDSA Cryptosuites 1.0, 3.5"
_PARTS = 5
_SIGNATURE, _POINT, _LABEL = 64, 35, 32  # bytes


@dataclass(frozen=True, slots=True)
class Base:
    """What a base proof holds; the HMAC key lets its holder name the blank nodes."""

    signature: bytes
    key: PublicKey
    hmac_key: bytes
    signatures: list[bytes]
    mandatory: list[str]


@dataclass(frozen=True, slots=True)
class Derived:
    """What a derived proof holds."""

    signature: bytes
    key: PublicKey
    signatures: list[bytes]
    labels: dict[str, str]
    mandatory: list[int]


def is_selective(proof: Mapping[str, Any]) -> bool:
    """Whether a proof is of this suite."""
    return proof.get("type") == _TYPE and proof.get("cryptosuite") == NAME


def add_base_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    mandatory: Sequence[str],
    hmac_key: bytes | None = None,
    proof_key: PrivateKey | None = None,
    allowed: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The document with a base proof, for its holder.

    Args:
        document: unsigned.
        signer: the issuer's P-256 key.
        verification_method: the address of its public half.
        created: the proof's time.
        mandatory: JSON pointers to what every disclosure has to show, such as ``/issuer``.
        hmac_key: 32 bytes; new ones if left out.
        proof_key: the P-256 key made for this proof; a new one if left out.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-unsupported``, for another kind of key or a document that holds others; Error: what
            canonicalisation refuses.
    """
    if signer.public_key.kind != P256:
        raise ProofError("proof-unsupported", f"{NAME} signs with P-256.", _SPEC)
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    options = {
        "type": _TYPE,
        "cryptosuite": NAME,
        "created": encoding.format_datetime(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    hmac_key = hmac_key or secrets.token_bytes(32)
    proof_key = proof_key or PrivateKey.generate(P256)
    grouped = grouping.group(unsigned, {"mandatory": mandatory}, hmac_key, allowed=allowed)
    shown, rest = _parted(grouped.lines, grouped.groups["mandatory"])
    if len(rest) > MAX_STATEMENTS:
        raise ProofError(
            "proof-unsupported", f"More than {MAX_STATEMENTS} statements are not signed one by one.", _SPEC
        )
    signed = _signed_bytes(_config_hash(unsigned, options, allowed), proof_key.public_key, shown)
    value = [
        signer.sign(signed),
        _KEY_PREFIX + proof_key.public_key.raw,
        hmac_key,
        [proof_key.sign(line.encode()) for line in rest],
        list(mandatory),
    ]
    return unsigned | {"proof": options | {"proofValue": _written(_BASE, value)}}


def derive(
    document: Mapping[str, Any], *, pointers: Sequence[str], allowed: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The part of a document that its holder wants to show, with a derived proof.

    Args:
        document: with a base proof.
        pointers: JSON pointers to what is shown beside the mandatory parts.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-unsupported``, ``proof-invalid``.
    """
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or not is_selective(proof):
        raise ProofError("proof-unsupported", f"There is no {NAME} proof to derive from.", _SPEC)
    base = read_base(proof)
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    both = [*base.mandatory, *pointers]
    groups = {"mandatory": base.mandatory, "selective": list(pointers), "combined": both}
    grouped = grouping.group(unsigned, groups, base.hmac_key, allowed=allowed)
    always, chosen, shown = (set(grouped.groups[name]) for name in ("mandatory", "selective", "combined"))
    free = [at for at in range(len(grouped.lines)) if at not in always]
    if len(free) != len(base.signatures):
        raise ProofError("proof-invalid", "The proof is of another document.", _SPEC)
    labels = grouping.canonical_labels(grouped.quads["combined"], grouped.labels)
    value = [
        base.signature,
        _KEY_PREFIX + base.key.raw,
        [signature for at, signature in zip(free, base.signatures, strict=True) if at in chosen],
        {int(name[4:]): encoding.base64url_decode(label[1:]) for name, label in labels.items()},
        [number for number, at in enumerate(sorted(shown)) if at in always],
    ]
    revealed = grouping.select(unsigned, both)
    options = {key: member for key, member in proof.items() if key != "proofValue"}
    return revealed | {"proof": options | {"proofValue": _written(_DERIVED, value)}}


def verify_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    key: PublicKey,
    *,
    allowed: frozenset[str] = frozenset(),
) -> None:
    """Check a derived proof, or a base proof with all that it covers.

    Args:
        document: without ``proof``.
        proof: as it stands in the document.
        key: of the verification method it names.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-invalid``; Error: what canonicalisation refuses.
    """
    if key.kind != P256:
        raise ProofError("proof-invalid", f"A {key.kind} key does not make {NAME} proofs.", _SPEC)
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    parsed = _parsed(proof)
    if isinstance(parsed, Base):
        grouped = grouping.group(document, {"mandatory": parsed.mandatory}, parsed.hmac_key, allowed=allowed)
        shown, rest = _parted(grouped.lines, grouped.groups["mandatory"])
    else:
        lines = grouping.relabelled(document, parsed.labels, allowed=allowed)
        if any(number >= len(lines) for number in parsed.mandatory):
            raise _changed()
        shown, rest = _parted(lines, parsed.mandatory)
    signed = _signed_bytes(_config_hash(document, options, allowed), parsed.key, shown)
    if len(rest) != len(parsed.signatures) or not is_by(key, parsed.signature, signed):
        raise _changed()
    for line, signature in zip(rest, parsed.signatures, strict=True):
        if not is_by(parsed.key, signature, line.encode()):
            raise _changed()


def read_base(proof: Mapping[str, Any]) -> Base:
    """What a base proof holds.

    Raises:
        ProofError: ``proof-invalid``, when it is a derived one, or damaged.
    """
    parsed = _parsed(proof)
    if not isinstance(parsed, Base):
        raise ProofError(
            "proof-invalid", "This was derived already; only the holder's own copy can be.", _SPEC
        )
    return parsed


def _parsed(proof: Mapping[str, Any]) -> Base | Derived:
    try:
        value = str(proof.get("proofValue"))
        data = encoding.base64url_decode(value[1:]) if value[:1] == "u" else b""
        head, parts = data[:3], cbor.decode(data[3:])
        if head not in {_BASE, _DERIVED} or not isinstance(parts, list) or len(parts) != _PARTS:
            raise _damaged()
        return _base(parts) if head == _BASE else _derived(parts)
    except Error as error:
        raise ProofError(
            "proof-invalid", f"The proof's value cannot be read. {error.message}", _SPEC
        ) from None


def _base(parts: list[Any]) -> Base:
    signature, key, hmac_key, signatures, mandatory = parts
    if not _is_bytes(hmac_key, _LABEL) or not _all(mandatory, lambda one: isinstance(one, str)):
        raise _damaged()
    return Base(_checked(signature), _key(key), hmac_key, _many(signatures), mandatory)


def _derived(parts: list[Any]) -> Derived:
    signature, key, signatures, labels, mandatory = parts
    if not isinstance(labels, dict) or not _all(mandatory, lambda one: isinstance(one, int)):
        raise _damaged()
    if not all(isinstance(k, int) and _is_bytes(v, _LABEL) for k, v in labels.items()):
        raise _damaged()
    if len(set(labels.values())) != len(labels) or mandatory != sorted(set(mandatory)):
        raise _damaged()
    named = {f"c14n{number}": "u" + encoding.base64url_encode(label) for number, label in labels.items()}
    return Derived(_checked(signature), _key(key), _many(signatures), named, mandatory)


def _is_bytes(value: object, size: int) -> bool:
    return isinstance(value, bytes) and len(value) == size


def _all(value: object, good: Any) -> bool:  # noqa: ANN401 - a predicate
    return isinstance(value, list) and all(map(good, value))


def _checked(signature: object) -> bytes:
    if not isinstance(signature, bytes) or len(signature) != _SIGNATURE:
        raise _damaged()
    return signature


def _many(signatures: object) -> list[bytes]:
    if not isinstance(signatures, list) or len(signatures) > MAX_STATEMENTS:
        raise _damaged()
    return [_checked(signature) for signature in signatures]


def _key(value: object) -> PublicKey:
    if not isinstance(value, bytes) or len(value) != _POINT:
        raise _damaged()
    return PublicKey.from_multibase(
        encoding.multibase_encode(value)
    )  # of that length only a P-256 key is read


def _parted(lines: list[str], mandatory: list[int]) -> tuple[list[str], list[str]]:
    chosen = set(mandatory)
    shown = [line for at, line in enumerate(lines) if at in chosen]
    return shown, [line for at, line in enumerate(lines) if at not in chosen]


def _config_hash(document: Mapping[str, Any], options: Mapping[str, Any], allowed: frozenset[str]) -> bytes:
    members = {key: value for key, value in options.items() if key != "@context"}
    quads = jsonld.to_quads(members, context=document.get("@context"), allowed=allowed)
    return hashlib.sha256(rdfc.canonicalize(quads).encode()).digest()


def _signed_bytes(config_hash: bytes, key: PublicKey, shown: list[str]) -> bytes:
    return config_hash + _KEY_PREFIX + key.raw + hashlib.sha256("".join(shown).encode()).digest()


def _written(head: bytes, value: list[Any]) -> str:
    return "u" + encoding.base64url_encode(head + cbor.encode(value))


def _damaged() -> ProofError:
    return ProofError("proof-invalid", "It does not hold what such a proof holds.", _SPEC)


def _changed() -> ProofError:
    return ProofError(
        "proof-invalid", "The document was changed after it was signed, or another key signed it.", _SPEC
    )
