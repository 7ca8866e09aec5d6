"""Bodies are read before anything else, on some of the server's threads only: who never ends his cannot stop the others.

The server has no deadline for a body, and a thread that waits for one cannot be called back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

THREADS = 8  # of each process
READERS = 6  # of them may wait for bodies; the others answer whoever sends none
PATIENCE = 0.05  # seconds to wait for a turn, on one of the other threads; a body that a proxy has whole takes far less
LARGEST = 64 * 1024 * 1024  # bytes
IN_MEMORY = 1024 * 1024  # bytes; more goes to a file
PIECE = 64 * 1024

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def read_first(application: Application) -> Application:
    """The application, called when the whole body is there.

    Answers itself: 503 when too many bodies are on their way, 413 to one that says it is larger than `LARGEST`.
    """
    turns = threading.BoundedSemaphore(READERS)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        length = int(length) if length.isdecimal() else 0  # so does Django, which then reads nothing
        if not length:
            return application(environ, start)
        if length > LARGEST:
            return _refuse(start, "413 Content Too Large", "This is too large.")
        if not turns.acquire(timeout=PATIENCE):
            return _refuse(
                start, "503 Service Unavailable", "Too much is being sent at once. Try again soon."
            )
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                _copy(environ["wsgi.input"], body, length)
            finally:
                turns.release()
            body.seek(0)
            return application(environ | {"wsgi.input": body}, start)

    return answer


def _copy(source: Any, body: IO[bytes], length: int) -> None:  # noqa: ANN401 - what the server gives to read from
    while length > 0 and (piece := source.read(min(PIECE, length))):
        body.write(piece)
        length -= len(piece)


def _refuse(start: Callable[..., Any], status: str, words: str) -> list[bytes]:
    content = words.encode()
    start(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ("Retry-After", "5"),
            ("Connection", "close"),
        ],
    )
    return [content]
