"""Which statements of a document a JSON pointer selects, under names of blank nodes that stay the same.

Spec: Data Integrity ECDSA Cryptosuites 1.0, 3.4 Selective Disclosure Functions; RFC 6901 (JSON pointers).

Every object without an id is given one that nobody else uses, so that a part of the document makes the same statements as
the whole. Lists keep their order and are disclosed whole; a document with graphs of its own (credentials inside) is refused,
and so is a large one: it costs several times what other proofs cost.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.errors import LimitError, ProofError

MAX_POINTERS = 200
MAX_VALUES = 10_000  # objects, texts and numbers of a document that can be shown in part; a rich badge has some hundred
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,6})\Z", re.ASCII)
_BEGUN = ("id", "type")
_SKOLEM = "urn:bnid:"
_REST = jsonld.REST
_SPEC = "Data Integrity ECDSA Cryptosuites 1.0, 3.4"


@dataclass(frozen=True, slots=True)
class Grouped:
    """The statements of a document, in order, with what each group of pointers selects.

    Attributes:
        lines: N-Quads with the final names of blank nodes, sorted.
        groups: for each group the numbers of its lines.
        quads: for each group its statements, under lasting names of blank nodes.
        labels: the lasting name of each blank node to its final one.
    """

    lines: list[str]
    groups: dict[str, list[int]]
    quads: dict[str, list[rdfc.Quad]]
    labels: dict[str, str]


def group(
    document: Mapping[str, Any],
    groups: Mapping[str, Sequence[str]],
    hmac_key: bytes,
    *,
    allowed: frozenset[str] = frozenset(),
) -> Grouped:
    """The statements of a document under names that only the key's holder can foretell, and what pointers select of them.

    Args:
        document: without its proof.
        groups: lists of JSON pointers by name.
        hmac_key: 32 bytes.
        allowed: URLs of contexts with ``@vocab`` that are accepted.

    Raises:
        ProofError: ``proof-unsupported``; Error: what canonicalisation refuses.
    """
    named = _skolemized(document)
    quads = _named_quads(named, allowed)
    _, names = rdfc.canonical_dataset(quads)
    labels = {blank: _label(canonical[2:], hmac_key) for blank, canonical in names.items()}
    lines = sorted(_line(quad, labels) for quad in dict.fromkeys(quads))
    number = {line: at for at, line in enumerate(lines)}
    found, parts = {}, {}
    for name, pointers in groups.items():
        chosen = select(named, pointers)
        parts[name] = _named_quads(chosen, allowed) if chosen else []
        rdfc.charge(len(parts[name]))
        texts = [_line(quad, labels) for quad in dict.fromkeys(parts[name])]
        if any(text not in number for text in texts):
            raise _unsupported("a list can only be disclosed whole")
        found[name] = sorted(number[text] for text in texts)
    return Grouped(lines, found, parts, labels)


def canonical_labels(quads: Sequence[rdfc.Quad], labels: Mapping[str, str]) -> dict[str, str]:
    """For the part of a document that is disclosed: the canonical name each blank node has there, to its final name."""
    _, names = rdfc.canonical_dataset(quads)
    return {canonical[2:]: labels[blank] for blank, canonical in names.items()}


def relabelled(
    document: Mapping[str, Any], labels: Mapping[str, str], *, allowed: frozenset[str] = frozenset()
) -> list[str]:
    """The statements of a disclosed document, sorted, under the names that its proof states.

    Raises:
        ProofError: ``proof-invalid``, when a blank node has no name there; Error: what canonicalisation refuses.
    """
    quads = jsonld.to_quads(document, allowed=allowed)
    _, names = rdfc.canonical_dataset(quads)
    try:
        final = {blank: labels[canonical[2:]] for blank, canonical in names.items()}
    except KeyError:
        raise ProofError(
            "proof-invalid", "The proof does not name everything that is shown.", _SPEC
        ) from None
    return sorted(_line(quad, final) for quad in dict.fromkeys(quads))


def select(document: Mapping[str, Any], pointers: Sequence[str]) -> dict[str, Any]:
    """The part of a document that pointers select, with the ids and types on the way; empty for no pointers.

    Raises:
        ProofError: ``proof-invalid``, for a pointer to nothing, or too many of them.
    """
    if len(pointers) > MAX_POINTERS:
        raise ProofError("proof-invalid", f"More than {MAX_POINTERS} pointers are not followed.", _SPEC)
    if not pointers:
        return {}
    paths = dict.fromkeys(_path(document, pointer) for pointer in pointers)
    chosen: dict[str, Any] = {"@context": document["@context"], **_begun(document)}
    for path in paths:
        if not any(path[:length] in paths for length in range(1, len(path))):
            _take(document, chosen, path)  # else it is shown anyway, as a part of something
    dense: dict[str, Any] = _dense(chosen)
    return dense


def _path(document: Mapping[str, Any], pointer: str) -> tuple[Any, ...]:
    """The keys and places on the way to what a pointer selects, or to the id or type that it is a part of."""
    if not pointer.startswith("/"):
        raise ProofError("proof-invalid", f"{pointer[:200]!r} is no JSON pointer to a part.", "RFC 6901, 3")
    path: list[Any] = []
    inner: Any = document
    for step in pointer[1:].split("/"):
        key, inner = _step(inner, step.replace("~1", "/").replace("~0", "~"), pointer)
        path.append(key)
    end = next((number for number, key in enumerate(path, 1) if key in _BEGUN), None)
    return tuple(path[:end])


def _take(source: Any, chosen: Any, path: tuple[Any, ...]) -> None:  # noqa: ANN401 - JSON
    """Take over what stands at a path; lists are kept as maps from place to entry until all paths were followed."""
    *way, last = path
    for key in way:
        source = source[key]
        if key not in chosen:
            chosen[key] = _Sparse() if isinstance(source, list) else _begun(source)
        chosen = chosen[key]
    chosen[last] = source[last]


def _step(source: Any, step: str, pointer: str) -> tuple[Any, Any]:  # noqa: ANN401 - JSON
    key: Any = int(step) if isinstance(source, list) and _INDEX.match(step) else step
    try:
        return key, source[key]
    except (KeyError, IndexError, TypeError):
        raise ProofError("proof-invalid", f"{pointer[:200]} points to nothing.", "RFC 6901, 4") from None


class _Sparse(dict[int, Any]):
    """A list of which only some entries are selected so far."""


def _dense(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, _Sparse):
        return [_dense(value[at]) for at in sorted(value)]
    if isinstance(value, list):
        return list(map(_dense, value))
    return {key: _dense(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def _begun(value: Mapping[str, Any]) -> dict[str, Any]:
    """What is always shown of an object on the way: its id and type."""
    return {key: value[key] for key in _BEGUN if key in value}


def _skolemized(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which every object has an id."""
    count = met = 0

    def named(value: Any, *, top: bool = False) -> Any:  # noqa: ANN401 - JSON
        nonlocal count, met
        met += 1
        if met > MAX_VALUES:
            raise LimitError(
                "resource-limit",
                f"A document of more than {MAX_VALUES:,} values is not shown in part.",
                _SPEC,
            )
        if isinstance(value, list):
            return [named(entry) for entry in value]
        if isinstance(value, str) and value.startswith((_SKOLEM, "_:")):
            raise _unsupported("names of blank nodes stand in it")
        if not isinstance(value, Mapping) or "@value" in value:
            return value
        if "@context" in value and not top:
            raise _unsupported("it holds other credentials")
        count += 1
        mine = f"{_SKOLEM}{count}"
        copy = {key: entry if key == "@context" else named(entry) for key, entry in value.items()}
        return {"id": mine, **copy}

    whole: dict[str, Any] = named(document, top=True)
    return whole


