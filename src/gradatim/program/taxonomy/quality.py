"""Quality rules as data: what may be asked, how a rule is checked, and the trace that says why.

A rule's condition and expression are lists of tests ``{"fact": name, "is": operator, "value": …}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gradatim.program.ground.refused import Refused

Words = str | Promise

FACTS: dict[str, Words] = {
    "title": lazy("title"),
    "title_words": lazy("words of the title"),
    "description": lazy("description"),
    "criteria": lazy("criteria"),
    "assessment": lazy("assessment"),
    "language": lazy("language"),
    "outcomes": lazy("outcomes"),
    "outcome_verbs": lazy("first words of the outcomes"),
    "alignments": lazy("alignments"),
    "workload_hours": lazy("workload in hours"),
    "credits": lazy("credits"),
    "participation": lazy("form of participation"),
    "validity_months": lazy("months it is valid"),
    "tags": lazy("tags"),
    "image_alt": lazy("description of the image"),
}
"""What can be asked about an achievement version, besides every dimension of the taxonomy (by its key)."""

MAX_TESTS = 8  # in a condition or an expression
MAX_ENTRIES = 60  # in a list value


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare a fact with a value.

    Attributes:
        words: how it reads between fact and value.
        takes: what the value is: ``"nothing"``, ``"number"``, ``"scalar"`` or ``"list"``.
        holds: the comparison of what was found with what is expected.
    """

    words: Words
    takes: str
    holds: Callable[[Any, Any], bool]


def empty(found: object) -> bool:
    """Whether a fact says nothing: no value, no text, no entries. Zero is something."""
    return (
        found is None
        or (isinstance(found, str) and not found.strip())
        or (isinstance(found, list | tuple) and not found)
    )


def amount(found: object) -> Decimal | None:
    """A fact as a number: itself, or how many entries it has; ``None`` if it is neither."""
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float | Decimal):
        return Decimal(str(found))
    if isinstance(found, list | tuple):
        return Decimal(len(found))
    return None


def _at_least(found: object, expected: object) -> bool:
    number, limit = amount(found), amount(expected)
    return number is not None and limit is not None and number >= limit


def _at_most(found: object, expected: object) -> bool:
    number, limit = amount(found), amount(expected)
    return number is not None and limit is not None and number <= limit


def _plain(value: object) -> object:
    """For comparing: texts without regard to letter case, numbers as numbers."""
    return value.casefold() if isinstance(value, str) else value


def _shared(found: object, expected: Iterable[object]) -> set[object]:
    """The entries of a fact that are in the list."""
    listed = {_plain(e) for e in expected}
    entries = found if isinstance(found, list | tuple) else [found]
    return {_plain(e) for e in entries} & listed


OPERATORS: dict[str, Operator] = {
    "present": Operator(lazy("is filled in"), "nothing", lambda found, _: not empty(found)),
    "absent": Operator(lazy("is empty"), "nothing", lambda found, _: empty(found)),
    "equals": Operator(lazy("is"), "scalar", lambda found, expected: _plain(found) == _plain(expected)),
    "differs": Operator(lazy("is not"), "scalar", lambda found, expected: _plain(found) != _plain(expected)),
    "one-of": Operator(lazy("is one of"), "list", lambda found, expected: bool(_shared(found, expected))),
    "none-of": Operator(lazy("has none of"), "list", lambda found, expected: not _shared(found, expected)),
    "at-least": Operator(lazy("is at least"), "number", _at_least),
    "at-most": Operator(lazy("is at most"), "number", _at_most),
}
"""The closed table of operators; lists are counted by *at-least* and *at-most*."""


