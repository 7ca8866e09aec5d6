"""How badges look: outlines, which ink can be read on which color, and shades."""

from __future__ import annotations

from gradatim.program.people.contrast import ratio

OUTLINES = {
    "circle": "M200 8a192 192 0 1 1 0 384 192 192 0 0 1 0-384z",
    "square": "M62 16h276q46 0 46 46v276q0 46-46 46H62q-46 0-46-46V62q0-46 46-46z",
    "pentagon": "M200 10 390 150 318 382H82L10 150z",
    "hexagon": "M200 8 366 104v192L200 392 34 296V104z",
    "octagon": "M123 14h154l109 109v154L277 386H123L14 277V123z",
    "shield": "M200 8q78 38 166 40v150q0 138-166 196Q34 336 34 198V48q88-2 166-40z",
}
"""Shape → SVG path on a field of 400 by 400."""

WHITE, BLACK = "#ffffff", "#16191c"


def ink_on(color: str) -> str:
    """White or near black, whichever is better to read on a color; for every color one of them reaches 4.1 to 1."""
    return WHITE if ratio(color, WHITE) >= ratio(color, BLACK) else BLACK


def mix(color: str, other: str, share: float) -> str:
    """A color with a share (0 to 1) of another one."""
    parts = [(int(color[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
