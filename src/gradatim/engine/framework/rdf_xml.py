"""What is asked of RDF/XML before it is read: whole, not deep, and nothing that unfolds or leads outside.

Spec: XML 1.0, 4 (entities); W3C RDF 1.1 XML Syntax, 2.6.
"""

from __future__ import annotations

import io
import re
from xml.parsers import expat

from gradatim.engine.errors import InputError
from gradatim.engine.framework.shape import MAX_BYTES

MAX_NESTED = 100  # elements in each other
MAX_ADDRESS = 2_000  # letters of an address in RDF
MAX_NAMES = 100  # attributes of an element; prefixes known at one place

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_PARSE = _RDF + "parseType"
_BASE = "http://www.w3.org/XML/1998/namespace base"
# the library refuses the way XML 1.0, 2.12 takes a language back; `rdf` takes this word for none
_NO_LANGUAGE = re.compile(rb"""xml:lang\s*=\s*(?:""|'')""")
_STEP = 32  # bytes at least that are handed on at once
_PLAIN = {
    "XML or text declaration not at start of entity": "something stands before <?xml; take it out",
    "not well-formed (invalid token)": "this is no XML there; < is written &lt; and & is written &amp;",
    "no element found": "the file ends before every tag is closed; download it again",
    "mismatched tag": "a tag is closed that is not the one opened last",
    "undefined entity": "the file does not say what the entity there stands for",
    "unbound prefix": "the prefix of a name there is not declared",
}


def check(data: bytes) -> None:
    """Look through an XML file.

    Args:
        data: UTF-8.

    Raises:
        InputError: ``parse`` with line and column for broken XML, for entities that hold others or lead outside, and
            for XML that is no RDF; ``too-deep``; ``too-large`` for names and for what entities stand for.
    """
    if data.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise _no_rdf()
    _Check(data).run()


def _no_rdf() -> InputError:
    return InputError(
        "parse",
        "This is XML or a web page, and no RDF. Choose the RDF, JSON-LD or CSV download of the framework.",
    )


class _Check:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._references = data.count(b"&")
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = self._forget
        parser.XmlDeclHandler = self._begin
        parser.EntityDeclHandler = self._entity
        parser.AttlistDeclHandler = self._default
        self._depth = 0
        self._inside = 0  # the depth of the element whose content is a text with tags
        self._prefixes: list[int] = []  # letters of each that is known
        self._spelled = 0  # letters of prefixes that are written out in such texts

    def run(self) -> None:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code) or "not well-formed"
            raise InputError(
                "parse",
                f"Line {error.lineno:,}, column {error.offset + 1:,}: {_PLAIN.get(said, said)}.",
                "XML 1.0",
            ) from None

    def _refuse(self, what: str, code: str = "parse") -> InputError:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return InputError(code, f"Line {line:,}, column {column:,}: {what}")

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._depth and not any(name.startswith(_RDF) for name in (tag, *attributes)):
            raise _no_rdf()
        self._depth += 1
        if self._depth > MAX_NESTED:
            raise self._refuse(f"elements stand more than {MAX_NESTED} deep in each other.", "too-deep")
        if len(attributes) > MAX_NAMES:
            raise self._refuse(f"an element has more than {MAX_NAMES} attributes.", "too-large")
        self._check_address(attributes.get(_BASE, ""))
        if self._inside:
            self._spelled += sum(self._prefixes)
            if self._spelled > MAX_BYTES:
                raise self._refuse("too many tags stand in texts (parseType Literal).", "too-large")
        elif attributes.get(_PARSE, "Resource") not in {"Resource", "Collection"}:
            self._inside = self._depth

    def _close(self, _tag: str) -> None:
        if self._depth == self._inside:
            self._inside = 0
        self._depth -= 1

    def _declare(self, _prefix: str | None, address: str | None) -> None:
        self._prefixes.append(len(address or ""))
        if len(self._prefixes) > MAX_NAMES:
            raise self._refuse(f"more than {MAX_NAMES} prefixes are declared.", "too-large")
        self._check_address(address or "")

    def _check_address(self, address: str) -> None:
        if len(address) > MAX_ADDRESS:
            raise self._refuse(f"an address has more than {MAX_ADDRESS:,} letters.", "too-large")

    def _forget(self, _prefix: str | None) -> None:
        self._prefixes.pop()

    def _begin(self, _version: str, encoding: str | None, _alone: int) -> None:
        if encoding and encoding.upper() != "UTF-8":
            raise self._refuse(
                f'the file says that it is written in {encoding[:40]}. Save it as UTF-8, and say encoding="UTF-8" there.',
                "encoding",
            )

    def _default(self, element: str, name: str, _kind: str, default: str | None, _required: int) -> None:
        if default is not None:
            raise self._refuse(
                f"{name[:60]} of {element[:60]} has a value where it is not written. Write it out."
            )

    def _entity(self, name: str, inner: bool, value: str | None, *_outside: str | None) -> None:  # noqa: FBT001
        """An entity stands for a few plain letters, as those that shorten addresses do."""
        if value is None:
            raise self._refuse(
                f"the entity {name[:60]} leads outside of the file. Nothing is fetched; write out what it stands for."
            )
        if inner or "&" in value or "<" in value:
            raise self._refuse(
                f"the entity {name[:60]} holds other entities or tags. Write out what it stands for."
            )
        if len(value) * self._references > MAX_BYTES:
            raise self._refuse(
                f"what the entity {name[:60]} stands for is too long, used so often.", "too-large"
            )


class Tags(io.BytesIO):
    """An XML file that is handed on tag by tag, so that a refusal can say where it stands."""

    def __init__(self, data: bytes) -> None:
        self._data = _NO_LANGUAGE.sub(b'xml:lang="und"', data)
        super().__init__(self._data)

    def read(self, size: int | None = -1) -> bytes:
        """The bytes up to the end of a tag that comes soon, at most so many."""
        start = self.tell()
        end = self._data.find(b">", start + _STEP, start + (size or 0)) + 1
        return super().read(end - start if end else size)

    def place(self) -> tuple[int, int]:
        """Line and column of the last tag that was handed on."""
        tag = max(self._data.rfind(b"<", 0, self.tell()), 0)
        return self._data.count(b"\n", 0, tag) + 1, tag - self._data.rfind(b"\n", 0, tag)
