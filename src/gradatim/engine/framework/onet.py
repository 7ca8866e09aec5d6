"""O*NET: occupations and elements of the content model, as the text files of its database.

Spec: O*NET database, ``Occupation Data.txt``, ``Content Model Reference.txt`` and the files of rated elements; tab-separated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote
from uuid import UUID

from gradatim.engine.framework import table
from gradatim.engine.framework.shape import (
    MAX_WORD,
    About,
    Association,
    Framework,
    Item,
    check,
    identifier_of,
    link,
)

OCCUPATIONS: dict[str, Sequence[str]] = {
    "code": ("O*NET-SOC Code",), "statement": ("Title",), "description": ("Description",),
}  # fmt: skip
ELEMENTS: dict[str, Sequence[str]] = {
    "code": ("Element ID",), "statement": ("Element Name",), "description": ("Description",), "rated": ("O*NET-SOC Code",),
}  # fmt: skip

_OCCUPATION = re.compile(r"\d\d-\d{4}\.\d\d")
_ELEMENT = re.compile(r"\d+(\.[A-Za-z0-9]+)*")
_SITE = "https://www.onetonline.org"


def read(data: bytes, about: About) -> Framework:
    """Read occupations or elements, whichever the header names.

    Args:
        data: UTF-8, tab-separated, without quoting.
        about: the version of the database, and a title of one's own.

    Returns:
        The framework. ``15-1252.01`` stands under ``15-1252.00`` and ``2.A.1.a`` under ``2.A.1``, where both are there.
        A file of ratings (one row for each occupation, element and scale) gives each element once.

    Raises:
        InputError, LimitError, ShapeError: as `table.rows`; ``duplicate-row``, with the line.
    """
    names = {table.plain(name) for name in table.header(data)}
    elements = table.plain("Element ID") in names
    read_one = _elements if elements else _occupations
    items = list(read_one(data, about.language))
    part = "elements" if elements else "occupations"
    uri = about.uri or f"https://www.onetcenter.org/database.html#{part}"
    return check(
        Framework(
            identifier=about.identifier or identifier_of(uri),
            uri=uri,
            title=about.title or f"O*NET {part}",
            creator=about.creator or "National Center for O*NET Development",
            changed_at=None,
            version=about.version,
            language=about.language or "en",
            license="Creative Commons Attribution 4.0",
            source="onet",
            items=tuple(items),
            associations=tuple(_nesting(items, elements=elements)),
        )
    )


def _occupations(data: bytes, language: str) -> Iterator[Item]:
    yield from _distinct(
        data,
        OCCUPATIONS,
        _OCCUPATION,
        lambda code: f"{_SITE}/link/summary/{quote(code)}",
        "Occupation",
        language,
    )


def _elements(data: bytes, language: str) -> Iterator[Item]:
    yield from _distinct(
        data,
        ELEMENTS,
        _ELEMENT,
        lambda code: f"{_SITE}/find/descriptor/result/{quote(code)}",
        "Element",
        language,
    )


def _distinct(
    data: bytes,
    columns: dict[str, Sequence[str]],
    pattern: re.Pattern[str],
    address: Callable[[str], str],
    kind: str,
    language: str,
) -> Iterator[Item]:
    lines: dict[str, int] = {}
    rated = False
    for row in table.rows(data, columns, required=("code", "statement"), quoted=False):
        code, statement = row.get("code", longest=MAX_WORD), row.get("statement")
        rated = rated or bool(row.get("rated"))
        if not pattern.fullmatch(code):
            raise table.refuse(row.line, columns["code"][0], f"{code[:40]!r} is no such code.")
        if not statement:
            raise table.refuse(row.line, columns["statement"][0], "it is empty.")
        if code in lines:
            if rated:
                continue
            raise table.refuse(
                row.line, columns["code"][0], f"the same as line {lines[code]}.", "duplicate-row"
            )
        lines[code] = row.line
        uri = address(code)
        yield Item(
            identifier=identifier_of(uri),
            uri=uri,
            statement=statement,
            code=code,
            kind=kind,
            description=row.get("description"),
            language=language,
        )


def _nesting(items: list[Item], *, elements: bool) -> Iterator[Association]:
    known: dict[str, UUID] = {i.code: i.identifier for i in items}
    for place, item in enumerate(items):
        above = item.code.rsplit(".", 1)[0] + ("" if elements else ".00")
        if above != item.code and above in known:
            yield link("isChildOf", item.identifier, known[above], place + 1)
