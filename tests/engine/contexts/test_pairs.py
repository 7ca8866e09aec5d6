"""Which contexts go together: every pair of the closed set, judged as another program judges it."""

import itertools

import pytest

from gradatim.engine import contexts
from gradatim.engine.canonical import declared
from gradatim.engine.errors import ContextError
from tests.engine.canonical import oracle

pytestmark = pytest.mark.shared


def goes(urls):
    try:
        declared.start(urls, allowed=frozenset())
    except ContextError:
        return False
    return True


def goes_there(urls):
    try:
        oracle.canonical({"@context": urls, "id": "urn:x", "type": "urn:y"})
    except oracle.pyld.JsonLdError:
        return False
    return True


@pytest.mark.parametrize("first", sorted(contexts.known()))
def test_pairs(first):
    for pair in [[first], *([first, other] for other in sorted(contexts.known()))]:
        assert goes(pair) == goes_there(pair), pair
    assert goes([first]), first


def test_some_pairs_do_not_go():
    answers = {goes(list(pair)) for pair in itertools.permutations(contexts.known(), 2)}
    assert answers == {True, False}
