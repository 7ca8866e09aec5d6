"""Embedded proofs: what is hashed, how a proof is added, and how it is checked.

Spec: VC Data Integrity 1.0, 4 Algorithms; Data Integrity EdDSA Cryptosuites 1.0, 3.2, 3.3 and A.1; Data Integrity ECDSA
Cryptosuites 1.0, 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from gradatim.engine import encoding
from gradatim.engine.canonical import jcs
from gradatim.engine.canonical.rdfc import Canonical
from gradatim.engine.canonical.shape import canonical_text
from gradatim.engine.errors import Error, ProofError
from gradatim.engine.keys import ED25519, P256, P384, PublicKey, Signer
from gradatim.engine.proof.checking import is_by, weighed

TYPE = "DataIntegrityProof"
OLD_TYPE = "Ed25519Signature2020"
PURPOSE = "assertionMethod"
_USUAL = 1000  # characters of a proof whose text is remembered
_CHANGED = "The document was changed after it was signed, or another key signed it."
_SPEC = "VC Data Integrity 1.0, 4.4"


class HashData(NamedTuple):
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
    document: Mapping[str, Any], proof: Mapping[str, Any], *, hash_name: str, allowed: frozenset[str]
) -> tuple[bytes, bytes]:
    canonical = canonical_text(document, allowed=allowed, hash_name=hash_name)
    return canonical.encode(), _config(proof, document.get("@context"), allowed, hash_name)


def _config(proof: Mapping[str, Any], context: Any, *key: Any) -> bytes:  # noqa: ANN401 - JSON
    """The canonical text of a proof's own members; those of a batch are the same for all of it."""
    options = {key: value for key, value in proof.items() if key != "@context"}
    try:
        if sum(map(len, options.values())) <= _USUAL:
            names = tuple(context) if type(context) is list else (context,)
            return _config_again(tuple(options.items()), names, *key)
    except TypeError:  # not all of them are texts
        pass
    allowed, hash_name = key
    text = canonical_text(options, context=context, allowed=allowed, hash_name=hash_name)
    return text.encode()


@lru_cache(maxsize=64)
def _config_again(
    members: tuple[tuple[str, str], ...], names: tuple[str, ...], allowed: frozenset[str], hash_name: str
) -> bytes:
    text = canonical_text(dict(members), context=list(names), allowed=allowed, hash_name=hash_name)
    return text.encode()


def _jcs(document: Mapping[str, Any], proof: Mapping[str, Any], **_: object) -> tuple[bytes, bytes]:
    return weighed(jcs.canonicalize(dict(document))), jcs.canonicalize(dict(proof))


