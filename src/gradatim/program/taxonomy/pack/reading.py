"""A policy read from YAML: every place that has to be mended is named at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import notation, written
from gradatim.program.taxonomy.changes import KINDS
from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.taxonomy.pack.shape import DIMENSION, DIRECT, FORMAT, HEAD, PROFILE, RULE, VALUE, Policy
from gradatim.program.taxonomy.quality import FACTS, Moment, key_of, problems, scope_problems

COLOR = re.compile("#[0-9a-fA-F]{6}")


def read(text: str, *, known: Mapping[str, Sequence[str]] | None = None) -> Policy:
    """Read a policy.

    Args:
        text: YAML.
        known: dimensions there are already, with the keys of their values, besides those in the file.

    Returns:
        The policy with unsaved rows.

    Raises:
        Refused: ``yaml`` or ``policy``; the message names every place that has to be mended.
    """
    data = written.load(text)
    reader = _Reader()
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused(
            "policy", _("The file starts with “format: %(format)s”.") % {"format": FORMAT}, field="file"
        )
    dimensions = [reader.dimension(e, place) for e, place in reader.entries(data, "dimensions")]
    there = {**(known or {}), **{d.key: [v.key for v in values] for d, values in dimensions}}
    rules = [reader.rule(e, place, there) for e, place in reader.entries(data, "rules")]
    profiles = [reader.profile(e, place, there) for e, place in reader.entries(data, "profiles")]
    reader.once([d.key for d, _v in dimensions], "dimensions")
    reader.once([r.key for r in rules], "rules")
    reader.once([p.key for p, _r in profiles], "profiles")
    own = {*HEAD, "dimensions", "rules", "profiles", DIRECT}
    policy = Policy(
        name=reader.text(data, "name", ""),
        about=reader.text(data, "about", "", longest=4000),
        source=reader.text(data, "source", ""),
        dimensions=dimensions,
        rules=rules,
        profiles=profiles,
        direct=reader.kinds(data),
        rest={k: v for k, v in data.items() if k not in own},
    )
    if reader.wrong:
        raise Refused("policy", "\n".join(reader.wrong[:20]), field="file")
    return policy


def read_tests(found: object, known: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Tests as a file has them: a list of lines, or of entries with fact, is and value.

    Args:
        found: what stands in the file; nothing is no tests.
        known: every fact that may be asked.

    Returns:
        The tests, and what is wrong in sentences.
    """
    if found is None:
        return [], []
    if not isinstance(found, list):
        return [], [_("write a list of tests.")]
    tests: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, test in enumerate(found, start=1):
        try:
            tests.append(notation.read_line(test) if isinstance(test, str) else test)
        except ValueError as error:
            wrong.append(_("Test %(n)s: %(what)s") % {"n": number, "what": error})
    return tests, wrong or problems(tests, known)


