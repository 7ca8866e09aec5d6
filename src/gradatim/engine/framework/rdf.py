"""SKOS and CTDL in Turtle, N-Triples and RDF/XML: the same nodes as from JSON-LD, and nothing fetched.

Spec: W3C RDF 1.1 Turtle, N-Triples (every one is Turtle) and RDF 1.1 XML Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gradatim.engine.errors import InputError, LimitError
from gradatim.engine.framework.linked import Node, name_of
from gradatim.engine.framework.rdf_xml import MAX_ADDRESS, Tags, check
from gradatim.engine.framework.shape import MAX_BYTES

MAX_STATEMENTS = 900_000  # of RDF in a file, in all its languages
MAX_QUOTED = 20  # statements of RDF that stand inside others
MAX_WRITTEN = 10 * MAX_BYTES  # letters of all addresses in a file, made whole

_PLAIN = {
    "A dot is expected at the end of statements": "the statement before has no dot at its end",
    "Unexpected end of file": "what begins there does not end",
    "Unexpected end": "the file ends within a statement",
}
_LONG = re.compile(rb"<[^\s<>]{%d}" % MAX_ADDRESS)  # a base would be taken up again and again
_RANGE = re.compile(r"^at \d+\.\.\d+: ")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TURTLE = re.compile(
    rb"(?:\s++|#[^\n]*+\n)*+(?:@prefix\s|@base\s|prefix\s+[^\s:]*:\s*<|base\s+<|_:|"
    rb"<[a-z][a-z0-9+.-]*+:[^\s<>]*+>\s++(?:<[^\s<>]*:|a\s|[^\s<>:]*:))",
    re.IGNORECASE,
)


def is_turtle(data: bytes) -> bool:
    """Whether a file begins, after comments, as Turtle and N-Triples do."""
    return bool(_TURTLE.match(data))


def read_turtle(data: bytes) -> dict[str, Node]:
    """Every node of a Turtle or N-Triples file by its address, in order.

    Args:
        data: UTF-8 without a byte-order mark.

    Returns:
        As `gradatim.engine.framework.linked.nodes`; what has no address is numbered.

    Raises:
        InputError: ``parse`` with line and column; ``encoding``, ``too-large`` or ``too-deep``.
        LimitError: ``too-large``.
    """
    _check_bytes(data)
    if data.count(b"<<(") > MAX_QUOTED:
        raise InputError(
            "too-deep", f"The file says more than {MAX_QUOTED} things about statements, as in <<( … )>>."
        )
    long = _LONG.search(data)
    if long:
        line = data.count(b"\n", 0, long.start()) + 1
        raise InputError("too-large", f"Line {line:,}: an address has more than {MAX_ADDRESS:,} letters.")
    try:
        return _nodes(parse(data, RdfFormat.TURTLE))
    except SyntaxError as error:
        said = error.msg.partition(": ")[2]
        raise _refusal(error.lineno or 1, error.offset or 1, said, "@base <https://…> .") from None
    except MemoryError:
        raise _huge() from None


def read_xml(data: bytes) -> dict[str, Node]:
    """Every node of an RDF/XML file by its address, in order.

    Args:
        data: UTF-8 without a byte-order mark.

    Returns:
        As `read_turtle`.

    Raises:
        InputError: as `read_turtle`; ``parse`` also for XML that is no RDF, and for entities that lead outside or unfold.
        LimitError: ``too-large``.
    """
    _check_bytes(data)
    check(data)
    tags = Tags(data)
    try:
        return _nodes(parse(tags, RdfFormat.RDF_XML))
    except SyntaxError as error:
        raise _refusal(*tags.place(), _RANGE.sub("", error.msg), 'xml:base="https://…"') from None


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise InputError("too-large", f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            "encoding", f"Line {line:,} is not UTF-8. Save the file as UTF-8 and choose it again."
        ) from None


def _refusal(line: int, column: int, said: str, base: str) -> InputError:
    place = f"Line {line:,}, column {column:,}"
    if "No scheme found" in said:
        return InputError(
            "parse",
            f"{place}: an address is relative, and the file does not say to what. Write {base} at its beginning, or "
            "export it with whole addresses.",
            "RFC 3986, 5.1",
        )
    what = _PLAIN.get(said) or " ".join(said[:200].split())
    return InputError("parse", f"{place}: {what}. Correct it there, or export the file again.")


def _huge() -> LimitError:
    """The library keeps at most 16 MiB of one name, text or comment at a time."""
    return LimitError("too-large", "A single text of the file is larger than can be read.")


def _nodes(quads: Iterable[Quad]) -> dict[str, Node]:
    graph = _Graph()
    for count, quad in enumerate(quads, start=1):
        if count > MAX_STATEMENTS:
            raise LimitError("too-large", f"The file has more than {MAX_STATEMENTS:,} statements of RDF.")
        graph.add(quad)
    return graph.whole()


class _Graph:
    """Nodes as statement after statement says more of them."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}
        self._numbers: dict[str, str] = {}  # of nameless things: the same whenever the file is read
        self._nameless: list[dict[str, Any]] = []  # values that are such a thing
        self._written = 0
        self._name = cache(name_of)

    def add(self, quad: Quad) -> None:
        """Take in one statement; one about another statement says nothing of a framework."""
        about, property_, said = quad.subject, quad.predicate, quad.object
        if isinstance(about, Triple) or isinstance(said, Triple):
            return
        node, value = self._node(about), self._value(said)
        self._written += len(node.id) + len(property_.value) + len(value.get("@id", ""))
        if self._written > MAX_WRITTEN:
            raise LimitError(
                "too-large", f"The addresses of the file, made whole, have more than {MAX_WRITTEN:,} letters."
            )
        if property_.value == _TYPE and "@id" in value:
            node.types.add(self._name(value["@id"]))
        else:
            node.values.setdefault(self._name(property_.value), []).append(value)

    def whole(self) -> dict[str, Node]:
        """The nodes, with what has no address also where it is a value, as JSON-LD nests it."""
        for value in self._nameless:
            value.update(self.found[value["@id"]].values)
        return self.found

    def _node(self, term: NamedNode | BlankNode) -> Node:
        address = term.value
        if isinstance(term, BlankNode):
            address = self._numbers.setdefault(address, f"_:{len(self._numbers)}")
        if address not in self.found:
            self.found[address] = Node(address, set())
        return self.found[address]

    def _value(self, term: NamedNode | BlankNode | Literal) -> dict[str, Any]:
        """A value as JSON-LD writes it."""
        if isinstance(term, NamedNode):
            return {"@id": term.value}
        if isinstance(term, BlankNode):
            self._nameless.append({"@id": self._node(term).id})
            return self._nameless[-1]
        if "\0" in term.value:
            raise InputError("parse", "A text of the file holds a NUL character. Take it out.")
        language = "" if term.language in {None, "und"} else term.language
        return {"@value": term.value, "@language": language}
