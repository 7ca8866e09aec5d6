"""Reads of what a version says: its facts, what rules and profiles say about it, and the digest that freezes it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine.canonical.jcs import canonicalize
from gradatim.program.achievements import rubric
from gradatim.program.achievements.facts import Parts, describe
from gradatim.program.achievements.models import (
    ASSESSMENT_KINDS,
    Alignment,
    Endorsement,
    Outcome,
    Placement,
    Translation,
    Version,
)
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Rule, Value
from gradatim.program.taxonomy.quality import Finding, Moment, check

CHUNK = 500  # versions held as rows at once when all of them are checked


def subject(version: Version) -> str:
    """What exceptions from rules are kept for: the achievement's address part and the version's number."""
    return f"{version.achievement.slug}/{version.number}"


def versions_of(organization: Organization, subjects: Iterable[str]) -> dict[str, Version]:
    """The versions that exceptions from rules are kept for: what `subject` said → the version."""
    slugs = {one.rpartition("/")[0] for one in subjects}
    found = Version.objects.filter(achievement__organization=organization, achievement__slug__in=slugs)
    return {subject(version): version for version in found.select_related("achievement")}


def facts(version: Version, *, dimensions: Sequence[str] | None = None) -> dict[str, Any]:
    """What rules can ask about a version: `taxonomy.quality.FACTS` and every dimension of the organization.

    Args:
        version: any.
        dimensions: the keys of all dimensions, if they are known.
    """
    organization = version.achievement.organization
    keys = dimension_keys(organization) if dimensions is None else dimensions
    return describe(vars(version), parts(version), country=organization.country, dimensions=keys)


def parts(version: Version) -> Parts:
    """What belongs to one version, from its rows; prefetched ones are not read again."""
    today = timezone.localdate()
    found = Parts(
        outcomes=[o.text for o in version.outcomes.all()],
        aligned=[(a.target_name, a.target_framework) for a in version.alignments.all()],
        languages=[t.language for t in version.translations.all()],
        endorsers=[e.endorser for e in version.endorsements.all() if e.live_on(today)],
    )
    for place in version.placements.all():
        found.places.setdefault(place.value.dimension.key, []).append(place.value.key)
    found.places |= {key: [value.key] for key in ("type", "level") if (value := getattr(version, key))}
    return found


def loosened(read: Version) -> list[str]:
    """What a change cut loose in the rubric, in words: ties to outcomes and kinds of assessment that are gone.

    Args:
        read: the version as it was read before the change.
    """
    now = Version.objects.values_list("rubric", flat=True).get(pk=read.pk) if read.rubric else []
    said = {
        "measures": _(
            "“%(criterion)s” measured “%(gone)s”, which is gone. Say in the rubric what it measures now."
        ),
        "used_in": _(
            "“%(criterion)s” was used in “%(gone)s”, which is gone. Say in the rubric where it is used now."
        ),
    }
    return [
        said[part] % {"criterion": name, "gone": ASSESSMENT_KINDS.get(gone, gone)}
        for name, part, gone in rubric.loosened(read.rubric, now)
    ]


def dimension_keys(organization: Organization) -> list[str]:
    """The keys of all dimensions, in order."""
    return list(taxonomy.dimensions(organization).prefetch_related(None).values_list("key", flat=True))


def findings(version: Version, moment: str = Moment.EDIT) -> list[Finding]:
    """What the organization's rules say about a version at a moment."""
    book = taxonomy.rulebook(version.achievement.organization, moment)
    return book.findings(facts(version, dimensions=book.dimensions), subject(version))


def described(organization: Organization) -> Iterator[tuple[Version, dict[str, Any]]]:
    """Every version that is not retired, with its facts; in as many queries for ten thousand as for one."""
    values = {
        v.pk: v
        for v in Value.objects.filter(dimension__organization=organization).select_related("dimension")
    }
    keys = dimension_keys(organization)
    alive = (
        Version.objects.filter(achievement__organization=organization)
        .exclude(state=Version.State.RETIRED)
        .select_related("achievement")
        .defer("document")
        .order_by("title", "id")
    )
    together = _parts_of_all(organization, values)
    for version in alive.iterator(chunk_size=CHUNK):
        version.achievement.organization = organization
        found = together.get(version.pk) or Parts()
        for key, value in (("type", version.type_id), ("level", version.level_id)):
            if value is not None:
                found.places[key] = [values[value].key]
        yield version, describe(vars(version), found, country=organization.country, dimensions=keys)


