"""Many objects of one shape in one document: worked out once, with the text that the plain way has."""

import copy
import random

import pytest
from hypothesis import settings

from gradatim.engine.canonical import jsonld, patterns, rdfc, shape
from gradatim.engine.canonical.mirror import Mirror
from gradatim.engine.errors import Error
from tests.engine.canonical.random_documents import ADDRESSES, ODD_ADDRESSES, TEXTS
from tests.engine.random_credentials import Maker
from tests.engine.samples import credential, places, signed

DEEP = 1_000 if settings.default.max_examples > 1000 else 25  # records
V2, OB = "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
MANY = patterns.FEW + 8


def plain(document):
    try:
        return rdfc.canonicalize(jsonld.to_quads(document))
    except Error:
        return None


def record(parts):
    return {
        "@context": [V2, CLR, OB],
        "id": "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000c1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd",
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": parts},
    }


def presentation(parts):
    return {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": parts}


def like(base, draw, chosen):
    """A document that differs from another in some texts."""
    one = copy.deepcopy(base)
    for path in chosen:
        at = one
        for step in path[:-1]:
            at = at[step]
        if type(at[path[-1]]) is str:
            at[path[-1]] = draw.choice(ADDRESSES + TEXTS + ODD_ADDRESSES[:1] + [at[path[-1]]] * 8)
    return one


def apart(value, number):
    """No two blank nodes may say the same, or the fast way declines: each has a text of its own, or gets an address."""
    if isinstance(value, list):
        return [apart(one, f"{number}.{place}") for place, one in enumerate(value)]
    if not isinstance(value, dict) or "@value" in value:
        return value
    inner = {
        name: one if name in {"@context", "type"} else apart(one, f"{number}.{name}")
        for name, one in value.items()
    }
    own = next((n for n in ("narrative", "targetName", "name", "value") if type(value.get(n)) is str), None)
    if "id" in inner or not inner:
        return inner
    return inner | ({"id": f"urn:x:{number}"} if own is None else {own: f"{inner[own]} {number}"})


@pytest.fixture
def filled(monkeypatch):
    """How often a pattern was filled."""
    count = []
    filled = patterns.Pattern.filled

    def counted(*args):
        found = filled(*args)
        count.append(found is not None)
        return found

    monkeypatch.setattr(patterns.Pattern, "filled", counted)
    return count


@pytest.mark.parametrize("around", [record, presentation])
def test_documents_with_many_parts_have_the_plain_text(around, filled):
    draw, fast = random.Random(5), 0
    for seed in range(DEEP):
        base = Maker(seed).credential()
        leaves = [p for p in places(base) if not {"@context", "type"} & {str(step) for step in p}]
        chosen = draw.sample(leaves, min(len(leaves), draw.randint(1, 6)))
        parts = [like(base, draw, chosen) for _ in range(MANY)]
        for number, part in enumerate(parts):  # blank nodes that say the same go the plain way
            part["id"] = f"urn:x:part:{number % draw.choice((MANY, MANY - 1))}"
        document = around([apart(part, number) for number, part in enumerate(parts)])
        found = shape.fast_text(document)
        fast += found is not None
        assert found is None or found == plain(document)
    assert fast
    assert sum(filled) > MANY or around is presentation  # there each has a graph of its own


def several(number=MANY, **changes):
    parts = [credential(id=f"urn:x:{n}", **changes) for n in range(number)]
    for n, part in enumerate(parts):
        part["credentialSubject"]["id"] = f"urn:x:learner:{n}"
    return [apart(part, n) for n, part in enumerate(parts)]


def test_from_the_third_on_a_pattern_is_filled(filled):
    document = record([signed(part) for part in several()])
    assert shape.fast_text(document) == plain(document) is not None
    assert filled == [True] * (MANY - 2)


def test_few_parts_make_none(filled):
    document = record(several(patterns.FEW))
    assert shape.fast_text(document) == plain(document) is not None
    assert filled == []


def test_values_of_one_property_are_ordered_anew():
    parts = several()
    for n, part in enumerate(parts):
        part["credentialSubject"]["achievement"]["tag"] = [f"{n * 7 % 5}", "2", f"{n}", '"', "\n"]
    document = record(parts)
    assert shape.fast_text(document) == plain(document) is not None


def test_addresses_that_may_be_terms_are_no_places(filled):
    parts = several()
    for part, kind in zip(parts, ["Course", "Degree", "ext:own", "Course"] * 9, strict=False):
        part["credentialSubject"]["achievement"]["achievementType"] = kind
        part["credentialSubject"]["achievement"]["alignment"][0]["targetType"] = "CFItem"
    document = record(parts)
    assert shape.fast_text(document) == plain(document) is not None


@pytest.mark.parametrize(
    "bad", ["no address", "urn:x:\u00e9", "\ud800", "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000c1"]
)
@pytest.mark.parametrize("path", [("id",), ("name",), ("credentialSubject", "id")])
def test_odd_texts_in_a_late_part(bad, path):
    parts = several()
    at = parts[-1]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = bad
    document = record(parts)
    found = shape.fast_text(document)
    assert found is None or found == plain(document)


def test_parts_of_many_shapes(filled):
    parts = several(40)
    for n, part in enumerate(parts):
        for other in range(n % 8):
            part["credentialSubject"]["achievement"][
                (
                    "humanCode",
                    "specialization",
                    "fieldOfStudy",
                    "version",
                    "inLanguage",
                    "name",
                    "description",
                )[other]
            ] = f"en{n}"
    document = record(parts)
    assert shape.fast_text(document) == plain(document) is not None
    assert 0 < sum(filled) < len(parts)


def test_what_is_large_or_small_makes_none(filled):
    large = several()
    for part in large:
        part["credentialSubject"]["achievement"]["tag"] = [str(n) for n in range(patterns.MOST)]
    small = record([])
    small["credentialSubject"]["achievement"] = [
        {"id": f"urn:x:a:{n}", "type": ["Achievement"], "name": f"A{n}"} for n in range(MANY)
    ]
    for document in (record(large), small):
        assert shape.fast_text(document) == plain(document) is not None
    assert filled == []


def test_what_cannot_be_walked_with_marks_makes_none(filled):
    parts = several()
    for part in parts:
        part["credentialSubject"]["achievement"]["inLanguage"] = "en"
        part["credentialSubject"]["achievement"]["creator"] = "urn:x:creator"
    document = record(parts)
    assert shape.fast_text(document) == plain(document)
    bare = record([*several(), "urn:x:none", 5])
    assert shape.fast_text(bare) == plain(bare)


@pytest.mark.parametrize("filling", [0, patterns.HELD])
def test_a_pattern_that_came_to_something_else_is_found_out(monkeypatch, filling):
    """As a fault in this program would make it: the plain way is asked instead."""
    document = record([signed(part) for part in several(patterns.HELD + 4)])
    assert shape.fast_text(document) is not None
    count, values = [], Mirror.values

    def faulty(mirror, value):
        found = values(mirror, value)
        if found is not None:
            count.append(found)
        return found[:-2] + found[:-3:-1] if found is not None and len(count) > filling else found

    monkeypatch.setattr(Mirror, "values", faulty)
    assert shape.fast_text(document) is None
    assert shape.canonical_text(document) == plain(document)
