"""What the fields of entries and their values are called on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.quality import FACTS, OPERATORS

WORDS: dict[str, str | Promise] = {
    "key": gettext_lazy("key"),
    "name": gettext_lazy("name"),
    "asks": gettext_lazy("what it asks for"),
    "description": gettext_lazy("description"),
    "texts": gettext_lazy("other languages"),
    "several": gettext_lazy("several values at once"),
    "color": gettext_lazy("color"),
    "shape": gettext_lazy("outline"),
    "achievement_type": gettext_lazy("what others call it"),
    "retired": gettext_lazy("retired"),
    "severity": gettext_lazy("when it is not met"),
    "scope": gettext_lazy("only for"),
    "when": gettext_lazy("applies when"),
    "then": gettext_lazy("has to hold"),
    "message": gettext_lazy("how to mend it"),
    "because": gettext_lazy("why it is asked"),
    "at": gettext_lazy("asked at"),
    "from": gettext_lazy("first day"),
    "until": gettext_lazy("last day"),
    "active": gettext_lazy("in use"),
    "edition": gettext_lazy("edition of the source"),
    "url": gettext_lazy("source"),
    "passed": gettext_lazy("what may be said"),
    "gaps": gettext_lazy("what it does not hold"),
}
"""Field of an entry → its name on the screen; others are shown as they stand in the file."""
VALUES: dict[str, Mapping[Any, str | Promise]] = {}
"""Field → the words of each of its values."""
TELLERS: dict[str, Callable[[Any], Any]] = {}
"""Field that holds more than a value → what says it in words."""
USUAL: dict[str, Mapping[str, Any]] = {}
"""Section → what an entry says that leaves a field out."""
ASKED: dict[str, str | Promise] = dict(FACTS)
"""What a test asks → its name."""


def learn(
    words: Mapping[str, str | Promise],
    values: Mapping[str, Mapping[Any, str | Promise]],
    tellers: Mapping[str, Callable[[Any], Any]],
    asked: Mapping[str, str | Promise],
    usual: Mapping[str, Mapping[str, Any]],
) -> None:
    """Take over how a room above calls the fields of its own sections; called once, when the program starts."""
    WORDS.update({name: said for name, said in words.items() if name not in WORDS})
    VALUES.update(values)
    TELLERS.update(tellers)
    ASKED.update(asked)
    USUAL.update(usual)


def named(field: str) -> str:
    """A field's name on the screen."""
    return str(WORDS.get(field, field))


def told(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever an entry holds
    """What a field holds in the words of the screen; what needs none as it is."""
    if value is not None and name in TELLERS:
        return TELLERS[name](value)
    if isinstance(value, str) and name in VALUES:
        return str(VALUES[name].get(value, value))
    if name not in {"when", "then"} or not isinstance(value, list):
        return value
    tests = [notation.read_line(t) if isinstance(t, str) else t for t in value]
    return [
        f"{ASKED.get(t['fact'], t['fact'])} {OPERATORS[t['is']].words} {notation.value_of(t)}".strip()
        for t in tests
    ]


def plain(value: Any) -> str:  # noqa: ANN401 - whatever an entry holds
    """A value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {plain(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(plain(v) for v in value)
    return str(value)
