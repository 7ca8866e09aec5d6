"""Every page of the documentation stands in its menu, once."""

import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def pages(entry):
    if isinstance(entry, str):
        yield entry
    else:
        for inner in entry.values() if isinstance(entry, dict) else entry:
            yield from pages(inner)


def test_the_menu_has_every_page_once():
    found = Counter(pages(tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]))
    assert [page for page, count in found.items() if count > 1] == []
    assert set(found) == {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
