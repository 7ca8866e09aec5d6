"""What the ``@context`` of a document may say: URLs of known contexts, and inline objects that only add to them.

Spec: VC Data Model 2.0, 4.3 and 5.2; JSON-LD 1.1, 4.1.11.

No signature over RDF covers ``@context`` itself. So an inline object may give new names to new IRIs and nothing else:
were it let to name an IRI that a known context names already, a signed ``validUntil`` or ``credentialStatus`` could be
written under another key, and nobody would see it. For the same reason nothing may be written with a prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from gradatim.engine import contexts
from gradatim.engine.canonical.active import ABSOLUTE, UNSET, Active, after_urls, extend, initial, inside
from gradatim.engine.errors import ContextError, LimitError

MAX_CONTEXTS = 20  # entries of one @context; five are many
MAX_INLINE_TERMS = 200
MAX_INLINE_IRI = 500  # letters; it stands in every statement with its term

_SPEC = "VC Data Model 2.0, 4.3"


def start(local: Any, *, allowed: frozenset[str]) -> Active:  # noqa: ANN401 - JSON
    """The active context of the top-level ``@context``.

    Args:
        local: as it stands in the document.
        allowed: URLs of `contexts.OPEN` that are accepted too.

    Raises:
        ContextError: ``context``; `contexts.UnknownContextError` when a URL is not in the set.
        LimitError: ``resource-limit``.
    """
    entries = _entries(local)
    if all(isinstance(entry, str) for entry in entries):
        return _start(tuple(entries), allowed=allowed)
    urls = tuple(entry for entry in entries if isinstance(entry, str))
    active = _start(urls[:1], allowed=allowed)
    for number, entry in enumerate(entries):
        if isinstance(entry, str):
            active = after_urls(active, (entry,)) if number else active
        elif isinstance(entry, Mapping) and number:
            active = _added(active, entry, urls)
        else:
            raise ContextError(
                "context",
                "An entry of @context is the URL of a known context or, after it, an object.",
                _SPEC,
            )
    return active


def embedded(local: Any, types: Any, path: str) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    """The contexts of a credential inside another one: URLs of the closed set, nothing else.

    Raises:
        ContextError: ``context``; LimitError: ``resource-limit``.
    """
    entries = _entries(local)
    names = types if isinstance(types, list) else [types]
    if not all(isinstance(entry, str) for entry in entries) or not (
        "VerifiableCredential" in names or "EnvelopedVerifiableCredential" in names
    ):
        raise ContextError("context", f"{path}: a context inside the document is not accepted.", _SPEC)
    return tuple(entries)


def _entries(local: Any) -> list[Any]:  # noqa: ANN401 - JSON
    entries = local if isinstance(local, list) else [] if local is None else [local]
    if not entries:
        raise ContextError("context", "There is no @context, or an empty one.", _SPEC)
    if len(entries) > MAX_CONTEXTS:
        raise LimitError("resource-limit", f"An @context has more than {MAX_CONTEXTS} entries.")
    return entries


@lru_cache(maxsize=128)
def _start(urls: tuple[str, ...], *, allowed: frozenset[str]) -> Active:
    return after_urls(_before(allowed=allowed), urls)


@lru_cache(maxsize=16)
def _before(*, allowed: frozenset[str]) -> Active:
    return initial(allowed=allowed)


@cache
def named() -> frozenset[str]:
    """Every IRI that a known context gives a name to, inside other terms too."""
    found: set[str] = set()
    seen: set[int] = set()

    def look(active: Active) -> None:
        for term in active.terms.values():
            found.add(str(term.iri))
            if term.scoped is not UNSET and id(term.scoped) not in seen:
                seen.add(id(term.scoped))
                look(inside(active, term))

    for url in (*contexts.FILES, *contexts.OPEN):
        look(after_urls(initial(allowed=frozenset(contexts.OPEN)), (url,)))
    return frozenset(found)


@lru_cache(maxsize=64)
def _words(url: str, *, allowed: frozenset[str]) -> frozenset[str]:
    """Every term that a context defines, inside other terms too."""
    found: set[str] = set()

    def look(local: Any) -> None:  # noqa: ANN401 - JSON
        for name, definition in (local or {}).items():
            found.add(name)
            if isinstance(definition, Mapping):
                look(definition.get("@context"))

    look(contexts.load(url, allowed=allowed))
    return frozenset(found)


def _added(active: Active, entry: Mapping[str, Any], urls: tuple[str, ...]) -> Active:
    """After an inline context that only adds: new terms, new IRIs written in full."""
    if len(entry) > MAX_INLINE_TERMS:
        raise LimitError("resource-limit", f"An inline context has more than {MAX_INLINE_TERMS} terms.")
    taken = active.terms.keys() | frozenset().union(*(_words(url, allowed=active.allowed) for url in urls))
    for name, value in entry.items():
        definition = {"@id": value} if isinstance(value, str) else value
        if (
            not name
            or name[0] == "@"
            or not isinstance(definition, Mapping)
            or not definition.keys() <= {"@id", "@type"}
        ):
            raise _refused(f"may only define new terms, each by an IRI and a type; {name!r} is none")
        if name in taken or ":" in name:
            raise _refused(f"gives {name} another meaning")
        iri, coercion = definition.get("@id"), definition.get("@type")
        if not _is_full(iri, active, entry):
            raise _refused(f"does not write the IRI of {name} in full, with at most {MAX_INLINE_IRI} letters")
        if iri in named():
            raise _refused(f"gives {name} the IRI of a term that a known context names otherwise")
        if (
            coercion is not None
            and coercion not in ("@id", "@json")
            and not _is_full(coercion, active, entry)
        ):
            raise _refused(f"does not write the type of {name} in full")
    return extend(active, entry)


def _is_full(iri: Any, active: Active, entry: Mapping[str, Any]) -> bool:  # noqa: ANN401 - JSON
    """Whether it is an absolute IRI of usual length that no prefix, known or inline, could change."""
    if not isinstance(iri, str) or len(iri) > MAX_INLINE_IRI or not ABSOLUTE.match(iri):
        return False
    prefix = iri.partition(":")[0]
    return prefix not in active.terms and prefix not in entry


def _refused(what: str) -> ContextError:
    return ContextError("context", f"The inline context {what}.", "Open Badges 3.0, 6.1; JSON-LD 1.1, 4.1.11")
