"""Writes of the taxonomy; one file per noun."""

from gradatim.program.taxonomy.actions.dimensions import (
    ALWAYS_THERE,
    add_dimension,
    add_value,
    change_dimension,
    change_value,
    move_value,
    remove_dimension,
    remove_value,
)
from gradatim.program.taxonomy.actions.frameworks import (
    match_items,
    publish_framework,
    remove_match,
    restore_framework,
    retire_framework,
    withdraw_framework,
)
from gradatim.program.taxonomy.actions.imports import (
    carry_on,
    confirm,
    discard,
    fetch,
    import_framework,
    look_at,
    plan_again,
    read,
)
from gradatim.program.taxonomy.actions.rules import keep_rule, remove_rule
from gradatim.program.taxonomy.actions.whole import remove_practice, set_up

__all__ = [
    "ALWAYS_THERE",
    "add_dimension",
    "add_value",
    "carry_on",
    "change_dimension",
    "change_value",
    "confirm",
    "discard",
    "fetch",
    "import_framework",
    "keep_rule",
    "look_at",
    "match_items",
    "move_value",
    "plan_again",
    "publish_framework",
    "read",
    "remove_dimension",
    "remove_match",
    "remove_practice",
    "remove_rule",
    "remove_value",
    "restore_framework",
    "retire_framework",
    "set_up",
    "withdraw_framework",
]
