"""The closed table of operators: how a fact is compared with what a rule expects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from gradatim.program.taxonomy.quality.facts import Words, amount, empty

MAX_TESTS = 8  # in a condition or an expression
MAX_ENTRIES = 200  # in a list value


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare a fact with a value.

    Attributes:
        words: how it reads between fact and value.
        takes: what the value is: ``"nothing"``, ``"number"``, ``"scalar"``, ``"list"``, or ``"fact and list"``, where
            the test also names the fact to look in (``"with"``).
        holds: the comparison of what was found with what is expected (and with what the other fact says).
    """

    words: Words
    takes: str
    holds: Callable[[Any, Any, Any], bool]


def _at_least(found: object, expected: object, _other: object) -> bool:
    number, limit = amount(found), amount(expected)
    return number is not None and limit is not None and number >= limit


def _at_most(found: object, expected: object, _other: object) -> bool:
    number, limit = amount(found), amount(expected)
    return number is not None and limit is not None and number <= limit


def _plain(value: object) -> object:
    """For comparing: texts without regard to letter case, numbers as numbers."""
    return value.casefold() if isinstance(value, str) else value


def _entries(found: object) -> set[object]:
    """A fact's entries, plain; a single value is its own entry, nothing has none."""
    if empty(found):
        return set()
    return {_plain(e) for e in (found if isinstance(found, list | tuple) else [found])}


def _listed(expected: Iterable[object]) -> frozenset[object]:
    return _listed_plain(tuple(expected))


@lru_cache(maxsize=512)
def _listed_plain(expected: tuple[object, ...]) -> frozenset[object]:
    """A rule's own list, plain; the same for every definition it is asked of."""
    return frozenset(_plain(e) for e in expected)


@lru_cache(maxsize=512)
def _phrases(terms: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the terms as whole words; longer ones first, blanks as blanks of any width."""
    ordered = sorted(terms, key=len, reverse=True)
    parts = (r"\s+".join(re.escape(word) for word in term.casefold().split()) for term in ordered)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def terms_in(found: object, terms: Iterable[str]) -> set[str]:
    """Which of the terms stand in a text, or in any entry of a list, as whole words in any letter case."""
    pattern = _phrases(tuple(t for t in terms if t.strip()))
    texts = found if isinstance(found, list | tuple) else [found]
    return {
        " ".join(hit.split()) for t in texts if isinstance(t, str) for hit in pattern.findall(t.casefold())
    }


def _only_if_in(found: object, terms: Iterable[str], other: object) -> bool:
    return terms_in(found, terms) <= terms_in(other, terms)


OPERATORS: dict[str, Operator] = {
    "present": Operator(lazy("is filled in"), "nothing", lambda found, _e, _o: not empty(found)),
    "absent": Operator(lazy("is empty"), "nothing", lambda found, _e, _o: empty(found)),
    "equals": Operator(lazy("is"), "scalar", lambda found, expected, _o: _plain(found) == _plain(expected)),
    "differs": Operator(
        lazy("is not"), "scalar", lambda found, expected, _o: _plain(found) != _plain(expected)
    ),
    "one-of": Operator(
        lazy("is or has one of"), "list", lambda found, listed, _o: bool(_entries(found) & _listed(listed))
    ),
    "none-of": Operator(
        lazy("has none of"), "list", lambda found, listed, _o: not _entries(found) & _listed(listed)
    ),
    "all-of": Operator(
        lazy("has all of"), "list", lambda found, listed, _o: _listed(listed) <= _entries(found)
    ),
    "only-of": Operator(
        lazy("has nothing but"), "list", lambda found, listed, _o: _entries(found) <= _listed(listed)
    ),
    "at-least": Operator(lazy("is at least"), "number", _at_least),
    "at-most": Operator(lazy("is at most"), "number", _at_most),
    "mentions": Operator(
        lazy("mentions one of"), "list", lambda found, terms, _o: bool(terms_in(found, terms))
    ),
    "mentions-none": Operator(
        lazy("mentions none of"), "list", lambda found, terms, _o: not terms_in(found, terms)
    ),
    "only-if-in": Operator(lazy("mentions these only if they also stand in"), "fact and list", _only_if_in),
}
"""Every way to compare; lists are counted by *at-least* and *at-most*, and letter case never matters."""
