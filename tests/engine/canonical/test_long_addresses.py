"""An address stands in every statement about what it names: a long one must not become a text without end."""

import copy
import tracemalloc

import pytest

from gradatim.engine.canonical import jsonld, rdfc, shape
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.errors import ContextError, LimitError
from tests.engine.canonical.test_patterns import record, several
from tests.engine.samples import check, credential, signed

LONG = 100_000
LINES = 400


def named(letters, lines=LINES):
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    achievement["id"] = "https://x.example/" + "a" * letters
    achievement["tag"] = [f"tag {n}" for n in range(lines)]
    return document


def peak(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_plain_way_gives_it_up():
    quads = jsonld.to_quads(named(LONG))
    with pytest.raises(LimitError) as given_up:
        rdfc.canonicalize(quads)
    assert given_up.value.code == "resource-limit"


def test_the_fast_way_declines_before_it_begins():
    assert shape.fast_text(named(1_000)) is not None
    assert peak(lambda: shape.fast_text(named(LONG))) < 5_000_000


def test_a_sheet_declines_too():
    sheets = Sheets()
    for letters in (10, 11, 12):
        document = named(letters, lines=300)
        found = sheets.filled(document)
        if found is None:
            sheets.learn(document)
    assert found is not None
    large = named(2 * LONG, lines=300)
    assert peak(lambda: sheets.filled(large)) < 5_000_000
    assert sheets.filled(large) is None


@pytest.mark.parametrize("place", ["learned", "met later"])
def test_a_pattern_declines_too(place):
    """Of the parts of one record the third and later ones are filled in."""
    parts = several(30)
    late = copy.deepcopy(parts[-1])
    for one in [*parts, late]:
        one["credentialSubject"]["achievement"]["tag"] = [f"tag {n}" for n in range(300)]
    late["credentialSubject"]["achievement"]["id"] = "https://x.example/" + "a" * 2 * LONG
    parts.insert(1 if place == "learned" else 20, late)
    assert peak(lambda: shape.fast_text(record(parts))) < 40_000_000
    assert shape.fast_text(record(parts)) is None


def test_it_is_said():
    made = signed()
    made["credentialSubject"] = named(LONG)["credentialSubject"]
    report = check(made)
    assert report.verdict in {"invalid", "refused", "undetermined"}
    assert "resource-limit" in {one.cause for one in report.checks}


@pytest.mark.parametrize(("letters", "taken"), [(500, True), (501, False)])
def test_an_inline_term_stands_for_an_address_of_usual_length(letters, taken):
    document = credential()
    stem = "https://x.example/"
    document["@context"] = [*document["@context"], {"hours": stem + "a" * (letters - len(stem))}]
    document["credentialSubject"]["hours"] = "12"
    if taken:
        assert jsonld.to_quads(document)
    else:
        with pytest.raises(ContextError, match="at most 500 letters"):
            jsonld.to_quads(document)
