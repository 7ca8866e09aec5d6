"""What kind of change it is, which says whether it needs a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.taxonomy.changes.entries import Path, is_list


class Kind(models.TextChoices):
    """What a change is about. The last three always need a decision where there is a council."""

    TEXTS = "texts", _("descriptions, hints and translations")
    ORDER = "order", _("order")
    STYLE = "style", _("colors and outlines of badges")
    VALUES = "values", _("dimensions and values")
    RULES = "rules", _("quality rules")
    PROFILES = "profiles", _("quality profiles")
    COUNCIL = "council", _("bodies and routes")
    WORDING = "wording", _("wording of charters and routes")
    SETTING = "setting", _("which changes need a decision")


KINDS = (Kind.TEXTS, Kind.ORDER, Kind.STYLE, Kind.VALUES, Kind.RULES, Kind.PROFILES)
"""What a policy can let go without a decision."""
USUALLY_DIRECT = (Kind.TEXTS, Kind.ORDER, Kind.STYLE)

LIGHT = frozenset({Kind.TEXTS, Kind.WORDING})
"""What may go as a correction: it changes words, and nothing that is counted or asked."""

_OF_FIELD = {
    "description": Kind.TEXTS,
    "texts": Kind.TEXTS,
    "message": Kind.TEXTS,
    "color": Kind.STYLE,
    "shape": Kind.STYLE,
}
_OF_SECTION = {
    "dimensions": Kind.VALUES,
    "rules": Kind.RULES,
    "profiles": Kind.PROFILES,
    "bodies": Kind.COUNCIL,
    "routes": Kind.COUNCIL,
}


_WORDING = frozenset({"name", "charter", "law_source", "recused_clause"})  # of a body, a route or a stage


def kinds_of(path: Path, before: Any, after: Any) -> frozenset[Kind]:  # noqa: ANN401 - entries of any section
    """The kinds of change that one entry's change is.

    Args:
        path: of the entry.
        before: as it stood; ``None`` if it was not there.
        after: as it will stand; ``None`` if it is taken out.
    """
    section = _OF_SECTION.get(path[0], Kind.SETTING)
    if section == Kind.COUNCIL:
        return frozenset({Kind.WORDING if _only_words(path, before, after) else Kind.COUNCIL})
    if section == Kind.SETTING:
        return frozenset({section})
    if is_list(path):
        return frozenset({Kind.ORDER})
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return frozenset({section})
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return frozenset(_OF_FIELD.get(name, section) for name in changed)


def _only_words(path: Path, before: Any, after: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a body, a route or a stage is the same afterwards, in other words."""
    if is_list(path) or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    return {n for n in {**before, **after} if before.get(n) != after.get(n)} <= _WORDING
