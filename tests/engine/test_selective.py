"""Selective disclosure: our own the whole way round, and every way to cheat."""

import json

import pytest

from gradatim.engine import did, encoding
from gradatim.engine.errors import Error, LimitError, ProofError
from gradatim.engine.keys import ED25519, P256, PrivateKey
from gradatim.engine.proof import cbor, grouping, selective
from tests.engine.samples import NOW, check, credential
from tests.engine.timing import quick

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


def based(document=None, mandatory=ALWAYS, signer=KEY, **options):
    return selective.add_base_proof(
        document or badge(),
        signer=signer,
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
        "/credentialSubject/result/01",
        "/credentialSubject/result/" + "1" * 5000,
        "/credentialSubject/nothing",
    ],
)
def test_pointers_to_nothing(pointer):
    with pytest.raises(ProofError) as refused:
        selective.derive(based(), pointers=[pointer])
    assert refused.value.code == "proof-invalid"


def test_pointers_into_what_is_shown_anyway():
    """Repeated and longer ones select nothing more, in whatever order they stand."""
    document = badge()
    whole = grouping.select(document, ["/credentialSubject"])
    assert whole["credentialSubject"] == document["credentialSubject"]
    inner = ["/credentialSubject/result/1/value", "/credentialSubject/role", "/credentialSubject/result"]
    for pointers in (
        ["/credentialSubject", *inner],
        [*inner, "/credentialSubject"],
        ["/credentialSubject"] * 9,
    ):
        assert grouping.select(document, pointers) == whole
    assert grouping.select(document, inner[::-1]) == grouping.select(document, inner)
    assert grouping.select(document, [*inner, "/type/0"])["type"] == document["type"]
    with pytest.raises(ProofError):
        grouping.select(document, ["/credentialSubject", "/credentialSubject/nothing"])
    base = based(mandatory=[*ALWAYS, *ALWAYS, "/issuer/name", "/credentialSubject/achievement/name"])
    assert check(base).verdict == "valid"
    assert check(selective.derive(base, pointers=["/credentialSubject", "/name", "/name"])).verdict == "valid"


def test_what_is_shown_is_a_copy():
    document = badge()
    assert grouping.select(document, ["/credentialSubject/type/0"])["credentialSubject"] == {
        name: document["credentialSubject"][name] for name in ("id", "type")
    }
    odd = {"@context": [], "type": {"a": [1, [2, 3]]}}
    assert grouping.select(odd, ["/type/a/1/0"]) == {"@context": [], "type": {"a": [1, [2, 3]]}}
    assert odd["type"] == {"a": [1, [2, 3]]}
    shown = grouping.select(document, ["/credentialSubject"])
    shown["credentialSubject"]["result"][0]["type"].append("Other")
    assert document == badge()


def worthless(document, pointers, times):
    """A document with base proofs that nobody signed."""
    proof = based()["proof"]
    parts = cbor.decode(encoding.base64url_decode(proof["proofValue"][1:])[3:])
    value = "u" + encoding.base64url_encode(b"\xd9\x5d\x00" + cbor.encode([*parts[:4], pointers]))
    return document | {
        "proof": [proof | {"proofValue": value, "id": f"urn:p:{number}"} for number in range(times)]
    }


@pytest.mark.parametrize(
    ("tags", "cause"), [(3_000, "proof-invalid"), (9_000, "proof-invalid"), (90_000, "resource-limit")]
)
def test_many_pointers_to_much(tags, cause):
    document = badge()
    document["credentialSubject"]["achievement"]["tag"] = [str(number) for number in range(tags)]
    hostile = json.dumps(worthless(document, ["/credentialSubject"] * 200, 10)).encode()
    found = []
    quick(lambda: found.append(check(hostile)), 1.5)
    assert found[0].cause == cause


def test_a_large_document_is_not_shown_in_part():
    document = badge()
    document["credentialSubject"]["achievement"]["tag"] = [
        str(number) for number in range(grouping.MAX_VALUES)
    ]
    with pytest.raises(LimitError) as refused:
        based(document)
    assert refused.value.code == "resource-limit"


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
    ("document", "why"),
    [
        (badge() | {"id": "_:b1"}, "names of blank nodes"),
        (badge() | {"evidence": [{"id": "urn:bnid:1", "type": ["Evidence"]}]}, "names of blank nodes"),
        (badge() | {"endorsement": [badge()]}, "other credentials"),
        (badge() | {"endorsement": [{"@context": "x"}]}, "other credentials"),
    ],
)
def test_documents_that_cannot_be_shown_in_part(document, why):
    with pytest.raises(ProofError, match=why) as refused:
        based(document)
    assert refused.value.code == "proof-unsupported"


