"""What `gradatim.engine` promises: everything in its documentation is there, and the examples run as they stand."""

import re
from pathlib import Path

import pytest

from gradatim import engine
from gradatim.engine import Error, append_proof, issue
from tests.engine.samples import KEY, METHOD, NOW, check, credential

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/engine.md").read_text()
HOW = {"signer": KEY, "verification_method": METHOD, "created": NOW}


def test_every_name_is_documented():
    assert [name for name in engine.__all__ if not re.search(rf"\b{name}\b", PAGE)] == []


def test_the_examples_run():
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4
    names = {}
    for block in blocks:
        exec(block, names)
    assert [len(names[name]["proof"]) for name in ("pair", "chain")] == [2, 2]
    assert names["chain"]["proof"][1]["previousProof"] == names["first"]["proof"]["id"]


def test_what_is_not_signed_gets_no_further_proof():
    for document in (credential(), credential(proof=[])):
        with pytest.raises(Error, match="issue it first") as refused:
            append_proof(document, **HOW)
        assert refused.value.code == "proof-missing"


@pytest.mark.parametrize("odd", [{}, [{}], [{"id": "urn:x:first"}], 5])
def test_what_is_no_proof_gets_none_beside_it(odd):
    signed = issue(credential(), **HOW)
    for proof in ([signed["proof"], odd], odd):
        with pytest.raises(Error) as refused:
            append_proof(signed | {"proof": proof}, **HOW)
        assert refused.value.code == ("proof-missing" if proof == 5 else "schema")


def test_no_two_proofs_have_one_id():
    first = issue(credential(), proof_id="urn:x:first", **HOW)
    for document in (first, append_proof(first, **HOW)):
        with pytest.raises(Error, match="an id of its own") as refused:
            append_proof(document, proof_id="urn:x:first", **HOW)
        assert refused.value.code == "proof-invalid"


@pytest.mark.parametrize("odd", ["first", 5, ["urn:x:first"]])
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_the_id_of_a_proof_is_an_address(suite, odd):
    for sign in (issue, append_proof):
        document = credential() if sign is issue else issue(credential(), **HOW)
        with pytest.raises(Error, match="absolute address") as refused:
            sign(document, proof_id=odd, cryptosuite=suite, **HOW)
        assert refused.value.code == "proof-invalid"


def test_a_proof_by_its_id():
    signed = issue(credential(), proof_id="urn:x:first", **HOW)
    assert next(iter(signed["proof"].items())) == ("id", "urn:x:first")
    both = append_proof(signed, proof_id="urn:x:second", previous=["urn:x:first"], **HOW)
    assert [proof["id"] for proof in both["proof"]] == ["urn:x:first", "urn:x:second"]
    assert check(both).verdict == "valid"
    changed = both | {"proof": [both["proof"][0] | {"created": "2026-06-01T11:00:00Z"}, both["proof"][1]]}
    assert check(changed).cause == "proof-invalid"
