"""Selective disclosure: the W3C vectors with every intermediate value, and our own the whole way round."""

import json

import pytest

from gradatim.engine import contexts, did, encoding
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.errors import Error, ProofError
from gradatim.engine.keys import ED25519, P256, PrivateKey, PublicKey
from gradatim.engine.proof import cbor, grouping, selective
from tests.conftest import SHARED
from tests.engine.samples import NOW, check, credential

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
        for way in ("validFrom", "issuer"):
            if isinstance(signed.get(way), str):
                with pytest.raises(ProofError):
                    selective.verify_proof(signed | {way: signed[way] + "0"}, proof, key, allowed=EXAMPLES)


KEY = PrivateKey(P256, bytes(range(1, 33)))
DID = did.did_key(KEY.public_key)
ALWAYS = ["/id", "/issuer", "/validFrom", "/credentialSubject/id", "/credentialSubject/achievement"]


def badge():
    document = credential(issuer={"id": DID, "type": ["Profile"], "name": "Northfield"})
    subject = document["credentialSubject"]
    subject["role"] = "Student"
    subject["term"] = "Spring"
    subject["achievement"]["resultDescription"] = [
        {"id": "urn:r:1", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade", "allowedValue": ["C", "B", "A"]}
    ]  # fmt: skip
    subject["result"] = [{"type": ["Result"], "value": v, "resultDescription": "urn:r:1"} for v in ("A", "B")]
    return document


def based(document=None, mandatory=ALWAYS, **options):
    return selective.add_base_proof(
        document or badge(),
        signer=KEY,
        verification_method=f"{DID}#{KEY.public_key.to_multibase()}",
        created=NOW,
        mandatory=mandatory,
        **options,
    )


def test_a_badge_shown_in_part():
    base = based()
    assert check(base).cause is None
    shown = selective.derive(base, pointers=["/credentialSubject/role", "/credentialSubject/result/1/value"])
    assert check(shown).cause is None
    assert shown["credentialSubject"]["result"] == [{"type": ["Result"], "value": "B"}]
    assert "term" not in shown["credentialSubject"]
    assert "name" not in shown
    assert check(selective.derive(base, pointers=[])).cause is None


@pytest.mark.parametrize(
    "way", [("credentialSubject", "role"), ("issuer", "name"), ("validFrom",), ("credentialSubject", "id")]
)
def test_what_is_shown_is_what_was_signed(way):
    shown = selective.derive(based(), pointers=["/credentialSubject/role"])
    inner = shown
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = inner[way[-1]].replace("2026-05-30", "2026-05-29") + (
        "" if way == ("validFrom",) else "x"
    )
    assert check(shown).verdict == "invalid"


def test_parts_of_two_showings_cannot_be_mixed():
    shown = selective.derive(based(), pointers=["/credentialSubject/role"])
    other = selective.derive(based(), pointers=["/credentialSubject/term"])
    mixed = json.loads(json.dumps(shown))
    mixed["credentialSubject"]["term"] = other["credentialSubject"]["term"]
    assert check(mixed).cause == "proof-invalid"
    less = json.loads(json.dumps(shown))
    del less["credentialSubject"]["role"]
    assert check(less).cause == "proof-invalid"


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "id",
        "/nothing",
        "/validFrom/x",
        "/credentialSubject/result/²",
        "/credentialSubject/result/7",
        "/id/x",
        "/credentialSubject/result/-",
    ],
)
def test_pointers_to_nothing(pointer):
    with pytest.raises(ProofError):
        selective.derive(based(), pointers=[pointer])


def test_a_list_is_shown_whole():
    loose = [p for p in ALWAYS if not p.endswith("achievement")]
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    with pytest.raises(ProofError):
        selective.derive(based(mandatory=loose), pointers=[f"{place}/1"])
    shown = selective.derive(based(mandatory=loose), pointers=[place])
    assert shown["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"] == [
        "C",
        "B",
        "A",
    ]


@pytest.mark.parametrize(
    "document",
    [
        badge() | {"id": "_:b1"},
        badge() | {"evidence": [{"id": "urn:bnid:1", "type": ["Evidence"]}]},
        badge() | {"endorsement": [badge()]},
    ],
)
def test_documents_that_cannot_be_shown_in_part(document):
    with pytest.raises(Error):
        based(document)


def test_only_p256_and_only_from_a_base_proof():
    with pytest.raises(ProofError):
        selective.add_base_proof(
            badge(), signer=PrivateKey.generate(ED25519), verification_method="x", created=NOW, mandatory=[]
        )
    with pytest.raises(ProofError):
        selective.derive(badge(), pointers=[])
    with pytest.raises(ProofError):
        selective.derive(selective.derive(based(), pointers=[]), pointers=[])
    with pytest.raises(ProofError):
        selective.derive(based() | {"name": "Other", "description": "More"}, pointers=[])
    with pytest.raises(ProofError):
        based(mandatory=["/id"] * 201)