def _parts_of_all(organization: Organization, values: Mapping[int, Value]) -> Mapping[int, Parts]:
    """What belongs to all versions: plain columns, because rows as objects cost four times as much."""
    found: dict[int, Parts] = defaultdict(Parts)
    today = timezone.localdate()
    alive = {"version__achievement__organization": organization}

    def of(model: type[Model]) -> QuerySet[Any]:
        rows = model._default_manager.filter(**alive)  # noqa: SLF001 - Django's documented model API
        return rows.exclude(version__state=Version.State.RETIRED)

    for pk, text in of(Outcome).values_list("version", "text"):
        found[pk].outcomes.append(text)
    for pk, name, framework in of(Alignment).values_list("version", "target_name", "target_framework"):
        found[pk].aligned.append((name, framework))
    for pk, language in of(Translation).values_list("version", "language"):
        found[pk].languages.append(language)
    for pk, key in of(Placement).values_list("version", "value"):
        found[pk].places.setdefault(values[key].dimension.key, []).append(values[key].key)
    for endorsement in of(Endorsement).defer("document"):
        if endorsement.live_on(today):
            found[endorsement.version_id].endorsers.append(endorsement.endorser)
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """A version with what is not met.

    Attributes:
        version: which one.
        broken: the findings that are not met, exceptions included.
    """

    version: Version
    broken: tuple[Finding, ...]


def recheck(organization: Organization) -> list[Checked]:
    """Every version that is not retired, held against today's rules; those with nothing to mend have no finding."""
    book = taxonomy.rulebook(organization)
    return [
        Checked(version, tuple(book.broken(found, subject(version))))
        for version, found in described(organization)
    ]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the rules would do to one version.

    Attributes:
        version: which one.
        broken: what it would no longer meet.
        mended: the names of the rules it did not meet and that would say nothing against it any more.
    """

    version: Version
    broken: tuple[Finding, ...]
    mended: tuple[str, ...]


def effects(organization: Organization, *, before: Iterable[Rule], after: Iterable[Rule]) -> list[Effect]:
    """What a change of rules would do to existing definitions; nothing is stored.

    Args:
        organization: whose definitions.
        before: the rules that would be changed or taken out, as they are now.
        after: the same rules as they would be, and new ones.
    """
    labels = taxonomy.known_facts(organization)
    old, new = [r for r in before if r.active], [r for r in after if r.active]
    found = []
    for version, said in described(organization):
        was = {r.key: f for r in old if (f := check(r, said, labels)) and not f.passed}
        becomes = {r.key: f for r in new if (f := check(r, said, labels)) and not f.passed}
        broken = tuple(f for key, f in becomes.items() if key not in was or was[key].severity != f.severity)
        mended = tuple(f.name for key, f in was.items() if key not in becomes)
        if broken or mended:
            found.append(Effect(version, broken, mended))
    return found


def content(version: Version) -> dict[str, Any]:
    """Everything that is decided about when a version is approved; not its state, its dates, its decision or its looks."""
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
        "clock_hours": version.clock_hours,
        "weeks": f"{version.weeks:.1f}" if version.weeks is not None else None,
        "credit": [
            version.credit,
            f"{version.credits:.2f}" if version.credits is not None else None,
            version.credit_course,
            version.credit_office,
            version.credit_basis,
            version.credit_until.isoformat() if version.credit_until else None,
        ],
        "assessment_kinds": sorted(version.assessment_kinds),
        "evidence_kinds": sorted(version.evidence_kinds),
        "supervision": version.supervision,
        "grading": version.grading,
        "quality_assurance": version.quality_assurance,
        "prerequisites": version.prerequisites,
        "stacking": [version.stacking, version.stacks_into],
        "cost": version.cost,
        "participation": version.participation,
        "validity_months": version.validity_months,
        "taking": version.taking,
        "tags": [str(t) for t in version.tags],
        "image_label": version.image_label,
        "image_alt": version.image_alt,
        "outcomes": [o.text for o in version.outcomes.order_by("position", "id")],
        "alignments": [a.content for a in version.alignments.order_by("target_url")],
        "translations": [
            [t.language, t.title, t.description, t.criteria, t.assessment, t.outcomes, t.image_alt]
            + ([t.rubric] if t.rubric else [])
            for t in version.translations.order_by("language")
        ],
        **_rubric(version),
    }


def _rubric(version: Version) -> dict[str, Any]:
    """The rubric and what its parts are aligned to, as far as there is any: what had none keeps its digest."""
    whole = {
        "rubric": version.rubric,
        "rubric_alignments": [
            [a.part, *a.content] for a in version.rubric_alignments.order_by("part", "target_url")
        ],
    }
    return {name: said for name, said in whole.items() if said}


def content_digest(version: Version) -> str:
    """SHA-256 of the canonical content (RFC 8785), hex: equal before and after approval, and for ever."""
    return hashlib.sha256(canonicalize(content(version))).hexdigest()
