"""Writes of achievements: what a draft is aligned to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.achievements import queries, rubric
from gradatim.program.achievements.actions.drafting import clean
from gradatim.program.achievements.actions.life import locked, note, only_draft
from gradatim.program.achievements.models import Alignment, RubricAlignment, Version
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Item


@dataclass(frozen=True, slots=True)
class Target:
    """Something to align to that is in no imported framework.

    Attributes:
        name: its name.
        url: its address.
        code: its code, or empty.
        framework: the framework's name, or empty.
        type: Open Badges ``targetType``, e.g. ``"CTDL"`` or ``"ext:ESCOSkill"``; empty for none.
    """

    name: str
    url: str
    code: str = ""
    framework: str = ""
    type: str = ""


@transaction.atomic
def align(
    *,
    version: Version,
    items: Sequence[Item] = (),
    targets: Sequence[Target] = (),
    part: str = "",
    actor: Person | None = None,
) -> Sequence[Alignment | RubricAlignment]:
    """Align a draft, or a part of its rubric, to items of frameworks and to targets elsewhere; what it is aligned to already stays.

    Args:
        version: a draft.
        part: key of a criterion of its rubric, or ``criterion/level``; empty for the achievement itself.
        items: of the organization's own frameworks.
        targets: of anything else.
        actor: who does it.

    Returns:
        The alignments that were added.

    Raises:
        Refused: ``not-draft``; ``not-found`` for an item of another organization, or a part that the rubric does not have;
            ``field`` for a bad target.
    """
    version = locked(version)
    only_draft(version)
    organization = version.achievement.organization
    made: Callable[..., Alignment | RubricAlignment] = partial(Alignment, version=version)
    if part:
        made = partial(RubricAlignment, version=version, part=part)
        if part not in rubric.parts(version.rubric):
            raise Refused("not-found", _("The rubric does not have this part any more."))
    rows = []
    for item in items:
        if item.framework.organization_id != organization.pk:
            raise Refused("not-found", _("This statement is in none of your frameworks."))
        target = taxonomy.target_of(item)
        rows.append(
            made(
                item=item,
                target_name=_short(item.statement, 300),
                target_url=target.url,
                target_code=target.code,
                target_framework=item.framework.title,
                target_type=target.type,
            )
        )
    rows += [
        made(
            target_name=t.name,
            target_url=t.url,
            target_code=t.code,
            target_framework=t.framework,
            target_type=t.type,
        )
        for t in targets
    ]
    known = {row.target_url for row in queries.aligned(version, part)}
    added = [r for r in {r.target_url: r for r in rows}.values() if r.target_url not in known]
    for row in added:
        clean(
            row, exclude={"version", "item", "target_url"} if row.item else {"version"}
        )  # an item's address is its publisher's
        row.save()
    if added:
        note(version, "achievement.aligned", actor, {"added": len(added)})
    return added


@transaction.atomic
def unalign(*, alignment: Alignment | RubricAlignment, actor: Person) -> None:
    """Take an alignment out of a draft, or of a part of its rubric.

    Args:
        alignment: which one.
        actor: who does it.

    Raises:
        Refused: ``not-draft``.
    """
    version = locked(alignment.version)
    only_draft(version)
    alignment.delete()
    note(version, "achievement.unaligned", actor)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
