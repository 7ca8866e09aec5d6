"""Writes of achievements: the content in more languages, and series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gradatim.program.achievements.actions.drafting import clean
from gradatim.program.achievements.actions.life import locked, note, only_draft
from gradatim.program.achievements.models import Achievement, Outcome, Series, Translation, Version
from gradatim.program.achievements.rubric import read_texts
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Person


@transaction.atomic
def translate(
    *,
    version: Version,
    language: str,
    title: str,
    description: str,
    criteria: str = "",
    assessment: str = "",
    outcomes: Sequence[str] = (),
    image_alt: str = "",
    rubric: Mapping[str, Mapping[str, str]] | None = None,
    actor: Person,
) -> Translation:
    """Write a draft's content in one more language, new or over what is there.

    Args:
        version: a draft.
        language: BCP 47, other than the version's own.
        title: in that language, as the rest.
        description: one or two sentences.
        criteria: Markdown.
        assessment: how it is assessed.
        outcomes: one for each of the version's own, in their order, empty where it is still missing; or none.
        image_alt: the badge in words.
        rubric: its texts, as `rubric.read_texts` takes them.
        actor: who does it.

    Returns:
        The translation.

    Raises:
        Refused: ``not-draft``; ``field`` for a language it has already as its own, or outcomes of another number,
            or texts of a rubric that do not fit.
    """
    version = locked(version)
    only_draft(version)
    if language.casefold() == version.language.casefold():
        raise Refused("field", _("These texts are in this language already."), field="language")
    texts = _each(outcomes, version.outcomes.count())
    row = version.translations.filter(language=language).first() or Translation(
        version=version, language=language
    )
    row.title, row.description, row.criteria = title, description, criteria
    row.assessment, row.outcomes, row.image_alt = assessment, texts, image_alt
    row.rubric = read_texts(version.rubric, rubric or {})
    for text in filter(None, texts):
        clean(Outcome(version=version, text=text), exclude={"version"}, field="outcomes")
    clean(row, exclude={"version"})
    row.save()
    note(version, "achievement.translated", actor, {"language": language})
    return row


def _each(outcomes: Sequence[str], number: int) -> list[str]:
    """A text for each outcome, or none at all; blank lines are places still to be filled, or only blank lines."""
    lines = [text.strip() for text in outcomes]
    said = [text for text in lines if text]
    if not said or len(said) == number:
        return said
    if len(lines) == number:
        return lines
    raise Refused(
        "field",
        _(
            "The version has %(n)s outcomes; translate each of them, one a line; leave a line blank for one that is still missing."
        )
        % {"n": number},
        field="outcomes",
    )


@transaction.atomic
def remove_translation(*, translation: Translation, actor: Person) -> None:
    """Take a language out of a draft.

    Args:
        translation: which one.
        actor: who does it.

    Raises:
        Refused: ``not-draft``.
    """
    version = locked(translation.version)
    only_draft(version)
    translation.delete()
    note(version, "achievement.translation-removed", actor, {"language": translation.language})


@transaction.atomic
def put_in_series(*, achievement: Achievement, title: str, actor: Person) -> Achievement:
    """Put an achievement at the end of a series, which is made if there is none of this title; or take it out.

    Args:
        achievement: which one.
        title: of the series; empty takes the achievement out of its series.
        actor: who does it.

    Returns:
        The achievement. A series that nothing is in any more is gone.
    """
    organization, before = achievement.organization, achievement.series
    series = None
    if title.strip():
        series, _made = Series.objects.get_or_create(organization=organization, title=title.strip()[:120])
    if series == before:
        return achievement
    last = series.achievements.aggregate(n=Max("series_position"))["n"] if series else None
    achievement.series = series
    achievement.series_position = 0 if last is None else last + 1
    achievement.save(update_fields=["series", "series_position"])
    if before and not before.achievements.exists():
        before.delete()
    people.log(
        organization=organization,
        verb="achievement.in-series" if series else "achievement.out-of-series",
        target=f"achievement:{achievement.pk}",
        actor=actor,
    )
    return achievement


@transaction.atomic
def move_in_series(*, achievement: Achievement, by: int, actor: Person) -> None:
    """Move an achievement up or down in its series.

    Args:
        achievement: one in a series.
        by: -1 for up, 1 for down; at the end nothing happens.
        actor: who does it.
    """
    if achievement.series is None:
        return
    row = list(achievement.series.achievements.order_by("series_position", "id"))
    place = row.index(achievement)
    row.insert(max(0, place + by), row.pop(place))
    for position, entry in enumerate(row):
        entry.series_position = position
    Achievement.objects.bulk_update(row, ["series_position"])
    people.log(
        organization=achievement.organization,
        verb="achievement.moved-in-series",
        target=f"achievement:{achievement.pk}",
        actor=actor,
    )
