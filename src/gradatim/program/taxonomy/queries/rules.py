"""Reads of quality rules: what may be asked, what the rules of a day say, and the exceptions from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Edition, Rule, Value, Waiver
from gradatim.program.taxonomy.quality import FACTS, Finding, Labels, Lifted, Moment, check, meets

VALUE = ("values__key", "values__name", "values__texts")


def rules(organization: Organization) -> QuerySet[Rule]:
    """The institution's own quality rules in order, inactive ones too; not those of profiles."""
    return Rule.objects.filter(organization=organization, profile=None)


def any_rules(organization: Organization) -> QuerySet[Rule]:
    """All rules, those of profiles too, with their profile."""
    return Rule.objects.filter(organization=organization).select_related("profile")


def known_facts(organization: Organization) -> Labels:
    """Everything a rule may ask, with its name on the screen: the facts of a version, every dimension and its values."""
    rows = Dimension.objects.filter(organization=organization).order_by("position", "id", "values__position")
    names: dict[str, str] = {key: str(label) for key, label in FACTS.items()}
    values: dict[str, dict[str, str]] = {}
    for key, name, texts, *value in rows.values_list("key", "name", "texts", *VALUE):
        names[key] = str(Dimension(name=name, texts=texts))
        its = values.setdefault(key, {})
        if value[0] is not None:
            its[value[0]] = str(Value(name=value[1], texts=value[2]))
    return Labels(names, values)


def value_keys(organization: Organization) -> dict[str, list[str]]:
    """The dimensions with the keys of their values, in order."""
    found: dict[str, list[str]] = {
        key: [] for key in Dimension.objects.filter(organization=organization).values_list("key", flat=True)
    }
    pairs = Value.objects.filter(dimension__organization=organization).values_list("dimension__key", "key")
    for dimension, value in pairs:
        found[dimension].append(value)
    return found


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of one day and moment, read once and asked of any number of definitions.

    Attributes:
        rules: in order.
        labels: fact → its name on the screen.
        lifted: (subject, rule key) → the exception that holds on this day; asked for only when something is broken.
    """

    rules: Sequence[Rule]
    labels: Mapping[str, str]
    lifted: Callable[[], Mapping[tuple[str, str], Lifted]]

    def findings(self, facts: Mapping[str, Any], subject: str = "") -> list[Finding]:
        """One finding per rule that applies, in the rules' order.

        Args:
            facts: fact name → value; the names are those of `quality.FACTS` and of the dimensions.
            subject: what exceptions are kept for, e.g. ``"data-literacy/1"``.
        """
        return self._excepted(self.rules, facts, subject)

    def _excepted(self, rules: Iterable[Rule], facts: Mapping[str, Any], subject: str) -> list[Finding]:
        found = [f for rule in rules if (f := check(rule, facts, self.labels)) is not None]
        if not any(f.blocks for f in found):
            return found
        lifted = self.lifted()
        return [f if f.passed else replace(f, exception=lifted.get((subject, f.key))) for f in found]

    def broken(self, facts: Mapping[str, Any], subject: str = "") -> list[Finding]:
        """The findings that are not met; faster than `findings`, because what is met leaves no trace.

        Args:
            facts: as above.
            subject: as above.
        """
        return self._excepted((rule for rule in self.rules if not meets(rule, facts)), facts, subject)

    @property
    def dimensions(self) -> list[str]:
        """The keys of all dimensions."""
        return [key for key in self.labels if key not in FACTS]


def rulebook(organization: Organization, moment: str = Moment.EDIT, *, day: date | None = None) -> Rulebook:
    """The rules that are asked at a moment of a day, with the exceptions that hold then.

    Args:
        organization: whose.
        moment: a `quality.Moment`.
        day: today if it is not given.
    """
    day = day or timezone.localdate()
    return Rulebook(
        rules=[r for r in rules(organization).filter(active=True) if moment in r.moments and r.asked_on(day)],
        labels=known_facts(organization),
        lifted=cache(lambda: _lifted(organization, day)),
    )


def _lifted(organization: Organization, day: date) -> dict[tuple[str, str], Lifted]:
    holding = Waiver.objects.filter(
        organization=organization, ended_at=None, decided_on__lte=day, expires_on__gte=day
    ).select_related("rule")
    return {(w.subject, w.rule.key): Lifted(w.decision_number, w.decision_url, w.expires_on) for w in holding}


def findings(
    organization: Organization, facts: Mapping[str, Any], *, subject: str = "", moment: str = Moment.EDIT
) -> list[Finding]:
    """What today's rules say about one achievement version; see `Rulebook.findings`."""
    return rulebook(organization, moment).findings(facts, subject)


def waivers(organization: Organization) -> QuerySet[Waiver]:
    """Every exception, the one that holds longest first."""
    return Waiver.objects.filter(organization=organization).select_related("rule")


def editions(organization: Organization) -> QuerySet[Edition]:
    """How the taxonomy stood after each change, latest first."""
    return Edition.objects.filter(organization=organization).select_related("made_by")
