"""One door for every format: look at the bytes, choose the reader, and say what cannot be read.

Spec: those of the readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradatim.engine.errors import InputError, ShapeError
from gradatim.engine.framework import case, ctdl, esco, onet, plain, skos, table
from gradatim.engine.framework.shape import NOTHING, SPEC, About, Framework

_BOM = b"\xef\xbb\xbf"


def read(data: bytes, about: About = NOTHING) -> Framework:
    """Read a framework, whatever its format.

    Args:
        data: a CASE package, CTDL-ASN or SKOS in JSON-LD, ESCO's or O*NET's table, or a plain table.
        about: what the person says about it; only a plain table needs a title said here.

    Returns:
        The framework, checked.

    Raises:
        InputError, LimitError, ShapeError: with the place or line, and the cause.
    """
    if esco.is_archive(data):
        return esco.read_archive(data, about)
    start = data.removeprefix(_BOM).lstrip()[:200]
    if start[:1] in {b"{", b"["}:
        return _json(data, about)
    if start.startswith((b"<?xml", b"<rdf", b"<!DOCTYPE", b"<html")):
        raise InputError(
            "parse", "This is XML or a web page. Choose the JSON-LD or CSV download of the framework."
        )
    if start.lower().startswith((b"@prefix", b"@base", b"prefix ")):
        raise InputError(
            "parse",
            "This is Turtle. Choose the JSON-LD download, or turn it into JSON-LD (for example: riot --output=jsonld FILE).",
        )
    return _table(data, about)


def _json(data: bytes, about: About) -> Framework:
    document = case.read_document(data)
    if isinstance(document, Mapping) and any(key.startswith("CF") for key in document):
        return _said(case.read_value(document), about)
    text = data[:2_000_000]
    if b"skos" in text and b"skos:Concept" in text.replace(b"http://www.w3.org/2004/02/skos/core#", b"skos:"):
        return skos.read(document, about)
    if b"ceasn" in text or b"ceterms" in text or b"ctdl" in text:
        return ctdl.read(document, about)
    raise ShapeError(
        "schema",
        "CFDocument is missing, and this is neither CTDL-ASN nor SKOS. Export the whole CASE package (CFPackage), or the framework as JSON-LD.",
        SPEC,
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
