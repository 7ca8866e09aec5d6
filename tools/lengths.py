"""Complain about files over 400 lines: such a file has two subjects."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400
SKIPPED = {"migrations", "node_modules", ".peers"}
ROOT = Path(__file__).resolve().parents[1]

long = []
for folder in ("src", "tests", "tools", "bench"):
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in {".py", ".html", ".css", ".js"} and not SKIPPED & set(path.parts):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                long.append(f"{path.relative_to(ROOT)}: {lines} lines, the limit is {LIMIT}")
sys.stderr.write("".join(f"{line}\n" for line in long))
sys.exit(1 if long else 0)
