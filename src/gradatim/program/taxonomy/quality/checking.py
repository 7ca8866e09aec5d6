"""How a rule is checked: steps that say what was expected and found, and a finding per rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gradatim.program.taxonomy.quality.facts import Names, amount, blank, label_of, names_of, quoted, shown
from gradatim.program.taxonomy.quality.operators import OPERATORS, Operator

Tests = list[dict[str, Any]]


class Moment(TextChoices):
    """When a rule is asked."""

    EDIT = "edit", lazy("while it is written")
    SUBMIT = "submit", lazy("when it goes to the council")
    APPROVAL = "approval", lazy("when it is approved")
    ISSUE = "issue", lazy("when credentials are issued")


class Asking(Protocol):
    """What a rule has to be asked; `taxonomy.models.Rule` is one."""

    key: str
    name: str
    severity: str
    scope: dict[str, list[str]]
    condition: Tests
    expression: Tests
    message: str
    reference: str


class Step(NamedTuple):
    """One test of a rule as it came out: part of the trace.

    Attributes:
        fact: what was asked.
        label: its name on the screen.
        operator: how; ``None`` for one that is not known.
        test: the test itself.
        value: what was found.
        other: the name of the other fact that was looked in, or empty.
        held: whether it holds.
        missing: whether it does not hold only because nobody has said it yet.
        names: what the codes that the fact can hold are called.
    """

    fact: str
    label: str
    operator: Operator | None
    test: Mapping[str, Any]
    value: Any
    other: str
    held: bool
    missing: bool
    names: Names = {}  # noqa: RUF012 - never written

    @property
    def words(self) -> str:
        """How it reads between fact and value."""
        if self.operator is None:
            return str(self.test.get("is", ""))
        return f"{self.operator.words} {self.other}:" if self.other else str(self.operator.words)

    @property
    def expected(self) -> str:
        """What was expected, in words."""
        return (
            shown(self.test.get("value"), self.names)
            if self.operator and self.operator.takes != "nothing"
            else ""
        )

    @property
    def found(self) -> str:
        """What was found, in words; a list is counted if the test counts."""
        if self.value is CANNOT_BE_ASKED:
            return _("this cannot be asked here")
        if self.operator and self.operator.takes == "number" and isinstance(self.value, list | tuple):
            return str(amount(self.value))
        return shown(self.value, self.names)

    def __str__(self) -> str:
        asked = f"{self.words} {self.expected}".strip()
        return _("%(fact)s: %(asked)s; found: %(found)s") % {
            "fact": self.label,
            "asked": asked,
            "found": self.found,
        }


@dataclass(frozen=True, slots=True)
class Lifted:
    """What a waiver says on the screen: an exception by decision, until a date."""

    decision_number: str
    decision_url: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one achievement version.

    Attributes:
        key: the rule's key.
        name: what the rule asks for.
        severity: ``"block"``, ``"warn"`` or ``"advise"``.
        passed: whether it is met.
        message: what to do when it is not.
        trace: every test made: scope, condition, expression.
        reference: the clause behind the rule, or empty.
        exception: the decision that lifts it for now, if it is not met.
    """

    key: str
    name: str
    severity: str
    passed: bool
    message: str
    trace: tuple[Step, ...]
    reference: str = ""
    exception: Lifted | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing goes on until this is mended, or a decision makes an exception."""
        return not self.passed and self.severity == "block" and self.exception is None

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody has said yet, if that alone keeps the rule from being met: the names of the facts."""
        if self.passed or any(not s.held and not s.missing for s in self.trace):
            return ()
        return tuple(dict.fromkeys(s.label for s in self.trace if s.missing))


CANNOT_BE_ASKED = object()
"""Stands for the value of a fact that does not exist here."""


