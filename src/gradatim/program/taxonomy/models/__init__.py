"""Dimensions, values, quality rules, frameworks, items and associations."""

from gradatim.program.taxonomy.models.dimensions import Dimension, Value
from gradatim.program.taxonomy.models.frameworks import Association, Framework, Import, Item, Match
from gradatim.program.taxonomy.models.rules import Rule

__all__ = ["Association", "Dimension", "Framework", "Import", "Item", "Match", "Rule", "Value"]
