"""A policy taken apart into entries by path, and put together again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradatim.program.taxonomy import written

Path = tuple[str, ...]
Entries = dict[Path, Any]
"""Path → what stands there; the path of a list → the keys of its entries in order."""

SECTIONS: dict[str, tuple[str, str]] = {
    "dimensions": ("key", "values"),
    "rules": ("key", ""),
    "profiles": ("key", "rules"),
    "bodies": ("key", ""),
    "routes": ("key", "stages"),
}
"""List of a policy → what names its entries, and the list inside each of them."""
OTHERS = ("bodies", "routes")  # what another room has; a text that says nothing about it leaves it as it is
HEAD = ("format", "name", "about", "source")  # whose policy it is; never a change


def apart(text: str) -> Entries:
    """The entries of a policy.

    Args:
        text: YAML that was written by `pack.write`.
    """
    data = written.load(text)
    found: Entries = {}
    for name, content in data.items():
        if name in SECTIONS:
            named, inner = SECTIONS[name]
            _take((name,), content, named, inner, found)
        elif name not in HEAD:
            found[(name,)] = content
    return found


def _take(path: Path, rows: Sequence[Mapping[str, Any]], named: str, inner: str, found: Entries) -> None:
    found[path] = [str(row[named]) for row in rows]
    for row in rows:
        here = (*path, str(row[named]))
        found[here] = {name: value for name, value in row.items() if name != inner}
        if inner:
            _take((*here, inner), row.get(inner, []), "key", "", found)


def together(entries: Mapping[Path, Any], head: Mapping[str, Any]) -> str:
    """Entries as the text of a policy; what is not on its list's order stands at the end of it.

    Args:
        entries: as `apart` gives them.
        head: what the text starts with.
    """
    whole: dict[str, Any] = dict(head)
    for name, (_named, inner) in SECTIONS.items():
        rows = [_row(entries, (name, key), inner) for key in order(entries, (name,))]
        if rows:
            whole[name] = rows
    whole |= {path[0]: content for path, content in entries.items() if len(path) == 1 and not is_list(path)}
    return written.dump(whole)


def _row(entries: Mapping[Path, Any], path: Path, inner: str) -> dict[str, Any]:
    row = dict(entries[path])
    if inner and (keys := order(entries, (*path, inner))):
        row[inner] = [entries[(*path, inner, key)] for key in keys]
    return row


def of_others(entries: Mapping[Path, Any]) -> Entries:
    """The entries that another room has."""
    return {path: entry for path, entry in entries.items() if path[0] in OTHERS}


def own(entries: Mapping[Path, Any]) -> Entries:
    """The entries of the taxonomy alone."""
    return {path: entry for path, entry in entries.items() if path[0] not in OTHERS}


def is_list(path: Path) -> bool:
    """Whether a path is that of a list's order."""
    if len(path) == 1:
        return path[0] in SECTIONS
    return len(path) == 3 and path[2] == SECTIONS[path[0]][1]  # noqa: PLR2004 - list, entry, list inside it


def order(entries: Mapping[Path, Any], path: Path) -> list[str]:
    """The keys of a list as they stand: in its order, those it does not know at the end, those that are gone left out."""
    there = [p[-1] for p in entries if len(p) == len(path) + 1 and p[:-1] == path]
    known = [key for key in entries.get(path, []) if key in there]
    return [*known, *(key for key in there if key not in known)]


def head_of(text: str) -> dict[str, Any]:
    """What a text starts with."""
    data = written.load(text)
    return {name: data[name] for name in HEAD if name in data}
