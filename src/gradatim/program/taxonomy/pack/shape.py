"""What a policy file may say, and a policy as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.taxonomy.quality import Moment

FORMAT = "gradatim-policy/1"
HEAD = ("format", "name", "about", "source")
DIRECT = "without_decision"  # the kinds of change that need no decision
DIMENSION: dict[str, Any] = {
    "key": "",
    "name": "",
    "description": "",
    "several": False,
    "retired": False,
    "texts": {},
    "values": [],
}
VALUE: dict[str, Any] = {
    "key": "",
    "name": "",
    "description": "",
    "color": "",
    "shape": "",
    "achievement_type": "",
    "retired": False,
    "texts": {},
}
RULE: dict[str, Any] = {
    "key": "", "asks": "", "severity": "warn", "scope": {}, "when": [], "then": [], "message": "", "because": "",
    "at": list(Moment.values), "from": None, "until": None, "active": True,
}  # fmt: skip
PROFILE: dict[str, Any] = {
    "key": "", "name": "", "description": "", "edition": "", "url": "", "passed": "", "gaps": "", "active": True, "rules": [],
}  # fmt: skip
"""What an entry may say, with what it says when it says nothing."""


RULE_COLUMNS = (
    "key", "name", "severity", "scope", "condition", "expression", "message", "reference", "moments", "since", "until",
    "active",
)  # fmt: skip
"""The columns of a rule that an entry says."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read; its rows are in no database yet.

    Attributes:
        name: what it is called.
        about: a few sentences about it.
        source: the address of what it follows.
        dimensions: each with its values, in order.
        rules: the institution's own, in order.
        profiles: each with its rules, in order.
        direct: kinds of change that need no decision; ``None``: the file does not say.
        rest: sections of other rooms, as they stand in the file.
    """

    name: str = ""
    about: str = ""
    source: str = ""
    dimensions: Sequence[tuple[Dimension, list[Value]]] = ()
    rules: Sequence[Rule] = ()
    profiles: Sequence[tuple[Profile, list[Rule]]] = ()
    direct: Sequence[str] | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)
