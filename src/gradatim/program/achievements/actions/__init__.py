"""Writes of achievements: drafts, alignments, languages, series, and a version's way to approval."""

from gradatim.program.achievements.actions.alignment import Target, align, unalign
from gradatim.program.achievements.actions.drafting import (
    Fields,
    copy,
    draft,
    new_version,
    remove_draft,
    revise,
)
from gradatim.program.achievements.actions.endorsements import attach_endorsement, withdraw_endorsement
from gradatim.program.achievements.actions.judging import set_rubric
from gradatim.program.achievements.actions.life import (
    activate,
    approve,
    back_to_draft,
    bind,
    deprecate,
    remove_practice,
    retire,
    schedule_review,
    send_to_review,
)
from gradatim.program.achievements.actions.translating import (
    move_in_series,
    put_in_series,
    remove_translation,
    translate,
)

__all__ = [
    "Fields",
    "Target",
    "activate",
    "align",
    "approve",
    "attach_endorsement",
    "back_to_draft",
    "bind",
    "copy",
    "deprecate",
    "draft",
    "move_in_series",
    "new_version",
    "put_in_series",
    "remove_draft",
    "remove_practice",
    "remove_translation",
    "retire",
    "revise",
    "schedule_review",
    "send_to_review",
    "set_rubric",
    "translate",
    "unalign",
    "withdraw_endorsement",
]
