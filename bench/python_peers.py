"""The station of the Python peers: PyLD with cryptography, openbadgeslib, openvc-core, joserfc.

Each gets its contexts, keys and status list at hand. Run with the folder of the peers on PYTHONPATH.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from station import serve

MATERIAL = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(MATERIAL["seed"]))
PUBLIC = KEY.public_key()
SIGNED = json.dumps(MATERIAL["signed"])
RECORD = json.dumps(MATERIAL["record_signed"])
MANY = 200  # tokens in turn, as ours are
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def main() -> None:
    """Offer what can be offered; what is not installed is left out."""
    works: dict[str, Callable[[], object]] = {}
    for name, peer in (
        ("PyLD", with_pyld),
        ("openbadgeslib", with_openbadgeslib),
        ("openvc-core", with_openvc),
        ("joserfc", with_joserfc),
    ):
        try:
            works |= peer()
        except ImportError as error:
            sys.stderr.write(f"{name} cannot be measured: {error}\n")
    serve(works)


def with_pyld() -> dict[str, Callable[[], object]]:
    """The plainest use of PyLD: canonicalise, hash, sign or verify; no other check."""
    from pyld import jsonld  # noqa: PLC0415 - may be missing

    contexts = MATERIAL["contexts"]

    def load(url: str, _options: object) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts[url],
        }

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}

    def canonical(document: dict[str, Any]) -> bytes:
        text = jsonld.normalize(document, options)
        return text.encode()

    def hashed(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
        config = {"@context": document["@context"]} | {k: v for k, v in proof.items() if k != "proofValue"}
        return b"".join(hashlib.sha256(canonical(d)).digest() for d in (config, document))

    def issue() -> None:
        proof = {k: v for k, v in MATERIAL["signed"]["proof"].items() if k != "proofValue"}
        KEY.sign(hashed(MATERIAL["unsigned"], proof))

    def check(document: dict[str, Any]) -> None:
        unsigned = {k: v for k, v in document.items() if k != "proof"}
        PUBLIC.verify(base58(document["proof"]["proofValue"][1:]), hashed(unsigned, document["proof"]))

    def whole_record() -> None:
        document = json.loads(RECORD)
        check(document)
        for part in document["credentialSubject"]["verifiableCredential"]:
            check(part)

    return {
        "issue PyLD": issue,
        "verify PyLD": lambda: check(json.loads(SIGNED)),
        "record canonical PyLD": lambda: canonical(MATERIAL["record"]),
        "record verify PyLD": whole_record,
    }


def base58(text: str) -> bytes:
    """A signature's bytes."""
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes(64, "big")


def with_openbadgeslib() -> dict[str, Callable[[], object]]:
    """Its verifier of embedded proofs with the key given."""
    from openbadgeslib.ob3.ldp import OB3LdpVerifier, add_data_integrity_proof  # noqa: PLC0415 - may be missing

    private = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = PUBLIC.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    verifier = OB3LdpVerifier(pubkey_pem=public)
    verifier.verify(SIGNED)
    method = MATERIAL["method"]
    return {
        "verify openbadgeslib": lambda: verifier.verify(SIGNED),
        "issue openbadgeslib": lambda: add_data_integrity_proof(
            MATERIAL["unsigned"], private, verification_method=method
        ),
    }


def with_openvc() -> dict[str, Callable[[], object]]:
    """Its status list functions."""
    from openvc.status import bitstring  # noqa: PLC0415 - may be missing

    encoded = MATERIAL["encoded_list"]
    bits = bitstring.decode_bitstring(encoded)

    def look_up() -> int:
        for index in range(0, 100_000, 1000):
            bitstring.get_status_bit(bits, index)
        return 100

    return {
        "list decode openvc-core": lambda: bitstring.decode_bitstring(encoded),
        "list encode openvc-core": lambda: bitstring.encode_bitstring(bits),
        "list look up openvc-core": look_up,
    }


def with_joserfc() -> dict[str, Callable[[], object]]:
    """EdDSA tokens with the claims of our own, which it looks at too: who issued it, what has to be there, from when."""
    from joserfc import jwt  # noqa: PLC0415 - may be missing
    from joserfc.jwk import OKPKey  # noqa: PLC0415

    raw = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = OKPKey.import_key(raw)
    header = {"alg": "Ed25519", "kid": MATERIAL["method"], "typ": "JWT"}
    beside = {"iss": MATERIAL["issuer"], "sub": "urn:uuid:learner", "nbf": 1_780_000_000}
    written = json.dumps(MATERIAL["unsigned"] | beside)
    many = [json.loads(written) | {"jti": f"urn:uuid:{number}"} for number in range(MANY)]
    needed = {name: {"essential": True} for name in ("jti", "sub", "nbf")}
    registry = jwt.JWTClaimsRegistry(
        now=beside["nbf"] + 1, iss={"essential": True, "value": beside["iss"]}, **needed
    )
    claims = cycle(many)
    tokens = cycle([jwt.encode(header, one, key, algorithms=["Ed25519"]) for one in many])
    return {
        "token issue joserfc": lambda: jwt.encode(header, next(claims), key, algorithms=["Ed25519"]),
        "token verify joserfc": lambda: registry.validate(
            jwt.decode(next(tokens), key, algorithms=["Ed25519"]).claims
        ),
    }


if __name__ == "__main__":
    main()
