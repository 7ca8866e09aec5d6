"""Whether something like it is there already: which words two texts share, and how much that says. Pure texts, no rows."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TITLE, REST = 3, 1  # how much a word counts in the title, and elsewhere
ALIKE = 0.3  # of everything a text says; less is not worth a look
SHOWN = 5
SHORTEST = 3  # letters of a word that can say something
COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "has",
        "have",
        "how",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "work",
        "their",
        "your",
        "basic",
        "basics",
        "introduction",
        "course",
        "credential",
        "microcredential",
        "badge",
        "der",
        "die",
        "das",
        "und",
        "für",
        "mit",
        "von",
        "zu",
        "ein",
        "eine",
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "y",
        "para",
        "con",
        "le",
        "les",
        "des",
        "et",
        "pour",
        "avec",
    ]
)
HISSING = ("s", "x", "z", "ch", "sh")  # after these a plural takes "es"
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """The words of a text that can say something, in their plain form."""
    return [
        _plain(word)
        for word in _WORD.findall(text.casefold())
        if len(word) >= SHORTEST and word not in COMMON
    ]


def _plain(word: str) -> str:
    """Without the endings that English verbs and plurals take, so that they match."""
    for ending in ("ies", "ing", "ed", "es", "s"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < SHORTEST or (ending == "es" and not stem.endswith(HISSING)):
            continue
        return stem + ("y" if ending == "ies" else "")
    return word


@dataclass(frozen=True, slots=True)
class Text:
    """Something that could be alike.

    Attributes:
        key: what it is, for the caller.
        title: its title.
        rest: everything else it says.
    """

    key: str
    title: str
    rest: str

    @property
    def weights(self) -> dict[str, int]:
        """How much each of its words counts."""
        found = Counter(dict.fromkeys(words(self.title), TITLE))
        for word in set(words(self.rest)) - set(found):
            found[word] = REST
        return dict(found)


@dataclass(frozen=True, slots=True)
class Alike:
    """Something that says much the same.

    Attributes:
        key: of the text.
        share: how much of the smaller of both is in the other, 0 to 1.
        matches: the words they share, those that say most first.
    """

    key: str
    share: float
    matches: tuple[str, ...]

    @property
    def percent(self) -> int:
        """The share in percent."""
        return round(self.share * 100)


def alike(new: Text, known: Iterable[Text]) -> list[Alike]:
    """The texts that share most with a new one, most alike first; rare words say more than frequent ones.

    Args:
        new: what is proposed.
        known: what is there.
    """
    weighed = {text.key: text.weights for text in known}
    mine = new.weights
    rare = _rarity([*weighed.values(), mine])
    found = [_compared(key, mine, theirs, rare) for key, theirs in weighed.items()]
    return sorted((a for a in found if a.share >= ALIKE), key=lambda a: (-a.share, a.key))[:SHOWN]


def _rarity(texts: list[dict[str, int]]) -> dict[str, float]:
    counted = Counter(word for text in texts for word in text)
    return {word: 1 + math.log(len(texts) / many) for word, many in counted.items()}


def _compared(
    key: str, mine: Mapping[str, int], theirs: Mapping[str, int], rare: Mapping[str, float]
) -> Alike:
    def says(text: Mapping[str, int], among: Iterable[str]) -> float:
        return sum(text[word] * rare[word] for word in among)

    both = sorted(set(mine) & set(theirs), key=lambda word: (-mine[word] * rare[word], word))
    smaller = min(says(mine, mine), says(theirs, theirs))
    share = min(says(mine, both), says(theirs, both)) / smaller if smaller else 0.0
    return Alike(key, share, tuple(both))
