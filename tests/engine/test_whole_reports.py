"""Whole reports, check by check: names, outcomes, causes and sections are public, so a change of any is a decision.

`reports.json` says for each published credential what every check says; `python -m tests.engine.test_whole_reports`
writes it anew, and the difference is read before it is committed.
"""

import json
from pathlib import Path

import pytest

from gradatim.engine import encoding
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from tests.conftest import SHARED
from tests.engine.samples import NOW

OWN = SHARED / "standards/vectors/own-credentials"
EXAMPLES = SHARED / "standards/examples"
FILE = Path(__file__).with_name("reports.json")
WANTED = json.loads(FILE.read_text()) if FILE.exists() else {}


def told(path, **options):
    """One line for each check, then what was asked and what is inside."""
    if path.is_relative_to(OWN):
        now = encoding.parse_datetime(json.loads((OWN / "cases.json").read_text())["referenceTime"])
        fetcher = MemoryFetcher.from_file(OWN / "resolver.json")
    else:
        now, fetcher = NOW, MemoryFetcher({})
    report = verify(
        path.read_bytes(), fetcher=fetcher, now=now, trusted=[], recipient="a@b.example", **options
    )
    lines = [
        " · ".join(str(each) for each in (check.name, check.outcome, check.cause, check.spec) if each)
        for check in report.checks
    ]
    asked = [f"asked {each['url']} · {each['outcome']}" for each in report.requests]
    inside = [f"inside {part['path']} · {part['verdict']} · {part['cause']}" for part in report.parts]
    return [f"{report.verdict} · {report.cause} · {', '.join(report.warnings)}", *lines, *asked, *inside]


def files():
    for folder in (OWN, EXAMPLES):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".json", ".jwt", ".png", ".svg"} and path.stat().st_size < 100_000:
                yield path


@pytest.mark.shared
def test_no_report_is_missing():
    assert {str(path.relative_to(SHARED)) for path in files()} == set(WANTED)


@pytest.mark.shared
@pytest.mark.parametrize("name", WANTED)
def test_report(name):
    assert told(SHARED / name) == WANTED[name]


if __name__ == "__main__":
    found = {str(path.relative_to(SHARED)): told(path) for path in files()}
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
