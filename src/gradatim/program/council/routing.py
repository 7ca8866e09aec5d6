"""The way of a proposal as plain data: which stages it goes through and why, what is due, where it falls back to.

Pure: data in, next steps and reasons out. A way never loses a proposal (until it has ended something is due that it waits
for) and always ends (every stage that is done leaves fewer to do; only a person sends a proposal back).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gradatim.program.taxonomy.quality import Step, problems, run

MAX_STAGES = 20
MAX_DAYS = 730


class Kind(TextChoices):
    """What happens in a stage."""

    COMPLETENESS = "completeness", lazy("Completeness check")
    SIGN_OFF = "sign_off", lazy("Sign-off")
    CONSULTATION = "consultation", lazy("Consultation window")
    RUBRIC = "rubric", lazy("Review by the rubric")
    BALLOT = "ballot", lazy("Vote")
    INFORMATION = "information", lazy("Information")
    TECHNICAL = "technical", lazy("Technical check")


class Who(TextChoices):
    """Whom a stage waits for; nobody ever acts on their own proposal."""

    OFFICE = "office", lazy("the program managers")
    CHAIR = "chair", lazy("the chair")
    MEMBERS = "members", lazy("the members of the body")
    SECOND = "second", lazy("a second person of the staff")
    NAMED = "named", lazy("the people named here")


class Tier(TextChoices):
    """How much depends on a proposal."""

    LOW = "low", lazy("low")
    MEDIUM = "medium", lazy("medium")
    HIGH = "high", lazy("high")


DECIDING = (Kind.BALLOT, Kind.SIGN_OFF)  # the kinds a way can end with
FACTS: dict[str, str | Promise] = {
    "kind": lazy("what is asked for"),
    "risk": lazy("risk"),
    "credit_bearing": lazy("credit-bearing"),
    "holders": lazy("credentials that are held"),
    "evidence": lazy("pieces of evidence"),
}
"""What a condition can ask about a proposal, besides what a quality rule can ask about its draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a way, as the council wrote it.

    Attributes:
        key: unique within the way.
        kind: a `Kind`.
        name: on the screen.
        who: a `Who`.
        body: the name of the body it belongs to; empty for the council that decides.
        people: addresses of those named for it.
        when: tests as quality rules have them; all must hold, else the stage is left out.
        beside: it starts together with the stage before it.
        waits: the way goes on only when it is done.
        days: how long it should take, at most; 0 for no date.
        remind: so many days before that, those it waits for get a mail; 0 for none.
        escalate: so many days after that, chair and program managers get one; 0 for none.
        reviews: how many reviews end a review by the rubric, and are asked for; 0 when the chair ends it.
        consent: a vote that is carried together with others unless someone pulls it out.
        edits: proposers may take suggestions over while it is open.
    """

    key: str
    kind: str
    name: str
    who: str = Who.OFFICE
    body: str = ""
    people: tuple[str, ...] = ()
    when: tuple[Mapping[str, Any], ...] = ()
    beside: bool = False
    waits: bool = True
    days: int = 0
    remind: int = 0
    escalate: int = 0
    reviews: int = 0
    consent: bool = False
    edits: bool = False

    @property
    def holds(self) -> bool:
        """Whether the way stops here until it is done; an information never stops it."""
        return self.waits and self.kind != Kind.INFORMATION

    def data(self) -> dict[str, Any]:
        """As plain data for JSON or YAML, without what is as usual."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default is MISSING or value != field.default:
                found[field.name] = list(value) if isinstance(value, tuple) else value
        return found


