"""Tests of a quality rule as lines a person can write, and back: ``outcomes at-least 3``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gradatim.program.taxonomy.quality import OPERATORS


def read(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Read tests, one a line: fact, operator and, if the operator takes one, a value (a list with commas).

    Args:
        text: the lines; empty ones are left out.

    Returns:
        The tests, and what is wrong in sentences with the line's number; whether a fact is known is not asked here.
    """
    tests: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            tests.append(_test(line))
        except ValueError as error:
            wrong.append(
                _("Line %(n)s, “%(line)s”: %(what)s")
                % {"n": number, "line": line.strip()[:60], "what": error}
            )
    return tests, wrong


def write(tests: list[dict[str, Any]]) -> str:
    """Tests as lines, the way `read` takes them."""
    return "\n".join(_line(t) for t in tests)


def _test(line: str) -> dict[str, Any]:
    """One line as a test, or a `ValueError` that says what is wrong with it."""
    parts = line.split(maxsplit=2)
    if len(parts) == 1:
        raise ValueError(_("write a fact and an operator, like “criteria present”."))
    fact, name, value = parts[0], parts[1], parts[2].strip() if len(parts) > 2 else ""  # noqa: PLR2004 - fact, operator, value
    operator = OPERATORS.get(name)
    if operator is None:
        raise ValueError(
            _("“%(name)s” is no operator. Known: %(known)s.") % {"name": name, "known": ", ".join(OPERATORS)}
        )
    if operator.takes == "nothing":
        if value:
            raise ValueError(
                _("“%(name)s” takes no value; leave “%(value)s” out.") % {"name": name, "value": value[:40]}
            )
        return {"fact": fact, "is": name}
    if not value:
        raise ValueError(_("“%(name)s” needs a value after it.") % {"name": name})
    if operator.takes == "list":
        entries = [e for part in value.split(",") if (e := part.strip())]
        if not entries:
            raise ValueError(_("write at least one word after “%(name)s”.") % {"name": name})
        return {"fact": fact, "is": name, "value": entries}
    number = _number(value)
    if operator.takes == "number" and number is None:
        raise ValueError(
            _("“%(name)s” needs a number; “%(value)s” is none.") % {"name": name, "value": value[:40]}
        )
    return {"fact": fact, "is": name, "value": value if number is None else number}


def _number(text: str) -> int | float | None:
    """A plain decimal number, else ``None``."""
    plain = text.removeprefix("-")
    whole, _point, part = plain.partition(".")
    if not (plain.isascii() and whole.isdigit() and (part.isdigit() or "." not in plain)) or len(plain) > 15:  # noqa: PLR2004 - what a float holds exactly
        return None
    return float(text) if "." in plain else int(text)


def _line(test: dict[str, Any]) -> str:
    value = test.get("value", "")
    shown = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{test['fact']} {test['is']} {shown}".rstrip()
