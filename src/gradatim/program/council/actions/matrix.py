"""Writes of the alignment matrix: tying skills to outcomes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.achievements.models import Alignment, Outcome
from gradatim.program.council.models import Tie
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Person


@transaction.atomic
def tie_skill(*, alignment: Alignment, outcome: Outcome, actor: Person) -> Tie:
    """Say that a skill serves an outcome; a second time changes nothing.

    Args:
        alignment: the skill, as the version is aligned to it.
        outcome: of the same version.
        actor: who says so.

    Returns:
        The tie. It holds for later versions that keep both.

    Raises:
        Refused: ``not-found`` when they are of two versions.
    """
    if alignment.version_id != outcome.version_id:
        raise Refused("not-found", _("The skill and the outcome are of two versions."))
    achievement = alignment.version.achievement
    tie, made = Tie.objects.get_or_create(
        achievement=achievement,
        target_url=alignment.target_url,
        outcome=outcome.text,
        defaults={"made_by": actor},
    )
    if made:
        _log(tie, "skill.tied", actor)
    return tie


@transaction.atomic
def untie_skill(*, alignment: Alignment, outcome: Outcome, actor: Person) -> None:
    """Take a tie back.

    Args:
        alignment: the skill.
        outcome: what it was said to serve.
        actor: who takes it back.
    """
    tie = Tie.objects.filter(
        achievement=alignment.version.achievement, target_url=alignment.target_url, outcome=outcome.text
    ).first()
    if tie is not None:
        _log(tie, "skill.untied", actor)
        tie.delete()


def _log(tie: Tie, verb: str, actor: Person) -> None:
    people.log(
        organization=tie.achievement.organization,
        verb=verb,
        target=f"achievement:{tie.achievement_id}",
        actor=actor,
        detail={"skill": tie.target_url, "outcome": tie.outcome},
    )
