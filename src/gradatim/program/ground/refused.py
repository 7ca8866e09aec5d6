"""The one exception of the program: an action says no, and why."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """An action was refused; views show it, `api.py` renders it as problem+json.

    Attributes:
        code: a stable word for programs, e.g. ``"not-approved"``.
        message: what is wrong and how to mend it, one or two sentences.
        field: the form field it belongs to, or ``None``.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
