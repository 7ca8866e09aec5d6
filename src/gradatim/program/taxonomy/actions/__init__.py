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
from gradatim.program.taxonomy.actions.frameworks import import_framework, read
from gradatim.program.taxonomy.actions.rules import keep_rule, remove_rule
from gradatim.program.taxonomy.actions.whole import remove_practice, set_up

__all__ = [
    "ALWAYS_THERE",
    "add_dimension",
    "add_value",
    "change_dimension",
    "change_value",
    "import_framework",
    "keep_rule",
    "move_value",
    "read",
    "remove_dimension",
    "remove_practice",
    "remove_rule",
    "remove_value",
    "set_up",
]
