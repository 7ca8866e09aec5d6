"""A program of its own that reads a spreadsheet: bytes in, rows out as JSON.

A small file may say that it has a cell in the last row of the last column; whoever makes room for all before it runs out
of memory, and the library then ends the process. So it is a process where that harms nobody. It imports nothing of ours.
"""

from __future__ import annotations

import io
import json
import sys

import python_calamine

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 10  # of work

if sys.platform != "win32":
    import resource


def rows(content: bytes, most: int) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that hold something, each with its number.

    Args:
        content: XLSX, XLS or ODS.
        most: so many, then no more is read.
    """
    sheet = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0)
    found: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            found.append((number, texts))
        if len(found) == most:
            break
    return found


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # an id that the spreadsheet took for a number
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _main() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = rows(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main()
