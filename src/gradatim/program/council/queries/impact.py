"""Whom a change or the end of an achievement would touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower

from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.together import Part, read_together
from gradatim.program.offerings.models import Cohort, Enrolment


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom a change would touch.

    Attributes:
        holders: credentials that are held, of any version; they keep what they say, whatever is changed.
        cohorts: names of the cohorts with learners who are on the way.
        learners: how many learners that are.
        versions: titles of the versions that can be issued now.
        into: the larger qualifications that it stacks into.
        beside: titles of others that stack into the same.
        parts: titles of those that stack into it.
    """

    holders: int
    cohorts: tuple[str, ...]
    learners: int
    versions: tuple[str, ...]
    into: tuple[str, ...]
    beside: tuple[str, ...]
    parts: tuple[str, ...]


def holders(achievement: Achievement) -> int:
    """How many credentials of an achievement are held."""
    return _held(achievement).count()


def _held(achievement: Achievement) -> QuerySet[Credential]:
    return Credential.objects.filter(version__achievement=achievement).exclude(state=Credential.State.REVOKED)


def _number(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as a column."""
    one = rows.order_by().annotate(_all=Value(1)).values("_all")
    return Subquery(one.annotate(_n=Count("pk")).values("_n"), output_field=IntegerField())


def _stacked(achievement: Achievement) -> QuerySet[Version]:
    """What can be issued now and stacks into an achievement, or into what it stacks into itself."""
    own = achievement.versions.filter(state__in=Version.ISSUABLE)
    others = Version.objects.filter(
        achievement__organization=achievement.organization_id, state__in=Version.ISSUABLE
    )
    others = others.exclude(achievement=achievement).exclude(stacks_into="").alias(into=Lower("stacks_into"))
    return others.filter(
        Q(into__in=own.values(name=Lower("title"))) | Q(into__in=own.values(name=Lower("stacks_into")))
    )


def impact_of(achievement: Achievement) -> Impact:
    """Holders, cohorts on the way, versions in use and stacks of an achievement."""
    waiting = Enrolment.objects.filter(cohort__version__achievement=achievement, result="")
    found = read_together(
        {
            "self": Part(
                Achievement.objects.filter(pk=achievement.pk).annotate(
                    holders=_number(_held(achievement)), learners=_number(waiting)
                ),
                ("slug",),
                counted=("holders", "learners"),
            ),
            "cohorts": Part(Cohort.objects.filter(pk__in=waiting.values("cohort")), ("name",)),
            "versions": Part(
                achievement.versions.filter(state__in=Version.ISSUABLE), ("title", "number", "stacks_into")
            ),
            "stacked": Part(_stacked(achievement), ("title", "stacks_into")),
        }
    )
    (counted,) = found["self"]
    names = {version.title.lower() for version in found["versions"]}
    parts = {one.title for one in found["stacked"] if one.stacks_into.lower() in names}
    return Impact(
        holders=counted.holders or 0,
        cohorts=tuple(sorted(cohort.name for cohort in found["cohorts"])),
        learners=counted.learners or 0,
        versions=tuple(str(version) for version in found["versions"]),
        into=tuple(dict.fromkeys(v.stacks_into for v in found["versions"] if v.stacks_into)),
        beside=tuple(sorted({one.title for one in found["stacked"]} - parts)),
        parts=tuple(sorted(parts)),
    )
