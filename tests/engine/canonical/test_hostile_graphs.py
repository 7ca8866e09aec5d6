"""Graphs made to be hard are given up early, whatever their size; big plain ones are not."""

import json
import random
from itertools import combinations

import pytest

from gradatim.engine import did
from gradatim.engine.canonical import rdfc, shape
from gradatim.engine.canonical.rdfc import canonicalize
from gradatim.engine.errors import LimitError
from gradatim.engine.keys import P256, P384, PrivateKey
from gradatim.engine.proof import data_integrity, jose
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, signed
from tests.engine.timing import quick

P = "<urn:p>"


def stars(arms):
    return [(f"_:h{hub}", P, f"_:l{hub}x{arm}", "") for hub in range(2) for arm in range(arms)]


def ring(size, weight=0):
    plain = [(f"_:x{i}", P, f"_:x{(i + 1) % size}", "") for i in range(size)]
    return plain + [(f"_:x{i}", P, f"<urn:x{j}>", "") for i in range(size) for j in range(weight)]


def clique(size):
    return [(f"_:x{i}", P, f"_:x{j}", "") for i in range(size) for j in range(size) if i != j]


def grid(size):
    """A torus: every node has the same surroundings, however far one looks."""
    steps = [(i, j, a, b) for i in range(size) for j in range(size) for a, b in ((0, 1), (1, 0))]
    return [(f"_:x{i}_{j}", P, f"_:x{(i + a) % size}_{(j + b) % size}", "") for i, j, a, b in steps]


def cube(dimensions):
    return [(f"_:x{i}", P, f"_:x{i ^ 1 << b}", "") for i in range(1 << dimensions) for b in range(dimensions)]


def petersen():
    pairs = list(combinations(range(5), 2))
    return [(f"_:{a}{b}", P, f"_:{c}{d}", "") for a, b in pairs for c, d in pairs if not {a, b} & {c, d}]


def regular(size, degree):
    """Everyone leads to as many others, by chance."""
    chance = random.Random(size)
    orders = [chance.sample(range(size), size) for _ in range(degree)]
    return list({(f"_:x{i}", P, f"_:x{order[i]}", "") for order in orders for i in range(size)})


def turning(size):
    return [(f"_:x{i}", P, f"_:x{(i + 1) % size}", f"_:x{(i + 2) % size}") for i in range(size)]


HOSTILE = {
    "two stars": stars(9), "two big stars": stars(2000), "a ring": ring(100), "a big ring": ring(5000),
    "a heavy ring": ring(60, 60), "a clique": clique(9), "a big clique": clique(100), "a torus": grid(6),
    "a big torus": grid(50), "a cube": cube(6), "a big cube": cube(10), "Petersen": petersen(),
    "a regular graph": regular(40, 3), "a big regular graph": regular(2000, 3), "graphs in a ring": turning(2000),
}  # fmt: skip


@pytest.mark.parametrize("quads", HOSTILE.values(), ids=HOSTILE)
def test_given_up(quads):
    def attempt():
        with pytest.raises(LimitError) as limit:
            canonicalize(quads)
        assert limit.value.code == "resource-limit"

    quick(attempt, 0.1)


@pytest.mark.parametrize("quads", [stars(4), ring(12)], ids=len)
def test_small_ones_are_solved(quads):
    assert canonicalize(quads) == canonicalize(
        [tuple(t.replace("_:", "_:other") for t in q) for q in quads[::-1]]
    )


def test_big_plain_ones_are_solved():
    quads = [(f"_:x{i}", P, f'"{i}"', "") for i in range(20_000)]
    assert canonicalize(quads).count("\n") == 20_000


V2 = "https://www.w3.org/ns/credentials/v2"
LINKS = {"p": {"@id": "urn:p", "@type": "@id"}}


def hard(proofs=1, hubs=5, arms=5, **changes):
    """A credential whose graph is nearly as hard as one may be, with as many proofs that are worth nothing."""
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod", "proofValue": "z" + "1" * 64,
    }  # fmt: skip
    return {
        "@context": [V2, LINKS],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": [
            {"id": f"_:h{hub}", "p": [f"_:l{hub}x{arm}" for arm in range(arms)]} for hub in range(hubs)
        ],
        "proof": [proof | changes | {"id": f"urn:p:{number}"} for number in range(proofs)],
    }


def around(*parts):
    shown = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": parts,
    }
    payload = shown | {"iss": DID}
    return jose.sign(payload, signer=KEY, kid=METHOD, typ="vp+jwt")


def test_all_parts_and_proofs_share_one_budget():
    found = []
    quick(lambda: found.append(check(around(*[hard(10)] * 200))), 1.5)
    assert found[0].verdict == "valid-with-marked-parts"
    assert [part["cause"] for part in found[0].parts[::len(found[0].parts) - 1]] == [
        "proof-invalid", "resource-limit",
    ]  # fmt: skip
    assert check(hard(10)).cause == "proof-invalid"


@pytest.mark.parametrize("kind", [P256, P384])
def test_ten_proofs_of_a_hard_document_and_the_last_is_good(kind):
    key = PrivateKey(kind, bytes([1]) * (32 if kind == P256 else 48))
    owner = did.did_key(key.public_key)
    method = f"{owner}#{key.public_key.to_multibase()}"
    unsigned = {name: value for name, value in hard().items() if name != "proof"} | {"issuer": owner}
    good = data_integrity.add_proof(unsigned, signer=key, verification_method=method, created=NOW)
    bad = good["proof"] | {"created": "2026-05-31T00:00:00Z"}
    assert check(good | {"proof": [bad] * 9 + [good["proof"]]}).verdict == "valid"


def test_a_chain_over_much_is_given_up():
    subjects = [{"id": f"urn:x:{number}", "name": str(number)} for number in range(30_000)]
    document = {
        "@context": [V2], "type": ["VerifiableCredential"], "issuer": DID, "credentialSubject": subjects,
    }  # fmt: skip
    proof = hard()["proof"][0]
    before = [proof | {"id": "urn:p:0"}]
    before += [
        proof | {"id": f"urn:p:{number}", "previousProof": f"urn:p:{number - 1}"} for number in range(1, 10)
    ]
    hostile = json.dumps(document | {"proof": before[::-1]}).encode()
    found = []
    quick(lambda: found.append(check(hostile)), 1.5)
    assert found[0].verdict in {"invalid", "refused"}


def test_nothing_is_begun_once_the_budget_is_used_up():
    def work():
        rdfc.charge(rdfc.WHOLE_BUDGET // 5)
        for attempt in (
            lambda: rdfc.charge(1),
            lambda: shape.canonical_text(credential()),
            lambda: canonicalize(stars(3)),
        ):
            with pytest.raises(LimitError):
                attempt()
        return "done"

    assert rdfc.on_one_budget(work) == "done"
    rdfc.charge(rdfc.WHOLE_BUDGET)  # what is done by itself has no budget to share
    assert canonicalize(stars(3))


def test_a_record_of_many_credentials_is_no_work():
    """Fifty real ones, each with two proofs and with parts that only their order tells apart."""
    same = [{"type": ["Evidence"], "name": "Portfolio"}] * 6
    parts = [signed(credential(id=f"urn:x:{number}", evidence=same)) for number in range(50)]
    for part in parts:
        part["proof"] = [part["proof"], part["proof"] | {"created": "2026-05-31T00:00:00Z"}]
    report = check(around(*parts))
    assert {part["verdict"] for part in report.parts} == {"valid"}
    assert len(report.parts) == 50
