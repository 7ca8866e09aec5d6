"""From a JSON-LD document straight to RDF quads, in safe mode: what no signature would cover is refused.

Spec: JSON-LD 1.1 Processing Algorithms and API, 5.1 Expansion and 8.1 Deserialize, taken together.

What is signed is what a reader of the JSON sees. Therefore every key is a term of the contexts named, and every address
is written in full. Refused, each with its own sentence:

* keywords as keys (``@id``, ``@graph``, ``@included`` …; language objects excepted), full and compact IRIs as keys;
* a term that no context defines, and the name of a class in the place of the property that shares its IRI;
* types and ids that are relative, compact, or the IRI of a type that a context has a name for;
* null, lists in lists, numbers that programs read differently, text that is no text;
* a context inside the document, but for the URLs of a credential in a credential;
* a second description of the document, or of what an endorsement in it is about: there nobody would look for its end,
  its status or its alignments. An endorsement comments, and no more;
* strings, ids alone and empty objects where a term makes a graph of its own (``proof``, ``verifiableCredential``).

An empty list says nothing and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradatim.engine.canonical import declared, jcs
from gradatim.engine.canonical.active import ABSOLUTE, UNSET, Active, Term, after_types, after_urls, inside
from gradatim.engine.canonical.literals import RDF, XSD, literal, number, quoted, text
from gradatim.engine.canonical.rdfc import Quad
from gradatim.engine.errors import ContextError, LimitError, TermError

MAX_QUADS = 200_000  # of one document; a record with a thousand credentials has about 65,000
MAX_DEPTH = 64
MAX_CHANGES = 1_000  # different steps from one active context to another; a rich record takes about fifty

MENTION = frozenset({"id", "type", "endorsementComment"})
"""What may stand where something is only spoken of: the subject of an endorsement, the document inside itself."""

TYPE = f"<{RDF}type>"
FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_SPEC = "VC Data Integrity 1.0, 2.4.1"


def to_quads(
    document: Mapping[str, Any],
    *,
    context: Any = None,  # noqa: ANN401 - JSON
    allowed: frozenset[str] = frozenset(),
) -> list[Quad]:
    """The quads of a document.

    Args:
        document: a JSON object with ``@context``.
        context: taken in the place of the document's ``@context``.
        allowed: URLs of `contexts.OPEN` that are accepted too.

    Returns:
        Quads of canonical N-Quads terms; blank nodes are called ``_:n0``, ``_:n1`` …

    Raises:
        ContextError: ``context``; `contexts.UnknownContextError` when a URL is not in the set.
        TermError: ``term-dropped``, with the path of what would not be signed as it is read.
        InputError: ``parse``, for a number that programs read differently; ``encoding``, for half a character.
        LimitError: ``resource-limit``.
    """
    walker = _Walker(document.get("id"))
    local = document.get("@context") if context is None else context
    active = declared.start(local, allowed=allowed)
    walker.node(document, active, "", "", 0, top=True)
    for name in walker.told.keys() & walker.described:
        raise _dropped(walker.told[name], "what is described elsewhere is described here again; say it there")
    return walker.quads


class _Walker:
    """One walk over one document."""

    __slots__ = ("blanks", "changes", "described", "named", "own", "quads", "steps", "told")

    def __init__(self, own: object = None) -> None:
        self.own = own
        self.described: set[str] = set()
        self.told: dict[str, str] = {}  # what is described where it should only be mentioned, and the place
        self.quads: list[Quad] = []
        self.blanks = 0
        self.changes = 0
        self.named: dict[str, str] = {}  # blank nodes with a name of their own in the document
        self.steps: dict[tuple[object, Active, object], Active] = {}

    def blank(self) -> str:
        name = f"_:n{self.blanks}"
        self.blanks += 1
        return name

    def add(self, subject: str, predicate: str, obj: str, graph: str) -> None:
        if len(self.quads) >= MAX_QUADS:
            raise LimitError("resource-limit", f"The document makes more than {MAX_QUADS:,} statements.")
        self.quads.append((subject, predicate, obj, graph))

    def iri(self, active: Active, value: str, path: str, *, vocab: bool) -> str:
        """An address, or a blank node under a new name."""
        if value[:2] != "_:":
            return iri(active, value, path, vocab=vocab)
        if value not in self.named:
            self.named[value] = self.blank()
        return self.named[value]

    def step(self, move: Callable[[Active, Any], Active], active: Active, key: Any, cost: int = 1) -> Active:  # noqa: ANN401 - what the move takes
        """To another active context; each is reckoned once."""
        found = self.steps.get((move, active, key))
        if found is None:
            self.changes += cost
            if self.changes > MAX_CHANGES:
                raise LimitError("resource-limit", "The types of the document change its terms too often.")
            found = self.steps[move, active, key] = move(active, key)
        return found

    def node(
        self, node: Mapping[str, Any], active: Active, graph: str, path: str, depth: int, *, top: bool = False
    ) -> str:
        """One object as a node; returns its name."""
        if depth > MAX_DEPTH:
            raise LimitError("resource-limit", f"The document is nested more than {MAX_DEPTH} deep.")
        if "@context" in node and not top:
            urls = declared.embedded(node["@context"], node.get("type"), path)
            active = self.step(after_urls, active, urls, len(urls))
        types, ids = _names(node, active, path)
        if ids is not None:
            self.meet(ids, types, node, path, mention=ids == self.own and not top)
        scoped = sorted({t for t in types if (term := active.terms.get(t)) and term.scoped is not UNSET})
        typed = self.step(after_types, active, tuple(scoped), len(scoped)) if scoped else active
        subject = self.blank() if ids is None else self.iri(typed, ids, f"{path}/id", vocab=False)
        for name in types:
            self.add(subject, TYPE, type_iri(active, name, f"{path}/type"), graph)
        terms = typed.terms
        for key, value in node.items():
            if key == "@context":
                continue
            term = terms.get(key) or typed.by_vocab(key)
            if term is None or term.iri is None or (key[:1].isupper() and is_class(key, term, typed)):
                raise _undefined(key, path)
            if term.iri[0] != "@":
                self.property(subject, term, value, typed, graph, f"{path}/{key}", depth)
        return subject

    def meet(self, name: str, types: list[str], node: Mapping[str, Any], path: str, *, mention: bool) -> None:
        """Remember who is described, and who is described where only a mention belongs."""
        if mention or "EndorsementSubject" in types:
            if len(types) > 1 or not node.keys() <= MENTION:
                self.told[name] = path
        elif len(node) > 1 + bool(types):
            self.described.add(name)

    def property(
        self,
        subject: str,
        term: Term,
        value: Any,  # noqa: ANN401 - JSON
        active: Active,
        graph: str,
        path: str,
        depth: int,
    ) -> None:
        """All values of one property."""
        if term.coercion == "@json":
            verbatim = literal(jcs.canonicalize(value).decode("utf-8"), f"{RDF}JSON")
            self.add(subject, term.predicate, verbatim, graph)
            return
        entries = value if isinstance(value, list) else (value,)
        if "@list" in term.container:
            self.add(subject, term.predicate, self.chain(entries, term, active, graph, path, depth), graph)
        elif "@graph" in term.container:
            for entry in entries:
                self.add(subject, term.predicate, self.graph(entry, term, active, path, depth), graph)
        else:
            for entry in entries:
                self.add(subject, term.predicate, self.value(entry, term, active, graph, path, depth), graph)

    def chain(
        self,
        entries: Any,  # noqa: ANN401 - JSON
        term: Term,
        active: Active,
        graph: str,
        path: str,
        depth: int,
    ) -> str:
        """An ordered list."""
        head = NIL
        for entry in reversed(entries):
            cell = self.blank()
            self.add(cell, FIRST, self.value(entry, term, active, graph, path, depth), graph)
            self.add(cell, REST, head, graph)
            head = cell
        return head

    def graph(self, value: Any, term: Term, active: Active, path: str, depth: int) -> str:  # noqa: ANN401 - JSON
        """An object in a graph of its own; one that says nothing would leave no trace there."""
        before = len(self.quads)
        name = self.blank()
        if not isinstance(value, Mapping) or "@value" in value:
            raise _dropped(path, "an object is wanted; anything else would not be signed")
        self.value(value, term, active, name, path, depth)
        if len(self.quads) == before:
            raise _dropped(path, "an object that says nothing but its id would not be signed")
        return name

    def value(
        self,
        value: Any,  # noqa: ANN401 - JSON
        term: Term,
        active: Active,
        graph: str,
        path: str,
        depth: int,
    ) -> str:
        """One value as an RDF term."""
        if isinstance(value, str):
            if term.coercion in {"@id", "@vocab"}:
                scope = active if term.scoped is UNSET else self.step(inside, active, term)
                return self.iri(scope, value, path, vocab=term.coercion == "@vocab")
            return quoted(value) + term.suffix
        if isinstance(value, Mapping):
            if "@value" in value:
                return text(value, path)
            inner = active
            if active.previous is not None and not _only_id(value, active):
                inner = active.previous
            if term.scoped is not UNSET:
                inner = self.step(inside, inner, term)
            return self.node(value, inner, graph, path, depth + 1)
        if value is None or isinstance(value, list):
            raise _dropped(path, "null and lists in lists are not signed; leave them out")
        if isinstance(value, bool):
            return literal("true" if value else "false", term.datatype or f"{XSD}boolean")
        return number(value, term.datatype, path)


def _names(node: Mapping[str, Any], active: Active, path: str) -> tuple[list[str], str | None]:
    """The types of a node and its id, by whatever terms the context has for these."""
    types: list[Any] = []
    ids: list[Any] = []
    for key, value in node.items():
        term = active.terms.get(key)
        if term is None or term.iri is None or term.iri[0] != "@":
            continue
        if term.iri == "@type":
            types += value if isinstance(value, list) else [value]
        else:
            ids.append(value)
    if any(not isinstance(name, str) for name in types):
        raise _dropped(f"{path}/type", "a type is a string")
    if len(ids) > 1 or any(not isinstance(name, str) for name in ids):
        raise _dropped(f"{path}/id", "an id is one string")
    return types, ids[0] if ids else None


def iri(active: Active, value: str, path: str, *, vocab: bool) -> str:
    """A value as an IRI: a term where terms are allowed, or an IRI written in full."""
    term = active.terms.get(value) if vocab else None
    if term is not None:
        found = term.iri
    elif ":" in value:
        found = active.expand(value, vocab=False)
        if found != value:
            raise _dropped(path, f"{value!r} is written with a prefix; write the whole IRI")
    else:
        found = active.expand(value, vocab=vocab)
    if found is None or not ABSOLUTE.match(found):
        raise _dropped(path, f"{value!r} is no absolute IRI and no term that a context defines")
    return f"<{found}>"


def type_iri(active: Active, value: str, path: str) -> str:
    """A type as an IRI: a term, or an IRI written in full that no context has a name for."""
    if ":" in value and value in declared.named():
        raise _dropped(
            path, f"{value} has a name in a known context; write the name, so that readers know it"
        )
    return iri(active, value, path, vocab=True)


def is_class(key: str, term: Term, active: Active) -> bool:
    """Whether another term, written small as properties are, has the same IRI: ``Criteria`` for ``criteria``."""
    return any(
        other.iri == term.iri and name != key and name[:1].islower() for name, other in active.terms.items()
    )


def _only_id(value: Mapping[str, Any], active: Active) -> bool:
    if len(value) != 1:
        return False
    term = active.terms.get(next(iter(value)))
    return term is not None and term.iri == "@id"


def _undefined(key: str, path: str) -> ContextError | TermError:
    if key.startswith("@"):
        return ContextError(
            "context", f"{path}: the keyword {key} is not accepted inside a credential.", _SPEC
        )
    return _dropped(f"{path}/{key}", "no context defines this property, so no signature would cover it")


def _dropped(path: str, why: str) -> TermError:
    return TermError("term-dropped", f"{path}: {why}.", _SPEC, path)
