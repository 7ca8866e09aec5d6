"""Writes of the taxonomy: quality rules, and exceptions from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.actions.editions import keep
from gradatim.program.taxonomy.models import Profile, Rule, Waiver
from gradatim.program.taxonomy.quality import FACTS, Moment, key_of, problems, scope_problems


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
    scope: dict[str, list[str]] | None = None,
    moments: Sequence[str] = tuple(Moment.values),
    since: date | None = None,
    until: date | None = None,
    active: bool = True,
    rule: Rule | None = None,
    profile: Profile | None = None,
    actor: Person,
) -> Rule:
    """Write a quality rule, new or changed.

    Args:
        organization: whose rule.
        name: what it asks for, as a sentence.
        severity: a `Rule.Severity`; in a profile, what blocks is what the profile requires.
        condition: tests that say when it applies; none: always.
        expression: tests that have to hold, at least one.
        message: how to mend a breach.
        reference: the clause behind it; a profile's rule must have one.
        scope: dimension key → value keys it is about; empty: all.
        moments: when it is asked, of `quality.Moment`, at least one.
        since: first day it is asked.
        until: last day it is asked.
        active: whether it is asked at all.
        rule: the rule to change; ``None`` for a new one.
        profile: of which profile a new rule is; ``None`` for the institution's own.
        actor: who does it.

    Returns:
        The rule.

    Raises:
        Refused: ``expression`` or ``scope`` with the place and the cure; ``moments``; ``dates``; ``source`` for a
            profile's rule without a reference; ``duplicate`` if a rule has this name.
    """
    profile = rule.profile if rule else profile
    scope = {d: list(v) for d, v in (scope or {}).items() if v}
    _check_scope(organization, scope)
    _check_tests(organization, condition, expression, profile)
    if not moments or not set(moments) <= set(Moment.values):
        raise Refused("moments", _("Choose when the rule is asked, at least once."), field="moments")
    if since and until and since > until:
        raise Refused("dates", _("The last day is before the first one."), field="until")
    if profile and not reference.strip():
        raise Refused(
            "source", _("A profile holds only what its source asks. Say where it stands."), field="reference"
        )
    if rule is None:
        siblings = Rule.objects.filter(organization=organization, profile=profile)
        last = siblings.aggregate(n=Max("position"))["n"]
        position = 0 if last is None else last + 1
        rule = Rule(organization=organization, profile=profile, key=key_of(name, 60), position=position)
    rule.name, rule.severity, rule.message, rule.reference = name, severity, message, reference
    rule.scope, rule.condition, rule.expression = scope, condition, expression
    rule.moments, rule.since, rule.until, rule.active = list(moments), since, until, active
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Refused("duplicate", _("There is a rule of this name already."), field="name") from None
    keep(organization=organization, verb="rule.kept", target=f"rule:{rule.pk}", actor=actor)
    return rule


def _check_scope(organization: Organization, scope: dict[str, list[str]]) -> None:
    wrong = scope_problems(scope, queries.value_keys(organization)) if scope else []
    if wrong:
        raise Refused("scope", " ".join(wrong), field="scope")


def _check_tests(
    organization: Organization,
    condition: list[dict[str, Any]],
    expression: list[dict[str, Any]],
    profile: Profile | None,
) -> None:
    """Well formed, and about what can be asked; a profile may ask for dimensions that are not there (yet)."""
    known: set[str] = set(queries.known_facts(organization))
    if profile:
        asked = {t.get("fact") for r in profile.rules.all() for t in [*r.condition, *r.expression]}
        known |= {a for a in asked if isinstance(a, str)} | set(FACTS)
    for field, tests in (("condition", condition), ("expression", expression)):
        wrong = problems(tests, known)
        if wrong:
            raise Refused("expression", " ".join(wrong), field=field)
    if not expression:
        raise Refused(
            "expression", _("Write at least one test; a rule without one asks nothing."), field="expression"
        )


@transaction.atomic
def remove_rule(*, rule: Rule, actor: Person) -> None:
    """Take a rule out, with the exceptions from it; to pause it, keep it with ``active=False``.

    Args:
        rule: which one.
        actor: who does it.
    """
    target, organization = f"rule:{rule.pk}", rule.organization
    rule.delete()
    keep(organization=organization, verb="rule.removed", target=target, actor=actor)


@transaction.atomic
def waive(
    *,
    rule: Rule,
    subject: str,
    decision_number: str,
    decision_url: str,
    decided_on: date,
    expires_on: date,
    reason: str = "",
    actor: Person | None,
) -> Waiver:
    """Lift a rule for one thing by a decision, until a day; after it the rule holds again by itself.

    Args:
        rule: one of the institution's own.
        subject: what it is lifted for, e.g. ``"data-literacy/1"`` (an achievement's address part and version).
        decision_number: of the decision, a copy.
        decision_url: its public address.
        decided_on: its date; the exception holds from then.
        expires_on: the last day it holds.
        reason: why.
        actor: who publishes it.

    Returns:
        The waiver.

    Raises:
        Refused: ``no-decision`` without number or address; ``dates`` if it ends before it begins; ``profile`` for a
            rule of a profile, which blocks nothing.
    """
    if not decision_number.strip() or not decision_url.strip():
        raise Refused(
            "no-decision", _("Only a decision makes an exception; its number or address is missing.")
        )
    if expires_on < decided_on:
        raise Refused("dates", _("The exception would end before it begins."), field="expires_on")
    if rule.profile_id:
        raise Refused("profile", _("A profile is someone else's; nobody here can lift its rules."))
    waiver = Waiver.objects.create(
        organization=rule.organization,
        rule=rule,
        subject=subject,
        reason=reason,
        decision_number=decision_number,
        decision_url=decision_url,
        decided_on=decided_on,
        expires_on=expires_on,
    )
    people.log(
        organization=rule.organization,
        verb="rule.waived",
        target=f"waiver:{waiver.pk}",
        actor=actor,
        detail={"rule": rule.key, "subject": subject, "decision": decision_number, "until": str(expires_on)},
    )
    return waiver


@transaction.atomic
def end_waiver(*, waiver: Waiver, actor: Person) -> Waiver:
    """Take an exception back before its last day.

    Args:
        waiver: one that was not ended yet.
        actor: who does it.

    Returns:
        The waiver.

    Raises:
        Refused: ``transition`` if it was ended already.
    """
    waiver = Waiver.objects.select_for_update().get(pk=waiver.pk)
    if waiver.ended_at:
        raise Refused("transition", _("This exception was taken back already."))
    waiver.ended_at = timezone.now()
    waiver.save(update_fields=["ended_at"])
    people.log(
        organization=waiver.organization, verb="waiver.ended", target=f"waiver:{waiver.pk}", actor=actor
    )
    return waiver