class _Reader:
    """Reads entries and keeps what is wrong, each with its place in the file."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def say(self, place: str, what: str) -> None:
        self.wrong.append(f"{place}: {what}" if place else what)

    def once(self, keys: Sequence[str], place: str) -> None:
        for key in sorted({k for k in keys if keys.count(k) > 1 and k}):
            self.say(place, _("“%(key)s” stands there twice.") % {"key": key})

    def entries(
        self, data: Mapping[str, Any], name: str, place: str = ""
    ) -> list[tuple[dict[str, Any], str]]:
        """The entries of a list, each with its place in words."""
        found = data.get(name) or []
        here = f"{place}{name}"
        if not isinstance(found, list):
            self.say(here, _("write a list."))
            return []
        rows = []
        for number, entry in enumerate(found, start=1):
            if isinstance(entry, dict):
                rows.append((entry, f"{here} {number}"))
            else:
                self.say(f"{here} {number}", _("write an entry with names and values."))
        return rows

    def text(self, entry: Mapping[str, Any], name: str, place: str, *, longest: int = 300) -> str:
        found = entry.get(name, "")
        if found is None:
            return ""
        if isinstance(found, bool | list | dict) or len(str(found)) > longest:
            self.say(
                place, _("“%(name)s” is a text of at most %(n)s letters.") % {"name": name, "n": longest}
            )
            return ""
        return str(found).strip()

    def address(self, entry: Mapping[str, Any], name: str, place: str) -> str:
        """A web address: pages make a link of it."""
        found = self.text(entry, name, place)
        try:
            if found:
                URLValidator(schemes=["https", "http"])(found)
        except ValidationError:
            self.say(place, _("“%(name)s” is an address that begins with https://.") % {"name": name})
            return ""
        return found

    def known_names(self, entry: Mapping[str, Any], names: Mapping[str, Any], place: str) -> None:
        for name in sorted(set(entry) - set(names)):
            self.say(
                place,
                _("“%(name)s” is not known. Known: %(known)s.") % {"name": name, "known": ", ".join(names)},
            )

    def key(self, entry: Mapping[str, Any], named: str, place: str, longest: int) -> str:
        key = self.text(entry, "key", place, longest=longest)
        try:
            made = key_of(key or named, longest)
        except Refused as refused:
            self.say(place, refused.message)
            return ""
        if key and key != made and key.replace("_", "-") != made:
            self.say(place, _("a key has small letters, digits and hyphens: “%(key)s”.") % {"key": made})
        return key or made

    def named(self, entry: Mapping[str, Any], name: str, place: str, longest: int) -> str:
        found = self.text(entry, name, place, longest=longest)
        if not found:
            self.say(place, _("“%(name)s” is missing.") % {"name": name})
        return found

    def texts(self, entry: Mapping[str, Any], place: str) -> dict[str, dict[str, str]]:
        found = entry.get("texts") or {}
        if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
            self.say(place, _("“texts” has a language each, with name and description."))
            return {}
        return {
            language: {
                name: self.text(said, name, f"{place}, {language}", longest=400)
                for name in ("name", "description")
                if said.get(name)
            }
            for language, said in found.items()
        }

    def truth(self, entry: Mapping[str, Any], name: str, place: str, *, usual: bool) -> bool:
        found = entry.get(name, usual)
        if not isinstance(found, bool):
            self.say(place, _("“%(name)s” is true or false.") % {"name": name})
            return usual
        return found

    def day(self, entry: Mapping[str, Any], name: str, place: str) -> date | None:
        found = entry.get(name)
        if found is None or type(found) is date:
            return found
        self.say(place, _("“%(name)s” is a day, like 2026-09-01.") % {"name": name})
        return None

    def choice(
        self, entry: Mapping[str, Any], name: str, place: str, choices: Sequence[str], usual: str
    ) -> str:
        found = self.text(entry, name, place) or usual
        if found and found not in choices:
            self.say(
                place,
                _("“%(name)s” is one of %(known)s.")
                % {"name": name, "known": ", ".join(c for c in choices if c)},
            )
            return usual
        return found

    def kinds(self, data: Mapping[str, Any]) -> list[str] | None:
        """Which changes need no decision."""
        found = data.get(DIRECT)
        if found is None:
            return None
        if not isinstance(found, list) or not set(map(str, found)) <= set(KINDS):
            self.say(DIRECT, _("write a list of %(known)s.") % {"known": ", ".join(KINDS)})
            return None
        return [kind.value for kind in KINDS if kind in found]

    def dimension(self, entry: dict[str, Any], place: str) -> tuple[Dimension, list[Value]]:
        self.known_names(entry, DIMENSION, place)
        name = self.named(entry, "name", place, 80)
        key = self.key(entry, name, place, 40)
        if key in FACTS:
            self.say(place, _("“%(key)s” is the name of a fact; choose another key.") % {"key": key})
        dimension = Dimension(
            key=key,
            name=name,
            description=self.text(entry, "description", place, longest=400),
            several=self.truth(entry, "several", place, usual=False),
            retired=self.truth(entry, "retired", place, usual=False),
            texts=self.texts(entry, place),
        )
        values = [self.value(e, p) for e, p in self.entries(entry, "values", f"{place}, ")]
        self.once([v.key for v in values], place)
        return dimension, values

    def value(self, entry: dict[str, Any], place: str) -> Value:
        self.known_names(entry, VALUE, place)
        name = self.named(entry, "name", place, 80)
        color = self.text(entry, "color", place, longest=7)
        if color and not COLOR.fullmatch(color):
            self.say(place, _("“color” is like #0b5c66, in quotes."))
        return Value(
            key=self.key(entry, name, place, 40),
            name=name,
            description=self.text(entry, "description", place, longest=400),
            color=color,
            shape=self.choice(entry, "shape", place, ["", *Value.Shape.values], ""),
            achievement_type=self.text(entry, "achievement_type", place, longest=60),
            retired=self.truth(entry, "retired", place, usual=False),
            texts=self.texts(entry, place),
        )

    def rule(self, entry: dict[str, Any], place: str, there: Mapping[str, Sequence[str]]) -> Rule:
        self.known_names(entry, RULE, place)
        name = self.named(entry, "asks", place, 160)
        scope = entry.get("scope") or {}
        for what in scope_problems(scope, there):
            self.say(f"{place}, scope", what)
        moments = entry.get("at", RULE["at"])
        if not isinstance(moments, list) or not moments or not set(map(str, moments)) <= set(Moment.values):
            self.say(place, _("“at” is a list of %(known)s.") % {"known": ", ".join(Moment.values)})
            moments = []
        rule = Rule(
            key=self.key(entry, name, place, 60),
            name=name,
            severity=self.choice(entry, "severity", place, Rule.Severity.values, "warn"),
            scope=scope if isinstance(scope, dict) else {},
            condition=self.tests(entry, "when", place, there),
            expression=self.tests(entry, "then", place, there),
            message=self.named(entry, "message", place, 300),
            reference=self.text(entry, "because", place),
            moments=[m for m in Moment.values if m in moments],
            since=self.day(entry, "from", place),
            until=self.day(entry, "until", place),
            active=self.truth(entry, "active", place, usual=True),
        )
        if not rule.expression:
            self.say(place, _("“then” needs at least one test, like “criteria present”."))
        return rule

    def tests(
        self, entry: Mapping[str, Any], name: str, place: str, there: Mapping[str, Sequence[str]]
    ) -> list[dict[str, Any]]:
        """Tests as lines, or as entries with fact, is and value."""
        tests, wrong = read_tests(entry.get(name), [*FACTS, *there])
        for what in wrong:
            self.say(f"{place}, {name}", what)
        return tests

    def profile(
        self, entry: dict[str, Any], place: str, there: Mapping[str, Sequence[str]]
    ) -> tuple[Profile, list[Rule]]:
        self.known_names(entry, PROFILE, place)
        name = self.named(entry, "name", place, 160)
        profile = Profile(
            key=self.key(entry, name, place, 40),
            name=name,
            description=self.text(entry, "description", place, longest=2000),
            edition=self.text(entry, "edition", place, longest=120),
            url=self.address(entry, "url", place),
            passed_words=self.text(entry, "passed", place, longest=160),
            gaps=self.text(entry, "gaps", place, longest=2000),
            active=self.truth(entry, "active", place, usual=True),
        )
        # A profile may ask for a dimension that is not there: then it cannot tell, and says so.
        asked = {test_fact for e in entry.get("rules") or [] for test_fact in _facts_of(e)}
        allowed = {**dict.fromkeys(asked, ()), **there}
        rules = [self.rule(e, p, allowed) for e, p in self.entries(entry, "rules", f"{place}, ")]
        self.once([r.key for r in rules], place)
        for rule in rules:
            if not rule.reference:
                self.say(place, _("“%(rule)s” cites no source; write it in “because”.") % {"rule": rule.name})
        return profile, rules


def _facts_of(entry: object) -> set[str]:
    """The facts that an entry's tests ask, as far as they can be read."""
    if not isinstance(entry, dict):
        return set()
    tests = [*(entry.get("when") or []), *(entry.get("then") or [])]
    return {
        fact
        for t in tests
        if isinstance(fact := t.split()[0] if isinstance(t, str) and t.split() else _fact(t), str)
    }


def _fact(test: object) -> object:
    return test.get("fact") if isinstance(test, dict) else None
