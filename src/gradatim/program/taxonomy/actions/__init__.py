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
from gradatim.program.taxonomy.actions.profiles import (
    keep_profile,
    remove_profile,
)
from gradatim.program.taxonomy.actions.rules import (
    end_waiver,
    keep_rule,
    remove_rule,
    waive,
)
from gradatim.program.taxonomy.actions.whole import (
    remove_practice,
    set_up,
    take_policy,
)

__all__ = [
    "ALWAYS_THERE",
    "add_dimension",
    "add_value",
    "carry_on",
    "change_dimension",
    "change_value",
    "confirm",
    "discard",
    "end_waiver",
    "fetch",
    "import_framework",
    "keep_profile",
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
    "remove_profile",
    "remove_rule",
    "remove_value",
    "restore_framework",
    "retire_framework",
    "set_up",
    "take_policy",
    "waive",
    "withdraw_framework",
]
