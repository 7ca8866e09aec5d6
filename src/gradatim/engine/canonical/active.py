"""Active contexts: what each term means at a place in a document.

The set of contexts is closed, so steps from one active context to the next are remembered, the last `_KEPT` of each
kind: documents made to need ever new ones cannot fill memory.

Spec: JSON-LD 1.1 Processing Algorithms and API, 4.1 Context Processing and 4.2 Create Term Definition.

Refused, because no known context needs it: ``@import``, ``@propagate``, ``@reverse``, ``@nest``, ``@index``, ``@base``,
``@language`` as a default, language, index, id and type containers, terms with a colon or a slash in their name, other
names for keywords than for ``@id`` and ``@type``, a ``@vocab`` that is relative or starts with a prefix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gradatim.engine import contexts
from gradatim.engine.canonical.literals import suffix
from gradatim.engine.errors import ContextError

ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f\ud800-\udfff]*\Z")
KEYWORDS = frozenset(
    {
        "@id",
        "@type",
        "@value",
        "@language",
        "@direction",
        "@list",
        "@set",
        "@graph",
        "@json",
        "@none",
        "@vocab",
    }
)
_ALIASED = frozenset({"@id", "@type"})
_KEYWORD = re.compile(r"@[A-Za-z]+\Z")
_ENTRIES = frozenset({"@id", "@type", "@container", "@context", "@protected", "@prefix"})
_CONTAINERS: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"@set"}),
    frozenset({"@list"}),
    frozenset({"@graph"}),
    frozenset({"@graph", "@set"}),
)
_GEN_DELIMS = tuple(":/?#[]@")
UNSET: Any = object()
VERSION = 1.1  # of JSON-LD, as contexts write it
_KEPT = 512


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """What one term means: its IRI (or keyword), coercion, container and the context inside it."""

    iri: str | None
    coercion: str | None
    container: frozenset[str]
    scoped: Any  # a local context, or UNSET
    protected: bool
    prefix: bool
    predicate: str = field(init=False)  # the IRI as N-Quads write it
    datatype: str | None = field(init=False)  # the coercion, where it is one to a datatype
    suffix: str = field(init=False)  # what follows a text of that datatype

    def __post_init__(self) -> None:
        datatype = self.coercion if self.coercion and self.coercion[0] != "@" else None
        object.__setattr__(self, "predicate", f"<{self.iri}>")
        object.__setattr__(self, "datatype", datatype)
        object.__setattr__(self, "suffix", suffix(datatype))

    def same(self, other: Term) -> bool:
        """Whether both say the same, protection aside."""
        mine = (self.iri, self.coercion, self.container, self.prefix)
        return mine == (other.iri, other.coercion, other.container, other.prefix) and (
            self.scoped is other.scoped or self.scoped == other.scoped
        )


class Active:
    """An active context: its terms, and the one to go back to where a type's context ends."""

    __slots__ = ("allowed", "previous", "terms", "vocab")

    def __init__(
        self,
        terms: dict[str, Term],
        vocab: str | None,
        previous: Active | None,
        *,
        allowed: frozenset[str],
    ) -> None:
        self.terms = terms
        self.vocab = vocab
        self.previous = previous
        self.allowed = allowed

    def by_vocab(self, name: str) -> Term | None:
        """A term that only ``@vocab`` gives a meaning (in contexts of published examples)."""
        if self.vocab is None or name[:1] == "@" or ":" in name:
            return None
        return Term(self.vocab + name, None, frozenset(), UNSET, protected=False, prefix=False)

    def expand(self, value: str, *, vocab: bool) -> str | None:
        """A term, compact IRI or IRI as a full IRI; ``None`` when it is none of them (relative)."""
        if value in KEYWORDS:
            return value
        if vocab:
            term = self.terms.get(value)
            if term is not None:
                return term.iri
        colon = value.find(":", 1)
        if colon > 0:
            prefix, rest = value[:colon], value[colon + 1 :]
            if prefix != "_" and not rest.startswith("//"):
                term = self.terms.get(prefix)
                if term is not None and term.prefix and term.iri:
                    return term.iri + rest
            return value
        if vocab and self.vocab is not None:
            return self.vocab + value
        return None


def initial(*, allowed: frozenset[str] = frozenset()) -> Active:
    """The context before any ``@context``."""
    return Active({}, None, None, allowed=allowed)


@lru_cache(maxsize=_KEPT)
def after_urls(active: Active, urls: tuple[str, ...]) -> Active:
    """After the contexts that URLs stand for."""
    for url in urls:
        active = extend(active, contexts.load(url, allowed=active.allowed))
    return active


@lru_cache(maxsize=_KEPT)
def after_types(active: Active, types: tuple[str, ...]) -> Active:
    """After the contexts of the types of a node (in code point order, each with one); they end with the node."""
    found = active
    for name in types:
        found = extend(found, active.terms[name].scoped, propagate=False)
    return found


