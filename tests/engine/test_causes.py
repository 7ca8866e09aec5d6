"""The reference names every cause word that the engine has, and no other."""

import ast
import json
import re
from pathlib import Path

import gradatim.engine
from tests.engine.test_whole_reports import FILE

ENGINE = Path(gradatim.engine.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "causes.md"
WORD = re.compile(r"[a-z]+(-[a-z0-9]+)*\Z")
ELSEWHERE = ("framework",)  # frameworks have their own words


def documented():
    cells = [row.split("|")[1] for row in PAGE.read_text().splitlines() if row.startswith("| `")]
    return {word.split(":")[0] for cell in cells for word in re.findall("`([^`]+)`", cell)}


def literals():
    for path in ENGINE.rglob("*.py"):
        if path.relative_to(ENGINE).parts[0] not in ELSEWHERE:
            yield from ast.walk(ast.parse(path.read_text()))


def raised():
    """First arguments of errors, and what is given as `cause`."""
    for node in literals():
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[:1] if name.endswith("Error") and name != "ValueError" else []
            for value in [*first, *(k.value for k in node.keywords if k.arg == "cause")]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def reported():
    for lines in json.loads(FILE.read_text()).values():
        _verdict, cause, warnings = (
            lines[0].split(" · ") if lines[0].count(" · ") == 2 else (lines[0], "", "")
        )
        for word in (cause, *warnings.split(", ")):
            if WORD.match(word.split(":")[0]):
                yield word.split(":")[0]


def test_what_is_raised_and_reported_is_documented():
    words = {*raised(), *reported()}
    assert len(words) > 30
    assert words - documented() == set()


def test_what_is_documented_exists():
    said = {
        node.value for node in literals() if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    joined = {str(word).split(":")[0] for word in said}
    assert documented() - joined == set()
