"""Checks of single values, and the table language in which the classes are written.

Spec: Open Badges 3.0, 6 Data Model and 6.4 Derived types; VC Data Model 2.0, 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.errors import InputError, ShapeError

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_USUAL_URI = re.compile(r"(?:https?|urn|did):[!#-;=?-\[\]_a-z~]++\Z")
_RUNNABLE = ("javascript:", "vbscript:", "file:")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")
_SPEC = "Open Badges 3.0, 6"

Report = Callable[[str, str], None]
"""Called with the path and the sentence of each breach."""

Rule = Callable[[Mapping[str, Any], str, Report], None]
"""Called with an object and its path: what its members have to be to each other."""


@dataclass(frozen=True, slots=True)
class Field:
    """One property: what it holds, whether it must be there, whether it may be a list."""

    kind: str  # a key of VALUES, or the name of a class
    required: bool = False
    many: bool = False
    among: frozenset[str] | None = None  # closed vocabulary; "ext:…" is accepted beside it


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """One class of the data model.

    Attributes:
        rules: each with the members whose texts it looks at; whether a member is there counts always.
    """

    type: str
    fields: Mapping[str, Field]
    rules: tuple[tuple[Rule, tuple[str, ...]], ...] = ()
    typed: bool = True  # whether an object has to say that it is one
    required: frozenset[str] = field(init=False)
    tests: dict[str, Callable[[Any], bool]] = field(
        init=False, default_factory=dict
    )  # by field, once asked for

    def __post_init__(self) -> None:
        names = frozenset(name for name, wanted in self.fields.items() if wanted.required)
        object.__setattr__(self, "required", names)


def is_uri(value: object) -> bool:
    """An absolute URI that does nothing when it is opened."""
    if type(value) is str and _USUAL_URI.match(value):
        return True
    return isinstance(value, str) and URI.match(value) is not None and not value.lower().startswith(_RUNNABLE)


def is_instant(value: object) -> bool:
    """A date and time with a time zone."""
    try:
        encoding.parse_datetime(value)
    except InputError:
        return False
    return True


def is_text(value: object) -> bool:
    """A string, or language objects (VC Data Model 2.0, 11.1)."""
    if isinstance(value, str):
        return True
    entries = value if isinstance(value, list) else [value]
    return bool(entries) and all(
        isinstance(e, Mapping)
        and isinstance(e.get("@value"), str)
        and set(e) <= {"@value", "@language", "@direction"}
        for e in entries
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


VALUES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "a text"),
    "text": (is_text, "a text, or texts with their language"),
    "uri": (is_uri, "an absolute address (URI)"),
    "picture": (is_uri, "the absolute address (URI) of a picture"),
    "instant": (is_instant, "a date and time with a time zone"),
    "number": (_is_number, "a number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "language": (
        lambda value: isinstance(value, str) and _LANGUAGE.match(value) is not None,
        "a language tag such as en or de-AT",
    ),
    "token": (
        lambda value: isinstance(value, str) and value[:2] == "ey" and value.count(".") == 2,  # noqa: PLR2004 - a JWS
        "a signed token",
    ),
    "endorsement": (
        lambda value: isinstance(value, Mapping) and "EndorsementCredential" in types_of(value),
        "an endorsement credential",
    ),
    "credential": (
        lambda value: isinstance(value, Mapping) or (isinstance(value, str) and value[:2] == "ey"),
        "a credential, or a signed token",
    ),
}


def types_of(node: Mapping[str, Any]) -> list[str]:
    """The types of a node, whether written as one or as a list."""
    value = node.get("type")
    return (
        [value]
        if isinstance(value, str)
        else [t for t in value if isinstance(t, str)]
        if isinstance(value, list)
        else []
    )


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """A value as a list."""
    return value if isinstance(value, list) else [value]


def check_class(node: Any, cls: Class, classes: Mapping[str, Class], path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """Hold a node against a class; every breach is reported with its place."""
    if not _good(node, cls, classes):
        _breaches(node, cls, classes, path, report)


def _breaches(node: Any, cls: Class, classes: Mapping[str, Class], path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """Once through all that is inside: `_good` at each depth would read the deepest again for every one."""
    if not isinstance(node, Mapping):
        report(path, f"has to be an object of the type {cls.type}")
        return
    if cls.typed and cls.type not in types_of(node):
        report(f"{path}.type", f"has to be {cls.type}")
    for name, wanted in cls.fields.items():
        if name not in node:
            if wanted.required:
                report(f"{path}.{name}", "is missing")
            continue
        value = node[name]
        if isinstance(value, list) and not wanted.many and wanted.kind != "text":
            report(f"{path}.{name}", "has to be one value, not a list")
            continue
        for entry in listed(value) if wanted.many else [value]:
            _check_value(entry, wanted, classes, f"{path}.{name}", report)
    for rule, _ in cls.rules:
        rule(node, path, report)


def _good(node: Any, cls: Class, classes: Mapping[str, Class]) -> bool:  # noqa: ANN401 - JSON
    """Whether a node breaks no rule of a class, found quickly; what is wrong `check_class` says."""
    if type(node) is not dict or not cls.required <= node.keys():
        return False
    types = node.get("type")
    if cls.typed and types != cls.type and (type(types) is not list or cls.type not in types):
        return False
    tests = cls.tests
    if not tests:
        tests.update((name, test_of(wanted, classes)) for name, wanted in cls.fields.items())
    for name, value in node.items():
        test = tests.get(name)
        if test is not None and not test(value):
            return False
    broken: list[str] = []
    for rule, _ in cls.rules:
        rule(node, "", lambda path, _sentence: broken.append(path))
    return not broken


def test_of(wanted: Field, classes: Mapping[str, Class]) -> Callable[[Any], bool]:
    """Whether a value is as a field wants it."""
    inner, among = classes.get(wanted.kind), wanted.among
    if inner is not None:
        one: Callable[[Any], bool] = lambda value: _good(value, inner, classes)  # noqa: E731 - one of three
    elif among is not None:
        one = lambda value: type(value) is str and (value in among or value.startswith("ext:"))  # noqa: E731
    else:
        one = VALUES[wanted.kind][0]
    if not wanted.many:
        return one
    return lambda value: all(map(one, value)) if type(value) is list else one(value)


def _check_value(value: Any, wanted: Field, classes: Mapping[str, Class], path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    if wanted.kind in classes:
        _breaches(value, classes[wanted.kind], classes, path, report)
        return
    good, words = VALUES[wanted.kind]
    if not good(value):
        report(path, f"has to be {words}")
    elif wanted.among is not None and value not in wanted.among and not str(value).startswith("ext:"):
        report(path, f"is {value!r}, which is none of the known terms; own terms start with ext:")


def shape_error(path: str, sentence: str) -> ShapeError:
    """A breach as an error: the place first."""
    return ShapeError("schema", f"{path.lstrip('.')} {sentence}.", _SPEC, path.lstrip("."))
