"""Plans: how an object of known keys, kinds of values and types becomes lines of N-Quads.

Spec: JSON-LD 1.1 Processing Algorithms and API, 5.1 and 8.1, for one object, as `jsonld` reads it.

A plan says nothing that the contexts do not say: it is worked out from them alone, never learned from a document, and
kept under the keys, kinds and types it was worked out for. All of these are words of the closed contexts, so the set of
plans is finite whatever comes in; the last `_KEPT` of them are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from gradatim.engine.canonical.active import UNSET, Active, Term, after_types, inside
from gradatim.engine.canonical.jsonld import MENTION, TYPE, is_class, type_iri
from gradatim.engine.canonical.template import Template, several

MAX_KEYS = 48  # of one object on the fast way; the richest has about thirty
MAX_TYPES = 8  # of one object on the fast way
_KEPT = 4096
_KINDS = {"@id": (str,), "@type": (str, list)}

Getter = Callable[[dict[str, Any]], tuple[Any, ...]]


class Declined(Exception):  # noqa: N818 - not an error: the plain way decides
    """The document holds something that has no plan."""


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """A property whose value is more than one text."""

    at: int  # its place among the entries of the template
    key: str
    term: Term
    scope: Active  # for addresses written as terms
    inner: Active  # for objects
    inner_of_id: Active  # for objects that are an id and nothing else
    ordered: bool  # a list whose order counts
    graph: bool  # each in a graph of its own


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    r"""What to do with an object.

    Attributes:
        texts: its single texts and addresses, in the order of the template.
        addresses: those of them that have to be IRIs, its id first.
        template: the object's lines in order; its entries are the name, the texts, and the lines of each of the others.
        empty: whether it has no lines at all.
        others: the properties whose lines are worked out value by value.
        named: whether it has an id.
        lines: how many lines the template has without the others.
        cost: the most steps from one active context to another that it takes.
    """

    texts: Getter
    addresses: Getter | None
    template: Template
    empty: bool
    others: tuple[Other, ...]
    named: bool
    lines: int
    cost: int


@lru_cache(maxsize=_KEPT)
def plan(active: Active, keys: tuple[str, ...], kinds: tuple[type, ...], types: tuple[str, ...]) -> Plan:
    """The plan for an object.

    Args:
        active: the active context around it.
        keys: its keys, in order.
        kinds: the Python types of its values.
        types: what stands under ``type``.

    Raises:
        Declined: it is none for a plan; Error: the contexts refuse it.
    """
    if len(keys) > MAX_KEYS or len(types) > MAX_TYPES or any(name not in active.terms for name in types):
        raise Declined
    if types and _alias("type", active) is None:
        raise Declined
    if "EndorsementSubject" in types and (len(types) > 1 or not MENTION.issuperset(keys)):
        raise Declined
    scoped = tuple(sorted({name for name in types if active.terms[name].scoped is not UNSET}))
    typed = after_types(active, scoped) if scoped else active
    slots: dict[str, Slot] = {}
    for key, kind in zip(keys, kinds, strict=True):
        alias = _alias(key, typed)
        if alias != _alias(key, active) or (alias and kind not in _KINDS[alias]):
            raise Declined
        if key != "@context" and not alias:
            term = _term(key, typed)
            if term.predicate in slots or term.predicate == TYPE:
                raise Declined
            slots[term.predicate] = _slot(key, kind, term, typed)
    if types:
        slots[TYPE] = sorted({type_iri(active, name, "") for name in types})
    named = "id" in keys and _alias("id", active) is not None
    steps = len(scoped) + 2 * sum(typed.terms[key].scoped is not UNSET for key in keys if key in typed.terms)
    return _assembled(slots, typed, named=named, cost=steps)


Slot = str | list[str] | Other
"""What stands behind a predicate: one text under a key, the types, or what is worked out value by value."""


def _term(key: str, typed: Active) -> Term:
    term = typed.terms.get(key)
    if term is None or term.iri is None or term.coercion == "@json":
        raise Declined
    if key[:1].isupper() and is_class(key, term, typed):
        raise Declined
    return term


def _slot(key: str, kind: type, term: Term, typed: Active) -> Slot:
    if kind is not str or term.container & {"@list", "@graph"} or term.coercion == "@vocab":
        return _other(key, term, typed)
    if term.coercion == "@id" and term.scoped is not UNSET:
        inside(typed, term)  # the contexts have to allow it
    return key


def _alias(key: str, active: Active) -> str | None:
    """The keyword that a key stands for: ``id`` and ``type`` only; others have no plan."""
    term = active.terms.get(key)
    if term is None or term.iri is None or term.iri[0] != "@":
        return None
    if (key, term.iri) not in {("id", "@id"), ("type", "@type")}:
        raise Declined
    return term.iri


def _other(key: str, term: Term, typed: Active) -> Other:
    outside, scope = typed.previous or typed, typed
    if term.scoped is not UNSET:
        outside, scope = inside(outside, term), inside(typed, term)
    ordered, graph = "@list" in term.container, "@graph" in term.container
    return Other(0, key, term, scope, outside, scope, ordered, graph)


def _assembled(slots: dict[str, Slot], typed: Active, *, named: bool, cost: int) -> Plan:
    """The template: lines in the order of their predicates, which is that of canonical N-Quads."""
    order = sorted(slots)
    texts = [slot for predicate in order if type(slot := slots[predicate]) is str]
    addresses = ["id"] if named else []
    others: list[Other] = []
    pieces: list[str] = []
    for predicate in order:
        slot, start = slots[predicate], f"{_place(0)} {predicate} "
        if isinstance(slot, Other):
            others.append(replace(slot, at=1 + len(texts) + len(others)))
            pieces.append(_place(others[-1].at))
        elif isinstance(slot, list):
            pieces += [f"{start}{end} .\n" for end in slot]
        else:
            term, entry = typed.terms[slot], _place(1 + texts.index(slot))
            if term.coercion == "@id":
                addresses.append(slot)
                pieces.append(f"{start}<{entry}> .\n")
            else:
                pieces.append(f'{start}"{entry}"{term.suffix} .\n')
    return Plan(
        several(texts),
        several(addresses) if addresses else None,
        Template.of("".join(pieces)),
        not pieces,
        tuple(others),
        named,
        len(pieces) - len(others),
        cost,
    )


def _place(entry: int) -> str:
    return f"\x02{entry}\x02"
