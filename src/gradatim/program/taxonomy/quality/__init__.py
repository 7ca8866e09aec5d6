"""Quality rules as data: what may be asked, how a rule is checked, and the trace that says why.

A rule's condition and expression are lists of tests ``{"fact": name, "is": operator, "value": …}``, all of which must
hold. The language has no code in it: facts and operators are closed tables, and every test has a line people can read.
"""

from gradatim.program.taxonomy.quality.checking import (
    Finding,
    Lifted,
    Moment,
    Step,
    check,
    in_words,
    meets,
    run,
)
from gradatim.program.taxonomy.quality.facts import (
    CODES,
    FACTS,
    LANGUAGES,
    Labels,
    Names,
    amount,
    called,
    empty,
    keyed,
    label_of,
    name_codes,
    names_of,
    shown,
    spelled,
)
from gradatim.program.taxonomy.quality.operators import MAX_ENTRIES, MAX_TESTS, OPERATORS, Operator
from gradatim.program.taxonomy.quality.shape import key_of, problems, scope_problems

__all__ = [
    "CODES",
    "FACTS",
    "LANGUAGES",
    "MAX_ENTRIES",
    "MAX_TESTS",
    "OPERATORS",
    "Finding",
    "Labels",
    "Lifted",
    "Moment",
    "Names",
    "Operator",
    "Step",
    "amount",
    "called",
    "check",
    "empty",
    "in_words",
    "key_of",
    "keyed",
    "label_of",
    "meets",
    "name_codes",
    "names_of",
    "problems",
    "run",
    "scope_problems",
    "shown",
    "spelled",
]
