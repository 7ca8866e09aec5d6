"""Reads of the taxonomy."""

from gradatim.program.taxonomy.queries.crosswalks import (
    find_match,
    matches,
)
from gradatim.program.taxonomy.queries.dimensions import (
    asking,
    dimensions,
    find_value,
    levels,
    types,
    values,
)
from gradatim.program.taxonomy.queries.frameworks import (
    Branch,
    Related,
    associations,
    find_framework,
    find_item,
    find_items,
    frameworks,
    items_below,
    path_to,
    relations,
    sample_package,
    top_items,
    tree,
)
from gradatim.program.taxonomy.queries.graphs import (
    graph_of_framework,
    graph_of_item,
)
from gradatim.program.taxonomy.queries.imports import (
    PART,
    STORED,
    WORK,
    Plan,
    find_import,
    history,
    imports,
    is_stopped,
    plan_import,
    values_of,
)
from gradatim.program.taxonomy.queries.policy import (
    Change,
    policy_changes,
    stored_policy,
)
from gradatim.program.taxonomy.queries.profiles import (
    Verdict,
    profiles,
    verdicts,
)
from gradatim.program.taxonomy.queries.rules import (
    Rulebook,
    any_rules,
    editions,
    findings,
    known_facts,
    rulebook,
    rules,
    value_keys,
    waivers,
)
from gradatim.program.taxonomy.queries.search import (
    Suggestion,
    others_like,
    search_items,
    suggestions,
)
from gradatim.program.taxonomy.queries.shapes import (
    shape_of,
)
from gradatim.program.taxonomy.queries.targets import Target, target_of
from gradatim.program.taxonomy.queries.usage import (
    SHOWN_USERS,
    users,
)

__all__ = [
    "PART",
    "SHOWN_USERS",
    "STORED",
    "WORK",
    "Branch",
    "Change",
    "Plan",
    "Related",
    "Rulebook",
    "Suggestion",
    "Target",
    "Verdict",
    "any_rules",
    "asking",
    "associations",
    "dimensions",
    "editions",
    "find_framework",
    "find_import",
    "find_item",
    "find_items",
    "find_match",
    "find_value",
    "findings",
    "frameworks",
    "graph_of_framework",
    "graph_of_item",
    "history",
    "imports",
    "is_stopped",
    "items_below",
    "known_facts",
    "levels",
    "matches",
    "others_like",
    "path_to",
    "plan_import",
    "policy_changes",
    "profiles",
    "relations",
    "rulebook",
    "rules",
    "sample_package",
    "search_items",
    "shape_of",
    "stored_policy",
    "suggestions",
    "target_of",
    "top_items",
    "tree",
    "types",
    "users",
    "value_keys",
    "values",
    "values_of",
    "verdicts",
    "waivers",
]
