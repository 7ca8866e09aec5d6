"""Credentials inside pictures: PNG and SVG, in and out.

Spec: Open Badges 3.0, 5.3 File Format (PNG: one uncompressed iTXt chunk; SVG: one ``openbadges:credential`` element).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from gradatim.engine.errors import InputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORDS = (b"openbadgecredential", b"clrcredential")
LEGACY = b"openbadges"
MAX_BYTES = 8 * 1024 * 1024  # of a picture
MAX_PIXELS = 64_000_000
MAX_ELEMENTS = 400_000  # of an SVG
MAX_INSIDE = 20  # credentials in an SVG: so many are taken out before another is baked in
NAMESPACES = ("https://purl.imsglobal.org/ob/v3p0", "https://purl.imsglobal.org/clr/v2p0")
LEGACY_NAMESPACE = "http://openbadges.org"  # its element is called assertion
_ELEMENTS = {*((space, "credential") for space in NAMESPACES), (LEGACY_NAMESPACE, "assertion")}
_SEVERAL = "The picture holds more than one credential."
_PNG = "Open Badges 3.0, 5.3.1"
_SVG = "Open Badges 3.0, 5.3.2"


def sniff(data: bytes) -> str:
    """What a file is: ``"png"``, ``"svg"``, ``"jpeg"``, ``"jwt"`` or ``"json"`` (which also stands for anything else)."""
    if data.startswith(SIGNATURE):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return "svg"
    if head.startswith(b"ey") and data.count(b".") >= 2:  # noqa: PLR2004 - a compact token
        return "jwt"
    return "json"


def unbake(data: bytes) -> bytes:
    """The credential inside a picture: JSON or a compact token; of Open Badges 1 and 2 also the address of one.

    Raises:
        InputError: ``no-credential-found``, ``several-credentials-found``, ``image-invalid``, ``too-large``.
    """
    _check_size(data)
    kind = sniff(data)
    if kind == "png":
        return _unbake_png(data)
    if kind == "svg":
        return _unbake_svg(data)
    raise InputError("image-invalid", "This is neither a PNG nor an SVG picture.", _PNG)


def bake(picture: bytes, credential: bytes, *, record: bool = False) -> bytes:
    """A picture with the credential inside; one that was inside before is replaced.

    Args:
        picture: PNG or SVG.
        credential: JSON or a compact token, UTF-8.
        record: it is a record (CLR 2.0), which has a keyword and a namespace of its own.

    Raises:
        InputError: ``image-invalid``, ``too-large``; ``several-credentials-found`` for more than can be taken out.
    """
    _check_size(picture)
    if sniff(picture) == "png":
        return _bake_png(picture, credential, KEYWORDS[record])
    return _bake_svg(picture, credential, NAMESPACES[record].encode())


def _check_size(picture: bytes) -> None:
    if len(picture) > MAX_BYTES:
        words = f"The picture has {len(picture):,} bytes; at most {MAX_BYTES:,} are read."
        raise InputError("too-large", words)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk up to IEND; what comes after is not part of the picture."""
    at = len(SIGNATURE)
    first = True
    while True:
        if at + 12 > len(data):
            raise InputError("image-invalid", "The PNG is cut off.", "PNG, 5")
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise InputError("image-invalid", "A chunk of the PNG is longer than the file.", "PNG, 5.3")
        content = data[at + 8 : at + 8 + length]
        if struct.unpack_from(">I", data, at + 8 + length)[0] != zlib.crc32(kind + content):
            raise InputError("image-invalid", "A checksum of the PNG is wrong.", "PNG, 5.3")
        if first and (kind != b"IHDR" or length != 13):  # noqa: PLR2004 - PNG, 11.2.1
            raise InputError("image-invalid", "The PNG does not start with its header.", "PNG, 11.2.1")
        if first:
            width, height = struct.unpack_from(">II", content)
            if width * height > MAX_PIXELS:
                raise InputError(
                    "too-large",
                    f"The picture claims {width:,} by {height:,} points; at most {MAX_PIXELS:,} are accepted.",
                )
        first = False
        yield kind, content
        if kind == b"IEND":
            return
        at += 12 + length


