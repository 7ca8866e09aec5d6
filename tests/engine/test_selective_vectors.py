"""Selective disclosure: the W3C vectors with every intermediate value."""

import json

import pytest

from gradatim.engine import contexts, encoding
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.errors import ProofError
from gradatim.engine.keys import PrivateKey, PublicKey
from gradatim.engine.proof import grouping, selective
from tests.conftest import SHARED

FOLDER = SHARED / "standards/vectors/vc-di-ecdsa"
EXAMPLES = frozenset(contexts.OPEN)
SETS = [("prc", "prCred", "prCredUnsigned"), ("employ", "employ", "employmentAuth")]
vectors = pytest.mark.parametrize(("folder", "stem", "unsigned"), SETS, ids=["prc", "employ"])


def load(*parts):
    return json.loads(FOLDER.joinpath(*parts).read_text())


def material():
    keys = load("ecdsa-sd-2023/SDKeyMaterial.json")
    base, proof = (
        PrivateKey.from_multibase(keys[n]["secretKeyMultibase"]) for n in ("baseKeyPair", "proofKeyPair")
    )
    return base, proof, bytes.fromhex(keys["hmacKeyString"])


@pytest.mark.shared
@vectors
def test_base_proof(folder, stem, unsigned):
    place = f"ecdsa-sd-2023/{folder}"
    expected, mandatory = load(place, "addSignedSDBase.json"), load(f"{stem}Mandatory.json")
    document = {k: v for k, v in expected.items() if k != "proof"}
    assert (
        document.keys() == load(f"{unsigned}.json").keys()
    )  # one of them is published with another description
    base_key, proof_key, hmac_key = material()
    quads = jsonld.to_quads(document, allowed=EXAMPLES)
    assert rdfc.canonicalize(quads).splitlines(keepends=True) == load(place, "addBaseDocCanon.json")
    grouped = grouping.group(document, {"mandatory": mandatory}, hmac_key, allowed=EXAMPLES)
    assert grouped.lines == load(place, "addBaseDocHMACCanon.json")
    stated = load(place, "addBaseTransform.json")
    assert [[n, grouped.lines[n]] for n in grouped.groups["mandatory"]] == stated["mandatory"]["value"]
    hashes = load(place, "addHashData.json")
    options = {k: v for k, v in expected["proof"].items() if k != "proofValue"}
    assert selective._config_hash(document, options, EXAMPLES).hex() == hashes["proofHash"]
    assert options | {"@context": document["@context"]} == load(place, "addProofConfig.json")
    config = jsonld.to_quads(options, context=document["@context"], allowed=EXAMPLES)
    assert rdfc.canonicalize(config) == FOLDER.joinpath(place, "addProofConfigCanon.txt").read_text()
    for picked in load(place, "addPointerValues.json"):
        part = grouping.select(document, [picked["pointer"]])
        for step in picked["pointer"].split("/")[1:]:
            part = part[int(step) if isinstance(part, list) else step]
        assert part == picked["value"]
    made = selective.add_base_proof(
        document,
        signer=base_key,
        verification_method=options["verificationMethod"],
        created=encoding.parse_datetime(options["created"]),
        mandatory=mandatory,
        hmac_key=hmac_key,
        proof_key=proof_key,
        allowed=EXAMPLES,
    )
    base = selective.read_base(made["proof"])
    raw = load(place, "addRawBaseSignatureInfo.json")
    assert base.signature.hex() == raw["baseSignature"]
    assert [signature.hex() for signature in base.signatures] == raw["signatures"]
    assert base.key.to_multibase() == raw["publicKey"]
    assert made == expected


@pytest.mark.shared
@vectors
def test_derived_proof(folder, stem, unsigned):
    place = f"ecdsa-sd-2023/{folder}"
    signed, pointers = load(place, "addSignedSDBase.json"), load(f"{stem}Selective.json")
    made = selective.derive(signed, pointers=pointers, allowed=EXAMPLES)
    expected = load(place, "derivedRevealDocument.json")
    assert {k: v for k, v in made.items() if k != "proof"} == load(place, "derivedUnsignedReveal.json")
    assert made == expected
    parsed = selective._parsed(made["proof"])
    assert parsed.mandatory == load(place, "derivedAdjMandatoryIndexes.json")["adjMandatoryIndexes"]
    stated = load(place, "derivedAdjSignatures.json")["filteredSignatures"]
    assert [signature.hex() for signature in parsed.signatures] == stated
    check_disclosed(parsed, load(place, "derivedDisclosureData.json"))
    recovered, base = load(place, "derivedRecoveredBaseData.json"), selective.read_base(signed["proof"])
    assert base.hmac_key.hex() == recovered["hmacKey"]
    assert base.mandatory == recovered["mandatoryPointers"]
    assert base.key.to_multibase() == recovered["proofPublicKey"]
    assert base.signature.hex() == recovered["baseSignature"]
    assert [signature.hex() for signature in base.signatures] == recovered["signatures"]
    check_groups(place, signed, base, pointers)


