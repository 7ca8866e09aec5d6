"""The badge image: outline by level, color by type, the stepped motif, a label that fits.

An SVG without script, style or anything fetched; the PNG is drawn from it with the font beside this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from xml.sax.saxutils import escape

import resvg_py
from PIL import ImageFont

from gradatim.program.achievements.models import Version
from gradatim.program.taxonomy.looks import OUTLINES, WHITE, ink_on, mix

FONT = str(files("gradatim.program.achievements") / "fonts" / "atkinson-hyperlegible-next-600.ttf")
FAMILY = "Atkinson Hyperlegible Next, Atkinson Hyperlegible Next Variable, Verdana, sans-serif"
FALLBACK_COLOR = "#4a5560"  # while no type is chosen
LABEL_SIZES = (40, 37, 34, 31, 28, 26, 24, 22, 20)  # tried from large to small, of 400
LABEL_LINES = 3
LEVEL_SIZES = (26, 24, 22, 20, 18, 16, 14)
STEPS = 4

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where things stand on one shape, on a field of 400 by 400.

    Attributes:
        path: the outline.
        center: what the inner line shrinks toward, as y.
        label: middle of the label block, as y, and how wide a line may be.
        motif: the foot of the steps, as y.
        level: baseline of the level's name, as y, and how wide it may be.
    """

    path: str
    center: int
    label: tuple[int, int]
    motif: int
    level: tuple[int, int]


PLACES = {
    "circle": Place(OUTLINES["circle"], 200, (121, 264), 286, (327, 220)),
    "square": Place(OUTLINES["square"], 200, (110, 304), 288, (336, 290)),
    "pentagon": Place(OUTLINES["pentagon"], 212, (148, 232), 298, (340, 220)),
    "hexagon": Place(OUTLINES["hexagon"], 200, (121, 240), 286, (324, 200)),
    "octagon": Place(OUTLINES["octagon"], 200, (114, 284), 288, (332, 224)),
    "shield": Place(
        OUTLINES["shield"],
        192,
        (116, 276),
        274,
        (314, 216),
    ),
}


def svg(version: Version) -> str:
    """The badge image of a version.

    Args:
        version: any, drafts too; its type gives the color, its level the outline and how many steps are filled.

    Returns:
        An SVG document of 400 by 400, self-contained, with title and description for screen readers.
    """
    level, kind = version.level, version.type
    return draw(
        label=version.image_label or version.title,
        level=level.name if level else "",
        shape=level.shape if level else "",
        steps=min(level.position + 1, STEPS) if level else 0,
        color=kind.color if kind else "",
        alt=alt(version),
        practice=version.achievement.practice,
    )


def alt(version: Version) -> str:
    """What the image shows, in words."""
    return (
        version.image_alt
        or f"Badge: {', '.join(p for p in (version.public_title, str(version.level or '')) if p)}"
    )


def png(version: Version, size: int = 400) -> bytes:
    """The badge image as PNG.

    Args:
        version: any.
        size: width and height in pixels, 32 to 1600.
    """
    return render(svg(version), max(32, min(size, 1600)))