def _unbake_png(data: bytes) -> bytes:
    newer: list[bytes] = []
    older: list[bytes] = []
    for kind, content in _chunks(data):
        keyword, _, rest = content.partition(b"\0")
        if kind in {b"tEXt", b"zTXt"} and keyword in KEYWORDS:
            raise InputError(
                "image-invalid", "The credential stands in another kind of chunk than iTXt.", _PNG
            )
        if kind == b"tEXt" and keyword == LEGACY:
            older.append(rest)
        if kind == b"iTXt" and keyword in {*KEYWORDS, LEGACY}:
            (older if keyword == LEGACY else newer).append(_itxt(rest))
    return _only(newer, older, _PNG)


def _only(newer: list[bytes], older: list[bytes], spec: str) -> bytes:
    """The credential of a picture: of several in one form, each reader would take another one.

    The same badge may stand there for readers of Open Badges 2.0 too; the newer form counts.
    """
    found = newer or older
    if len(newer) > 1 or len(older) > 1:
        raise InputError("several-credentials-found", _SEVERAL, spec)
    if not found or not found[0]:
        raise InputError("no-credential-found", "There is no credential inside this picture.", spec)
    return found[0]


def _itxt(rest: bytes) -> bytes:
    if rest[:1] != b"\0":
        raise InputError(
            "image-invalid", "The credential's chunk is compressed; the standard forbids it.", _PNG
        )
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:  # noqa: PLR2004 - language, translated keyword, text
        raise InputError("image-invalid", "The credential's chunk is damaged.", "PNG, 11.3.3.4")
    return parts[2]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _bake_png(picture: bytes, credential: bytes, keyword: bytes) -> bytes:
    if b"\0" in credential:
        raise InputError("parse", "A credential holds no zero byte.")
    pieces = [SIGNATURE]
    for kind, content in _chunks(picture):
        if kind in {b"iTXt", b"tEXt", b"zTXt"} and content.partition(b"\0")[0] in {*KEYWORDS, LEGACY}:
            continue
        pieces.append(_chunk(kind, content))
        if kind == b"IHDR":
            pieces.append(_chunk(b"iTXt", keyword + b"\0\0\0\0\0" + credential))
    return b"".join(pieces)


