"""What the fields of entries and their values are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.changes.kinds import Kind
from gradatim.program.taxonomy.quality import (
    FACTS,
    LANGUAGES,
    Labels,
    Moment,
    called,
    in_words,
    label_of,
    names_of,
)

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
"""Field of an entry → its name on the screen."""
CODES: dict[str, Mapping[Any, str | Promise]] = {
    "severity": {
        "block": gettext_lazy("blocks"),
        "warn": gettext_lazy("warns"),
        "advise": gettext_lazy("advises"),
    },
    "shape": {
        "circle": gettext_lazy("Circle"),
        "square": gettext_lazy("Rounded square"),
        "pentagon": gettext_lazy("Pentagon"),
        "hexagon": gettext_lazy("Hexagon"),
        "octagon": gettext_lazy("Octagon"),
        "shield": gettext_lazy("Shield"),
    },
    "at": dict(Moment.choices),
    "": dict(Kind.choices),
}
"""Field that holds a code → what its codes are called; the one without a name is a list of kinds of change."""
USUAL: dict[str, Mapping[str, Any]] = {
    "dimensions": {"several": False, "retired": False},
    "rules": {"severity": "warn", "active": True, "at": list(Moment.values)},
    "profiles": {"active": True},
}
"""Section → what an entry says that leaves a field out."""


def names_in(entries: Mapping[tuple[str, ...], Any]) -> Labels:
    """What the dimensions and values of a policy are called, by its entries."""
    names, values = {key: str(label) for key, label in FACTS.items()}, dict[str, dict[str, str]]()
    for path, entry in entries.items():
        if path[0] != "dimensions" or not isinstance(entry, Mapping):
            continue
        name = str(entry.get("name") or path[-1])
        if len(path) == 2:  # noqa: PLR2004 - the dimension itself
            names[path[1]] = name
        else:
            values.setdefault(path[1], {})[path[-1]] = name
    return Labels(names, values)


def named(field: str) -> str:
    """A field's name on the screen."""
    return str(WORDS.get(field, field.replace("_", " ")))


def told(name: str, value: Any, labels: Labels) -> str:  # noqa: ANN401 - whatever an entry holds
    """What a field of an entry says, in words.

    Args:
        name: of the field; empty for an entry that is a list by itself.
        value: what stands there.
        labels: what dimensions and values are called.
    """
    if isinstance(value, list) and name in {"when", "then"}:
        return "; ".join(
            in_words([notation.read_line(t) if isinstance(t, str) else t for t in value], labels)
        )
    if isinstance(value, Mapping):
        return "; ".join(_part(name, key, held, labels) for key, held in value.items())
    if isinstance(value, list):
        return ", ".join(told(name, one, labels) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(CODES.get(name, {}).get(value, value))


def _part(name: str, key: str, held: Any, labels: Labels) -> str:  # noqa: ANN401 - as above
    """One part of a field: the values of a dimension, or the texts of a language."""
    if name == "scope":
        names = names_of(key, labels)
        return f"{label_of(key, labels)}: {', '.join(called(v, names) for v in held)}"
    if name == "texts":
        return f"{called(key, LANGUAGES)}: {', '.join(str(text) for text in held.values())}"
    return f"{named(key)}: {told(key, held, labels)}"