def test_any_damage_to_the_value():
    shown = selective.derive(based(), pointers=["/credentialSubject/role"])
    value = shown["proof"]["proofValue"]
    data = encoding.base64url_decode(value[1:])
    parts = cbor.decode(data[3:])

    def judged(text):
        return check(shown | {"proof": shown["proof"] | {"proofValue": text}})

    wrong = [value[1:], "u", "u2V0C", value[:-2], f"u{encoding.base64url_encode(data + b'x')}"]
    changes = [
        (0, b"x"), (0, parts[0][::-1]), (1, b"x"), (1, b"\x12\x00" + bytes(33)), (2, "x"), (2, [b"x"]), (2, []), (3, {}), (3, []), (3, {"a": 1}),
        (3, dict.fromkeys(range(20), bytes(32))), (4, []), (4, ["x"]), (4, [99]), (4, [0, 0]), (4, 5),
    ]  # fmt: skip
    for at, new in changes:
        changed = [*parts[:at], new, *parts[at + 1 :]]
        wrong.append("u" + encoding.base64url_encode(data[:3] + cbor.encode(changed)))
    wrong.append(
        "u" + encoding.base64url_encode(b"\xd9\x5d\x00" + cbor.encode([*parts[:2], b"", *parts[3:]]))
    )
    wrong.append("u" + encoding.base64url_encode(data[:3] + cbor.encode(parts[:4])))
    for text in wrong:
        assert judged(text).verdict == "invalid", text
    assert judged(value).verdict == "valid"


@pytest.mark.parametrize(
    "value", [0, 23, 24, 255, 256, 65536, 2**32, b"", b"x" * 300, "ä", [], [1, [b"2"]], {1: b"2", 300: "x"}]
)
def test_cbor(value):
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    for cut in range(len(data)):
        with pytest.raises(Error):
            cbor.decode(data[:cut])
    with pytest.raises(Error):
        cbor.decode(data + b"\0")


@pytest.mark.parametrize(
    "data",
    [
        "1817",
        "190017",
        "9f01ff",
        "f6",
        "20",
        "d84041ff",
        "61ff",
        "a2010101 02",
        "a1800 0",
        "81818181818101",
        "9a00ffffff",
    ],
)
def test_cbor_that_is_not_taken(data):
    with pytest.raises(Error):
        cbor.decode(bytes.fromhex(data.replace(" ", "")))


@pytest.mark.parametrize("value", [-1, 1.5, None, True, 2**64])
def test_what_is_not_written(value):
    with pytest.raises(Error):
        cbor.encode(value)


def test_more_statements_than_are_signed_one_by_one():
    document = badge()
    alignment = {"type": ["Alignment"], "targetName": "n"}
    document["credentialSubject"]["achievement"]["alignment"] = [
        alignment | {"targetUrl": f"https://x.example/{number}"} for number in range(700)
    ]
    with pytest.raises(ProofError) as refused:
        based(document, mandatory=["/issuer"])
    assert refused.value.code == "proof-unsupported"


def test_a_key_of_another_kind_at_the_proofs_address():
    base = based()
    document = {key: value for key, value in base.items() if key != "proof"}
    with pytest.raises(ProofError):
        selective.verify_proof(document, base["proof"], PrivateKey.generate(ED25519).public_key)


@pytest.mark.parametrize("prefix", [b"\xed\x01", b"\x81\x24"])
def test_a_proof_key_of_another_kind(prefix):
    shown = selective.derive(based(), pointers=[])
    data = encoding.base64url_decode(shown["proof"]["proofValue"][1:])
    parts = cbor.decode(data[3:])
    parts[1] = prefix + bytes(33)
    shown["proof"]["proofValue"] = "u" + encoding.base64url_encode(data[:3] + cbor.encode(parts))
    assert check(shown).cause == "proof-invalid"


def test_graphs_inside_cannot_be_named():
    inner = {
        "id": "urn:v",
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "urn:s"},
    }
    older = ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2"]
    outer = {"@context": older, "type": ["VerifiablePresentation"], "verifiableCredential": [inner]}
    with pytest.raises(ProofError) as refused:
        based(outer, mandatory=[])
    assert "graphs" in refused.value.message


def test_a_blank_node_that_nothing_names():
    with pytest.raises(ProofError):
        grouping._list_names([("<urn:a>", "<urn:p>", "_:n1", "")])