Canonicalize = Callable[..., tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Suite:
    """A way of proving: how it makes a canonical text, and the kinds of key it takes."""

    name: str
    canonicalize: Canonicalize
    kinds: frozenset[str]

    @property
    def covers_json(self) -> bool:
        """Whether the JSON itself is signed (JCS), not the graph it stands for."""
        return self.canonicalize is _jcs


_CURVES = frozenset({P256, P384})
SUITES = {
    suite.name: suite
    for suite in (
        Suite("eddsa-rdfc-2022", _rdfc, frozenset({ED25519})),
        Suite("eddsa-jcs-2022", _jcs, frozenset({ED25519})),
        Suite("ecdsa-rdfc-2019", _rdfc, _CURVES),
        Suite("ecdsa-jcs-2019", _jcs, _CURVES),
        Suite(OLD_TYPE, _rdfc, frozenset({ED25519})),
    )
}
"""Each cryptosuite by its name; `OLD_TYPE` is a proof type of its own, from before there were cryptosuites."""

_BY_KEY = {ED25519: "eddsa-rdfc-2022", P256: "ecdsa-rdfc-2019", P384: "ecdsa-rdfc-2019"}


def suite_of(proof: Mapping[str, Any]) -> Suite:
    """The cryptosuite of a proof.

    Raises:
        ProofError: ``proof-unsupported``.
    """
    kind, name = proof.get("type"), proof.get("cryptosuite")
    found = SUITES.get(str(name)) if kind == TYPE else None
    if found is not None and found.name != OLD_TYPE:
        return found
    if kind == OLD_TYPE and name is None:
        return SUITES[OLD_TYPE]
    raise ProofError("proof-unsupported", f"Proofs of the kind {name or kind!r} are not known here.", _SPEC)


def hash_data(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    kind: str = ED25519,
    allowed: frozenset[str] = frozenset(),
) -> HashData:
    """What is signed for a document without its proof, and a proof without its value.

    Args:
        document: without ``proof``.
        proof: without ``proofValue``.
        kind: of the key; P-384 hashes with SHA-384, all others with SHA-256.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    name = "sha384" if kind == P384 else "sha256"
    text, config = suite_of(proof).canonicalize(document, proof, hash_name=name, allowed=allowed)
    new_hash = hashlib.sha384 if name == "sha384" else hashlib.sha256
    return HashData(text, config, new_hash(text).digest(), new_hash(config).digest())


def _value(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    kind: str,
    canonical: Canonical | None,
    allowed: frozenset[str] = frozenset(),
) -> bytes:
    """As `HashData.value`; the document's canonical N-Quads by SHA-256 are not made anew if they are at hand."""
    if canonical is None or kind == P384 or suite_of(proof).covers_json:
        return hash_data(document, proof, kind=kind, allowed=allowed).value
    config = _config(proof, document.get("@context"), allowed, "sha256")
    return hashlib.sha256(config).digest() + canonical.sha256()


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None = None,
    purpose: str = PURPOSE,
    options: Mapping[str, Any] | None = None,
    canonical: Canonical | None = None,
) -> dict[str, Any]:
    """The document with a proof as its last member, in the place of any it has.

    Args:
        document: its ``@context`` covers every term (for `OLD_TYPE` it names that suite's context too).
        signer: an Ed25519, P-256 or P-384 key, as the suite takes it.
        verification_method: the address of its public half.
        created: when; the same arguments give the same bytes.
        cryptosuite: a name of `SUITES`; left out, ``eddsa-rdfc-2022`` or ``ecdsa-rdfc-2019``, by the key.
        purpose: the proof purpose.
        options: further members of the proof, such as ``id``, ``expires``, ``challenge`` and ``domain``.
        canonical: its canonical N-Quads by SHA-256, if they were made before.

    Raises:
        ProofError: ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    proof = _made(
        unsigned,
        signer,
        verification_method,
        created,
        cryptosuite,
        dict(options or {}),
        purpose=purpose,
        canonical=canonical,
    )
    return unsigned | {"proof": proof}


class Series:
    """Proofs that differ in nothing but the document, as those of a batch: what they share is made once."""

    def __init__(self, *, signer: Signer, verification_method: str, created: datetime) -> None:
        self._signer, self._method, self._created = signer, verification_method, created
        self._hashes: dict[tuple[str, ...], tuple[dict[str, Any], bytes]] = {}  # by context

    def add(self, document: Mapping[str, Any], document_hash: bytes | None) -> dict[str, Any]:
        """As `add_proof`, of a document and the SHA-256 of its canonical N-Quads, if that is at hand."""
        context, signer = document["@context"], self._signer
        usual = type(context) is list and "proof" not in document and signer.public_key.kind == ED25519
        if document_hash is None or not usual:
            return add_proof(document, signer=signer, verification_method=self._method, created=self._created)
        known = self._hashes.get(key := tuple(context))
        if known is None:
            proof = _unsigned(document, ED25519, self._method, self._created)
            config = _config(proof, context, frozenset(), "sha256")
            known = self._hashes[key] = proof, hashlib.sha256(config).digest()
        signature = signer.sign(known[1] + document_hash)
        return {**document, "proof": known[0] | {"proofValue": encoding.multibase_encode(signature)}}


def append_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None = None,
    purpose: str = PURPOSE,
    options: Mapping[str, Any] | None = None,
    previous: Sequence[str] = (),
) -> dict[str, Any]:
    """A signed document with one more proof: beside the others (a set), or upon some of them (a chain).

    Args:
        document: signed already.
        signer: as for `add_proof`.
        verification_method: as for `add_proof`.
        created: as for `add_proof`.
        cryptosuite: as for `add_proof`.
        purpose: as for `add_proof`.
        options: as for `add_proof`.
        previous: the ids of the proofs that the new one builds on; they become part of what it signs.

    Raises:
        ProofError: ``proof-invalid`` when a proof it builds on is not there, ``proof-unsupported``; Error: what
            canonicalisation refuses.
    """
    proofs = proofs_of(document)
    link = {"previousProof": previous[0] if len(previous) == 1 else list(previous)} if previous else {}
    upon = signed_part(document, link)
    proof = _made(
        upon, signer, verification_method, created, cryptosuite, dict(options or {}) | link, purpose=purpose
    )
    return {key: value for key, value in document.items() if key != "proof"} | {"proof": [*proofs, proof]}


def _made(
    document: Mapping[str, Any],
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None,
    options: dict[str, Any],
    *,
    purpose: str,
    canonical: Canonical | None = None,
) -> dict[str, Any]:
    """One proof over a document as it stands."""
    kind = signer.public_key.kind
    proof = _unsigned(document, kind, verification_method, created, cryptosuite, options, purpose)
    value = _value(document, proof, kind, canonical)
    return proof | {"proofValue": encoding.multibase_encode(signer.sign(value))}


def _unsigned(
    document: Mapping[str, Any],
    kind: str,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None = None,
    options: Mapping[str, Any] = MappingProxyType({}),
    purpose: str = PURPOSE,
) -> dict[str, Any]:
    """A proof without its value."""
    suite = SUITES.get(cryptosuite or _BY_KEY.get(kind, ""))
    if suite is None or kind not in suite.kinds:
        raise ProofError(
            "proof-unsupported", f"A {kind} key makes no {cryptosuite or 'embedded'} proofs.", _SPEC
        )
    named = {"type": OLD_TYPE} if suite.name == OLD_TYPE else {"type": TYPE, "cryptosuite": suite.name}
    fixed = {
        "created": encoding.format_datetime(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    first = {key: value for key, value in options.items() if key == "id"}
    proof = first | named | fixed | {key: value for key, value in options.items() if key != "id"}
    return proof | {"@context": document["@context"]} if suite.covers_json else proof


def proofs_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs of a document, each an object."""
    value = document.get("proof", [])
    proofs = value if isinstance(value, list) else [value]
    return [proof for proof in proofs if type(proof) is dict or isinstance(proof, Mapping)]