def run(
    tests: Iterable[Mapping[str, Any]], facts: Mapping[str, Any], labels: Mapping[str, str]
) -> tuple[Step, ...]:
    """Run a list of tests over facts.

    Args:
        tests: as `problems` accepts them; an unknown fact or operator never holds, and the step says so.
        facts: fact name → value.
        labels: names of facts beyond `FACTS` (the dimensions).

    Returns:
        One step per test, in order.
    """
    return tuple(_step(t, facts, labels) for t in tests)


def check(
    rule: Asking, facts: Mapping[str, Any], labels: Mapping[str, str], *, doubt: bool = False
) -> Finding | None:
    """What a rule says about facts; ``None`` if it does not apply to them.

    Args:
        rule: any.
        facts: fact name → value.
        labels: names of facts beyond `FACTS`.
        doubt: answer with a finding that is not met, and says what is missing, when only what nobody has said yet
            keeps one from telling whether the rule applies.
    """
    scope = run(({"fact": d, "is": "one-of", "value": v} for d, v in rule.scope.items() if v), facts, labels)
    condition = scope + run(rule.condition, facts, labels)
    open_ended = [step for step in condition if not step.held]
    if open_ended and not (doubt and all(step.missing for step in open_ended)):
        return None
    expression = () if open_ended else run(rule.expression, facts, labels)
    return Finding(
        key=rule.key,
        name=rule.name,
        severity=rule.severity,
        passed=not open_ended and all(step.held for step in expression),
        message=rule.message,
        trace=condition + expression,
        reference=rule.reference,
    )


def meets(rule: Asking, facts: Mapping[str, Any]) -> bool:
    """Whether a rule has nothing to say against facts, because it is met or does not apply: what `check` finds, without a trace.

    Args:
        rule: any.
        facts: fact name → value.
    """
    for dimension, values in rule.scope.items():
        if values and not _holds({"fact": dimension, "is": "one-of", "value": values}, facts):
            return True
    if not all(_holds(test, facts) for test in rule.condition):
        return True
    return all(_holds(test, facts) for test in rule.expression)


def _holds(test: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    operator, other = OPERATORS.get(test.get("is", "")), test.get("with", "")
    found = facts.get(test.get("fact", ""), CANNOT_BE_ASKED)
    if operator is None or found is CANNOT_BE_ASKED or (other and other not in facts):
        return False
    try:
        return operator.holds(found, test.get("value"), facts.get(other))
    except (TypeError, AttributeError):  # a value of the wrong kind, written past the form
        return False


def _step(test: Mapping[str, Any], facts: Mapping[str, Any], labels: Mapping[str, str]) -> Step:
    fact, operator, other = test.get("fact", ""), OPERATORS.get(test.get("is", "")), test.get("with", "")
    found = facts.get(fact, CANNOT_BE_ASKED)
    said, looked_in, names = label_of(fact, labels), label_of(other, labels), names_of(fact, labels)
    if operator is None or found is CANNOT_BE_ASKED or (other and other not in facts):
        return Step(fact, said, operator, test, CANNOT_BE_ASKED, looked_in, False, True, names)
    try:
        held = operator.holds(found, test.get("value"), facts.get(other))
    except (TypeError, AttributeError):  # a value of the wrong kind, written past the form
        held = False
    missing = not held and operator.takes != "nothing" and blank(found)
    return Step(fact, said, operator, test, found, looked_in, held, missing, names)


def in_words(tests: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> list[str]:
    """Tests as a reader says them, in full, without anything that they are asked of.

    Args:
        tests: as `problems` accepts them.
        labels: names of facts and of values beyond those known everywhere.
    """
    return [_in_words(test, labels) for test in tests]


def _in_words(test: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    fact, operator, other = str(test.get("fact", "")), OPERATORS.get(test.get("is", "")), test.get("with", "")
    how = str(operator.words) if operator else str(test.get("is", ""))
    if other:
        how = f"{how} {label_of(other, labels)}:"
    value, names = test.get("value", ""), names_of(fact, labels)
    listed = value if isinstance(value, list | tuple) else [value]
    return f"{label_of(fact, labels)} {how} {', '.join(quoted(v, names) for v in listed)}".strip()
