"""Reads of quality profiles: what each says about a definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Profile, Rule
from gradatim.program.taxonomy.quality import Finding, check
from gradatim.program.taxonomy.queries.rules import known_facts

PASS, FAIL, CANNOT_TELL = "pass", "fail", "cannot tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one profile says about one definition; checked here, certified by nobody.

    Attributes:
        key: the profile's key; ``"own-policy"`` for the institution's own rules.
        name: what it is called.
        edition: of its source.
        url: of its source.
        gaps: what the profile does not hold yet, or empty.
        passed_words: what may be said when it passes.
        findings: one per rule that applies.
        outcome: ``"pass"``, ``"fail"`` or ``"cannot tell"``; only rules that block count.
        missing: what would have to be said before one could tell, as names of facts.
    """

    key: str
    name: str
    edition: str
    url: str
    gaps: str
    passed_words: str
    findings: tuple[Finding, ...]
    outcome: str
    missing: tuple[str, ...]

    @property
    def required(self) -> int:
        """How many required rules apply."""
        return sum(1 for f in self.findings if f.severity == Rule.Severity.BLOCK)

    @property
    def required_met(self) -> int:
        """How many of them are met."""
        return sum(1 for f in self.findings if f.severity == Rule.Severity.BLOCK and f.passed)

    @property
    def advised(self) -> int:
        """How many recommendations apply."""
        return len(self.findings) - self.required

    @property
    def advised_met(self) -> int:
        """How many of them are followed."""
        return sum(1 for f in self.findings if f.passed) - self.required_met

    @property
    def words(self) -> str:
        """The outcome as a sentence."""
        if self.outcome == PASS:
            return self.passed_words or _("Everything it requires is there.")
        if self.outcome == FAIL:
            broken = sum(1 for f in self.findings if _required(f) and not f.missing)
            words = ngettext(
                "One thing that it requires is not met.", "%(n)d things that it requires are not met.", broken
            )
            return words % {"n": broken}
        return _("Cannot tell yet. Missing: %(what)s.") % {"what": ", ".join(self.missing)}


def profiles(organization: Organization) -> QuerySet[Profile]:
    """The profiles in order, with their rules."""
    return Profile.objects.filter(organization=organization).prefetch_related(
        Prefetch("rules", queryset=Rule.objects.order_by("position", "id"))
    )


def verdicts(
    organization: Organization, facts: Mapping[str, Any], *, day: date | None = None
) -> list[Verdict]:
    """What every active profile says about a definition on a day, the institution's own policy first.

    Args:
        organization: whose profiles.
        facts: fact name → value.
        day: today if it is not given.
    """
    day = day or timezone.localdate()
    labels = known_facts(organization)
    own = Profile(key="own-policy", name=_("Own policy of %(name)s") % {"name": organization.name})
    rules = list(Rule.objects.filter(organization=organization, profile=None, active=True))
    found = [_verdict(own, rules, facts, labels, day)]
    found += [
        _verdict(p, list(p.rules.all()), facts, labels, day) for p in profiles(organization) if p.active
    ]
    return found


def _verdict(
    profile: Profile, rules: list[Rule], facts: Mapping[str, Any], labels: Mapping[str, str], day: date
) -> Verdict:
    checked = (check(r, facts, labels, doubt=True) for r in rules if r.asked_on(day))
    findings = tuple(f for f in checked if f is not None)
    required = [f for f in findings if _required(f)]
    missing = tuple(dict.fromkeys(name for f in required for name in f.missing))
    outcome = FAIL if any(not f.missing for f in required) else CANNOT_TELL if required else PASS
    return Verdict(
        key=profile.key,
        name=str(profile.name),
        edition=profile.edition,
        url=profile.url,
        gaps=profile.gaps,
        passed_words=profile.passed_words,
        findings=findings,
        outcome=outcome if findings else CANNOT_TELL,
        missing=missing or (() if findings else (_("rules that apply"),)),
    )


def _required(finding: Finding) -> bool:
    """Whether something required is not met."""
    return not finding.passed and finding.severity == Rule.Severity.BLOCK
