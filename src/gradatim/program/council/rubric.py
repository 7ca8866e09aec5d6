"""The rubric by which reviewers look at a proposal; a body starts with twelve criteria, 0 to 3 each, 1 is the least that will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

FLOOR = 1
BEST = 3
CRITERIA = {
    "purpose": _("Purpose and audience are clear"),
    "need": _("The need is shown, with sources younger than two years"),
    "voices": _("People outside were heard or stand behind it"),
    "outcomes": _("Outcomes can be observed and measured"),
    "assessment": _("The assessment is valid and fits type and level"),
    "evidence": _("Evidence is good and private where it must be"),
    "workload": _("Workload and level are reasonable"),
    "alignment": _("It is aligned to frameworks"),
    "stacking": _("It counts toward something larger"),
    "access": _("Everyone can take part"),
    "capacity": _("It can be delivered, paid for and kept up"),
    "upkeep": _("It is described completely and has a date for review"),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing reviewers look at.

    Attributes:
        key: unique in the rubric.
        words: on the screen.
        floor: the least that will do.
    """

    key: str
    words: str
    floor: int = FLOOR


@dataclass(frozen=True, slots=True)
class Scored:
    """What reviewers think of a proposal by one criterion.

    Attributes:
        criterion: which.
        mean: of the scores.
        least: of the scores.
        reviews: how many there are.
    """

    criterion: Criterion
    mean: float
    least: int
    reviews: int

    @property
    def words(self) -> str:
        """The criterion's words."""
        return self.criterion.words

    @property
    def low(self) -> bool:
        """Whether a reviewer gave less than will do."""
        return self.least < self.criterion.floor


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria of a body.

    Attributes:
        criteria: in order.
        all_must_meet: each is met or not, and every one has to be; otherwise scores go from 0 to 3.
    """

    criteria: tuple[Criterion, ...]
    all_must_meet: bool = False

    @property
    def best(self) -> int:
        """The highest score."""
        return 1 if self.all_must_meet else BEST

    def fits(self, scores: Mapping[str, int]) -> bool:
        """Whether these scores can be given."""
        known = {criterion.key for criterion in self.criteria}
        return set(scores) <= known and all(0 <= score <= self.best for score in scores.values())

    def table(self, given: Iterable[Mapping[str, int]]) -> list[Scored]:
        """The criteria that were scored, in order."""
        given = list(given)
        found = []
        for criterion in self.criteria:
            values = [scores[criterion.key] for scores in given if criterion.key in scores]
            if values:
                found.append(Scored(criterion, sum(values) / len(values), min(values), len(values)))
        return found

    def misses(self, given: Iterable[Mapping[str, int]]) -> list[Criterion]:
        """The criteria that are not met: a reviewer gave less than will do, or where all must be met nobody looked."""
        table = {scored.criterion.key: scored for scored in self.table(given)}
        return [
            criterion
            for criterion in self.criteria
            if (table[criterion.key].low if criterion.key in table else self.all_must_meet)
        ]

    def data(self) -> list[dict[str, Any]]:
        """The criteria as plain data."""
        return [{"key": c.key, "words": c.words, "floor": c.floor} for c in self.criteria]


def default() -> Rubric:
    """The rubric a body starts with."""
    return Rubric(tuple(Criterion(key, str(words)) for key, words in CRITERIA.items()))


def read(data: Mapping[str, Any] | None) -> Rubric:
    """A rubric from plain data, as a policy has it; the usual one where it says nothing."""
    if not data:
        return default()
    found = (
        Criterion(str(c.get("key") or c["words"]), str(c["words"]), int(c.get("floor", FLOOR)))
        for c in data["criteria"]
    )
    return Rubric(tuple(found), all_must_meet=bool(data.get("all_must_meet")))
