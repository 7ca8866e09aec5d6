"""Our reading of documents against another program's: the same statements, or a refusal, never others."""

import json
import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradatim.engine import contexts
from gradatim.engine.canonical import declared, jsonld, rdfc
from gradatim.engine.canonical.active import UNSET, after_types, inside
from gradatim.engine.errors import Error
from tests.conftest import SHARED
from tests.engine.canonical import oracle

pytestmark = pytest.mark.shared

V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OPEN = frozenset(contexts.OPEN)
STARTS = [
    [V2],
    [V2, OB],
    [V2, OB, EXTENSIONS],
    [V1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
    [V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],
    [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"],
    [V2, CLR, OB],
    [V1, OB, "https://w3id.org/security/suites/ed25519-2020/v1"],
    [V2, OB, {"ects": {"@id": "urn:x:ects", "@type": "urn:x:t"}, "Extra": "urn:x:Extra"}],
]


def published():
    folders = ("vectors/own-credentials", "vectors/ob3-clr2-signing", "vectors/vc-di-eddsa", "examples")
    for folder in folders:
        for path in sorted((SHARED / "standards" / folder).rglob("*.json")):
            try:
                document = json.loads(path.read_text())
            except ValueError:
                continue
            if isinstance(document, dict) and "@context" in document:
                yield path, document


def ours(document):
    try:
        return rdfc.canonicalize(jsonld.to_quads(document, allowed=OPEN))
    except Error:
        return None


@pytest.mark.slow
def test_published_documents_are_read_alike():
    compared = 0
    for path, document in published():
        for part in (document, {k: v for k, v in document.items() if k != "proof"}):
            text = ours(part)
            if text is not None:
                assert text == oracle.canonical(part), path
                compared += 1
    assert compared > 200


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12
) | st.sampled_from(
    ["", "a", 'say "x"', "tab\tline\nback\\slash", "\u007f", "é ø 漢 \U0001f600", "2026-01-01T00:00:00Z"]
)
ADDRESSES = st.sampled_from(
    [
        "urn:x:1",
        "urn:x:2",
        "https://a.example/b?c=d#e",
        "did:web:a.example",
        "data:text/plain,a%20b",
        "mailto:a@b.example",
    ]
)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda n: not n.is_integer()
)
LANGUAGES = st.builds(
    lambda text, language: {"@value": text, "@language": language},
    WORDS,
    st.sampled_from(["en", "de-AT", "zh-Hant"]),
) | st.builds(  # never the same text with and without a direction: PyLD takes them for one
    lambda text: {"@value": f"\u200f{text}", "@language": "ar", "@direction": "rtl"}, WORDS
)


@st.composite
def nodes(draw, active, depth=0):
    """An object of terms that its place defines."""
    scoped = sorted(n for n, t in active.terms.items() if n[:1].isupper() and t.scoped is not UNSET)
    types = draw(st.lists(st.sampled_from(scoped), max_size=2, unique=True)) if scoped else []
    try:
        typed = after_types(active, tuple(sorted(types)))
    except Error:
        types, typed = [], active
    node = {"type": types} if types else {}
    if draw(st.booleans()):
        node["id"] = draw(ADDRESSES)
    names = sorted(
        n for n, t in typed.terms.items() if t.iri and t.iri[0] != "@" and n[:1].islower() and not t.prefix
    )
    for name in draw(st.lists(st.sampled_from(names), max_size=5, unique=True)) if names else ():
        value = values(typed, typed.terms[name], depth)
        node[name] = draw(value | st.lists(value, max_size=3))
    return node


def values(active, term, depth):
    kinds = [WORDS, NUMBERS, st.booleans(), LANGUAGES]
    if term.coercion in {"@id", "@vocab"}:
        kinds = [ADDRESSES]
    if term.coercion == "@json":
        return st.recursive(
            WORDS | NUMBERS | st.none(), lambda i: st.lists(i) | st.dictionaries(WORDS, i), max_leaves=5
        )
    if depth < 3:
        inner = active.previous or active
        inner = inside(inner, term) if term.scoped is not UNSET else inner
        kinds.append(st.deferred(lambda: nodes(inner, depth + 1)))
    return st.one_of(kinds)


@st.composite
def documents(draw):
    start = draw(st.sampled_from(STARTS))
    active = declared.start(start, allowed=frozenset())
    document = draw(nodes(active))
    document["type"] = ["VerifiableCredential", *document.get("type", [])]
    return {"@context": start, "id": "urn:x:0", **document}


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
@pytest.mark.slow
def test_any_document_is_read_alike(document):
    text = ours(document)
    assume(text is not None)
    assert text == oracle.canonical(document)


ESCAPES = re.compile(r"""\\[^nr"\\]""")  # PyLD writes the other control characters as they are


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
@pytest.mark.slow
def test_any_document_has_the_same_canonical_text(document):
    text = ours(document)
    assume(text is not None)
    assume(not ESCAPES.search(text))
    assert text == oracle.normalized(document)
