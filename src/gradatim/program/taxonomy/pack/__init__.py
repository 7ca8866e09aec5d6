"""A policy as one YAML file: how dimensions, rules and profiles are written in it and read from it.

Sections that other rooms own (bodies, routes …) are handed through as they stand.
"""

from gradatim.program.taxonomy.pack.reading import read, read_tests
from gradatim.program.taxonomy.pack.shape import DIMENSION, FORMAT, RULE_COLUMNS, VALUE, Policy
from gradatim.program.taxonomy.pack.writing import write, write_rule, write_test

__all__ = [
    "DIMENSION",
    "FORMAT",
    "RULE_COLUMNS",
    "VALUE",
    "Policy",
    "read",
    "read_tests",
    "write",
    "write_rule",
    "write_test",
]