def check_disclosed(parsed, stated):
    assert parsed.signature.hex() == stated["baseSignature"]
    assert parsed.key.to_multibase() == stated["publicKey"]
    assert [signature.hex() for signature in parsed.signatures] == stated["signatures"]
    labels = stated["labelMap"]
    assert parsed.labels == dict(labels["value"] if isinstance(labels, dict) else labels)
    assert parsed.mandatory == stated["mandatoryIndexes"]


def check_groups(place, signed, base, pointers):
    """Everything of the groups but the names that the published run drew for a moment."""
    groups = {
        "mandatory": base.mandatory,
        "selective": pointers,
        "combined": [*base.mandatory, *pointers],
    }
    unsigned = {key: value for key, value in signed.items() if key != "proof"}
    grouped = grouping.group(unsigned, groups, base.hmac_key, allowed=EXAMPLES)
    indexes, whole = load(place, "derivedGroupIndexes.json"), load(place, "derivedAllGroupData.json")
    assert grouped.lines == whole["nquads"]
    assert set(grouped.labels.values()) == {label for _, label in whole["labelMap"]["value"]}
    for name in groups:
        assert sorted(grouped.groups[name]) == indexes[f"{name}Indexes"]
        matching, others = (whole["groups"][name][kind]["value"] for kind in ("matching", "nonMatching"))
        assert [[n, grouped.lines[n]] for n in sorted(grouped.groups[name])] == matching
        rest = [n for n in range(len(grouped.lines)) if n not in grouped.groups[name]]
        assert [[n, grouped.lines[n]] for n in rest] == others
    free = [n for n in range(len(grouped.lines)) if n not in grouped.groups["mandatory"]]
    assert free == indexes["nonMandatoryIndexes"]


@pytest.mark.shared
@vectors
def test_verify(folder, stem, unsigned):
    for name in ("derivedRevealDocument", "addSignedSDBase"):
        signed = load(f"ecdsa-sd-2023/{folder}", f"{name}.json")
        proof = signed.pop("proof")
        key = PublicKey.from_multibase(proof["verificationMethod"].rpartition("#")[2])
        selective.verify_proof(signed, proof, key, allowed=EXAMPLES)
        if name == "derivedRevealDocument":
            lines = grouping.relabelled(signed, selective._parsed(proof).labels, allowed=EXAMPLES)
            assert lines == load(f"ecdsa-sd-2023/{folder}", "verifyNQuads.json")
            check_verify_data(f"ecdsa-sd-2023/{folder}", signed, proof, lines)
        for way in ("validFrom", "issuer"):
            if isinstance(signed.get(way), str):
                with pytest.raises(ProofError):
                    selective.verify_proof(signed | {way: signed[way] + "0"}, proof, key, allowed=EXAMPLES)


def check_verify_data(place, unsigned, proof, lines):
    parsed, stated = selective._parsed(proof), load(place, "verifyCreateVerifyData.json")
    check_disclosed(parsed, load(place, "verifyDerivedProofValue.json"))
    assert parsed.signature.hex() == stated["baseSignature"]
    assert parsed.key.to_multibase() == stated["publicKey"]
    assert [signature.hex() for signature in parsed.signatures] == stated["signatures"]
    options = {name: member for name, member in proof.items() if name != "proofValue"}
    shown, rest = selective._parted(lines, parsed.mandatory)
    config_hash = selective._config_hash(unsigned, options, EXAMPLES)
    assert config_hash.hex() == stated["proofHash"]
    assert rest == stated["nonMandatory"]
    signed = selective._signed_bytes(config_hash, parsed.key, shown)
    assert signed[-32:].hex() == stated["mandatoryHash"]
