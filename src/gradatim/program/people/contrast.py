"""Contrast of two colors, as WCAG 2.2 counts it."""

from __future__ import annotations

ENOUGH = 4.5  # to 1, for text (WCAG 2.2, 1.4.3)


def ratio(one: str, other: str) -> float:
    """The contrast ratio of two colors written ``#rrggbb``, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004 - sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
