"""Writes of achievements: drafts, alignments, and a version's way to approval."""

from gradatim.program.achievements.actions.alignment import Target, align, unalign
from gradatim.program.achievements.actions.drafting import Fields, draft, new_version, remove_draft, revise
from gradatim.program.achievements.actions.life import (
    activate,
    approve,
    back_to_draft,
    deprecate,
    remove_practice,
    retire,
    send_to_review,
)

__all__ = [
    "Fields",
    "Target",
    "activate",
    "align",
    "approve",
    "back_to_draft",
    "deprecate",
    "draft",
    "new_version",
    "remove_draft",
    "remove_practice",
    "retire",
    "revise",
    "send_to_review",
    "unalign",
]
