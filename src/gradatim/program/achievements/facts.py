"""What rules can ask about an achievement version, from plain values: a stored one, or a form being filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from gradatim.program.achievements import rubric
from gradatim.program.achievements.models import ASSESSMENT_KINDS, EVIDENCE_KINDS, Version
from gradatim.program.taxonomy.quality import Names

_WORD = re.compile(r"\w+")
DAYS_A_MONTH = Decimal("30.4375")
ON_CREDENTIAL = ("learner", "title", "awarding body", "date of issue", "proof", "status")
"""What stands on every credential by construction, whatever its achievement says; see `credentials.documents`."""

COPIED = (
    "title", "description", "criteria", "assessment", "workload_hours", "clock_hours", "weeks", "credits",
    "credit_course", "credit_office", "grading", "quality_assurance", "prerequisites", "stacks_into", "cost", "validity_months", "image_alt",
)  # fmt: skip
CODES: dict[str, Names] = {
    "assessment_kinds": ASSESSMENT_KINDS,
    "evidence": EVIDENCE_KINDS,
    "credit": dict(Version.Credit.choices),
    "participation": dict(Version.Participation.choices),
    "supervision": dict(Version.Supervision.choices),
    "stacking": dict(Version.Stacking.choices),
}
"""Fact that holds one of a few codes → what each is called."""


@dataclass(slots=True)
class Parts:
    """What belongs to a version besides its columns, as far as rules ask.

    Attributes:
        places: dimension key → keys of the values it stands in.
        outcomes: the texts.
        aligned: name of the target and of its framework, for each alignment.
        languages: of the translations.
        endorsers: whose endorsements are live.
        became: outcome → its text now, where the outcomes are being written; see `rewrite`.
    """

    places: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[str] = field(default_factory=list)
    aligned: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    endorsers: list[str] = field(default_factory=list)
    became: dict[str, str] | None = None

    def rewrite(self, outcomes: Sequence[str]) -> None:
        """Put outcomes that are being written in place of the stored ones, whose ties follow them."""
        self.became = rubric.heirs(self.outcomes, outcomes)
        self.outcomes = list(outcomes)


def describe(
    fields: Mapping[str, Any], parts: Parts, *, country: str, dimensions: Iterable[str]
) -> dict[str, Any]:
    """The facts: `taxonomy.quality.FACTS` and every dimension.

    Args:
        fields: the version's columns by name; those left out are empty.
        parts: what belongs to it.
        country: of the issuer.
        dimensions: the keys of all dimensions.
    """
    title = str(fields.get("title") or "")
    language = str(fields.get("language") or "en").split("-")[0]
    kinds = list(fields.get("assessment_kinds") or [])
    criteria = fields.get("rubric") or []
    if parts.became is not None:
        criteria = rubric.followed(criteria, parts.became, outcomes=parts.outcomes, kinds=kinds)
    loose = rubric.unmeasured(criteria, parts.outcomes)
    return {
        **{key: _places(parts.places.get(key, [])) for key in dimensions},
        **{name: fields.get(name) for name in COPIED},
        "title": title,
        "title_words": _WORD.findall(title.casefold()),
        "language": language,
        "languages": list(dict.fromkeys([language, *(other.split("-")[0] for other in parts.languages)])),
        "outcomes": list(parts.outcomes),
        "outcome_verbs": [words[0] for o in parts.outcomes if (words := _WORD.findall(o.casefold()))],
        "covered": [*parts.outcomes, *(name for name, _framework in parts.aligned)],
        "alignments": [name for name, _framework in parts.aligned],
        "frameworks": [framework for _name, framework in parts.aligned if framework],
        "assessment_kinds": kinds,
        "evidence": list(fields.get("evidence_kinds") or []),
        "rubric": [criterion["name"] for criterion in criteria],
        "measured": [text for text in parts.outcomes if text not in loose],
        "unmeasured": loose,
        "unjudged": rubric.unjudged(criteria, kinds),
        "supervision": fields.get("supervision") or None,
        "participation": fields.get("participation") or None,
        "credit": fields.get("credit") or "noncredit",
        "stacking": fields.get("stacking") or None,
        "endorsements": list(parts.endorsers),
        "review_months": _months(fields.get("review_by")),
        "offered_months": _months(fields.get("offered_since"), ago=True),
        "issuer_country": country,
        "on_credential": list(ON_CREDENTIAL),
        "tags": list(fields.get("tags") or []),
    }


def _places(keys: Sequence[str]) -> str | list[str] | None:
    """One place as itself, several as a list."""
    return None if not keys else keys[0] if len(keys) == 1 else list(keys)


def _months(day: date | None, *, ago: bool = False) -> Decimal | None:
    """From today to a day, or since it, in months."""
    if day is None:
        return None
    days = (day - timezone.localdate()).days * (-1 if ago else 1)
    return (Decimal(days) / DAYS_A_MONTH).quantize(Decimal("0.1"))