def previous_of(document: Mapping[str, Any], proof: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs that a proof builds on.

    Raises:
        ProofError: ``proof-invalid``, when one of them is not there, or stands twice.
    """
    if "previousProof" not in proof:
        return []
    value = proof["previousProof"]
    wanted = value if isinstance(value, list) else [value]
    found = [other for other in proofs_of(document) if other is not proof and other.get("id") in wanted]
    if not all(isinstance(name, str) for name in wanted) or len(found) != len(wanted):
        raise ProofError(
            "proof-invalid",
            "The proof builds on another one that is not there, or stands there twice.",
            "VC Data Integrity 1.0, 4.3",
        )
    return found


def signed_part(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The document as a proof of it was made: without proofs, but for those that it builds on.

    Raises:
        ProofError: as `previous_of`.
    """
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    before = previous_of(document, proof)
    return unsigned | {"proof": before} if before else unsigned


def verify_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    key: PublicKey,
    *others: PublicKey,
    allowed: frozenset[str] = frozenset(),
    canonical: Canonical | None = None,
) -> None:
    """Check one proof of a document.

    Args:
        document: without ``proof`` (or with those proofs that a chain signs over), as `signed_part` gives it.
        proof: as it stands in the document.
        key: of the verification method it names.
        *others: of the same kind; one that fits is enough.
        allowed: URLs of contexts with ``@vocab`` that are accepted.
        canonical: as for `add_proof`.

    Raises:
        ProofError: ``proof-invalid``, ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    suite = suite_of(proof)
    signature = _signature(proof.get("proofValue"))
    if key.kind not in suite.kinds:
        raise ProofError("proof-invalid", f"A {key.kind} key does not make {suite.name} proofs.", _SPEC)
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    if suite.covers_json and "@context" in options:
        document = _in_context(document, options["@context"])
    value = _value(document, options, key.kind, canonical, allowed)
    if not any(is_by(one, signature, value) for one in (key, *others)):
        raise ProofError("proof-invalid", _CHANGED, _SPEC)


def _signature(value: object) -> bytes:
    try:
        if not isinstance(value, str) or value[:1] != "z":
            raise ProofError("proof-invalid", "The proofValue is missing or not written in base58btc.", _SPEC)
        return encoding.multibase_decode(value)
    except Error as error:
        words = f"The proof's signature cannot be read. {error.message}"
        raise ProofError("proof-invalid", words, _SPEC) from None


def _in_context(document: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """The document under the context that was signed: the one it has has to start with it (JCS suites only)."""
    signed, stands = (
        value if isinstance(value, list) else [value] for value in (context, document.get("@context"))
    )
    if stands[: len(signed)] != signed:
        raise ProofError(
            "proof-invalid",
            "The document stands under another @context than the one that was signed.",
            "Data Integrity EdDSA Cryptosuites 1.0, 3.3.2",
        )
    return dict(document) | {"@context": context}
