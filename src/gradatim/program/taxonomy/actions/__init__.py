"""Writes of the taxonomy; one file per noun."""

from gradatim.program.taxonomy.actions.changes import (
    allow_directly,
    as_decided,
    await_day,
    begin_list,
    close_list,
    give_up,
    govern,
    lay,
    put_in_force,
    reopen_list,
    settle_conflicts,
    take_back_step,
)
from gradatim.program.taxonomy.actions.dimensions import (
    add_dimension,
    add_value,
    change_dimension,
    change_value,
    move_value,
    remove_dimension,
    remove_value,
    retire_value,
)
from gradatim.program.taxonomy.actions.editions import must_be_direct
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
from gradatim.program.taxonomy.actions.rehearsing import amend, looking, rehearsing
from gradatim.program.taxonomy.actions.replacing import ALWAYS_THERE
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
    "allow_directly",
    "amend",
    "as_decided",
    "await_day",
    "begin_list",
    "carry_on",
    "change_dimension",
    "change_value",
    "close_list",
    "confirm",
    "discard",
    "end_waiver",
    "fetch",
    "give_up",
    "govern",
    "import_framework",
    "keep_profile",
    "keep_rule",
    "lay",
    "look_at",
    "looking",
    "match_items",
    "move_value",
    "must_be_direct",
    "plan_again",
    "publish_framework",
    "put_in_force",
    "read",
    "rehearsing",
    "remove_dimension",
    "remove_match",
    "remove_practice",
    "remove_profile",
    "remove_rule",
    "remove_value",
    "reopen_list",
    "restore_framework",
    "retire_framework",
    "retire_value",
    "set_up",
    "settle_conflicts",
    "take_back_step",
    "take_policy",
    "waive",
    "withdraw_framework",
]