@dataclass(frozen=True, slots=True)
class Step:
    """One test of a rule as it came out: part of the trace."""

    fact: str
    label: str
    words: str
    expected: str
    found: str
    held: bool

    def __str__(self) -> str:
        asked = f"{self.words} {self.expected}".strip()
        return _("%(fact)s: %(asked)s; found: %(found)s") % {
            "fact": self.label,
            "asked": asked,
            "found": self.found,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one achievement version.

    Attributes:
        key: the rule's key.
        name: what the rule asks for.
        severity: ``"block"``, ``"warn"`` or ``"advise"``.
        passed: whether it is met.
        message: what to do when it is not.
        trace: every test made, first the condition, then the expression.
        reference: the clause behind the rule, or empty.
    """

    key: str
    name: str
    severity: str
    passed: bool
    message: str
    trace: tuple[Step, ...]
    reference: str = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing goes on until this is mended."""
        return not self.passed and self.severity == "block"


def run(tests: list[dict[str, Any]], facts: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[Step, ...]:
    """Run a list of tests over facts.

    Args:
        tests: as `problems` accepts them; an unknown fact or operator never holds, and the step says so.
        facts: fact name → value.
        labels: names of facts beyond `FACTS` (the dimensions).

    Returns:
        One step per test, in order.
    """
    return tuple(_step(t, facts, labels) for t in tests)


def _step(test: dict[str, Any], facts: Mapping[str, Any], labels: Mapping[str, str]) -> Step:
    fact, operator, expected = (
        str(test.get("fact", "")),
        OPERATORS.get(str(test.get("is", ""))),
        test.get("value"),
    )
    label = labels.get(fact) or str(FACTS.get(fact, fact))
    if operator is None or fact not in facts:
        return Step(
            fact,
            label,
            str(operator.words) if operator else str(test.get("is", "")),
            shown(expected),
            _("this cannot be asked"),
            held=False,
        )
    found = facts[fact]
    nothing = operator.takes == "nothing"
    try:
        held = operator.holds(found, expected)
    except TypeError:  # a value of the wrong kind, written past the form
        held = False
    said = (
        str(amount(found)) if operator.takes == "number" and isinstance(found, list | tuple) else shown(found)
    )
    return Step(fact, label, str(operator.words), "" if nothing else shown(expected), said, held=held)


def shown(value: object) -> str:
    """A value in words, short enough for a line."""
    if empty(value):
        return _("nothing")
    if isinstance(value, list | tuple):
        text = ", ".join(str(v) for v in value[:6])
        return f"{text} … ({len(value)})" if len(value) > 6 else text  # noqa: PLR2004 - as above
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line


def problems(tests: object, known: Iterable[str]) -> list[str]:
    """What is wrong with a list of tests, in sentences that name the test and the cure.

    Args:
        tests: the value to check, as read from JSON.
        known: every fact that may be asked: `FACTS` and the dimensions' keys.

    Returns:
        No entry if it is well formed.
    """
    if not isinstance(tests, list):
        return [_("Write a list of tests, even if there is only one.")]
    if len(tests) > MAX_TESTS:
        return [_("A rule has at most %(n)s tests; write two rules.") % {"n": MAX_TESTS}]
    facts = set(known)
    return [
        problem for number, test in enumerate(tests, start=1) if (problem := _problem(number, test, facts))
    ]


def _problem(number: int, test: object, known: set[str]) -> str | None:
    """What is wrong with one test, or ``None``."""
    if not isinstance(test, dict) or not {"fact", "is"} <= set(test) <= {"fact", "is", "value"}:
        return _(
            'Test %(n)s: write a fact, an operator and, if it takes one, a value: {"fact": …, "is": …, "value": …}.'
        ) % {"n": number}
    fact, name = test["fact"], test["is"]
    if not isinstance(fact, str) or fact not in known:
        return _("Test %(n)s: “%(fact)s” cannot be asked. Known: %(known)s.") % {
            "n": number,
            "fact": fact,
            "known": ", ".join(sorted(known)),
        }
    operator = OPERATORS.get(name) if isinstance(name, str) else None
    if operator is None:
        return _("Test %(n)s: “%(name)s” is no operator. Known: %(known)s.") % {
            "n": number,
            "name": name,
            "known": ", ".join(OPERATORS),
        }
    if not _fits(operator.takes, test):
        wanted = {
            "nothing": _("no value"),
            "number": _("a number"),
            "scalar": _("a text or a number"),
            "list": _("a list of texts"),
        }
        return _("Test %(n)s: “%(name)s” takes %(wanted)s.") % {
            "n": number,
            "name": name,
            "wanted": wanted[operator.takes],
        }
    return None


def _fits(takes: str, test: dict[str, Any]) -> bool:
    """Whether the test's value is of the kind its operator takes."""
    value = test.get("value")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if takes == "nothing":
        return "value" not in test
    if takes == "number":
        return number
    if takes == "scalar":
        return number or isinstance(value, str)
    return (
        isinstance(value, list) and 0 < len(value) <= MAX_ENTRIES and all(isinstance(v, str) for v in value)
    )


def key_of(name: str, longest: int = 40) -> str:
    """The key of a dimension, value or rule, made from its name once.

    Raises:
        Refused: ``name`` if no letter or digit is left.
    """
    key = slugify(name)[:longest].strip("-")
    if not key:
        raise Refused("name", _("The name needs at least one letter or digit."), field="name")
    return key
