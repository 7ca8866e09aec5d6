"""Writes of achievements: drafts and next versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.achievements import queries, rubric
from gradatim.program.achievements.actions.life import locked, note, only_draft
from gradatim.program.achievements.models import (
    ASSESSMENT_KINDS,
    EVIDENCE_KINDS,
    Achievement,
    Aligned,
    Outcome,
    Placement,
    Translation,
    Version,
)
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.models import Value

LISTS = frozenset({"tags", "assessment_kinds", "evidence_kinds"})


class Details(TypedDict, total=False):
    """What a draft can say besides title and description; lengths and choices are those of `Version`."""

    criteria: str  # Markdown
    assessment: str
    code: str
    language: str  # BCP 47
    type: Value | None
    level: Value | None
    placements: Sequence[Value]  # values of further dimensions
    outcomes: Sequence[str]
    workload_hours: int | None
    clock_hours: int | None
    weeks: Decimal | None
    credit: str  # a Version.Credit
    credits: Decimal | None
    credit_course: str
    credit_office: str
    credit_basis: str
    credit_until: date | None
    participation: str  # a Version.Participation
    assessment_kinds: Sequence[str]  # of models.ASSESSMENT_KINDS
    evidence_kinds: Sequence[str]  # of models.EVIDENCE_KINDS
    supervision: str  # a Version.Supervision
    grading: str
    quality_assurance: str
    prerequisites: str
    stacking: str  # a Version.Stacking
    stacks_into: str
    cost: str
    offered_since: date | None
    review_by: date | None
    validity_months: int | None
    taking: str  # a Version.Taking
    tags: Sequence[str]
    image_label: str
    image_alt: str


class Fields(Details, total=False):
    """Everything a draft can say."""

    title: str
    description: str


@transaction.atomic
def draft(
    *,
    organization: Organization,
    title: str,
    description: str,
    actor: Person | None,
    **details: Unpack[Details],
) -> Version:
    """Start an achievement with its first version, a draft.

    Args:
        organization: whose.
        title: its name; the permanent address is made from it once.
        description: one or two sentences.
        actor: who drafts it.
        **details: any of `Details`.

    Returns:
        Version 1, draft; practice while the organization practices.

    Raises:
        Refused: ``field`` with the field's name for a value that does not fit.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)  # two alike at once: different slugs
    achievement = Achievement.objects.create(
        organization=organization, slug=_free_slug(organization, title), practice=organization.practicing
    )
    version = Version(achievement=achievement, created_by=actor, language=organization.language)
    _write(version, {**details, "title": title, "description": description})
    note(version, "achievement.drafted", actor)
    return version


@transaction.atomic
def revise(*, version: Version, actor: Person, **fields: Unpack[Fields]) -> Version:
    """Change a draft.

    Args:
        version: a draft.
        actor: who does it.
        **fields: what changes, any of `Fields`.

    Returns:
        The version.

    Raises:
        Refused: ``not-draft``, or ``field``.
    """
    version = locked(version)
    only_draft(version)
    _write(version, fields)
    note(version, "achievement.revised", actor, {"fields": sorted(fields)})
    return version


@transaction.atomic
def new_version(*, version: Version, actor: Person) -> Version:
    """Start the next version as a draft that says what this one says.

    Args:
        version: an approved one.
        actor: who does it.

    Returns:
        The draft, with the next number.

    Raises:
        Refused: ``not-approved``; ``in-use`` while another version is drafted or reviewed.
    """
    version = locked(version)
    if version.state not in Version.PUBLIC:
        raise Refused("not-approved", _("This version can still be changed itself."))
    siblings = version.achievement.versions
    if siblings.exclude(state__in=Version.PUBLIC).exists():
        raise Refused("in-use", _("There is a draft of the next version already. Go on with that one."))
    made = _copied(version, version.achievement, siblings.aggregate(n=Max("number"))["n"] + 1, actor)
    note(made, "achievement.new-version", actor, {"from": version.pk})
    return made


@transaction.atomic
def copy(*, version: Version, title: str, actor: Person) -> Version:
    """Start another achievement that says what a version says, for something alike.

    Args:
        version: any of the same organization.
        title: of the new one.
        actor: who does it.

    Returns:
        Version 1 of the new achievement, a draft, with outcomes, places, alignments and translations.

    Raises:
        Refused: ``field`` if the title does not fit.
    """
    organization = version.achievement.organization
    Organization.objects.select_for_update().get(pk=organization.pk)  # as in `draft`
    achievement = Achievement.objects.create(
        organization=organization, slug=_free_slug(organization, title), practice=organization.practicing
    )
    made = _copied(version, achievement, 1, actor, title=title)
    note(made, "achievement.copied", actor, {"from": version.pk})
    return made


