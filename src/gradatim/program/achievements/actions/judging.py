"""Writes of achievements: by which rubric a draft is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gradatim.program.achievements import rubric
from gradatim.program.achievements.actions.life import locked, note, only_draft
from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Person


@transaction.atomic
def set_rubric(*, version: Version, criteria: Sequence[Mapping[str, Any]], actor: Person) -> Version:
    """Write the rubric of a draft in place of the one it has.

    Args:
        version: a draft.
        criteria: as `rubric.read` takes them, in order; none for no rubric.
        actor: who does it.

    Returns:
        The version.

    Raises:
        Refused: ``not-draft``; ``field`` with everything that has to be mended.
    """
    version = locked(version)
    only_draft(version)
    outcomes = list(version.outcomes.values_list("text", flat=True))
    version.rubric = rubric.read(criteria, outcomes=outcomes, kinds=version.assessment_kinds)
    version.save(update_fields=["rubric"])
    there = rubric.parts(version.rubric)
    version.rubric_alignments.exclude(part__in=there).delete()
    for row in version.translations.all():
        row.rubric = {part: said for part, said in row.rubric.items() if part in there}
        row.save(update_fields=["rubric"])
    note(version, "achievement.rubric-written", actor, {"criteria": len(version.rubric)})
    return version
