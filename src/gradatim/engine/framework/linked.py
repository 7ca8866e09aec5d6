"""Linked data as plain nodes: compact names made whole, values by language, and nothing fetched.

Spec: JSON-LD 1.1, 4 (compact IRIs, language maps, node objects), as far as published frameworks use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradatim.engine.errors import LimitError
from gradatim.engine.framework.shape import MAX_TEXT, MAX_URI

PREFIXES = {
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "schema": "http://schema.org/",
}
"""What the prefixes mean in the contexts that are published for CTDL, CTDL-ASN and SKOS; a context in the file wins."""

_SHORT = {iri: prefix for prefix, iri in reversed(PREFIXES.items())} | {
    "http://purl.org/ctdlasn/terms/": "ceasn",
    "http://purl.org/ctdl/terms/": "ceterms",
    "http://purl.org/ceterms/terms/": "ceterms",
    "https://schema.org/": "schema",
}


@dataclass(slots=True)
class Node:
    """One thing: its address, its types and its values, all under names like ``skos:prefLabel``."""

    id: str
    types: set[str]
    values: dict[str, list[Any]] = field(default_factory=dict)

    def text(self, *names: str, language: str = "", longest: int = MAX_TEXT) -> str:
        """The first text under one of the names, in the language if there is one.

        Raises:
            LimitError: ``too-large``.
        """
        for name in names:
            found = self.texts(name, language=language)
            if found:
                if len(found[0]) > longest:
                    raise LimitError("too-large", f"{self.id}, {name}: more than {longest:,} letters.")
                return found[0]
        return ""

    def texts(self, name: str, *, language: str = "") -> list[str]:
        """The texts under a name: those of the language, else those of the first language there is."""
        by_language: dict[str, list[str]] = {}
        for value in self.values.get(name, []):
            for said, text in _texts(value):
                by_language.setdefault(said.lower(), []).append(text)
        for said, texts in by_language.items():
            if language and said.split("-")[0] == language.lower().split("-")[0]:
                return texts
        return next(iter(by_language.values()), [])

    def languages(self, name: str) -> list[str]:
        """The languages of the texts under a name, in order, in the letter case of BCP 47, 2.1.1."""
        said = (said for value in self.values.get(name, []) for said, _ in _texts(value) if said)
        return list(dict.fromkeys(_usual(one) for one in said))

    def links(self, *names: str) -> list[str]:
        """The addresses under the names."""
        found = []
        for name in names:
            for value in self.values.get(name, []):
                address = value.get("@id") or value.get("id") if isinstance(value, Mapping) else value
                if isinstance(address, str) and ":" in address and len(address) <= MAX_URI:
                    found.append(address)
        return found


def nodes(document: object) -> dict[str, Node]:
    """Every node of a document by its address, in order; nodes without one get a number of their own.

    Args:
        document: JSON: a node, a list of nodes, or an object with ``@graph``; anything else has none.
    """
    found: dict[str, Node] = {}
    for entry, terms in _objects(document, dict(PREFIXES)):
        made = _node(entry, terms, f"_:{len(found)}")
        before = found.get(made.id)
        if before is None:
            found[made.id] = made
        else:
            before.types |= made.types
            for name, values in made.values.items():
                before.values.setdefault(name, []).extend(values)
    return found


def _objects(value: object, terms: dict[str, str]) -> Iterator[tuple[Mapping[str, Any], dict[str, str]]]:
    """Every object that says something, outer ones first, with the terms that hold there."""
    waiting: list[tuple[object, dict[str, str]]] = [(value, terms)]
    while waiting:
        entry, known = waiting.pop()
        if isinstance(entry, list):
            waiting += [(e, known) for e in reversed(entry)]
        elif isinstance(entry, Mapping) and "@value" not in entry:
            known = known | _context(entry.get("@context"))
            if any(not key.startswith("@") or key == "@type" for key in entry):
                yield entry, known
            waiting += [
                (v, known)
                for k, v in reversed(list(entry.items()))
                if k != "@context" and isinstance(v, Mapping | list)
            ]


def _context(context: object) -> dict[str, str]:
    """Prefixes and terms of a context in the file; an address of a context is not asked, its prefixes are known."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for term, meaning in part.items() if isinstance(part, Mapping) else ():
            iri = meaning.get("@id") if isinstance(meaning, Mapping) else meaning
            if isinstance(iri, str):
                if len(iri) > MAX_URI:
                    raise LimitError(
                        "too-large",
                        f"The context: the address of {term[:60]} has more than {MAX_URI} letters.",
                    )
                found[str(term)] = iri
    return found


def _node(entry: Mapping[str, Any], terms: dict[str, str], nameless: str) -> Node:
    types = entry.get("@type", entry.get("type", []))
    address = entry.get("@id", entry.get("id"))
    made = Node(
        _whole(address, terms) if isinstance(address, str) else nameless,
        {_name(t, terms) for t in (types if isinstance(types, list) else [types]) if isinstance(t, str)},
    )
    for key, value in entry.items():
        if key.startswith("@") or key in {"id", "type"}:
            continue
        values = value if isinstance(value, list) else [value]
        made.values.setdefault(_name(key, terms), []).extend(
            {**v, "@id": _whole(v["@id"], terms)}
            if isinstance(v, Mapping) and isinstance(v.get("@id"), str)
            else v
            for v in values
        )
    return made


def _name(key: str, terms: dict[str, str]) -> str:
    """A property or type under the prefix that is ours: ``skos:prefLabel`` however the file writes it."""
    return name_of(_whole(terms.get(key, key), terms))


def name_of(iri: str) -> str:
    """The name of a property or type under the prefix that is ours; the address itself if it has none."""
    for base, prefix in _SHORT.items():
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


def _whole(name: str, terms: dict[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    base = terms.get(prefix)
    return base + rest if colon and base and not rest.startswith("//") else name


def _usual(language: str) -> str:
    first, *rest = language.lower().split("-")
    case = {2: str.upper, 4: str.title}
    return "-".join([first, *(case.get(len(part), str)(part) for part in rest)])


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Language and text of a value: a plain text, a value object or a language map."""
    if isinstance(value, str):
        if value.strip():
            yield "", value.strip()
    elif isinstance(value, Mapping):
        if isinstance(value.get("@value"), str):
            if value["@value"].strip():
                yield str(value.get("@language", "")), value["@value"].strip()
        elif "@id" not in value:
            for language, text in value.items():
                for one in text if isinstance(text, list) else [text]:
                    if isinstance(one, str) and one.strip() and not language.startswith("@"):
                        yield language, one.strip()
