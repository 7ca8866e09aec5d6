"""What differs between two versions, field by field and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gradatim.program.achievements import credit, judged, rubric
from gradatim.program.achievements.models import ASSESSMENT_KINDS, EVIDENCE_KINDS, Version

_PIECE = re.compile(
    r"(?:\w+|[^\w\s])\s*|\s+"
)  # a word with the blanks after it, so that blanks alone never match
Run = tuple[bool, str]
"""Whether the words differ, and the words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both versions.

    Attributes:
        name: of the field, in words.
        before: runs of words; those that are gone or changed are marked.
        after: runs of words; those that are new or changed are marked.
    """

    name: str
    before: list[Run]
    after: list[Run]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not any(differs for differs, _words in [*self.before, *self.after])


def compare(before: Version, after: Version) -> list[Row]:
    """Every field of two versions side by side, in the order a reader asks."""
    old, new = dict(_texts(before)), dict(_texts(after))
    return [Row(name, *words(old.get(name, ""), new.get(name, ""))) for name in {**old, **new}]


def words(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """Two texts as runs of words, those that differ marked; joined they are the texts again."""
    left, right = _PIECE.findall(before), _PIECE.findall(after)
    matcher = difflib.SequenceMatcher(None, _bare(left), _bare(right), autojunk=False)
    old: list[Run] = []
    new: list[Run] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if a < b:
            old.append((kind != "equal", "".join(left[a:b])))
        if c < d:
            new.append((kind != "equal", "".join(right[c:d])))
    return old, new


def _bare(pieces: list[str]) -> list[str]:
    """Words without the blanks after them: at the end of a line stands the same word."""
    return [piece.strip() or piece for piece in pieces]


def _texts(version: Version) -> Iterator[tuple[str, str]]:
    yield _("Title"), version.title
    yield _("Description"), version.description
    yield _("Type"), str(version.type or "")
    yield _("Level"), str(version.level or "")
    for place in version.placements.all():
        yield str(place.value.dimension), str(place.value)
    yield _("Outcomes"), "\n".join(o.text for o in version.outcomes.all())
    yield _("What has to be shown"), version.criteria
    yield _("How it is assessed"), version.assessment
    yield _("Rubric"), judged.in_words(version)
    yield _("Kinds of assessment"), _kinds(version.assessment_kinds, ASSESSMENT_KINDS)
    yield _("Evidence to hand in"), _kinds(version.evidence_kinds, EVIDENCE_KINDS)
    yield _("Supervision"), version.get_supervision_display() if version.supervision else ""
    yield _("Grading"), version.grading
    yield _("Workload in hours"), str(version.workload_hours or "")
    yield _("Clock hours"), str(version.clock_hours or "")
    yield _("Weeks"), str(version.weeks or "")
    yield _("Credit"), credit.sentence(version)
    yield _("Taking part"), version.get_participation_display() if version.participation else ""
    yield _("What is needed before"), version.prerequisites
    yield _("Cost"), version.cost
    yield _("Quality assurance"), version.quality_assurance
    yield _("Does it stack"), version.get_stacking_display() if version.stacking else ""
    yield _("Into what it stacks"), version.stacks_into
    yield _("Months it is valid"), str(version.validity_months or "")
    yield _("Aligned to"), "\n".join(a.target_name for a in version.alignments.all())
    yield _("Tags"), ", ".join(map(str, version.tags))
    yield _("Own code"), version.code
    yield _("Language"), version.language
    for translation in version.translations.all():
        said = [
            translation.title,
            translation.description,
            translation.criteria,
            translation.assessment,
            *translation.outcomes,
            *(
                text
                for part, kind in rubric.texts(version.rubric)
                if (text := translation.rubric.get(part, {}).get(kind))
            ),
            translation.image_alt,
        ]
        yield _("In %(language)s") % {"language": translation.language}, "\n".join(filter(None, said))


def _kinds(keys: list[str], names: Mapping[str, object]) -> str:
    return ", ".join(str(names.get(key, key)) for key in keys)
