"""Uploaded pictures: PNG, or SVG that holds nothing but drawing."""

from __future__ import annotations

import re
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from gradatim.program.ground.refused import Refused

LIMIT = 1024 * 1024  # bytes
PIXELS = 4096 * 4096
_SVG = "http://www.w3.org/2000/svg"
_DRAWING = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "title",
        "desc",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "id",
        "class",
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "dx",
        "dy",
        "width",
        "height",
        "viewBox",
        "points",
        "transform",
        "fill",
        "stroke",
        "opacity",
        "offset",
        "fill-opacity",
        "fill-rule",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-dasharray",
        "stroke-miterlimit",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "clip-path",
        "clip-rule",
        "mask",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "letter-spacing",
        "version",
        "preserveAspectRatio",
        "role",
        "aria-label",
        "aria-hidden",
    ]
)
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)", re.IGNORECASE)


def check(content: bytes) -> str:
    """What a picture is, if it may be kept.

    Args:
        content: the file.

    Returns:
        ``"image/png"`` or ``"image/svg+xml"``.

    Raises:
        Refused: ``too-large``, ``image-invalid`` or ``unsafe-content``.
    """
    if len(content) > LIMIT:
        raise Refused("too-large", _("The picture has more than 1 MiB. Make it smaller."), field="logo")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        _check_svg(content)
        return "image/svg+xml"
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused(
                    "too-large", _("The picture has too many points. Make it smaller."), field="logo"
                )
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("image-invalid", _("This is neither a PNG nor an SVG picture."), field="logo") from None
    return "image/png"


def _check_svg(content: bytes) -> None:
    depth = 0

    def unsafe(what: str) -> Refused:
        return Refused(
            "unsafe-content",
            _("The SVG holds %(what)s, which is not drawing. Export it as plain SVG, or as PNG.")
            % {"what": what},
            field="logo",
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        space, _sep, local = name.rpartition(" ")
        if depth == 0 and (local != "svg" or space != _SVG):
            raise Refused("image-invalid", _("This is no SVG picture."), field="logo")
        depth += 1
        if space != _SVG or local not in _DRAWING:
            raise unsafe(f"<{local}>")
        for attribute, value in attributes.items():
            if attribute not in _ATTRIBUTES or _OUTSIDE.search(value):
                raise unsafe(attribute.rpartition(" ")[2])

    def declares(*_: object) -> None:
        raise unsafe("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = declares
    parser.EntityDeclHandler = declares
    parser.ProcessingInstructionHandler = lambda *_: declares()
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("image-invalid", _("The SVG picture cannot be read."), field="logo") from None
