"""A policy written as YAML: what is as usual is left out, tests are lines where lines say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradatim.program.taxonomy import notation, written
from gradatim.program.taxonomy.changes import USUALLY_DIRECT
from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.taxonomy.pack.shape import DIMENSION, DIRECT, FORMAT, PROFILE, RULE, VALUE, Policy
from gradatim.program.taxonomy.quality import Moment


def write(policy: Policy) -> str:
    """A policy as YAML, the way `read` takes it; what is as usual is left out."""
    whole: dict[str, Any] = {
        "format": FORMAT,
        "name": policy.name,
        "about": policy.about,
        "source": policy.source,
    }
    whole["dimensions"] = [
        _short(
            DIMENSION,
            {**_of(d, DIMENSION, "values"), "values": [_short(VALUE, _of(v, VALUE)) for v in values]},
        )
        for d, values in policy.dimensions
    ]
    whole["rules"] = [write_rule(r) for r in policy.rules]
    whole["profiles"] = [
        _short(
            PROFILE,
            {
                **_of(p, PROFILE, "rules", "passed"),
                "passed": p.passed_words,
                "rules": [write_rule(r) for r in rules],
            },
        )
        for p, rules in policy.profiles
    ]
    said = {name: value for name, value in whole.items() if value not in ("", [])}
    if policy.direct is not None and list(policy.direct) != list(USUALLY_DIRECT):
        said[DIRECT] = list(policy.direct)
    return written.dump(said | dict(policy.rest))


def write_rule(rule: Rule) -> dict[str, Any]:
    """A rule as an entry of the file."""
    return _short(
        RULE,
        {
            "key": rule.key,
            "asks": rule.name,
            "severity": rule.severity,
            "scope": {d: list(v) for d, v in rule.scope.items() if v},
            "when": [write_test(t) for t in rule.condition],
            "then": [write_test(t) for t in rule.expression],
            "message": rule.message,
            "because": rule.reference,
            "at": [m for m in Moment.values if m in rule.moments],
            "from": rule.since,
            "until": rule.until,
            "active": rule.active,
        },
    )


def write_test(test: dict[str, Any]) -> str | dict[str, Any]:
    """A test as a line, if the line says the same; else as an entry."""
    line = notation.write_line(test)
    try:
        same = notation.read_line(line) == test
    except ValueError:
        same = False
    return line if same else dict(test)


def _of(row: Dimension | Value | Profile, names: Mapping[str, Any], *but: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if name not in but}


def _short(usual: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what goes without saying, in the order of the file."""
    return {name: entry[name] for name in usual if entry[name] != usual[name]}
