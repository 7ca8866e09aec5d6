"""What several rooms' tests start from."""

from __future__ import annotations

from gradatim.program.web import work
from gradatim.program.web.demo import program


def filled() -> program.Filled:
    """The demo's whole program, with everything issued and every mail written."""
    made = program.fill()
    work.drain()
    return made
