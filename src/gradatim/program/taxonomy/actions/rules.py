"""Writes of the taxonomy: quality rules."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.models import Rule
from gradatim.program.taxonomy.quality import key_of, problems


@transaction.atomic
def keep_rule(
    *,
    organization: Organization,
    name: str,
    severity: str,
    condition: list[dict[str, Any]],
    expression: list[dict[str, Any]],
    message: str,
    reference: str = "",
    active: bool = True,
    rule: Rule | None = None,
    actor: Person,
) -> Rule:
    """Write a quality rule, new or changed.

    Args:
        organization: whose rule.
        name: what it asks for, as a sentence.
        severity: a `Rule.Severity`.
        condition: tests that say when it applies; none: always.
        expression: tests that have to hold, at least one.
        message: how to mend a breach.
        reference: the clause behind it.
        active: whether it is asked.
        rule: the rule to change; ``None`` for a new one.
        actor: who does it.

    Returns:
        The rule.

    Raises:
        Refused: ``expression`` with the test and the cure; ``duplicate`` if a rule has this name.
    """
    known = queries.known_facts(organization)
    for field, tests in (("condition", condition), ("expression", expression)):
        wrong = problems(tests, known)
        if wrong:
            raise Refused("expression", " ".join(wrong), field=field)
    if not expression:
        raise Refused(
            "expression", _("Write at least one test; a rule without one asks nothing."), field="expression"
        )
    if rule is None:
        last = queries.rules(organization).aggregate(n=Max("position"))["n"]
        rule = Rule(organization=organization, key=key_of(name, 60), position=0 if last is None else last + 1)
    rule.name, rule.severity, rule.message, rule.reference = name, severity, message, reference
    rule.condition, rule.expression, rule.active = condition, expression, active
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Refused("duplicate", _("There is a rule of this name already."), field="name") from None
    people.log(organization=organization, verb="rule.kept", target=f"rule:{rule.pk}", actor=actor)
    return rule


@transaction.atomic
def remove_rule(*, rule: Rule, actor: Person) -> None:
    """Take a rule out; to pause it, keep it with ``active=False``.

    Args:
        rule: which one.
        actor: who does it.
    """
    target, organization = f"rule:{rule.pk}", rule.organization
    rule.delete()
    people.log(organization=organization, verb="rule.removed", target=target, actor=actor)