class _Svg:
    """One reading of an SVG: the root element, and the credentials in it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.depth = self.elements = 0
        self.root: tuple[str, int] | None = None  # name, and where its start tag begins
        self.after_root = -1  # where what follows the root's start tag begins
        self.attributes: list[str] = []  # "verify" of each credential
        self.pieces: list[list[str]] = []  # of each one's body; joined once, whatever their number
        self.old: list[bool] = []  # of each, whether it is of Open Badges 1 or 2
        self.spans: list[tuple[int, int]] = []
        self.open = -1
        self.fresh = False  # nothing was met since a credential's start tag
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.refuse
        self.parser.SkippedEntityHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.DefaultHandlerExpand = self.pass_by
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise InputError(
                "image-invalid",
                f"The SVG cannot be read: line {error.lineno}, column {error.offset + 1}.",
                _SVG,
            ) from None
        except (LookupError, ValueError):
            raise InputError(
                "image-invalid",
                "The SVG is written in an encoding that is not known here; save it as UTF-8.",
                _SVG,
            ) from None

    def found(self, *, old: bool) -> list[bytes]:
        """The text of each credential of one kind."""
        texts = zip(self.attributes, self.pieces, self.old, strict=True)
        return [_content(verify, "".join(body)).encode() for verify, body, kind in texts if kind is old]

    def doctype(self, _name: str, _system: str | None, _public: str | None, inside: int) -> None:
        """A document type by its name alone is never loaded, and says nothing."""
        if inside:
            self.refuse()

    def refuse(self, *_: object) -> None:
        raise InputError("image-invalid", "The SVG declares or uses entities; it was not read.", _SVG)

    def pass_by(self, _: str) -> None:
        self.mark()

    def mark(self) -> None:
        self.fresh = False
        if self.root and self.after_root < 0:
            self.after_root = self.parser.CurrentByteIndex

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.mark()
        self.depth += 1
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            words = f"The SVG has more than {MAX_ELEMENTS:,} elements; simplify the drawing."
            raise InputError("too-large", words, _SVG)
        space, _, local = name.rpartition(" ")
        if self.depth == 1:
            self.root = (local, self.parser.CurrentByteIndex)
            if local != "svg":
                raise InputError("image-invalid", "This is XML, but no SVG picture.", _SVG)
        elif (space, local) in _ELEMENTS:
            if self.open >= 0:
                raise InputError("image-invalid", "A credential inside a credential.", _SVG)
            if len(self.spans) == MAX_INSIDE:
                raise InputError("several-credentials-found", _SEVERAL, _SVG)
            self.open = self.depth
            self.attributes.append(attributes.get("verify", ""))
            self.pieces.append([])
            self.old.append(space == LEGACY_NAMESPACE)
            self.spans.append((self.parser.CurrentByteIndex, -1))
            self.fresh = True

    def text(self, text: str) -> None:
        self.mark()
        if self.open >= 0:
            self.pieces[-1].append(text)

    def end(self, _: str) -> None:
        fresh = self.fresh
        self.mark()
        if self.open == self.depth:
            self.open = -1
            begin = self.spans[-1][0]
            at = self.parser.CurrentByteIndex
            empty = fresh and self.data[at - 2 : at] == b"/>"  # then the parser stands behind the tag already
            stop = at if empty else self.data.index(b">", at) + 1
            self.spans[-1] = (begin, stop)
        self.depth -= 1


def _content(verify: str, body: str) -> str:
    """What an element holds: its body, or what ``verify`` says if it has none.

    Beside a body the attribute is the address where the same is hosted (Open Badges 2.0, Baking), which the body says too.
    """
    verify, body = verify.strip(), body.strip()
    if verify and body and not verify.startswith(("http://", "https://")):
        words = "The picture holds one credential in an attribute and another in the same element's body."
        raise InputError("several-credentials-found", words, _SVG)
    return body or verify


def _unbake_svg(data: bytes) -> bytes:
    svg = _Svg(data)
    return _only(svg.found(old=False), svg.found(old=True), _SVG)


def _bake_svg(picture: bytes, credential: bytes, namespace: bytes) -> bytes:
    svg = _Svg(picture)
    if svg.root is None or svg.after_root < 0 or picture[svg.after_root - 2 : svg.after_root] == b"/>":
        raise InputError("image-invalid", "The SVG is empty: there is no place for a credential.", _SVG)
    if credential[:2] == b"ey":
        inner = b'<openbadges:credential xmlns:openbadges="%s" verify="%s"/>' % (
            namespace,
            credential,
        )
    else:
        safe = credential.replace(b"]]>", b"]]]]><![CDATA[>")
        inner = b'<openbadges:credential xmlns:openbadges="%s"><![CDATA[%s]]></openbadges:credential>' % (
            namespace,
            safe,
        )
    cuts = [svg.after_root, *(place for span in svg.spans for place in span), len(picture)]
    kept = [picture[begin:end] for begin, end in zip(cuts[::2], cuts[1::2], strict=True)]
    baked = b"".join([picture[: svg.after_root], inner, *kept])
    if _unbake_svg(baked) != credential.replace(b"\r\n", b"\n").strip():
        raise InputError(
            "image-invalid",
            "The SVG cannot hold this credential: it is not written in UTF-8, or has a character that XML forbids.",
            _SVG,
        )
    return baked
