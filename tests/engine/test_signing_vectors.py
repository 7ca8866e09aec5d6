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


CASES = [
    ("vc-di-eddsa", "eddsa-rdfc-2022", "DataInt", "keyPair"),
    ("vc-di-eddsa", "eddsa-rdfc-2022/employ", "DataInt", "keyPair"),
    ("vc-di-eddsa", "eddsa-jcs-2022", "JCS", "keyPair"),
    ("vc-di-eddsa", "Ed25519Signature2020", "EdSig", "keyPair"),
    ("vc-di-ecdsa", "ecdsa-rdfc-2019-p256", "ECDSAP256", "p256KeyPair"),
    ("vc-di-ecdsa", "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", "p256KeyPair"),
    ("vc-di-ecdsa", "ecdsa-rdfc-2019-p384", "ECDSAP384", "p384KeyPair"),
    ("vc-di-ecdsa", "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", "p384KeyPair"),
    ("vc-di-ecdsa", "ecdsa-jcs-2019-p256", "JCSECDSAP256", "p256KeyPair"),
    ("vc-di-ecdsa", "ecdsa-jcs-2019-p384", "JCSECDSAP384", "p384KeyPair"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("suite", "folder", "suffix", "pair"), CASES, ids=[case[1] for case in CASES])
def test_w3c_vectors(suite, folder, suffix, pair):
    """Every intermediate value, and the signature made anew: all keys sign deterministically."""
    place = VECTORS / suite / folder
    document, proof = split(place / f"signed{suffix}.json")
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    method = did.find_method(proof["verificationMethod"], fetcher=MemoryFetcher({}))
    data = data_integrity.hash_data(document, options, kind=method.key.kind, allowed=EXAMPLES)

    def text(name):
        return (place / f"{name}{suffix}.txt").read_text()

    assert json.loads((place / f"proofConfig{suffix}.json").read_text()).items() >= options.items()
    assert data.canonical_document.decode() == text("canonDoc")
    assert data.document_hash.hex() == text("docHash").strip()
    assert data.canonical_proof.decode() == text("proofCanon")
    assert data.proof_hash.hex() == text("proofHash").strip()
    assert data.value.hex() == text("combinedHash").strip()
    assert proof["proofValue"] == text("sigBTC58").strip()
    signature = encoding.multibase_decode(proof["proofValue"])
    assert signature.hex() == text("sigHex").strip()
    assert method.key.verify(signature, data.value)
    assert not method.key.verify(signature, data.value + b"x")
    data_integrity.verify_proof(document, proof, method.key, allowed=EXAMPLES)
    stated = json.loads((VECTORS / suite / f"{pair}.json").read_text())
    key = PrivateKey.from_multibase(stated.get("privateKeyMultibase") or stated["secretKeyMultibase"])
    assert key.public_key == method.key
    assert key.sign(data.value) == signature


def check_stated(folder, kind, number, proof, part):
    """What the vectors say of the options of a proof, before and after it was signed, and of what it signs."""
    if kind == "proofChain":
        number -= 2  # its chain stands upon the two of the set
    if number < 1:
        return

    def stated(name):
        return json.loads((folder / f"{kind}{name}{number}.json").read_text())

    assert proof == stated("ConfigSigned")
    assert {k: v for k, v in proof.items() if k != "proofValue"} == stated("Config")
    if kind == "proofChain":
        assert part == stated("TempDoc")


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]
)
def test_w3c_proof_sets_and_chains(name):
    folder = VECTORS / "vc-di-eddsa/proof-set-chain"
    document = json.loads((folder / f"{name}.json").read_text())
    proofs = data_integrity.proofs_of(document)
    for number, proof in enumerate(proofs, 1):
        part = data_integrity.signed_part(document, proof)
        check_stated(folder, "proofChain" if "Chain" in name else "proofSet", number, proof, part)
        data_integrity.verify_proof(part, proof, key_of(proof), allowed=EXAMPLES)
    keys = json.loads((folder / "multiKeyPairs.json").read_text())
    secret = {
        pair["publicKeyMultibase"]: pair.get("privateKeyMultibase") or pair["secretKeyMultibase"]
        for pair in (keys.values() if isinstance(keys, dict) else keys)
    }
    last = proofs[-1]
    options = {k: v for k, v in last.items() if k != "proofValue"}
    data = data_integrity.hash_data(data_integrity.signed_part(document, last), options, allowed=EXAMPLES)
    signer = PrivateKey.from_multibase(secret[last["verificationMethod"].rpartition("#")[2]])
    assert encoding.multibase_encode(signer.sign(data.value)) == last["proofValue"]


@pytest.mark.shared
def test_a_proof_that_another_builds_on_has_to_be_there():
    folder = VECTORS / "vc-di-eddsa/proof-set-chain"
    document = json.loads((folder / "signedProofChain2.json").read_text())
    document["proof"].pop(0)
    with pytest.raises(ProofError) as missing:
        data_integrity.signed_part(document, document["proof"][1])
    assert missing.value.code == "proof-invalid"


@pytest.mark.shared
def test_unknown_suites_are_said_to_be_unknown():
    document, proof = split(VECTORS / "ob3-clr2-signing/obv3p0/signed.json")
    with pytest.raises(ProofError) as unknown:
        data_integrity.hash_data(document, proof | {"cryptosuite": "eddsa-rdfc-2099"})
    assert unknown.value.code == "proof-unsupported"
