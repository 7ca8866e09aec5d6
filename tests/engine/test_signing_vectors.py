"""The published signing examples: every intermediate value equal, and the signature."""

import json

import pytest

from gradatim.engine import contexts, did, encoding
from gradatim.engine.errors import ProofError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.keys import ED25519, PrivateKey, PublicKey
from gradatim.engine.proof import data_integrity
from tests.conftest import SHARED

VECTORS = SHARED / "standards/vectors"
EXAMPLES = frozenset(contexts.OPEN)


def split(path):
    signed = json.loads(path.read_text())
    proof = signed.pop("proof")
    return signed, proof[0] if isinstance(proof, list) else proof


@pytest.mark.shared
@pytest.mark.parametrize("name", ["obv3p0", "clrv2p0"])
def test_1edtech_signing_examples(name):
    folder = VECTORS / "ob3-clr2-signing" / name
    document, proof = split(folder / "signed.json")
    expected = json.loads((folder / "expected.json").read_text())
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    data = data_integrity.hash_data(document, options)
    assert data.canonical_document.decode() == (folder / "document-canon.txt").read_text()
    assert data.canonical_proof.decode() == (folder / "proof-canon.txt").read_text()
    assert data.document_hash.hex() == expected["document-hash"]
    assert data.proof_hash.hex() == expected["proof-hash"]
    assert data.value.hex() == expected["data"]
    key = PrivateKey(ED25519, bytes.fromhex(expected["privateKeyHex"])[:32])
    assert key.public_key.to_multibase() == expected["publicKeyMultibase"]
    assert key.sign(data.value).hex() == expected["signature"]
    assert encoding.multibase_encode(key.sign(data.value)) == expected["proof-value"] == proof["proofValue"]
    data_integrity.verify_proof(document, proof, key_of(proof))


def key_of(proof):
    return PublicKey.from_multibase(proof["verificationMethod"].rpartition("#")[2].removeprefix("did:key:"))


CASES = [("eddsa-rdfc-2022", "DataInt"), ("eddsa-rdfc-2022/employ", "DataInt"), ("eddsa-jcs-2022", "JCS")]


@pytest.mark.shared
@pytest.mark.parametrize(("folder", "suffix"), CASES, ids=[folder for folder, _ in CASES])
def test_w3c_eddsa(folder, suffix):
    place = VECTORS / "vc-di-eddsa" / folder
    document, proof = split(place / f"signed{suffix}.json")
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    data = data_integrity.hash_data(document, options, allowed=EXAMPLES)

    def text(name):
        return (place / f"{name}{suffix}.txt").read_text()

    assert data.canonical_document.decode() == text("canonDoc")
    assert data.document_hash.hex() == text("docHash").strip()
    assert data.canonical_proof.decode() == text("proofCanon")
    assert data.proof_hash.hex() == text("proofHash").strip()
    assert data.value.hex() == text("combinedHash").strip()
    assert proof["proofValue"] == text("sigBTC58").strip()
    method = did.find_method(proof["verificationMethod"], fetcher=MemoryFetcher({}))
    signature = encoding.multibase_decode(proof["proofValue"])
    assert signature.hex() == text("sigHex").strip()
    assert method.key.verify(signature, data.value)
    assert not method.key.verify(signature, data.value + b"x")
    pair = json.loads((VECTORS / "vc-di-eddsa/keyPair.json").read_text())
    assert PrivateKey.from_multibase(pair["privateKeyMultibase"]).sign(data.value) == signature


@pytest.mark.shared
def test_unknown_suites_are_said_to_be_unknown():
    document, proof = split(VECTORS / "ob3-clr2-signing/obv3p0/signed.json")
    with pytest.raises(ProofError) as unknown:
        data_integrity.hash_data(document, proof | {"cryptosuite": "eddsa-rdfc-2099"})
    assert unknown.value.code == "proof-unsupported"