def _named_quads(document: Mapping[str, Any], allowed: frozenset[str]) -> list[rdfc.Quad]:
    """The statements of a skolemized document, with blank nodes again under lasting names."""
    quads = jsonld.to_quads(document, allowed=allowed)
    lists = _list_names(quads)

    def back(term: str) -> str:
        if term.startswith(f"<{_SKOLEM}"):
            return f"_:s{term[len(_SKOLEM) + 1 : -1]}"
        return lists.get(term, term)

    return [(back(s), p, back(o), back(g)) for s, p, o, g in quads]


def _list_names(quads: list[rdfc.Quad]) -> dict[str, str]:
    """A lasting name for each cell of a list: by what leads to the list, and the place in it."""
    rest = {s: o for s, p, o, _ in quads if p == _REST}
    names: dict[str, str] = {}
    for subject, predicate, obj, graph in quads:
        if graph.startswith("_:"):
            raise _unsupported("it holds graphs of its own")
        if not obj.startswith("_:") or predicate == _REST:
            continue
        place = f"_:l{base64.b32hexencode(f'{subject} {predicate}'.encode()).decode().rstrip('=').lower()}"
        cell, number = obj, 0
        while cell in rest:
            names[cell] = f"{place}x{number}"
            cell, number = rest[cell], number + 1
    if any(term.startswith("_:") and term not in names for quad in quads for term in (quad[0], quad[2])):
        raise _unsupported("it has parts that cannot be named")
    return names


def _label(canonical: str, hmac_key: bytes) -> str:
    digest = hmac.digest(hmac_key, canonical.encode(), "sha256")
    return "u" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _line(quad: rdfc.Quad, labels: Mapping[str, str]) -> str:
    terms = [f"_:{labels[term]}" if term in labels else term for term in quad if term]
    return " ".join(terms) + " .\n"


def _unsupported(why: str) -> ProofError:
    return ProofError("proof-unsupported", f"The document cannot be disclosed in part: {why}.", _SPEC)
