"""Mutation testing of the engine: change one thing in a function, and see whether a test notices.

Usage: .run/python tools/mutants.py [--show] [--every N] [--tests FILE]… [MODULE …], by default what decides about trust:
verify, proof, status_list, against all tests of the engine. --every 4 tries each fourth mutant, for a first look; --tests
runs only some of the tests, which can only find less.
Tests are collected once; each mutant lives in a forked process, in which only the tests that reach its line run, the
quickest first. Sentences for people are left alone, and so is what stands outside functions. Fails under 90 %.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "src" / "gradatim" / "engine"
TARGETS = ("verify", "proof", "status_list")
LEAST = 90  # per cent
PATIENCE = 10.0  # seconds of the processor for one mutant; what is not noticed by then has survived
HANG = 120  # seconds by the clock
CACHED = type(lru_cache(len))
INI = "[pytest]\naddopts = --import-mode=importlib\nmarkers =\n  shared\n  slow\n"

COMPARED: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RECKONED: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what it does, and the code of the function with it."""

    path: Path
    line: int
    what: str
    name: str
    code: CodeType


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:  # noqa: C901 - a list of cases reads best as one
    """What may be done to one node: words, and a function that does it in place or returns what stands there then."""
    if isinstance(node, ast.Compare):
        for number, one in enumerate(node.ops):
            if type(one) in COMPARED:
                other = COMPARED[type(one)]
                yield (
                    f"{type(one).__name__} to {other.__name__}",
                    lambda n, i=number, o=other: n.ops.__setitem__(i, o()),
                )
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"to {other.__name__}", lambda n: setattr(n, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", lambda n: n.operand
    elif (
        isinstance(node, ast.BinOp) and type(node.op) in RECKONED and not isinstance(node.left, ast.JoinedStr)
    ):
        other = RECKONED[type(node.op)]
        yield f"to {other.__name__}", lambda n: setattr(n, "op", other())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} to {not node.value}", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} plus 1", lambda n: setattr(n, "value", n.value + 1)
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value
        and " " not in node.value
    ):
        yield f"{node.value!r} to another word", lambda n: setattr(n, "value", f"{n.value}~")
    elif isinstance(node, ast.If | ast.IfExp):
        yield "the condition turned round", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return None", lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, ast.Raise | ast.Continue | ast.Break) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield "left out", lambda _: ast.Pass()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class _Apply(ast.NodeTransformer):
    """Does the change number `wanted` of the tree."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen = wanted, -1

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.JoinedStr) or _is_told(node):
            return node
        for _, change in changes(node):
            self.seen += 1
            if self.seen == self.wanted:
                changed = change(node)
                return ast.copy_location(changed, node) if isinstance(changed, ast.AST) else node
        return self.generic_visit(node)


def _is_told(node: ast.AST) -> bool:
    """Whether a node is no code of the function: its head, an annotation, a docstring."""
    return isinstance(node, ast.arguments | ast.AnnAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def sites(function: ast.AST) -> list[tuple[int, str]]:
    """Line and words of every change of a function, in the order in which `_Apply` counts them."""
    found: list[tuple[int, str]] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.JoinedStr) or _is_told(node):
            return
        found.extend((node.lineno, what) for what, _ in changes(node))
        for inner in ast.iter_child_nodes(node):
            look(inner)

    look(function)
    return found


def functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt], int]]:
    """Every function outside other functions: its full name, the body it stands in, its place there."""
    for body, prefix in [
        (tree.body, ""),
        *((c.body, f"{c.name}.") for c in tree.body if isinstance(c, ast.ClassDef)),
    ]:
        for number, node in enumerate(body):
            if isinstance(node, ast.FunctionDef):
                yield prefix + node.name, body, number


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, body, number in functions(tree):
        function = body[number]
        function.returns, function.decorator_list = None, []  # no code of the function
        for wanted, (line, what) in enumerate(sites(function)):
            body[number] = _Apply(wanted).visit(copy.deepcopy(function))
            with suppress(SyntaxError):
                whole = compile(ast.fix_missing_locations(tree), str(path), "exec")
                yield Mutant(path, line, what, name, code_of(whole, name))
        body[number] = function


def code_of(code: CodeType, name: str) -> CodeType:
    """The code of a function inside a compiled module."""
    for inner in (each for each in code.co_consts if isinstance(each, CodeType)):
        if inner.co_qualname == name:
            return inner
        if name.startswith(f"{inner.co_qualname}."):
            return code_of(inner, name)
    raise LookupError(name)


def function_of(module: ModuleType, name: str) -> FunctionType:
    """The function itself, out of whatever is wrapped around it."""
    found: Any = module
    for word in name.split("."):
        found = vars(found)[word]
    while not isinstance(found, FunctionType):
        found = getattr(found, "__wrapped__", None) or getattr(found, "fget", None) or found.__func__
    return found


class Run:
    """A pytest plug-in that runs mutants in the place of tests."""

    def __init__(self, files: list[Path], *, every: int, show: bool) -> None:
        self.files, self.every, self.show = files, every, show
        self.counts: dict[Path, Counter[str]] = defaultdict(Counter)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Which tests reach which line; then mutant after mutant."""
        items = {item.nodeid: item for item in session.items}
        reached, seconds = self.reach(items)
        for path in self.files:
            name = "gradatim.engine." + ".".join(path.relative_to(ENGINE).with_suffix("").parts)
            module = importlib.import_module(name.removesuffix(".__init__"))
            for mutant in islice(mutants(path), 0, None, self.every):
                tests = sorted(reached[path].get(mutant.line, ()), key=seconds.__getitem__)
                noticed = self.noticed(mutant, module, [items[test] for test in tests])
                self.counts[path]["killed" if noticed else "survived"] += 1
                if self.show and not noticed:
                    where = f"{path.relative_to(ROOT)}:{mutant.line}"
                    sys.stderr.write(f"{where}: {mutant.name}: {mutant.what} ({len(tests)} tests)\n")
            _tell(str(path.relative_to(ROOT)), self.counts[path])
        return True

    def reach(self, items: dict[str, Any]) -> tuple[dict[Path, dict[int, list[str]]], dict[str, float]]:
        """For each line the tests that run it, and how long each test takes."""
        cover = coverage.Coverage(
            config_file=False, data_file=None, include=[str(path) for path in self.files]
        )
        seconds = {}
        cover.start()
        for name, item in items.items():
            cover.switch_context(name)
            started = time.perf_counter()
            reports = runtestprotocol(item, log=False, nextitem=None)
            if any(report.failed for report in reports):  # one of speed may, on a busy machine
                sys.stderr.write(f"{name} fails as it is, and is left out\n")
            else:
                seconds[name] = time.perf_counter() - started
        cover.stop()
        data = cover.get_data()
        reached = {
            path: {
                line: [name for name in names if name in seconds]
                for line, names in data.contexts_by_lineno(str(path)).items()
            }
            for path in self.files
        }
        return reached, seconds

    @staticmethod
    def noticed(mutant: Mutant, module: ModuleType, tests: list[Any]) -> bool:
        """Whether a test fails, or runs for ever, with the mutant in place."""
        child = os.fork()
        if not child:
            signal.alarm(HANG)
            os._exit(_fails(mutant, module, tests))
        return os.waitpid(child, 0)[1] != 0


