"""Checking files: a few as they come, whole folders and zip archives on all cores, in order, as they are done.

Spec: none; the lines are described in `docs/reference/command-line.md`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import signal
import threading
import unicodedata
import zipfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn, Self

from gradatim.engine.bake import MAX_BYTES as MAX_PICTURE
from gradatim.engine.fetch import Fetcher, MemoryFetcher, WebFetcher
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import Sitting, verify

FEW = 50  # files that are checked one after another, each for itself
CHUNK = 100  # files of a large run that are checked in one sitting: each address is asked once for them
WAITING = 4  # chunks for each process that are read ahead

_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNDETERMINED: "?"}
_EMPTY = "There are no files in it."
_JOINERS = "\u200c\u200d"  # between letters and in emoji; they move nothing
_PACKED = b"PK\x03\x04"  # how every zip archive with a member begins


class Place(NamedTuple):
    """A file, or one member of a zip archive; or why there is nothing to read in a folder or an archive."""

    file: str
    member: zipfile.ZipInfo | None = None  # not its name: two members may have the same
    trouble: str = ""

    @property
    def name(self) -> str:
        """What the answer calls it."""
        return f"{self.file}/{self.member.filename}" if self.member else self.file


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


def answers(names: Sequence[str], question: Question) -> Generator[Answer]:
    """Check files, in order; each answer comes as soon as it is there.

    Args:
        names: files; folders, with all files in them; zip archives, there and by themselves, with all their members.
        question: what is asked about each.

    Raises:
        FileNotFoundError: there is no file in any of them; InputError: the stand-in for the network cannot be read.
    """
    found = _places(names)
    first = list(islice(found, FEW + 1))
    if len(first) <= FEW:
        if all(place.trouble == _EMPTY for place in first):
            raise FileNotFoundError(errno.ENOENT, _EMPTY, ", ".join(names))
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
    others = {*multiprocessing.active_children()}
    usual = signal.SIGTERM, signal.SIG_DFL  # or the processes would inherit what this one does then
    with _told_to_end(), ProcessPoolExecutor(cores, initializer=signal.signal, initargs=usual) as pool:
        running: deque[Future[list[Answer]]] = deque()
        try:
            for chunk in chunks:
                running.append(pool.submit(_chunk, chunk, question))
                if len(running) >= cores * WAITING:
                    yield from running.popleft().result()
            while running:
                yield from running.popleft().result()
        except BaseException:  # nobody listens any more, and what is under way may wait for minutes
            for process in {*multiprocessing.active_children()} - others:
                process.terminate()
            raise


@contextmanager
def _told_to_end() -> Iterator[None]:
    """Who is told to end passes it on: SIGTERM alone would end this process at once, and leave the others."""
    if threading.current_thread() is not threading.main_thread():  # only there signals can be caught
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what a handler is given
    raise SystemExit(128 + number)  # as a shell says it


def _chunk(places: list[Place], question: Question) -> list[Answer]:
    """The work of one process: a sitting of its own."""
    sitting, now = Sitting(), question.now or datetime.now(UTC)
    with _Desk(question) as desk:
        return [desk.answer(place, sitting, now) for place in places]


def _places(names: Iterable[str]) -> Iterator[Place]:
    """Every file there is to check; folders and archives in the order of their names."""
    for name in names:
        if not Path(name).is_dir():
            yield from _opened(name)
            continue
        empty = True
        for file in sorted(Path(name).rglob("*")):
            if file.is_file():
                empty = False
                yield from _opened(str(file))
        if empty:
            yield Place(name, trouble=_EMPTY)


def _opened(name: str) -> Iterator[Place]:
    """A file, or the members of an archive; of one name, in the order in which they stand in it."""
    if Path(name).suffix.lower() != ".zip":
        yield Place(name)
        return
    try:
        with zipfile.ZipFile(name) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except Exception as error:  # noqa: BLE001 - a damaged archive raises whatever its bytes lead to
        yield Place(name, trouble=_why(error))
        return
    for member in sorted(members, key=attrgetter("filename")):
        yield Place(name, member)
    if not members:
        yield Place(name, trouble=_EMPTY)


def _why(error: Exception) -> str:
    """Why a file or an archive cannot be read, and what to do."""
    if isinstance(error, OSError) and error.strerror:
        return f"The file cannot be read: {error.strerror}."
    words = str(error).rstrip(".") or type(error).__name__
    return f"The zip archive is damaged, or packed in a way that is not read here ({words}); get it anew, or unpack it."


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
        self.fetcher.requests = []
        report = self.report(place, sitting, now)
        if self.question.as_json:
            return report.verdict, json.dumps(report.as_dict(file=place.name), ensure_ascii=False)
        return report.verdict, _words(place.name, report)

    def report(self, place: Place, sitting: Sitting, now: datetime) -> Report:
        """What the engine says, or why there is nothing it could be asked about."""
        if place.trouble:
            return _unread(place.trouble)
        try:
            data = self.read(place)
        except Exception as error:  # noqa: BLE001 - as when an archive is opened
            return _unread(_why(error))
        if data.startswith(_PACKED):
            return _unread("This is a zip archive: unpack it, and check the folder.", "parse")
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
        if place.member is None:
            with Path(place.file).open("rb") as file:
                return file.read(MAX_PICTURE + 1)
        if place.file not in self.archives:
            self.archives[place.file] = self.open.enter_context(zipfile.ZipFile(place.file))
        with self.archives[place.file].open(place.member) as inside:
            return inside.read(MAX_PICTURE + 1)


def _unread(words: str, cause: str = "not-found") -> Report:
    return Report((Check("input", Outcome.FAILED, words, None, cause, refuses=True),))


def _words(name: str, report: Report) -> str:
    title = (report.document or {}).get("name")
    cause = f" ({report.cause})" if report.cause else ""
    lines = [f"{name}: {report.verdict}{cause}" + (f" · {title}" if isinstance(title, str) else "")]
    lines += [f"  {_SIGNS[check.outcome]} {check.detail}{_source(check)}" for check in report.checks]
    for part in report.parts:
        words = f": {part['detail']}" if part["detail"] else ""
        lines.append(f"    {_SIGNS[part['outcome']]} {part['name'] or part['path']}{words}")
    return "\n".join(map(printable, lines))


def printable(line: str) -> str:
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
