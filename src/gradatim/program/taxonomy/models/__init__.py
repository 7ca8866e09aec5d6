"""Dimensions, values, quality rules, frameworks, items and associations."""

from gradatim.program.taxonomy.models.dimensions import Dimension, Value
from gradatim.program.taxonomy.models.frameworks import Association, Framework, Item
from gradatim.program.taxonomy.models.rules import Rule

__all__ = ["Association", "Dimension", "Framework", "Item", "Rule", "Value"]