def _fails(mutant: Mutant, module: ModuleType, tests: list[Any]) -> int:
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    ends = time.process_time() + PATIENCE
    try:
        function_of(module, mutant.name).__code__ = mutant.code
        for one in vars(module).values():
            if isinstance(one, CACHED):
                one.cache_clear()  # what was answered before the change would hide it
        for item in tests:
            if time.process_time() > ends:
                break
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                return 1
    except BaseException:  # noqa: BLE001 - whatever it is, it was noticed
        return 1
    return 0


def main() -> int:
    """Run, and say how many were noticed in each file."""
    parser = argparse.ArgumentParser(description="mutation testing of the engine")
    parser.add_argument("--show", action="store_true", help="name every survivor")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--tests", action="append", metavar="FILE", help="only these; may be given again")
    parser.add_argument("modules", nargs="*", default=TARGETS)
    words = parser.parse_args()
    files = []
    for word in words.modules:
        place = ENGINE.joinpath(*word.split("."))
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants", phases=phases, database=None, derandomize=True, deadline=None
    )
    hypothesis.settings.load_profile("mutants")
    run = Run(files, every=words.every, show=words.show)
    with tempfile.TemporaryDirectory() as folder:
        ini = Path(folder, "pytest.ini")
        ini.write_text(INI)
        options = [
            "-c",
            str(ini),
            "--rootdir",
            str(ROOT),
            "-p",
            "no:django",
            "-p",
            "no:xdist",
            "-p",
            "no:cacheprovider",
        ]
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        tests = words.tests or [str(ROOT / "tests/engine")]
        pytest.main([*options, "--capture=no", "-q", "-m", "not slow", *tests], plugins=[run])
    total: Counter[str] = Counter()
    for counts in run.counts.values():
        total += counts
    return 0 if _tell("all", total) >= LEAST else 1


def _tell(what: str, counts: Counter[str]) -> float:
    share = 100 * counts["killed"] / max(counts.total(), 1)
    sys.stdout.write(f"{what}: {counts['killed']} of {counts.total()} noticed, {share:.1f} %\n")
    sys.stdout.flush()
    return share


if __name__ == "__main__":
    sys.exit(main())
