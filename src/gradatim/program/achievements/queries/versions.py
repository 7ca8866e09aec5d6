"""Reads of achievements: versions, and the public catalog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from gradatim.program.achievements.models import (
    Achievement,
    Alignment,
    Placement,
    RubricAlignment,
    Series,
    Translation,
    Version,
)
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy

PARTS = (
    Prefetch(
        "placements",
        queryset=Placement.objects.select_related("value__dimension").order_by(
            "value__dimension__position", "value__dimension", "value__position", "id"
        ),
    ),
    "outcomes",
    "alignments",
    "translations",
    "endorsements",
)
"""What belongs to a version besides its columns, for `prefetch_related`."""

DIGITS = re.compile("[0-9]{1,18}")  # of a key


def versions(organization: Organization) -> QuerySet[Version]:
    """All versions of an organization with what a list shows."""
    return Version.objects.filter(achievement__organization=organization).select_related(
        "achievement__organization", "type", "level"
    )


def newest(organization: Organization) -> QuerySet[Version]:
    """The newest version of each achievement, whatever its state, by title: the list of the staff."""
    later = Version.objects.filter(achievement=OuterRef("achievement"), number__gt=OuterRef("number"))
    return versions(organization).filter(~Exists(later)).order_by("title", "id")


def catalog(
    organization: Organization | None = None, *, text: str = "", type_key: str = "", level_key: str = ""
) -> QuerySet[Version]:
    """The public catalog: the newest approved version of each achievement that can still be earned, by title.

    Args:
        organization: whose; ``None`` for everyone's.
        text: words that must occur in title, description or tags.
        type_key: only this type.
        level_key: only this level.
    """
    public = Version.objects.filter(state__in=Version.ISSUABLE).exclude(digest="")
    later = public.filter(achievement=OuterRef("achievement"), number__gt=OuterRef("number"))
    found = public.filter(~Exists(later)).select_related("achievement__organization", "type", "level")
    if organization is not None:
        found = found.filter(achievement__organization=organization)
    if type_key:
        found = found.filter(type__key=type_key)
    if level_key:
        found = found.filter(level__key=level_key)
    for word in text.split()[:8]:
        found = found.filter(
            Q(title__icontains=word) | Q(description__icontains=word) | Q(tags__icontains=word)
        )
    return found.order_by("title", "id")


def issuable(organization: Organization) -> QuerySet[Version]:
    """The versions that credentials may be issued of, newest first within an achievement."""
    return (
        versions(organization)
        .filter(state__in=Version.ISSUABLE)
        .exclude(digest="")
        .exclude(decision_number="")
        .order_by("title", "-number")
    )


def find_version(organization: Organization, slug: str, number: int | None = None) -> Version | None:
    """A public version: of this number, else the newest one; ``None`` for drafts and what is not there."""
    found = versions(organization).filter(achievement__slug=slug, state__in=Version.PUBLIC).exclude(digest="")
    if number is not None:
        found = found.filter(number=number)
    return found.select_related("achievement__series").prefetch_related(*PARTS).order_by("-number").first()


def public_versions(achievement: Achievement) -> QuerySet[Version]:
    """The versions of an achievement that are public, newest first."""
    return achievement.versions.filter(state__in=Version.PUBLIC).exclude(digest="").order_by("-number")


def find_own_version(organization: Organization, version: int | str) -> Version | None:
    """A version of the organization by key, drafts too, with all that its page shows; ``None`` for no key of theirs."""
    if not DIGITS.fullmatch(str(version)):
        return None
    return versions(organization).filter(pk=version).prefetch_related(*PARTS).first()


def aligned(version: Version, part: str = "") -> Sequence[Alignment | RubricAlignment]:
    """What a version is aligned to, or a part of its rubric: key of a criterion, or ``criterion/level``."""
    if not part:
        return list(version.alignments.all())
    return [row for row in version.rubric_alignments.all() if row.part == part]


def is_used(version: Version) -> bool:
    """Whether something of a room above points to the version."""
    return bool(taxonomy.users([version]))


def find_translation(version: Version, language: str) -> Translation | None:
    """A version's content in one more language."""
    return version.translations.filter(language=language).first()


def series(organization: Organization) -> QuerySet[Series]:
    """The series by title."""
    return Series.objects.filter(organization=organization)


def parts_of_series(achievement: Achievement) -> QuerySet[Version]:
    """The newest public version of every achievement in the same series, in its order; none without a series."""
    if achievement.series_id is None:
        return Version.objects.none()
    public = Version.objects.filter(state__in=Version.PUBLIC).exclude(digest="")
    later = public.filter(achievement=OuterRef("achievement"), number__gt=OuterRef("number"))
    return (
        public.filter(~Exists(later), achievement__series=achievement.series_id)
        .select_related("achievement__organization")
        .order_by("achievement__series_position", "title")
    )


def reviews(organization: Organization) -> QuerySet[Version]:
    """The approved versions that can still be earned, the one to be looked at first on top; those without a day last."""
    return issuable(organization).order_by(F("review_by").asc(nulls_last=True), "title", "id")
