"""Reads of achievements: versions, facts and findings, the digest of the content, the public catalog."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from gradatim.engine.canonical.jcs import canonicalize
from gradatim.program.achievements.models import Achievement, Alignment, Placement, Version
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.quality import Finding

DIGITS = re.compile("[0-9]{1,18}")  # of a key
_WORD = re.compile(r"\w+")


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
    return found.prefetch_related("outcomes", "alignments").order_by("-number").first()


def public_versions(achievement: Achievement) -> QuerySet[Version]:
    """The versions of an achievement that are public, newest first."""
    return achievement.versions.filter(state__in=Version.PUBLIC).exclude(digest="").order_by("-number")


def find_own_version(organization: Organization, version: int | str) -> Version | None:
    """A version of the organization by key, drafts too, with all that its page shows; ``None`` for no key of theirs."""
    if not DIGITS.fullmatch(str(version)):
        return None
    placements = Prefetch("placements", queryset=Placement.objects.select_related("value__dimension"))
    return (
        versions(organization)
        .filter(pk=version)
        .prefetch_related("outcomes", "alignments", placements)
        .first()
    )


def find_alignment(version: Version, alignment: int) -> Alignment | None:
    """One alignment of a version."""
    return version.alignments.filter(pk=alignment).first()


def facts(version: Version) -> dict[str, Any]:
    """What rules can ask about a version: `taxonomy.quality.FACTS` and every dimension of the organization."""
    organization = version.achievement.organization
    places = {p.value.dimension.key: p.value.key for p in version.placements.all()}
    places["type"] = version.type.key if version.type else ""
    places["level"] = version.level.key if version.level else ""
    return facts_of(
        organization,
        {
            "title": version.title,
            "description": version.description,
            "criteria": version.criteria,
            "assessment": version.assessment,
            "language": version.language,
            "workload_hours": version.workload_hours,
            "credits": version.credits,
            "participation": version.participation,
            "validity_months": version.validity_months,
            "tags": version.tags,
            "image_alt": version.image_alt,
        },
        outcomes=[o.text for o in version.outcomes.all()],
        alignments=[a.target_name for a in version.alignments.all()],
        places=places,
    )


def facts_of(
    organization: Organization,
    fields: Mapping[str, Any],
    *,
    outcomes: Sequence[str],
    alignments: Sequence[str],
    places: Mapping[str, str],
) -> dict[str, Any]:
    """The facts from plain values, so that a form can be checked before it is saved.

    Args:
        organization: whose taxonomy.
        fields: the version's columns by name; those left out are empty.
        outcomes: the texts.
        alignments: the names of the targets.
        places: dimension key → value key, or empty.
    """
    title = str(fields.get("title") or "")
    found: dict[str, Any] = {
        d.key: places.get(d.key) or None for d in taxonomy.dimensions(organization).prefetch_related(None)
    }
    found.update(
        {
            "title": title,
            "title_words": _WORD.findall(title.casefold()),
            "description": fields.get("description") or "",
            "criteria": fields.get("criteria") or "",
            "assessment": fields.get("assessment") or "",
            "language": str(fields.get("language") or "en").split("-")[0],
            "outcomes": list(outcomes),
            "outcome_verbs": [words[0] for o in outcomes if (words := _WORD.findall(o.casefold()))],
            "alignments": list(alignments),
            "workload_hours": fields.get("workload_hours"),
            "credits": fields.get("credits"),
            "participation": fields.get("participation") or None,
            "validity_months": fields.get("validity_months"),
            "tags": list(fields.get("tags") or []),
            "image_alt": fields.get("image_alt") or "",
        }
    )
    return found


def findings(version: Version) -> list[Finding]:
    """What the organization's rules say about a version."""
    return taxonomy.findings(version.achievement.organization, facts(version))


def content(version: Version) -> dict[str, Any]:
    """Everything that is decided about when a version is approved; not its state, its decision or its looks."""
    return {
        "organization": version.achievement.organization.did,
        "achievement": version.achievement.slug,
        "practice": version.achievement.practice,
        "number": version.number,
        "code": version.code,
        "title": version.title,
        "description": version.description,
        "criteria": version.criteria,
        "assessment": version.assessment,
        "language": version.language,
        "type": version.type.key if version.type else None,
        "level": version.level.key if version.level else None,
        "placements": sorted(
            f"{p.value.dimension.key}:{p.value.key}"
            for p in version.placements.select_related("value__dimension")
        ),
        "workload_hours": version.workload_hours,
        "credits": f"{version.credits:.2f}" if version.credits is not None else None,
        "participation": version.participation,
        "validity_months": version.validity_months,
        "taking": version.taking,
        "tags": [str(t) for t in version.tags],
        "image_label": version.image_label,
        "image_alt": version.image_alt,
        "outcomes": [o.text for o in version.outcomes.order_by("position", "id")],
        "alignments": [
            [a.target_url, a.target_name, a.target_code, a.target_framework, a.target_type]
            for a in version.alignments.order_by("target_url")
        ],
    }


def content_digest(version: Version) -> str:
    """SHA-256 of the canonical content (RFC 8785), hex: equal before and after approval, and for ever."""
    return hashlib.sha256(canonicalize(content(version))).hexdigest()


def is_used(version: Version) -> bool:
    """Whether something of a room above points to the version."""
    return bool(taxonomy.users([version]))
