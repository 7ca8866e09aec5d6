"""Bodies are read before anything else, on some of the server's threads only: who never ends his cannot stop the others.

The server has no deadline for a body, and a thread that waits for one cannot be called back. Text is UTF-8: of any other
encoding Django looks up the codec by the name that was sent, and fails on what is none for text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from gradatim.program.ground import limits

THREADS = 8  # of each process
READERS = 6  # of them may wait for bodies; the others answer whoever sends none
OF_ONE = 4  # of these for one client
LARGEST = 64 * 1024 * 1024  # bytes
IN_MEMORY = 1024 * 1024  # bytes; more goes to a file
PIECE = 64 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UTF_8 = frozenset(["", "utf-8", "utf8", "us-ascii", "ascii"])
_CHARSET = re.compile(r""";\s*charset[^=;]*=\s*"?([^";]*)""", re.IGNORECASE)
_BOUNDARY = re.compile(r""";\s*(boundary=(?:"[^"]*"|[^;"]*))""", re.IGNORECASE)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def read_first(application: Application) -> Application:
    """The application, called when the whole body is there.

    Answers itself: 503 when too many bodies are on their way, 413 to one that is larger than `LARGEST`, 415 to a form in
    another encoding than UTF-8.
    """
    turns = limits.Turns(at_once=READERS, of_one=OF_ONE)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        kind = environ.get("CONTENT_TYPE") or ""
        if not _is_read(kind):
            return _refuse(start, "415 Unsupported Media Type", "Send the form in UTF-8.")
        environ = environ | {"CONTENT_TYPE": _short(kind)}
        said = environ.get("CONTENT_LENGTH") or "0"
        length = int(said) if said.isdecimal() else 0  # so does Django, which then reads nothing
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start)
        if length > LARGEST:
            return _refuse(start, "413 Content Too Large", "This is too large.")
        with SpooledTemporaryFile(IN_MEMORY) as body:
            with turns.taken(limits.client_of(environ)) as mine:
                if not mine:
                    return _busy(start)
                _copy(environ["wsgi.input"], body, length or LARGEST + 1)  # in pieces, no length is said
            came = body.tell()
            if came > LARGEST:
                return _refuse(start, "413 Content Too Large", "This is too large.")
            body.seek(0)
            return application(environ | {"wsgi.input": body, "CONTENT_LENGTH": str(came)}, start)

    return answer


def _is_read(kind: str) -> bool:
    """Whether a body of a media type is in UTF-8, as far as it is a form; what is no form is read as bytes."""
    named = _CHARSET.search(kind)
    return _media_type(kind) not in FORMS or named is None or named[1].strip().lower() in UTF_8


def _short(kind: str) -> str:
    """A media type with its boundary, and nothing else that somebody wrote behind it."""
    boundary = _BOUNDARY.search(kind)
    return _media_type(kind) + (f"; {boundary[1]}" if boundary else "")


def _media_type(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _copy(source: Any, body: IO[bytes], length: int) -> None:  # noqa: ANN401 - what the server gives to read from
    while length > 0 and (piece := source.read(min(PIECE, length))):
        body.write(piece)
        length -= len(piece)


def _busy(start: Callable[..., Any]) -> list[bytes]:
    words = "Too much is being sent at once. Try again soon."
    return _refuse(start, "503 Service Unavailable", words, [("Retry-After", "5")])


def _refuse(
    start: Callable[..., Any], status: str, words: str, more: Iterable[tuple[str, str]] = ()
) -> list[bytes]:
    content = words.encode()
    start(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ("Connection", "close"),
            *more,
        ],
    )
    return [content]
