"""Cells of the tables that people download."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def harmless(text: str) -> str:
    """A text as a cell that a spreadsheet takes for text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
