"""Quality rules as data: what may be asked, how a rule is checked, and the trace that says why.

A rule's condition and expression are lists of tests ``{"fact": name, "is": operator, "value": …}``, all of which must
hold. The language has no code in it: facts and operators are closed tables, and every test has a line people can read.
"""

from gradatim.program.taxonomy.quality.checking import Finding, Lifted, Moment, Step, check, meets, run
from gradatim.program.taxonomy.quality.facts import FACTS, amount, empty, shown
from gradatim.program.taxonomy.quality.operators import MAX_ENTRIES, MAX_TESTS, OPERATORS, Operator
from gradatim.program.taxonomy.quality.shape import key_of, problems, scope_problems

__all__ = [
    "FACTS",
    "MAX_ENTRIES",
    "MAX_TESTS",
    "OPERATORS",
    "Finding",
    "Lifted",
    "Moment",
    "Operator",
    "Step",
    "amount",
    "check",
    "empty",
    "key_of",
    "meets",
    "problems",
    "run",
    "scope_problems",
    "shown",
]
