"""Dimensions, values, quality rules, profiles, waivers, editions, frameworks, items and associations."""

from gradatim.program.taxonomy.models.dimensions import (
    Dimension,
    Value,
)
from gradatim.program.taxonomy.models.frameworks import (
    Association,
    Framework,
    Import,
    Item,
    Match,
)
from gradatim.program.taxonomy.models.governance import ChangeList, Governance
from gradatim.program.taxonomy.models.rules import (
    Edition,
    Profile,
    Rule,
    Waiver,
)

__all__ = [
    "Association",
    "ChangeList",
    "Dimension",
    "Edition",
    "Framework",
    "Governance",
    "Import",
    "Item",
    "Match",
    "Profile",
    "Rule",
    "Value",
    "Waiver",
]
