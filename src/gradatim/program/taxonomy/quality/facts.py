"""What can be asked about an achievement version, and how what was found is counted and shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

Words = str | Promise

FACTS: dict[str, Words] = {
    "title": lazy("title"),
    "title_words": lazy("words of the title"),
    "description": lazy("description"),
    "language": lazy("language"),
    "languages": lazy("languages it can be read in"),
    "outcomes": lazy("outcomes"),
    "outcome_verbs": lazy("first words of the outcomes"),
    "covered": lazy("outcomes and alignments"),
    "alignments": lazy("alignments"),
    "frameworks": lazy("frameworks it is aligned to"),
    "criteria": lazy("criteria"),
    "assessment": lazy("assessment"),
    "assessment_kinds": lazy("kinds of assessment"),
    "rubric": lazy("criteria of the rubric"),
    "measured": lazy("outcomes that a criterion of the rubric measures"),
    "unmeasured": lazy("outcomes that no criterion of the rubric measures"),
    "unjudged": lazy("kinds of assessment without a criterion"),
    "evidence": lazy("kinds of evidence"),
    "supervision": lazy("supervision and identity check"),
    "grading": lazy("how results are graded"),
    "workload_hours": lazy("workload in hours"),
    "clock_hours": lazy("clock hours"),
    "weeks": lazy("weeks it takes"),
    "participation": lazy("form of participation"),
    "prerequisites": lazy("what is needed before"),
    "cost": lazy("cost to the learner"),
    "credit": lazy("credit, noncredit or convertible"),
    "credits": lazy("credits"),
    "credit_course": lazy("course the credit counts as"),
    "credit_office": lazy("office that decides about credit"),
    "stacking": lazy("whether it stacks"),
    "stacks_into": lazy("what it stacks into"),
    "quality_assurance": lazy("quality assurance"),
    "endorsements": lazy("live endorsements from outside"),
    "validity_months": lazy("months it is valid"),
    "review_months": lazy("months until it is reviewed"),
    "offered_months": lazy("months it has been offered"),
    "issuer_country": lazy("country of the issuer"),
    "on_credential": lazy("what every credential carries"),
    "tags": lazy("tags"),
    "image_alt": lazy("description of the image"),
}
"""Fact → its name on the screen. Besides these, every dimension of the taxonomy can be asked, by its key."""


Names = Mapping[str, Words]
"""What codes are called."""
LANGUAGES: Names = {code: lazy(known["name"]) for code, known in LANG_INFO.items() if "name" in known}
CODES: dict[str, Names] = {"language": LANGUAGES, "languages": LANGUAGES}
"""Fact that holds one of a few codes → what each is called; the rooms that have the codes say it."""


class Labels(dict[str, str]):
    """Fact → its name on the screen, beyond `FACTS`; and what the values of each dimension are called."""

    def __init__(self, names: Mapping[str, str], values: Mapping[str, Names]) -> None:
        super().__init__(names)
        self.named = dict(values)


def name_codes(codes: Mapping[str, Names]) -> None:
    """Take over what the codes of facts are called; done once per room, when the program starts."""
    CODES.update(codes)


def label_of(fact: str, labels: Mapping[str, str]) -> str:
    """A fact's name on the screen."""
    return (labels.get(fact) or str(FACTS.get(fact, fact))) if fact else ""


def names_of(fact: str, labels: Mapping[str, str]) -> Names:
    """What the codes that a fact can hold are called; nothing for one that holds words or numbers."""
    own = labels.named.get(fact) if isinstance(labels, Labels) else None
    return CODES.get(fact, {}) if own is None else own


def empty(found: object) -> bool:
    """Whether a fact says nothing: no value, no text, no entries. Zero is something."""
    return blank(found) or (isinstance(found, list | tuple) and not found)


def blank(found: object) -> bool:
    """Whether nobody has said it yet. A list without entries is known to have none."""
    return found is None or (isinstance(found, str) and not found.strip())


def amount(found: object) -> Decimal | None:
    """A fact as a number: itself, or how many entries it has; ``None`` if it is neither."""
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float | Decimal):
        return Decimal(str(found))
    if isinstance(found, list | tuple):
        return Decimal(len(found))
    return None


def shown(value: object, names: Names | None = None) -> str:
    """A value in words, short enough for a line.

    Args:
        value: what a fact holds, or is compared with.
        names: what its codes are called.
    """
    if empty(value):
        return _("nothing")
    if isinstance(value, list | tuple):
        text = ", ".join(quoted(v, names) for v in value[:6])
        return f"{text} … ({len(value)})" if len(value) > 6 else text  # noqa: PLR2004 - as above
    text = quoted(value, names)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line


def called(value: object, names: Names | None = None) -> str:
    """One value in words: a code by its name, everything else as it is."""
    return str((names or {}).get(str(value), value))


def quoted(value: object, names: Names | None = None) -> str:
    """The same inside of a sentence, where a name stands in quotes."""
    name = (names or {}).get(str(value))
    return str(value) if name is None else f"“{name}”"


def spelled(value: object, names: Names) -> str:
    """A test's value as it is typed: codes by their names, unless a name has a comma in it."""
    listed = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(v) if "," in called(v, names) else called(v, names) for v in listed)


def keyed(text: str, names: Names) -> str:
    """What was typed, with the codes in the place of their names; what is none stays as it is."""
    if not names:
        return text
    keys = {str(name).casefold(): key for key, name in names.items()}
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(part if part in names else keys.get(part.casefold(), part) for part in parts)
