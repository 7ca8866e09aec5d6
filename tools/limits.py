"""Write docs/reference/limits.md: every limit of the engine, as its source states it.

Usage: .run/python tools/limits.py. A test holds the page against the source.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "src" / "gradatim" / "engine"
PAGE = ROOT / "docs" / "reference" / "limits.md"
LIMIT = re.compile(
    r"([A-Z0-9_]*(?:MAX|LIMIT|BUDGET|MINIMUM|SECONDS|SKEW|TTL|KEPT|BITS|PORTS)[A-Z0-9_]*) = .*?(?:  # (.+))?$"
)
KIBI = 1024
HEAD = """# Limits

Whatever comes from outside is read within limits, each of them a constant in the engine. What passes one is refused with
a cause of its own (`too-large`, `too-deep`, `resource-limit`, `timeout` …); nothing is read half. This page is written by
`tools/limits.py` from the source.

| module | constant | value | of what |
|---|---|---|---|
"""


def limits() -> Iterator[tuple[str, str, object, str]]:
    """Module, name, value and words of each limit, module by module in the order of the source."""
    for path in sorted(ENGINE.rglob("*.py")):
        words = path.relative_to(ENGINE).with_suffix("").parts
        name = ".".join(words[:-1] if words[-1] == "__init__" else words)
        for line in path.read_text(encoding="utf-8").splitlines():
            found = LIMIT.match(line)
            if found and not found[1].startswith("_"):
                value = getattr(importlib.import_module(f"gradatim.engine.{name}"), found[1])
                yield (
                    name,
                    found[1],
                    value,
                    found[2] or found[1].removeprefix("MAX_").replace("_", " ").lower(),
                )


def shown(value: object) -> str:
    """A value for readers: bytes in MiB, numbers with their thousands, times in minutes, choices one by one."""
    if isinstance(value, frozenset):
        return ", ".join(map(str, sorted(value)))
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min"
    if isinstance(value, int) and value % KIBI**2 == 0:
        return f"{value // KIBI**2} MiB"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def page() -> str:
    """The page as it should be."""
    rows = (
        f"| `{module}` | `{name}` | {shown(value)} | {words} |\n" for module, name, value, words in limits()
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is written\n")
