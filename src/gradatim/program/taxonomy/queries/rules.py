"""Reads of quality rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Dimension, Rule
from gradatim.program.taxonomy.quality import FACTS, Finding, run


def rules(organization: Organization) -> QuerySet[Rule]:
    """The quality rules in order, inactive ones too."""
    return Rule.objects.filter(organization=organization)


def known_facts(organization: Organization) -> dict[str, str]:
    """Everything a rule may ask, with its name on the screen: the facts of a version and every dimension."""
    found = {key: str(label) for key, label in FACTS.items()}
    found.update(Dimension.objects.filter(organization=organization).values_list("key", "name"))
    return found


def findings(organization: Organization, facts: Mapping[str, Any]) -> list[Finding]:
    """What the active rules say about an achievement version.

    Args:
        organization: whose rules.
        facts: fact name → value; the names are those of `quality.FACTS` and of the dimensions.

    Returns:
        One finding per rule whose condition holds, in the rules' order.
    """
    labels = known_facts(organization)
    found = []
    for rule in rules(organization).filter(active=True):
        condition = run(rule.condition, facts, labels)
        if not all(step.held for step in condition):
            continue
        expression = run(rule.expression, facts, labels)
        found.append(
            Finding(
                key=rule.key,
                name=rule.name,
                severity=rule.severity,
                passed=all(step.held for step in expression),
                message=rule.message,
                trace=condition + expression,
                reference=rule.reference,
            )
        )
    return found
