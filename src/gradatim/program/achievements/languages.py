"""What a version says in one more language, and in its own where that is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from gradatim.program.achievements import rubric
from gradatim.program.achievements.models import Translation, Version


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is shown.

    Attributes:
        words: of it.
        language: that it is in, if that is not the one around it: the original's, because it was not translated yet.
    """

    words: str
    language: str = ""

    def __str__(self) -> str:
        return self.words


def in_language(version: Version, translation: Translation | None, said: str, original: str) -> Text:
    """A text in the language of a translation, else in the version's own.

    Args:
        version: whose.
        translation: one of its; ``None`` for its own language.
        said: the text of the translation, empty if it is missing.
        original: the version's own.
    """
    if translation is None:
        return Text(original)
    return Text(said) if said else Text(original, version.language)


def outcomes_in(version: Version, translation: Translation | None = None) -> list[Text]:
    """The outcomes, each in the language of a translation, else in the version's own."""
    said = list(translation.outcomes) if translation else []
    originals = [o.text for o in version.outcomes.all()]
    said += [""] * (len(originals) - len(said))
    return [in_language(version, translation, text, own) for text, own in zip(said, originals, strict=False)]


def missing(version: Version, translation: Translation) -> dict[str, str]:
    """What a translation lacks: name of the part → in words, with how many of its texts if there are several."""
    parts = {
        "criteria": _("What has to be shown"),
        "assessment": _("How it is assessed"),
        "image_alt": _("The badge in words"),
    }
    found = {
        key: words for key, words in parts.items() if getattr(version, key) and not getattr(translation, key)
    }
    outcomes = outcomes_in(version, translation)
    rubrics = [
        bool(translation.rubric.get(part, {}).get(kind)) for part, kind in rubric.texts(version.rubric)
    ]
    for key, words, said in (
        ("outcomes", _("Outcomes"), [not text.language for text in outcomes]),
        ("rubric", _("Rubric"), rubrics),
    ):
        if not all(said):
            found[key] = _("%(part)s (%(n)s of %(all)s)") % {
                "part": words,
                "n": said.count(False),
                "all": len(said),
            }
    return found


def own_name(language: str) -> str:
    """What a language calls itself, as the entry of a list to choose from; its code if nobody here knows."""
    try:
        name: str = get_language_info(language)["name_local"]
    except KeyError:
        return language
    return name[:1].upper() + name[1:]


def name_of(language: str) -> str:
    """A language in words; its code if nobody here knows its name."""
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language
