"""RDFC-1.0: the whole published suite, and graphs made to be hard."""

import json
from collections import Counter

import pytest

from gradatim.engine.canonical.rdfc import canonical_dataset
from gradatim.engine.errors import LimitError
from tests.conftest import SHARED
from tests.engine.nquads import parse
from tests.engine.timing import quick

SUITE = SHARED / "standards/vectors/rdf-canon"
MANIFEST = SUITE / "manifest.jsonld"
ENTRIES = json.loads(MANIFEST.read_text())["entries"] if MANIFEST.exists() else []


@pytest.mark.shared
def test_the_suite_is_whole():
    kinds = Counter(entry["type"].removeprefix("rdfc:") for entry in ENTRIES)
    assert kinds == {"RDFC10EvalTest": 64, "RDFC10MapTest": 21, "RDFC10NegativeEvalTest": 1}


@pytest.mark.shared
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_vector(entry):
    quads = parse((SUITE / entry["action"]).read_text())
    name = entry.get("hashAlgorithm", "SHA256").lower().replace("-", "")
    if "Negative" in entry["type"]:
        with pytest.raises(LimitError):
            canonical_dataset(quads, hash_name=name)
        return
    text, names = canonical_dataset(quads, hash_name=name)
    expected = (SUITE / entry["result"]).read_text()
    if "Map" in entry["type"]:
        assert {k[2:]: v[2:] for k, v in names.items()} == json.loads(expected)
    else:
        assert text == expected


@pytest.mark.parametrize("size", [9, 20, 60])
def test_poison_graphs_stop_early(size):
    quads = [(f"_:x{i}", "<urn:p>", f"_:x{j}", "") for i in range(size) for j in range(size) if i != j]

    def attempt():
        with pytest.raises(LimitError) as limit:
            canonical_dataset(quads)
        assert limit.value.code == "resource-limit"

    quick(attempt, 0.1)


def test_names_do_not_matter():
    quads = [
        ("_:a", "<urn:p>", "_:b", ""),
        ("_:b", "<urn:q>", '"x"', ""),
        ("_:a", "<urn:p>", "_:c", ""),
        ("_:c", "<urn:q>", '"y"', ""),
    ]
    other = {"_:a": "_:z", "_:b": "_:y", "_:c": "_:x"}
    renamed = [tuple(other.get(t, t) for t in quad) for quad in reversed(quads)]
    assert canonical_dataset(quads)[0] == canonical_dataset(renamed)[0]


def mirrored(statements):
    """Two nodes, each described alike in two graphs, and all of it under other names."""
    names = {"_:x": "_:y", "_:y": "_:x", "_:a": "_:d", "_:d": "_:a", "_:b": "_:c", "_:c": "_:b"}
    quads = [
        (node, "<urn:p>", f'"{number}"', graph)
        for node, graphs in (("_:x", ("_:a", "_:b")), ("_:y", ("_:c", "_:d")))
        for graph in graphs
        for number in range(statements)
    ]
    return quads, [(names[s], p, o, names[g]) for s, p, o, g in reversed(quads)]


def test_graphs_that_cannot_be_told_apart():
    """Each names its graph as often as it has statements: only orders that differ are tried, and few of those."""
    one, other = mirrored(3)
    assert canonical_dataset(one, budget=2_000)[0] == canonical_dataset(other)[0]
    with pytest.raises(LimitError):
        canonical_dataset(mirrored(11)[0])