def read(stages: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Stages from plain data that `faults` found nothing against."""
    return tuple(_read(stage) for stage in stages)


def _read(stage: Mapping[str, Any]) -> Stage:
    found: dict[str, Any] = {k: tuple(v) if isinstance(v, list | tuple) else v for k, v in stage.items()}
    return Stage(**found)


@dataclass(frozen=True, slots=True)
class Risk:
    """How much depends on a proposal, and why."""

    tier: Tier
    because: str


def risk(facts: Mapping[str, Any]) -> Risk:
    """The risk tier, computed from what is proposed.

    Args:
        facts: of the proposal and its draft; ``kind``, ``credit_bearing``, ``type``, ``assessment`` and ``holders`` count.
    """
    kind, held = facts.get("kind"), int(facts.get("holders") or 0)
    if kind in {"correction", "clarification"}:
        return Risk(Tier.LOW, _("it changes words, not what is asked of learners"))
    if facts.get("credit_bearing") == "yes":
        return Risk(Tier.HIGH, _("it bears credit"))
    if kind == "retire" and held:
        return Risk(Tier.HIGH, _("people hold it"))
    if kind in {"policy", "taxonomy"}:
        return Risk(Tier.HIGH, _("it changes the rules for everything else"))
    assessed = str(facts.get("assessment") or "").strip()
    if facts.get("type") == "recognition" and assessed in {"", str(facts.get("criteria") or "").strip()}:
        return Risk(Tier.LOW, _("it recognises taking part; nothing is assessed"))
    return Risk(Tier.MEDIUM, _("it is assessed and bears no credit"))


@dataclass(frozen=True, slots=True)
class Planned:
    """One stage on the way of one proposal.

    Attributes:
        stage: which.
        step: stages of one step run at the same time; steps run one after the other, from 1.
        applies: whether its condition holds.
        why: the tests of its condition, as they came out; none if it always applies.
    """

    stage: Stage
    step: int
    applies: bool
    why: tuple[Step, ...]


def plan(stages: Sequence[Stage], facts: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[Planned, ...]:
    """The way of one proposal with the reason for every stage that is asked under a condition.

    Args:
        stages: the route's.
        facts: of the proposal and its draft.
        labels: names of the facts.
    """
    found: list[Planned] = []
    step = 0
    for stage in stages:
        step += not (stage.beside and found)
        why = run([dict(test) for test in stage.when], facts, labels)
        found.append(Planned(stage, step, all(test.held for test in why), why))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Due:
    """What a way asks for now.

    Attributes:
        stages: those that are to be open.
        ended: nothing is left that the way waits for.
    """

    stages: tuple[Stage, ...]
    ended: bool


def due(way: Sequence[Planned], done: Collection[str]) -> Due:
    """What is to be open when these stages are done.

    Args:
        way: from `plan`.
        done: keys of the stages that are done.

    Returns:
        Every stage of the earliest step that is waited for, and those before it that nobody waits for.
    """
    found: list[Stage] = []
    now: int | None = None
    for planned in way:
        if not planned.applies or planned.stage.key in done:
            continue
        if now is not None and planned.step > now:
            break
        found.append(planned.stage)
        if planned.stage.holds:
            now = planned.step
    return Due(tuple(found), ended=now is None)


def undone(way: Sequence[Planned], back_to: str) -> frozenset[str]:
    """The stages that have to be done again when a proposal goes back to one: that one, and every later step."""
    step = next((p.step for p in way if p.stage.key == back_to), 0)
    return frozenset(p.stage.key for p in way if p.step > step or p.stage.key == back_to)


def faults(stages: object, known: Collection[str]) -> list[str]:
    """What is wrong with a list of stages, in sentences that name the stage and the cure.

    Args:
        stages: plain data, as read from JSON or YAML.
        known: every fact that a condition may ask.

    Returns:
        No entry if `read` takes it and a proposal on it always reaches a decision.
    """
    if not isinstance(stages, list) or not all(isinstance(stage, Mapping) for stage in stages):
        return [_("A route is a list of stages.")]
    if not stages:
        return [_("A route needs at least one stage, the one that decides.")]
    if len(stages) > MAX_STAGES:
        return [_("A route has at most %(n)s stages.") % {"n": MAX_STAGES}]
    found = [fault for n, stage in enumerate(stages, start=1) for fault in _stage_faults(n, stage, known)]
    keys = [stage.get("key") for stage in stages]
    found += [
        _("Two stages have the key “%(key)s”.") % {"key": k} for k in dict.fromkeys(keys) if keys.count(k) > 1
    ]
    return found or _end_faults(read(stages))


def _end_faults(stages: Sequence[Stage]) -> list[str]:
    waited = [stage for stage in stages if stage.holds]
    last = waited[-1] if waited else None
    if last is None or last.kind not in DECIDING:
        return [_("The last stage that the route waits for has to be a vote or a sign-off: it decides.")]
    if last.when:
        return [
            _("“%(name)s” decides, so it has no condition; otherwise some proposals would never be decided.")
            % {"name": last.name}
        ]
    if last.beside and len(waited) > 1:
        return [
            _("“%(name)s” decides; it comes after everything else, not at the same time.")
            % {"name": last.name}
        ]
    return []


def _stage_faults(number: int, stage: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What is wrong with one stage by itself."""
    shapes = {field.name: field for field in fields(Stage)}
    name = stage.get("name")
    at = _("Stage %(n)s") % {"n": number}
    if unknown := sorted(set(map(str, stage)) - set(shapes)):
        return [_("%(at)s: there is no “%(key)s” in a stage.") % {"at": at, "key": unknown[0]}]
    found = []
    if not isinstance(name, str) or not name.strip() or len(name) > 80:  # noqa: PLR2004 - the column's length
        found.append(_("%(at)s: give it a name of at most 80 letters.") % {"at": at})
    if not isinstance(stage.get("key"), str) or not stage["key"]:
        found.append(_("%(at)s: give it a key.") % {"at": at})
    if stage.get("kind") not in Kind.values:
        found.append(_("%(at)s: the kind is one of %(known)s.") % {"at": at, "known": ", ".join(Kind.values)})
    if stage.get("who", Who.OFFICE) not in Who.values:
        found.append(_("%(at)s: it waits for one of %(known)s.") % {"at": at, "known": ", ".join(Who.values)})
    if stage.get("who") == Who.NAMED and not stage.get("people"):
        found.append(_("%(at)s: name the people it waits for.") % {"at": at})
    for key in ("days", "remind", "escalate", "reviews"):
        value = stage.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_DAYS:
            found.append(
                _("%(at)s: “%(key)s” is a whole number from 0 to %(most)s.")
                % {"at": at, "key": key, "most": MAX_DAYS}
            )
    found += [f"{at}: {problem}" for problem in problems(stage.get("when", []), known)]
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """One of the routes that proposals may take, as data.

    Attributes:
        key: unique in the organization.
        name: on the screen.
        when: which proposals it is for; all tests must hold.
        stages: in order.
    """

    key: str
    name: str
    when: tuple[Mapping[str, Any], ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The route a proposal takes, and why that one.

    Attributes:
        way: the first that fits, or ``None``.
        why: its tests; none if it is for everything else.
        passed_over: those that were asked before it, each with the tests that did not hold.
    """

    way: Way | None
    why: tuple[Step, ...]
    passed_over: tuple[tuple[Way, tuple[Step, ...]], ...]


def choose(ways: Iterable[Way], facts: Mapping[str, Any], labels: Mapping[str, str]) -> Choice:
    """The first route that fits a proposal.

    Args:
        ways: in the order in which they are asked.
        facts: of the proposal and its draft.
        labels: names of the facts.
    """
    passed: list[tuple[Way, tuple[Step, ...]]] = []
    for way in ways:
        why = run([dict(test) for test in way.when], facts, labels)
        if all(test.held for test in why):
            return Choice(way, why, tuple(passed))
        passed.append((way, tuple(test for test in why if not test.held)))
    return Choice(None, (), tuple(passed))
