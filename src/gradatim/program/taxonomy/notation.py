"""Tests of a quality rule as lines a person can write, and back: ``outcomes at-least 3``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gradatim.program.taxonomy.quality import OPERATORS

Test = dict[str, Any]


def read(text: str) -> tuple[list[Test], list[str]]:
    """Read tests, one a line: fact, operator and, if the operator takes one, a value (a list with commas).

    Args:
        text: the lines; empty ones are left out.

    Returns:
        The tests, and what is wrong in sentences with the line's number; whether a fact is known is not asked here.
    """
    tests: list[Test] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            tests.append(read_line(line))
        except ValueError as error:
            wrong.append(
                _("Line %(n)s, “%(line)s”: %(what)s")
                % {"n": number, "line": line.strip()[:60], "what": error}
            )
    return tests, wrong


def write(tests: list[Test]) -> str:
    """Tests as lines, the way `read` takes them."""
    return "\n".join(write_line(t) for t in tests)


def read_line(line: str) -> Test:
    """One line as a test.

    Raises:
        ValueError: saying what is wrong with it and what to write.
    """
    parts = line.split(maxsplit=2)
    if len(parts) == 1:
        raise ValueError(_("write a fact and an operator, like “criteria present”."))
    return make(parts[0], parts[1], parts[2].strip() if len(parts) > 2 else "")  # noqa: PLR2004 - fact, operator, value


def make(fact: str, name: str, value: str) -> Test:
    """A test from its three parts, the value as it is typed.

    Args:
        fact: what is asked.
        name: the operator.
        value: empty, a number, words, or a list with commas; for *only-if-in* ``other fact: list``.

    Raises:
        ValueError: saying what is wrong with it and what to write.
    """
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
        return {"fact": fact, "is": name, "value": _list(name, value)}
    if operator.takes == "fact and list":
        other, colon, listed = value.partition(":")
        if not colon or not other.strip() or " " in other.strip():
            raise ValueError(
                _("“%(name)s” needs another fact and words, like “covered: teamwork, leadership”.")
                % {"name": name}
            )
        return {"fact": fact, "is": name, "with": other.strip(), "value": _list(name, listed)}
    number = _number(value)
    if operator.takes == "number" and number is None:
        raise ValueError(
            _("“%(name)s” needs a number; “%(value)s” is none.") % {"name": name, "value": value[:40]}
        )
    return {"fact": fact, "is": name, "value": value if number is None else number}


def value_of(test: Test) -> str:
    """A test's value as it is typed."""
    value = test.get("value", "")
    shown = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{test['with']}: {shown}" if "with" in test else shown


def write_line(test: Test) -> str:
    """A test as a line. Most lines read back as the same test; `read_line` tells."""
    return f"{test['fact']} {test['is']} {value_of(test)}".rstrip()


def _list(name: str, value: str) -> list[str]:
    entries = [e for part in value.split(",") if (e := part.strip())]
    if not entries:
        raise ValueError(_("write at least one word after “%(name)s”.") % {"name": name})
    return entries


def _number(text: str) -> int | float | None:
    """A plain decimal number, else ``None``."""
    plain = text.removeprefix("-")
    whole, _point, part = plain.partition(".")
    if not (plain.isascii() and whole.isdigit() and (part.isdigit() or "." not in plain)) or len(plain) > 15:  # noqa: PLR2004 - what a float holds exactly
        return None
    return float(text) if "." in plain else int(text)
