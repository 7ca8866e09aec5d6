"""Reads of the taxonomy."""

from gradatim.program.taxonomy.queries.dimensions import dimensions, find_value, levels, types, values
from gradatim.program.taxonomy.queries.frameworks import (
    Branch,
    Plan,
    associations,
    find_items,
    frameworks,
    plan_import,
    sample_package,
    search_items,
    tree,
)
from gradatim.program.taxonomy.queries.rules import findings, known_facts, rules
from gradatim.program.taxonomy.queries.usage import SHOWN_USERS, users

__all__ = [
    "SHOWN_USERS",
    "Branch",
    "Plan",
    "associations",
    "dimensions",
    "find_items",
    "find_value",
    "findings",
    "frameworks",
    "known_facts",
    "levels",
    "plan_import",
    "rules",
    "sample_package",
    "search_items",
    "tree",
    "types",
    "users",
    "values",
]
