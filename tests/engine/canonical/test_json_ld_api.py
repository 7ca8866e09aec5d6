"""The W3C JSON-LD suite: read right or refused with a cause, never read otherwise.

The engine takes only contexts it knows, so as it stands it refuses nearly all of the suite (`closed`). Behind that door
stands the reading of contexts and nodes itself; the suite is put to it with its own contexts (`language`).
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from gradatim.engine import reader
from gradatim.engine.canonical import active, jsonld, rdfc
from gradatim.engine.errors import Error
from tests.conftest import SHARED
from tests.engine.nquads import parse

pytestmark = pytest.mark.shared

SUITE = SHARED / "standards/vectors/json-ld-api"
COUNTS = json.loads(Path(__file__).with_name("json-ld-api.json").read_text())
CAUSES = {"context", "term-dropped", "parse", "encoding", "resource-limit", "type", "duplicate-key"}


def closed(document):
    return jsonld.to_quads(document)


def language(document):
    """Its quads under its own contexts, whatever they are."""
    local = document.get("@context", [])
    meaning = active.initial()
    for entry in local if isinstance(local, list) else [local]:
        meaning = active.extend(meaning, entry)
    enter(meaning)
    walker = jsonld._Walker()
    walker.node(document, meaning, "", "", 0, top=True)
    return walker.quads


def enter(meaning, seen=frozenset()):
    """Enter every context inside, as is done for all known ones (`declared.named`), so that faults show."""
    for term in meaning.terms.values():
        if term.scoped is not active.UNSET and id(term.scoped) not in seen:
            enter(active.extend(meaning, term.scoped, override=True), seen | {id(term.scoped)})


def read(door, path):
    """The canonical text of a file, or the cause for which it is refused."""
    try:
        return rdfc.canonicalize(door(reader.read_object(path.read_bytes()))), None
    except Error as error:
        return None, error.code


def entries(manifest):
    """What a JSON-LD 1.1 program is to pass: the suite also has tests of the older mode."""
    for entry in json.loads((SUITE / f"{manifest}-manifest.jsonld").read_text())["sequence"]:
        option = entry.get("option", {})
        if "json-ld-1.0" not in {option.get("specVersion"), option.get("processingMode")}:
            yield entry


def judge(door, source, expected):
    """``passed``, ``refused`` or ``wrong``; what is expected is None where the source has to be refused."""
    text, cause = read(door, SUITE / source)
    if cause is not None:
        assert cause in CAUSES, source
        return "passed" if expected is None else "refused"
    return "passed" if expected is not None and text == expected() else "wrong"


def compare(manifest, door, judged):
    assert [name for name, verdict in judged.items() if verdict == "wrong"] == []
    counts = Counter(judged.values())
    assert counts == Counter(COUNTS[manifest][door.__name__]), (
        "write down what became better; worse is not taken"
    )


@pytest.mark.parametrize("door", [closed, language], ids=lambda d: d.__name__)
def test_to_rdf(door):
    judged = {}
    for entry in entries("toRdf"):

        def expected(entry=entry):  # a syntax test only says that the input is good
            if "expect" not in entry:
                return read(door, SUITE / entry["input"])[0]
            return rdfc.canonicalize(parse((SUITE / entry["expect"]).read_text()))

        judged[entry["@id"]] = judge(door, entry["input"], None if "expectErrorCode" in entry else expected)
    compare("toRdf", door, judged)
