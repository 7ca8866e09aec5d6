"""Our statement of the contexts, held against the published files term by term."""

import hashlib
import json

import pytest

from gradatim.engine import contexts
from gradatim.engine.contexts import UnknownContextError
from tests.conftest import SHARED

FOLDER = SHARED / "standards/contexts"
INDEX = json.loads((FOLDER / "index.json").read_text()) if FOLDER.exists() else {}


def plain(context):
    """One object, whether the file holds one or several; short and long spellings made equal."""
    if isinstance(context, list):
        whole = {}
        for part in context:
            whole |= part
        context = whole
    if not isinstance(context, dict):
        return context
    found = {}
    for key, value in context.items():
        if isinstance(value, dict) and set(value) == {"@id"}:
            value = value["@id"]  # noqa: PLW2901 - the short spelling
        if key == "@container" and isinstance(value, list) and len(value) == 1:
            value = value[0]  # noqa: PLW2901 - as above
        found[key] = plain(value)
    return found


@pytest.mark.shared
@pytest.mark.parametrize("url", [*contexts.FILES, *contexts.OPEN])
def test_every_term_is_that_of_the_published_file(url):
    data = (FOLDER / INDEX[url]["file"]).read_bytes()
    assert plain(contexts.load(url, allowed=frozenset(contexts.OPEN))) == plain(json.loads(data)["@context"])
    assert contexts.digest(url) == hashlib.sha256(data).hexdigest()


@pytest.mark.shared
def test_a_file_that_changed_in_place_says_the_same_of_what_it_knew():
    """Open Badges 3.0.3 changed in June 2026: what was signed before is read as it was, for it only knows more since."""
    url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    before = plain(json.loads((FOLDER / "1edtech/ob-3.0.3.until-2026-06.jsonld").read_bytes())["@context"])
    now = plain(contexts.load(url))
    assert {name: now[name] for name in before} == before
    assert now.keys() - before.keys() == {"endorsementJwt", "jti"}


@pytest.mark.parametrize("url", ["https://evil.example/context.json", "", *contexts.OPEN])
def test_nothing_else_is_known(url):
    with pytest.raises(UnknownContextError) as unknown:
        contexts.load(url)
    assert unknown.value.code == "context"


@pytest.mark.parametrize(
    ("text", "definition", "opens"),
    [
        ("urn:x:a", {"@id": "urn:x:a"}, False),
        ("urn:x:a as:@id in:@set", {"@id": "urn:x:a", "@type": "@id", "@container": "@set"}, False),
        ("urn:x:a in:@graph in:@set {", {"@id": "urn:x:a", "@container": ["@graph", "@set"]}, True),
        ("urn:x:a protected prefix", {"@id": "urn:x:a", "@protected": True, "@prefix": True}, False),
        ("urn:x:a {null}", {"@id": "urn:x:a", "@context": None}, False),
        ("urn:x:a nest:@nest", {"@id": "urn:x:a", "@nest": "@nest"}, False),
        ("- as:@id", {"@type": "@id"}, False),
        ("null", {}, False),
    ],
)
def test_the_form_that_states_them(text, definition, opens):
    assert contexts._definition(text) == (definition, opens)
