"""Whom a change or the end of an achievement would touch."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.credentials.models import Credential
from gradatim.program.offerings.models import Cohort, Enrolment


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom a change would touch.

    Attributes:
        holders: credentials that are held, of any version; they keep what they say, whatever is changed.
        cohorts: names of the cohorts with learners who are on the way.
        learners: how many learners that are.
        versions: titles of the versions that can be issued now.
    """

    holders: int
    cohorts: tuple[str, ...]
    learners: int
    versions: tuple[str, ...]


def holders(achievement: Achievement) -> int:
    """How many credentials of an achievement are held."""
    return (
        Credential.objects.filter(version__achievement=achievement)
        .exclude(state=Credential.State.REVOKED)
        .count()
    )


def impact_of(achievement: Achievement) -> Impact:
    """Holders, cohorts on the way and versions in use of an achievement."""
    waiting = Enrolment.objects.filter(cohort__version__achievement=achievement, result="")
    cohorts = Cohort.objects.filter(pk__in=waiting.values("cohort")).order_by("name")
    usable = achievement.versions.filter(state__in=Version.ISSUABLE)
    return Impact(
        holders=holders(achievement),
        cohorts=tuple(cohorts.values_list("name", flat=True)),
        learners=waiting.count(),
        versions=tuple(str(version) for version in usable),
    )
