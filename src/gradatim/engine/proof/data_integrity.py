"""Embedded proofs: what is hashed, how a proof is added, and how it is checked.

Spec: VC Data Integrity 1.0, 4 Algorithms; Data Integrity EdDSA Cryptosuites 1.0, 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.canonical import jcs, jsonld, rdfc
from gradatim.engine.errors import Error, ProofError
from gradatim.engine.keys import ED25519, PublicKey, Signer

TYPE = "DataIntegrityProof"
_SPEC = "VC Data Integrity 1.0, 4.4"


@dataclass(frozen=True, slots=True)
class HashData:
    """What a suite signs, with every step on the way (all test vectors name these)."""

    canonical_document: bytes
    canonical_proof: bytes
    document_hash: bytes
    proof_hash: bytes

    @property
    def value(self) -> bytes:
        """Proof hash, then document hash: the bytes that are signed."""
        return self.proof_hash + self.document_hash


def _rdfc(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    older: bool,
    allowed: frozenset[str],
) -> tuple[bytes, bytes]:
    options = {key: value for key, value in proof.items() if key != "@context"}
    canonical = rdfc.canonicalize(jsonld.to_quads(document, older=older, allowed=allowed))
    config = rdfc.canonicalize(
        jsonld.to_quads(options, context=document.get("@context"), older=older, allowed=allowed)
    )
    return canonical.encode("utf-8"), config.encode("utf-8")


def _jcs(document: Mapping[str, Any], proof: Mapping[str, Any], **_: object) -> tuple[bytes, bytes]:
    return jcs.canonicalize(dict(document)), jcs.canonicalize(dict(proof))


Canonicalize = Callable[..., tuple[bytes, bytes]]
SUITES: dict[str, tuple[Canonicalize, str]] = {
    "eddsa-rdfc-2022": (_rdfc, ED25519),
    "eddsa-jcs-2022": (_jcs, ED25519),
}
"""Name of each cryptosuite, with how it makes a canonical text and the kind of key it takes."""


def hash_data(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    older: bool = False,
    allowed: frozenset[str] = frozenset(),
) -> HashData:
    """What is signed for a document without its proof, and a proof without its value.

    Args:
        document: without ``proof``.
        proof: without ``proofValue``.
        older: read contexts that changed in place in their older form.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-unsupported``.
        Error: what canonicalisation refuses.
    """
    suite = SUITES.get(str(proof.get("cryptosuite")))
    if suite is None or proof.get("type") != TYPE:
        raise ProofError(
            "proof-unsupported",
            f"Proofs of the kind {proof.get('cryptosuite') or proof.get('type')} are not known here.",
            _SPEC,
        )
    canonical, config = suite[0](document, proof, older=older, allowed=allowed)
    return HashData(canonical, config, hashlib.sha256(canonical).digest(), hashlib.sha256(config).digest())


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
) -> dict[str, Any]:
    """The document with a proof as its last member.

    Args:
        document: unsigned; its ``@context`` covers every term.
        signer: an Ed25519 key.
        verification_method: the address of its public half.
        created: when; the same arguments give the same bytes.
        cryptosuite: ``"eddsa-rdfc-2022"`` or ``"eddsa-jcs-2022"``.
        purpose: the proof purpose.

    Raises:
        ProofError: ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    proof: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": cryptosuite,
        "created": encoding.format_datetime(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    signed_over = proof | {"@context": unsigned["@context"]} if cryptosuite.endswith("jcs-2022") else proof
    if signer.public_key.kind != ED25519:
        raise ProofError(
            "proof-unsupported",
            f"{cryptosuite} signs with Ed25519, not with {signer.public_key.kind}.",
            _SPEC,
        )
    data = hash_data(unsigned, signed_over)
    proof = dict(signed_over) | {"proofValue": encoding.multibase_encode(signer.sign(data.value))}
    return unsigned | {"proof": proof}


def verify_proof(document: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey) -> None:
    """Check one proof of a document.

    Args:
        document: without ``proof`` (or with those proofs that a chain signs over).
        proof: as it stands in the document.
        key: of the verification method it names.

    Raises:
        ProofError: ``proof-invalid``, ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    suite = SUITES.get(str(proof.get("cryptosuite")))
    value = proof.get("proofValue")
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    data = hash_data(document, options)
    try:
        if not isinstance(value, str) or value[:1] != "z":
            raise ProofError("proof-invalid", "The proofValue is missing or not written in base58btc.", _SPEC)
        signature = encoding.multibase_decode(value)
    except Error as error:
        raise ProofError(
            "proof-invalid", f"The proof's signature cannot be read. {error.message}", _SPEC
        ) from None
    if suite is None or key.kind != suite[1]:
        raise ProofError(
            "proof-invalid", f"A {key.kind} key does not make {proof.get('cryptosuite')} proofs.", _SPEC
        )
    if key.verify(signature, data.value):
        return
    changed = "rdfc" in str(proof.get("cryptosuite")) and {"endorsementJwt", "jti"} & set(document)
    if changed and key.verify(signature, hash_data(document, options, older=True).value):
        return  # signed under the Open Badges context as it was before its terms grew
    raise ProofError(
        "proof-invalid", "The document was changed after it was signed, or another key signed it.", _SPEC
    )
