"""Finding statements by words, and statements that an outcome may mean."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import search
from gradatim.program.taxonomy.models import Framework, Item

CANDIDATES = 200  # how many the database hands over to be put in order
MAX_STEMS = 40  # of a question
LEAST = 0.34  # share of a statement's weight that an outcome has to cover to be suggested

Stems = list[str]


def search_items(
    organization: Organization,
    text: str,
    *,
    limit: int = 30,
    framework: Framework | None = None,
    retired: bool = False,
) -> list[Item]:
    """Items that have every word in code, statement, other names or description; the best first.

    Args:
        organization: whose frameworks.
        text: words or their beginnings, any letter case; empty finds the first items.
        limit: at most so many.
        framework: only this one.
        retired: whether retired items and frameworks are found too.
    """
    asked = list(dict.fromkeys(search.stems(text)))[:MAX_STEMS]
    if asked:
        found = _find(organization, asked, every=True, framework=framework, retired=retired)
        return _items([f.key for f in sorted(found, key=lambda f: _closeness(f, asked))[:limit]])
    everything = Item.objects.filter(framework__organization=organization, framework__whole=True)
    if framework is not None:
        everything = everything.filter(framework=framework)
    if not retired:
        everything = everything.filter(retired=False, framework__retired_at=None)
    return list(everything.select_related("framework").order_by("framework__title", "position", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that an outcome may mean, and why.

    Attributes:
        item: the statement.
        outcome: the outcome it was found for.
        words: the outcome's words that the statement has too, as they stand in the outcome.
        score: 0 to 1; how much of both they cover.
    """

    item: Item
    outcome: str
    words: tuple[str, ...]
    score: float


def suggestions(
    organization: Organization, outcomes: Iterable[str], *, leave_out: Collection[int] = (), most: int = 3
) -> list[Suggestion]:
    """Statements that the outcomes may mean; a person decides, nothing is aligned by this.

    Args:
        organization: whose frameworks.
        outcomes: their texts.
        leave_out: keys of items that are aligned already.
        most: at most so many for an outcome.

    Returns:
        In the order of the outcomes, the best first; each item once. No entry for an outcome that shares too little.
    """
    taken = set(leave_out)
    best: list[tuple[str, _Alike]] = []
    for outcome in outcomes:
        alike = _alike(organization, outcome, taken)[:most]
        taken |= {a.key for a in alike}
        best += [(outcome, a) for a in alike]
    items = {i.pk: i for i in _items([a.key for _outcome, a in best])}
    return [Suggestion(items[a.key], outcome, a.words, a.score) for outcome, a in best if a.key in items]


def others_like(item: Item, text: str, *, limit: int = 12) -> list[Item]:
    """Statements of other frameworks that an item may match: by the words given, else by its own.

    Args:
        item: what is compared.
        text: words; empty for those of the item.
        limit: at most so many.
    """
    organization = item.framework.organization
    if text:
        found = search_items(organization, text, limit=CANDIDATES)
    else:
        found = _items([a.key for a in _alike(organization, item.statement, {item.pk})])
    return [i for i in found if i.framework_id != item.framework_id][:limit]


@dataclass(frozen=True, slots=True)
class _Found:
    """A row as the database found it: enough to be put in order."""

    key: int
    code: str
    statement: str
    words: str
    retired: bool
    position: int


@dataclass(frozen=True, slots=True)
class _Alike:
    """A row that an outcome may mean, with the outcome's words in it."""

    key: int
    words: tuple[str, ...]
    score: float


def _alike(organization: Organization, text: str, leave_out: Collection[int]) -> list[_Alike]:
    """Rows that share words with a text, weighed by how rare the words are; the best first."""
    spoken = {search.stem(word): word for word in reversed(search.split(text)) if word not in search.STOP}
    if not spoken:
        return []
    rows = [
        (f, _said(f.statement))
        for f in _find(organization, list(spoken)[:MAX_STEMS], every=False)
        if f.key not in leave_out
    ]
    often = Counter(s for f, _own in rows for s in set(f.words.split()) & set(spoken))
    weight = {s: math.log(2 + len(rows) / (1 + often[s])) for s in spoken}
    usual = sum(weight.values()) / len(weight)
    made = []
    for found, own in rows:
        shared = own & set(spoken)
        reached = sum(weight[s] for s in shared)
        whole = reached + usual * len(own - shared)
        if not shared or (len(shared) == 1 and len(own) > 1) or reached / whole < LEAST:
            continue
        score = 2 * reached / (whole + sum(weight.values()))
        words = tuple(spoken[s] for s in reversed(spoken) if s in shared)
        made.append((-score, found.position, _Alike(found.key, words, score)))
    return [alike for _score, _position, alike in sorted(made, key=lambda m: m[:2])]


def _said(statement: str) -> set[str]:
    """The stems of a statement that say something."""
    return {search.stem(w) for w in search.split(statement) if w not in search.STOP}


def _closeness(found: _Found, asked: Stems) -> tuple[bool, int, bool, int, str, int]:
    """How near a row is to what was asked: all words in its name, at its start, a name without many others."""
    named = search.stems(f"{found.code} {found.statement}")
    missing = sum(not any(n.startswith(a) for n in named) for a in asked)
    starts = not any(n.startswith(asked[0]) for n in search.stems(found.statement)[:1])
    return found.retired, missing, starts, len(named), found.statement, found.key


def _items(keys: list[int]) -> list[Item]:
    """The items of the keys, in their order."""
    found = Item.objects.select_related("framework__organization").defer("words").in_bulk(keys)
    return [found[k] for k in keys if k in found]


def _find(
    organization: Organization,
    stems: Stems,
    *,
    every: bool,
    framework: Framework | None = None,
    retired: bool = False,
) -> list[_Found]:
    where, values = ["f.organization_id = %s", "f.whole"], [organization.pk]
    if framework is not None:
        where.append("f.id = %s")
        values.append(framework.pk)
    if not retired:
        where += ["NOT i.retired", "f.retired_at IS NULL"]
    vendor = connection.vendor
    query = search.FIND[vendor].format(where=" AND ".join(where))
    with connection.cursor() as cursor:
        cursor.execute(query, [search.asked(stems, vendor=vendor, every=every), *values, CANDIDATES])
        return [_Found(*row) for row in cursor.fetchall()]