def test_a_text_with_a_language_is_shown_like_any_other():
    document = badge() | {"name": {"@value": "Données", "@language": "fr"}}
    found = grouping.group(document, {"name": ["/name"], "nothing": []}, bytes(32))
    assert '"Données"@fr' in "".join(found.lines[at] for at in found.groups["name"])
    assert (found.groups["nothing"], found.quads["nothing"]) == ([], [])


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: based(signer=PrivateKey.generate(ED25519)), "proof-unsupported"),
        (lambda: selective.derive(badge(), pointers=[]), "proof-unsupported"),
        (lambda: selective.derive(based() | {"proof": [based()["proof"]]}, pointers=[]), "proof-unsupported"),
        (lambda: selective.derive(selective.derive(based(), pointers=[]), pointers=[]), "proof-invalid"),
        (lambda: selective.derive(based() | {"name": "Other", "description": "More"}, pointers=[]), "proof-invalid"),
        (lambda: based(mandatory=["/id"] * 201), "proof-invalid"),
        (lambda: grouping.relabelled(badge(), {}), "proof-invalid"),
    ],
)  # fmt: skip
def test_only_p256_and_only_from_a_base_proof(made, code):
    with pytest.raises(ProofError) as refused:
        made()
    assert refused.value.code == code


def test_as_many_pointers_as_are_followed():
    assert check(based(mandatory=["/id"] * 200)).verdict == "valid"


def test_the_key_of_the_proof_is_new_each_time():
    one, other = (selective.read_base(based()["proof"]) for _ in range(2))
    assert one.key != other.key
    assert one.hmac_key != other.hmac_key
    assert len(one.hmac_key) == 32


def test_any_damage_to_the_value():
    shown = selective.derive(based(), pointers=["/credentialSubject/role"])
    value = shown["proof"]["proofValue"]
    data = encoding.base64url_decode(value[1:])
    parts = cbor.decode(data[3:])

    def judged(text):
        return check(shown | {"proof": shown["proof"] | {"proofValue": text}})

    def written(at, new, head=data[:3]):
        changed = [*parts[:at], new, *parts[at + 1 :]]
        return "u" + encoding.base64url_encode(head + cbor.encode(changed))

    unreadable = [
        value[1:],
        "z" + value[1:],
        "u",
        "u2V0C",
        value[:-2],
        f"u{encoding.base64url_encode(data + b'x')}",
    ]
    unreadable += [
        written(at, new)
        for at, new in [
            (0, b"x"), (0, "x" * 64), (1, b"x"), (1, "x" * 35), (1, b"\x12\x00" + bytes(33)), (2, "x"), (2, [b"x"]), (2, {}),
            (2, [bytes(64)] * 2001), (3, []), (3, {"a": bytes(32)}), (3, {1: b"x"}), (3, {1: "x" * 32}),
            (3, dict.fromkeys(range(20), bytes(32))), (4, ["x"]), (4, [0, 0]), (4, [1, 0]), (4, 5), (4, {}),
        ]
    ]  # fmt: skip
    unreadable.append(written(2, b"", head=b"\xd9\x5d\x00"))
    unreadable.append(written(2, bytes(32), head=b"\xd9\x5d\x00"))
    unreadable.append(written(0, parts[0], head=b"\xd9\x5d\x02"))
    unreadable.append("u" + encoding.base64url_encode(data[:3] + cbor.encode(parts[:4])))
    for text in unreadable:
        with pytest.raises(ProofError, match="cannot be read"):
            selective._parsed({"proofValue": text})
        assert judged(text).verdict == "invalid", text
    for at, new in [
        (0, parts[0][::-1]),
        (2, []),
        (2, [bytes(64)] * 2000),
        (3, {}),
        (4, []),
        (4, [99]),
        (4, [len(parts[2])]),
    ]:
        assert judged(written(at, new)).cause == "proof-invalid"
    assert judged(value).verdict == "valid"


def test_a_base_proof_has_to_hold_what_it_says():
    proof = based()["proof"]
    data = encoding.base64url_decode(proof["proofValue"][1:])
    parts = cbor.decode(data[3:])
    for at, new in [(2, bytes(31)), (2, "x" * 32), (4, [5]), (4, "x"), (4, {})]:
        changed = [*parts[:at], new, *parts[at + 1 :]]
        value = "u" + encoding.base64url_encode(data[:3] + cbor.encode(changed))
        with pytest.raises(ProofError, match="cannot be read") as refused:
            selective.read_base({"proofValue": value})
        assert refused.value.code == "proof-invalid"


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
