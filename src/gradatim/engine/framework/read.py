"""One door for every format: look at the bytes, choose the reader, and say what cannot be read.

Spec: those of the readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradatim.engine.errors import ShapeError
from gradatim.engine.framework import case, ctdl, esco, linked, onet, plain, rdf, skos, table
from gradatim.engine.framework.linked import Node
from gradatim.engine.framework.shape import NOTHING, SPEC, About, Framework

_BOM = b"\xef\xbb\xbf"


def read(data: bytes, about: About = NOTHING) -> Framework:
    """Read a framework, whatever its format.

    Args:
        data: a CASE package; CTDL-ASN or SKOS in JSON-LD, Turtle, N-Triples or RDF/XML; ESCO's or O*NET's table, or a plain one.
        about: what the person says about it; only a plain table needs a title said here.

    Returns:
        The framework, checked.

    Raises:
        InputError, LimitError, ShapeError: with the place or line, and the cause.
    """
    if esco.is_archive(data):
        return esco.read_archive(data, about)
    text = data.removeprefix(_BOM)
    start = text.lstrip()[:1]
    if start in {b"{", b"["}:
        return _json(data, about)
    if rdf.is_turtle(text):
        return _linked(rdf.read_turtle(text), about)
    if start == b"<":
        return _linked(rdf.read_xml(text), about)
    return _table(data, about)


def _json(data: bytes, about: About) -> Framework:
    document = case.read_document(data)
    if isinstance(document, Mapping) and any(key.startswith("CF") for key in document):
        return _said(case.read_value(document), about)
    text = data[:2_000_000]
    if b"skos" in text and b"skos:Concept" in text.replace(b"http://www.w3.org/2004/02/skos/core#", b"skos:"):
        return skos.read(linked.nodes(document), about)
    if b"ceasn" in text or b"ceterms" in text or b"ctdl" in text:
        return ctdl.read(linked.nodes(document), about)
    raise ShapeError(
        "schema",
        "CFDocument is missing, and this is neither CTDL-ASN nor SKOS. Export the whole CASE package (CFPackage), or the framework as JSON-LD.",
        SPEC,
    )


def _linked(found: Mapping[str, Node], about: About) -> Framework:
    types = {name for node in found.values() for name in node.types}
    if "skos:Concept" in types:
        return skos.read(found, about)
    if any(name.startswith(("ceasn:", "ceterms:")) for name in types):
        return ctdl.read(found, about)
    raise ShapeError(
        "schema",
        "The file is RDF, but names neither a skos:Concept nor a ceasn:Competency. Export the vocabulary as SKOS.",
    )


def _said(framework: Framework, about: About) -> Framework:
    """A package says everything itself; only its version may be said better."""
    return replace(framework, version=about.version) if about.version else framework


def _table(data: bytes, about: About) -> Framework:
    names = {table.plain(name) for name in table.header(data)}
    if {"concepturi", "preferredlabel"} <= names:
        return esco.read(data, about)
    if "onetsoccode" in names or {"elementid", "elementname"} <= names:
        return onet.read(data, about)
    return plain.read(data, about)
