"""Writes of achievements: drafts, alignments, and a version's way to approval."""

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
from gradatim.program.achievements.actions.life import (
    activate,
    approve,
    back_to_draft,
    deprecate,
    remove_practice,
    retire,
    schedule_review,
    send_to_review,
)

__all__ = [
    "Fields",
    "Target",
    "activate",
    "align",
    "approve",
    "attach_endorsement",
    "back_to_draft",
    "copy",
    "deprecate",
    "draft",
    "new_version",
    "remove_draft",
    "remove_practice",
    "retire",
    "revise",
    "schedule_review",
    "send_to_review",
    "unalign",
    "withdraw_endorsement",
]
