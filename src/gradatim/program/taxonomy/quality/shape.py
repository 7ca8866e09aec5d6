"""Whether rules are well formed, in sentences that name the place and the cure; and how keys are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy.quality.operators import MAX_ENTRIES, MAX_TESTS, OPERATORS


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


def scope_problems(scope: object, dimensions: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with a rule's scope.

    Args:
        scope: dimension key → value keys, as read from JSON.
        dimensions: what there is: dimension key → value keys.
    """
    if not isinstance(scope, dict):
        return [_("The scope names dimensions, each with a list of its values.")]
    found = []
    for key, values in scope.items():
        if key not in dimensions:
            found.append(_("There is no dimension “%(key)s”.") % {"key": key})
        elif not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            found.append(_("“%(key)s” needs a list of its values.") % {"key": key})
        elif strange := sorted(set(values) - set(dimensions[key])):
            found.append(_("“%(key)s” has no value %(values)s.") % {"key": key, "values": ", ".join(strange)})
    return found


def _problem(number: int, test: object, known: set[str]) -> str | None:
    """What is wrong with one test, or ``None``."""
    if not isinstance(test, dict) or not {"fact", "is"} <= set(test) <= {"fact", "is", "value", "with"}:
        return _(
            'Test %(n)s: write a fact, an operator and, if it takes one, a value: {"fact": …, "is": …, "value": …}.'
        ) % {"n": number}
    fact, name = test["fact"], test["is"]
    for asked in (fact, test.get("with", fact)):
        if not isinstance(asked, str) or asked not in known:
            return _("Test %(n)s: “%(fact)s” cannot be asked. Known: %(known)s.") % {
                "n": number,
                "fact": asked,
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
            "fact and list": _("another fact to look in, and a list of texts"),
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
    if ("with" in test) != (takes == "fact and list"):
        return False
    if takes == "nothing":
        return "value" not in test
    if takes == "number":
        return number
    if takes == "scalar":
        return number or isinstance(value, str)
    return (
        isinstance(value, list)
        and 0 < len(value) <= MAX_ENTRIES
        and all(isinstance(v, str) and v.strip() for v in value)
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
