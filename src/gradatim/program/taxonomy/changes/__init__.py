"""Change lists: two texts of a policy held against each other entry by entry, and put together when both moved. No rows.

A text is taken apart into entries, each with a path such as ``("dimensions", "level", "values", "expert")``; the order of
a section is an entry of its own. Comparing, merging and taking back are then plain work on mappings.
"""

from gradatim.program.taxonomy.changes.entries import Path, apart, together
from gradatim.program.taxonomy.changes.kinds import KINDS, LIGHT, USUALLY_DIRECT, Kind
from gradatim.program.taxonomy.changes.merging import Conflict, Merged, merge, take_back
from gradatim.program.taxonomy.changes.steps import Field, Step, Voice, learn, steps, wording

__all__ = [
    "KINDS",
    "LIGHT",
    "USUALLY_DIRECT",
    "Conflict",
    "Field",
    "Kind",
    "Merged",
    "Path",
    "Step",
    "Voice",
    "apart",
    "learn",
    "merge",
    "steps",
    "take_back",
    "together",
    "wording",
]