@lru_cache(maxsize=256)
def render(source: str, size: int) -> bytes:
    """An SVG of ours as PNG; the same one is drawn once."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=source, width=size, height=size, skip_system_fonts=True, font_files=[FONT]
        )
    )


@lru_cache(maxsize=256)
def draw(*, label: str, level: str, shape: str, steps: int, color: str, alt: str, practice: bool) -> str:
    """The badge image from its parts.

    Args:
        label: the words on it, wrapped and shrunk to fit.
        level: the name under the steps.
        shape: a `taxonomy.models.Value.Shape`; a circle if unknown.
        steps: how many of the steps are filled.
        color: ``#rrggbb``.
        alt: the description for screen readers.
        practice: whether the image says that it is for practice.
    """
    outline = PLACES.get(shape, PLACES["circle"])
    base = color or FALLBACK_COLOR
    ink = ink_on(base)
    light, dark = (base, mix(base, "#000000", 0.34)) if ink == WHITE else (mix(base, "#ffffff", 0.4), base)
    gradient = f"g{base[1:]}{'w' if ink == WHITE else 'b'}"
    shrink = f"translate(200 {outline.center}) scale(.925) translate(-200 -{outline.center})"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{escape(clean(label))}</title><desc>{escape(clean(alt))}</desc>"
        f'<defs><linearGradient id="{gradient}" x1="0" y1="0" x2="1" y2="1">'
        f'<stop stop-color="{light}"/><stop offset="1" stop-color="{dark}"/></linearGradient></defs>'
        f'<path d="{outline.path}" fill="url(#{gradient})"/>'
        f'<path d="{outline.path}" transform="{shrink}" fill="none" stroke="{ink}" stroke-opacity=".55" stroke-width="3.4"/>'
        f"{_steps(outline.motif, steps, ink)}"
        f"{_label(clean(label), outline, ink)}"
        f"{_foot(clean(level.upper()), outline, ink, practice=practice)}"
        "</svg>\n"
    )


def _steps(foot: int, filled: int, ink: str) -> str:
    """The stepped line: four steps, those reached in full ink."""
    width, rise = 40, 24
    left = 200 - STEPS * width // 2
    bars = []
    for n in range(STEPS):
        height = rise * (n + 1)
        opacity = ".95" if n < filled else ".3"
        bars.append(
            f'<path d="M{left + n * width} {foot}v-{height}h{width}v{height}z" fill="{ink}" fill-opacity="{opacity}"/>'
        )
    return "".join(bars)


def _label(text: str, outline: Place, ink: str) -> str:
    """The label, in as large a type and as few lines as fit."""
    middle, width = outline.label
    lines, size = fit(text, width)
    leading = size * 1.12
    first = middle - leading * (len(lines) - 1) / 2 + size * 0.34
    return "".join(_line(line, size, round(first + n * leading), width, ink) for n, line in enumerate(lines))


def _foot(level: str, outline: Place, ink: str, *, practice: bool) -> str:
    """The level's name under the steps, and that it is practice."""
    baseline, width = outline.level
    size = next((s for s in LEVEL_SIZES if measure(level, s) <= width), LEVEL_SIZES[-1])
    if not practice:
        return _line(level, size, baseline, width, ink)
    return _line(level, size, baseline - 9, width, ink) + _line("PRACTICE", 18, baseline + 15, width, ink)


def _line(text: str, size: int, baseline: int, width: int, ink: str) -> str:
    """One centered line; its length is fixed, so that it also fits where the font is another one."""
    if not text:
        return ""
    length = min(width, measure(text, size))
    return (
        f'<text x="200" y="{baseline}" text-anchor="middle" font-family="{FAMILY}" font-size="{size}" font-weight="600" '
        f'textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs" fill="{ink}">{escape(text)}</text>'
    )


def fit(text: str, width: int) -> tuple[list[str], int]:
    """Break a label into lines that fit.

    Args:
        text: the label.
        width: of a line, in units of the image.

    Returns:
        The lines (at most three, the last one cut with an ellipsis if need be) and the type size.
    """
    words = text.split()
    for size in LABEL_SIZES:
        lines = wrap(words, width, size)
        allowed = 1 if size > 37 else 2 if size > 26 else LABEL_LINES  # noqa: PLR2004 - large type has little height
        if len(lines) <= allowed and all(measure(line, size) <= width for line in lines):
            return lines, size
    size = LABEL_SIZES[-1]
    return [cut(line, width, size) for line in cut_lines(wrap(words, width, size))], size


def wrap(words: list[str], width: int, size: int) -> list[str]:
    """Words in lines, as many on each as fit."""
    lines: list[str] = []
    for word in words:
        if lines and measure(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cut_lines(lines: list[str]) -> list[str]:
    """At most three lines; an ellipsis says that there was more."""
    return lines if len(lines) <= LABEL_LINES else [*lines[: LABEL_LINES - 1], f"{lines[LABEL_LINES - 1]}…"]


def cut(line: str, width: int, size: int) -> str:
    """A line, shortened with an ellipsis until it fits."""
    while measure(line, size) > width and len(line) > 1:
        line = f"{line.rstrip('…')[:-1]}…"
    return line


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, 100, layout_engine=ImageFont.Layout.BASIC)  # one that refuses no text


def measure(text: str, size: int) -> float:
    """The width of a text, in units of the image."""
    return float(_font().getlength(text)) * size / 100


def clean(text: str) -> str:
    """A text on one line, without what XML cannot hold."""
    return " ".join(_NOT_XML.sub("", text).split())
