"""What statements are found by: words without ending, accent and letter case, the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

SHORT = 3  # letters; a shorter word keeps its ending
STOP = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "both",
        "but",
        "by",
        "can",
        "do",
        "each",
        "for",
        "from",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "more",
        "most",
        "must",
        "not",
        "of",
        "on",
        "one",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "under",
        "up",
        "upon",
        "use",
        "using",
        "very",
        "was",
        "well",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "within",
        "work",
        "you",
        "your",
        "able",
        "ability",
        "at-least",
        "according",
        "ensure",
        "including",
        "order",
        "relevant",
        "various",
    ]
)
"""Words that say little about a skill; only suggestions leave them out."""

_WORD = re.compile(r"[^\W_]+")
_SPELLINGS = (
    ("is", "iz"),
    ("ys", "yz"),
    ("our", "or"),
)  # organise, analyse, behaviour: one spelling for both


def stems(text: str) -> list[str]:
    """The stems of a text, in order.

    Args:
        text: in any language; English endings are taken off, other languages lose at most an ending too.
    """
    return [stem(word) for word in split(text)]


def split(text: str) -> list[str]:
    """The words of a text, small and without accents."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _WORD.findall(plain)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its ending: *charts*, *charting* and *charted* become *chart*."""
    if len(word) <= SHORT or not word.isascii() or not word.isalpha():
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= SHORT and re.search("[aeiouy]", root):
            word = root[:-1] if root[-1] == root[-2] and root[-1] not in "lsz" else root
            break
    if len(word) > SHORT and word.endswith("e"):
        word = word[:-1]
    for british, american in _SPELLINGS:
        if len(word) > 4 and word.endswith(british):  # noqa: PLR2004 - letters
            return word.removesuffix(british) + american
    return word


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:  # noqa: PLR2004 - letters
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def words_of(code: str, statement: str, labels: Iterable[str], description: str) -> str:
    """What an item is found by, for its column *words*: every stem once."""
    return " ".join(dict.fromkeys(stems(" ".join([code, statement, *labels, description]))))


# How each database finds words. The migration makes it; the database itself keeps it in step with the column.
SQLITE = (
    "CREATE VIRTUAL TABLE taxonomy_item_words USING fts5(words, content='taxonomy_item', content_rowid='id', tokenize='unicode61', prefix='2 3')",
    (
        "CREATE TRIGGER taxonomy_item_words_add AFTER INSERT ON taxonomy_item BEGIN"
        " INSERT INTO taxonomy_item_words(rowid, words) VALUES (new.id, new.words); END"
    ),
    (
        "CREATE TRIGGER taxonomy_item_words_take AFTER DELETE ON taxonomy_item BEGIN"
        " INSERT INTO taxonomy_item_words(taxonomy_item_words, rowid, words) VALUES ('delete', old.id, old.words); END"
    ),
    (
        "CREATE TRIGGER taxonomy_item_words_change AFTER UPDATE OF words ON taxonomy_item BEGIN"
        " INSERT INTO taxonomy_item_words(taxonomy_item_words, rowid, words) VALUES ('delete', old.id, old.words);"
        " INSERT INTO taxonomy_item_words(rowid, words) VALUES (new.id, new.words); END"
    ),
    "INSERT INTO taxonomy_item_words(taxonomy_item_words) VALUES ('rebuild')",
)
POSTGRESQL = (
    (
        "ALTER TABLE taxonomy_item ADD COLUMN words_index tsvector"
        " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    ),
    "CREATE INDEX taxonomy_item_words ON taxonomy_item USING gin (words_index) WITH (fastupdate = off)",
)
FIND = {
    "sqlite": (
        "SELECT i.id, i.code, i.statement, i.words, i.retired, i.position FROM taxonomy_item_words w JOIN taxonomy_item i ON i.id = w.rowid"
        " JOIN taxonomy_framework f ON f.id = i.framework_id"
        " WHERE taxonomy_item_words MATCH %s AND {where} ORDER BY w.rank LIMIT %s"
    ),
    "postgresql": (
        "SELECT i.id, i.code, i.statement, i.words, i.retired, i.position FROM taxonomy_item i JOIN taxonomy_framework f ON f.id = i.framework_id,"
        " to_tsquery('simple', %s) asked WHERE i.words_index @@ asked AND {where}"
        " ORDER BY ts_rank(i.words_index, asked, 1) DESC, i.id LIMIT %s"
    ),
}
"""Database → the query: words asked, conditions on item and framework, most."""


def asked(stems_: Sequence[str], *, vendor: str, every: bool) -> str:
    """The words as the database's own question: every word (each of two letters may go on), or any of them as it is.

    Args:
        stems_: from `stems`; only letters and digits.
        vendor: ``"sqlite"`` or ``"postgresql"``.
        every: whether all have to be there.
    """
    open_end = {s for s in stems_ if every and len(s) > 1}
    if vendor == "sqlite":
        return (" AND " if every else " OR ").join(f'"{s}"*' if s in open_end else f'"{s}"' for s in stems_)
    return (" & " if every else " | ").join(f"'{s}':*" if s in open_end else f"'{s}'" for s in stems_)