def _copied(
    version: Version, achievement: Achievement, number: int, actor: Person, **changed: Unpack[Fields]
) -> Version:
    """A draft that says what a version says."""
    places = [p.value for p in version.placements.select_related("value__dimension")]
    outcomes = [o.text for o in version.outcomes.all()]
    parts: list[Aligned | Translation] = [
        *version.alignments.all(),
        *version.rubric_alignments.all(),
        *version.translations.all(),
    ]
    made = Version.objects.get(pk=version.pk)
    made.pk, made.state, made.number, made.achievement = None, Version.State.DRAFT, number, achievement
    made.digest = made.document = made.decision_number = made.decision_url = made.proposal_url = ""
    made.approved_at = made.review_by = made.policy_edition = None
    made.created_by, made._state.adding = actor, True  # noqa: SLF001 - Django's way to copy a row
    _write(made, {"outcomes": outcomes, "placements": places, **changed})
    for row in parts:
        row.pk, row.version, row._state.adding = None, made, True  # type: ignore[union-attr]  # noqa: SLF001 - as above
        if isinstance(row, Translation):
            row.document = ""
        row.save()
    return made


@transaction.atomic
def remove_draft(*, version: Version, actor: Person) -> None:
    """Throw a draft away, with its achievement if there is no other version.

    Args:
        version: a draft that no proposal is about.
        actor: who does it.

    Raises:
        Refused: ``not-draft``, or ``in-use``.
    """
    version = locked(version)
    only_draft(version)
    if queries.is_used(version):
        raise Refused(
            "in-use", _("A proposal is about this draft. Withdraw the proposal, or change the draft.")
        )
    achievement = version.achievement
    note(version, "achievement.draft-removed", actor)
    version.delete()
    if not achievement.versions.exists():
        achievement.delete()


def _write(version: Version, fields: Fields) -> None:
    """Write fields into a draft and save it, or refuse with the field that does not fit."""
    organization = version.achievement.organization
    columns: dict[str, Any] = {k: v for k, v in fields.items() if k not in {"outcomes", "placements"}}
    unknown = set(fields) - Fields.__optional_keys__
    if unknown:
        raise Refused("field", _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))})
    for name, content in columns.items():
        setattr(version, name, list(content) if name in LISTS else content)
    for name, kinds in (("assessment_kinds", ASSESSMENT_KINDS), ("evidence_kinds", EVIDENCE_KINDS)):
        if strange := sorted(set(getattr(version, name)) - set(kinds)):
            raise Refused("field", _("“%(value)s” is no choice here.") % {"value": strange[0]}, field=name)
    for key in ("type", "level"):
        _belongs(getattr(version, key), organization, key)
    clean(version, exclude={"achievement", "created_by", "type", "level"})
    texts = [t.strip() for t in fields.get("outcomes", ()) if t.strip()]
    _follow(version, texts if "outcomes" in fields else None)
    version.save()
    if "outcomes" in fields:
        rows = [Outcome(version=version, position=n, text=t) for n, t in enumerate(texts)]
        for row in rows:
            clean(row, exclude={"version"}, field="outcomes")
        version.outcomes.all().delete()
        Outcome.objects.bulk_create(rows)
    if "placements" in fields:
        version.placements.all().delete()
        for value in fields["placements"]:
            _belongs(value, organization, None)
        Placement.objects.bulk_create(Placement(version=version, value=v) for v in fields["placements"])


def _follow(version: Version, outcomes: Sequence[str] | None) -> None:
    """Let what hangs on the outcomes follow them, if they change: ties of the rubric, and their texts in other languages."""
    if version._state.adding:  # noqa: SLF001 - a new one, or a copy that says the same
        return
    before = [o.text for o in version.outcomes.all()]
    after = before if outcomes is None else outcomes
    became = rubric.heirs(before, after)
    version.rubric = rubric.followed(version.rubric, became, outcomes=after, kinds=version.assessment_kinds)
    if after != before:
        for row in version.translations.exclude(outcomes=[]):
            texts = dict(zip((became.get(text) for text in before), row.outcomes, strict=False))
            row.outcomes = [texts.get(text, "") for text in after]
            row.save(update_fields=["outcomes"])


def _belongs(value: Value | None, organization: Organization, key: str | None) -> None:
    """A value must be of this organization's taxonomy, and of the dimension it is used for."""
    if value is None:
        return
    dimension = value.dimension
    if dimension.organization_id != organization.pk or (key is not None and dimension.key != key):
        raise Refused("field", _("“%(value)s” is no choice here.") % {"value": value}, field=key)


def clean(
    row: Version | Outcome | Aligned | Translation, *, exclude: set[str], field: str | None = None
) -> None:
    """Refuse what the columns cannot hold, naming the field."""
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused("field", " ".join(messages), field=field or name) from None


def _free_slug(organization: Organization, title: str) -> str:
    """An address part made from the title that no other achievement of the organization has."""
    wanted = slugify(title)[:70].strip("-") or "achievement"
    taken = set(
        Achievement.objects.filter(organization=organization, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if s not in taken)