@lru_cache(maxsize=_KEPT)
def inside(active: Active, term: Term) -> Active:
    """After the context of a property; it may redefine protected terms."""
    return extend(active, term.scoped, override=True)


def extend(active: Active, local: Any, *, propagate: bool = True, override: bool = False) -> Active:  # noqa: ANN401 - JSON
    """The active context after a local context (4.1.2).

    Raises:
        ContextError: ``context``, for anything outside the supported language, or a protected term redefined.
    """
    previous = active.previous if propagate else (active.previous or active)
    if local is None:
        if not override and any(term.protected for term in active.terms.values()):
            raise ContextError(
                "context",
                "A null context would make protected terms lose their meaning.",
                "JSON-LD 1.1, 4.1.11",
            )
        return Active({}, None, previous, allowed=active.allowed)
    if not isinstance(local, Mapping):
        raise ContextError("context", "A context is an object.", "JSON-LD 1.1, 9.15")
    vocab, protected = _keywords(local, active)
    result = Active(dict(active.terms), vocab, previous, allowed=active.allowed)
    _define(result, active, local, protected=protected, override=override)
    return result


def _keywords(local: Mapping[str, Any], active: Active) -> tuple[str | None, bool]:
    """The ``@vocab`` and ``@protected`` of a local context; any other keyword is refused."""
    vocab, protected = active.vocab, False
    for key, value in local.items():
        if key == "@vocab":
            whole = isinstance(value, str) and ABSOLUTE.match(value)
            if value is not None and (not whole or value.partition(":")[0] in active.terms):
                raise ContextError("context", "The @vocab is no absolute IRI.", "JSON-LD 1.1, 4.1.2")
            vocab = value
        elif key == "@protected":
            protected = bool(value)
        elif key.startswith("@") and not (key == "@version" and value == VERSION):
            raise ContextError(
                "context", f"The context uses {key}, which is not supported.", "JSON-LD 1.1, 9.15"
            )
    return vocab, protected


def _define(
    result: Active, active: Active, local: Mapping[str, Any], *, protected: bool, override: bool
) -> None:
    done: dict[str, bool] = {}
    names = [name for name in local if not name.startswith("@")]
    for name in names:
        result.terms.pop(name, None)

    def define(name: str) -> None:
        if name in done:
            if not done[name]:
                raise ContextError("context", f"The term {name} is defined by itself.", "JSON-LD 1.1, 4.2")
            return
        done[name] = False
        term = _term(
            result,
            name,
            local[name],
            protected=protected,
            ask=lambda other: define(other) if other in local else None,
        )
        old = active.terms.get(name)
        if old is not None and old.protected and not override:
            if not old.same(term):
                raise ContextError(
                    "context",
                    f"The context gives the protected term {name} another meaning.",
                    "JSON-LD 1.1, 4.1.11",
                )
            term = old
        result.terms[name] = term
        done[name] = True

    for name in names:
        define(name)


def _term(result: Active, name: str, value: Any, *, protected: bool, ask: Any) -> Term:  # noqa: ANN401 - JSON
    """Create one term definition (4.2.2)."""
    simple = isinstance(value, str)
    entry: Any = {"@id": value} if simple or value is None else value
    if not isinstance(entry, Mapping) or not set(entry) <= _ENTRIES or ":" in name or "/" in name:
        raise ContextError(
            "context", f"The definition of the term {name} uses what is not supported.", "JSON-LD 1.1, 9.15.1"
        )
    identifier = entry.get("@id", UNSET)
    if identifier is None:
        iri = None
    elif identifier is not UNSET and identifier != name:
        iri = _expand(result, identifier, ask)
    else:
        iri = (result.vocab or "") + name
    if iri is not None and iri not in _ALIASED and not ABSOLUTE.match(iri):
        raise ContextError("context", f"The term {name} is not given an absolute IRI.", "JSON-LD 1.1, 4.2")
    coercion = entry.get("@type")
    if coercion is not None:
        coercion = _expand(result, coercion, ask)
    container = entry.get("@container", [])
    containers = frozenset([container] if isinstance(container, str) else container)
    if containers not in _CONTAINERS:
        raise ContextError(
            "context", f"The term {name} has a container that is not supported.", "JSON-LD 1.1, 9.15.1"
        )
    ends = iri is not None and iri.endswith(_GEN_DELIMS)
    prefix = bool(entry.get("@prefix", simple and ends))
    return Term(
        iri,
        coercion,
        containers,
        entry.get("@context", UNSET),
        bool(entry.get("@protected", protected)),
        prefix,
    )


def _expand(result: Active, value: Any, ask: Any) -> str | None:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        raise ContextError("context", "An IRI in a context is a string.", "JSON-LD 1.1, 9.15.1")
    if value not in KEYWORDS:
        if _KEYWORD.match(value):
            raise ContextError(
                "context", f"The context uses {value}, which is not supported.", "JSON-LD 1.1, 9.15.1"
            )
        ask(value)
        if ":" in value:
            ask(value.split(":", 1)[0])
    return result.expand(value, vocab=True)
