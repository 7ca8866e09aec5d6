"""Checking files: a few as they come, whole folders and zip archives on all cores, in order, as they are done.

Spec: none; the lines are described in `docs/reference/command-line.md`.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Self

from gradatim.engine.bake import MAX_BYTES as MAX_PICTURE
from gradatim.engine.fetch import Fetcher, MemoryFetcher, WebFetcher
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import Sitting, verify

FEW = 50  # files that are checked one after another, each for itself
CHUNK = 100  # files of a large run that are checked in one sitting: each address is asked once for them
WAITING = 4  # chunks for each process that are read ahead

_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNDETERMINED: "?"}

_JOINERS = "\u200c\u200d"  # between letters and in emoji; they move nothing

Place = tuple[str, str]
"""A file, and the name of the member if it is a zip archive."""

Answer = tuple[str, str]
"""A verdict, and the line or lines to show."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about each file; the words are those of the command line."""

    web: Path | None = None
    trust: tuple[str, ...] | None = None
    now: datetime | None = None
    recipient: Mapping[str, str] | None = None
    cache: Path | None = None
    challenge: str | None = None
    domain: str | None = None
    as_json: bool = False


class Memory(MutableMapping[str, str]):
    """Status lists seen before, a file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"

    def __getitem__(self, url: str) -> str:
        try:
            return self._path(url).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KeyError(url) from None

    def __setitem__(self, url: str, text: str) -> None:
        path = self._path(url)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)

    def __delitem__(self, url: str) -> None:
        self._path(url).unlink()

    def __iter__(self) -> Iterator[str]:
        return iter(path.name for path in self.folder.glob("*.json"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def answers(names: Sequence[str], question: Question) -> Iterator[Answer]:
    """Check files, in order; each answer comes as soon as it is there.

    Args:
        names: files; folders, with all files in them; zip archives, with all their members.
        question: what is asked about each.

    Raises:
        OSError: an archive cannot be read; InputError: the stand-in for the network cannot.
    """
    found = _places(names)
    first = list(islice(found, FEW + 1))
    if len(first) <= FEW:
        with _Desk(question) as desk:
            for place in first:
                yield desk.answer(place, Sitting(), question.now or datetime.now(UTC))
        return
    yield from _many(_chained(first, found), question)


def _chained(first: Iterable[Place], others: Iterable[Place]) -> Iterator[list[Place]]:
    """All places, so many at a time."""
    waiting = iter([*first])
    rest = iter(others)
    while chunk := [*islice(waiting, CHUNK)] or [*islice(rest, CHUNK)]:
        yield chunk


def _many(chunks: Iterator[list[Place]], question: Question) -> Iterator[Answer]:
    """On all cores: chunks go out ahead, answers come back in order."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        running: deque[Future[list[Answer]]] = deque()
        for chunk in chunks:
            running.append(pool.submit(_chunk, chunk, question))
            if len(running) >= cores * WAITING:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def _chunk(places: list[Place], question: Question) -> list[Answer]:
    """The work of one process: a sitting of its own."""
    sitting, now = Sitting(), question.now or datetime.now(UTC)
    with _Desk(question) as desk:
        return [desk.answer(place, sitting, now) for place in places]


def _places(names: Iterable[str]) -> Iterator[Place]:
    """Every file there is to check; folders and archives in the order of their names."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from ((str(file), "") for file in sorted(path.rglob("*")) if file.is_file())
        elif path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = sorted(member.filename for member in archive.infolist() if not member.is_dir())
            yield from ((name, member) for member in members)
        else:
            yield name, ""


class _Desk:
    """Where files are read and answered; archives stay open meanwhile."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.fetcher: Fetcher = MemoryFetcher.from_file(question.web) if question.web else WebFetcher()
        self.memory: Memory | None = Memory(question.cache) if question.cache else None
        self.archives: dict[str, zipfile.ZipFile] = {}
        self.open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.open.close()

    def answer(self, place: Place, sitting: Sitting, now: datetime) -> Answer:
        """Check one file."""
        name = "/".join(filter(None, place))
        self.fetcher.requests = []
        try:
            report = self.report(self.read(place), sitting, now)
        except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            words = f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
            report = Report((Check("input", Outcome.FAILED, words, None, "not-found", refuses=True),))
        if self.question.as_json:
            return report.verdict, json.dumps(report.as_dict(file=name), ensure_ascii=False)
        return report.verdict, _words(name, report)

    def report(self, data: bytes, sitting: Sitting, now: datetime) -> Report:
        """What the engine says."""
        return verify(
            data,
            fetcher=self.fetcher,
            now=now,
            trusted=self.question.trust,
            recipient=self.question.recipient,
            memory=self.memory,
            challenge=self.question.challenge,
            domain=self.question.domain,
            sitting=sitting,
        )

    def read(self, place: Place) -> bytes:
        """A file's bytes, or one more than a picture may have: the reader then says that it is too large."""
        path, member = place
        if not member:
            with Path(path).open("rb") as file:
                return file.read(MAX_PICTURE + 1)
        if path not in self.archives:
            self.archives[path] = self.open.enter_context(zipfile.ZipFile(path))
        with self.archives[path].open(member) as inside:
            return inside.read(MAX_PICTURE + 1)


def _words(name: str, report: Report) -> str:
    title = (report.document or {}).get("name")
    cause = f" ({report.cause})" if report.cause else ""
    lines = [f"{name}: {report.verdict}{cause}" + (f" · {title}" if isinstance(title, str) else "")]
    lines += [f"  {_SIGNS[check.outcome]} {check.detail}{_source(check)}" for check in report.checks]
    lines += [f"    {part['name'] or part['path']}: {part['verdict']}" for part in report.parts]
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    """A line for a terminal: nothing that a credential or a file is called begins a new one, moves in it or hides."""
    if line.isprintable():
        return line
    return "".join(
        char
        if char.isprintable() or char in _JOINERS or unicodedata.category(char) == "Zs"
        else char.encode("unicode_escape").decode("ascii")
        for char in line
    )


def _source(check: Check) -> str:
    """The cause word and the standard behind a check that did not pass."""
    words = () if check.outcome is Outcome.PASSED else (check.cause, check.spec)
    known = ", ".join(word for word in words if word)
    return f" ({known})" if known else ""
