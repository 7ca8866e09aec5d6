"""The council's part of a policy file: bodies with charter, seats, windows and rubric, and routes. No names of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gradatim.program.council import routing
from gradatim.program.council.models import Body, Route, Seat, Window
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import pack, written

SECTIONS = ("bodies", "routes")
CHARTER = tuple(
    f.name
    for f in Body._meta.concrete_fields  # noqa: SLF001 - Django's documented model API
    if f.name not in {"id", "organization", "key", "name", "retired_on"}
)
"""What a body's charter says besides its name, as `actions.Charter` takes it."""
MOST_SEATS = 60  # of one kind
KEY = 60  # letters of a key


@dataclass(frozen=True, slots=True)
class Place:
    """Seats of one kind.

    Attributes:
        role: a `Seat.Role`.
        constituency: for whom they speak.
        votes: whether they carry a vote.
        count: how many.
    """

    role: str
    constituency: str
    votes: bool
    count: int

    @property
    def name(self) -> str:
        """As what one sits there, in words."""
        return str(Seat.Role(self.role).label)


@dataclass(frozen=True, slots=True)
class Entry:
    """A body as a file has it; its rows are in no database yet.

    Attributes:
        body: name and charter.
        said: what of the charter the file mentions; a body that is here already keeps the rest as it is.
        seats: by kind.
        windows: in which it takes proposals.
        rubric: ``criteria`` and ``all_must_meet``, or nothing for the usual one.
        retired: whether it takes nothing up any more.
    """

    body: Body
    said: Sequence[str] = CHARTER
    seats: Sequence[Place] = ()
    windows: Sequence[Window] = ()
    rubric: Mapping[str, Any] | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Council:
    """The council's part of a policy: bodies, and routes as plain data."""

    bodies: Sequence[Entry] = ()
    routes: Sequence[Mapping[str, Any]] = ()


def key_for(name: str) -> str:
    """The key of a body, made from the name that it has first."""
    return slugify(name)[:KEY].strip("-") or "body"


def meant(there: Iterable[Body], entry: Entry) -> Body | None:
    """The stored body that an entry is about: of its key, or of its name where it gives none."""
    key, name = entry.body.key, entry.body.name
    return next((b for b in there if (b.key == key if key else b.name == name)), None)


def called(there: Iterable[Body], said: str) -> Body | None:
    """The body that a stage names, by its name or key; under an earlier name too, because the key stays."""
    wanted = said.strip()
    if not wanted:
        return None
    rows = list(there)
    by_name = next((b for b in rows if b.name.casefold() == wanted.casefold()), None)
    return by_name or next((b for b in rows if b.key == key_for(wanted)), None)


def body_text(entry: Entry) -> str:
    """One body as a text by itself, to keep as an edition of its charter."""
    return written.dump({"bodies": [_entry(entry)]})


def places(seats: Iterable[Seat]) -> list[Place]:
    """Seats by kind, in the order in which each kind first stands there."""
    counted = Counter((s.role, s.constituency, s.votes) for s in seats)
    return [Place(role, constituency, votes, n) for (role, constituency, votes), n in counted.items()]


def alike(one: Place, other: Place) -> bool:
    """Whether seats stand for the same; there is one chair, for whomever it speaks."""
    chairs = one.role == other.role == Seat.Role.CHAIR
    return chairs or (one.role, one.constituency) == (other.role, other.constituency)


def write(council: Council) -> dict[str, Any]:
    """The sections of the file, the way `read` takes them; what is as usual is left out."""
    found = {
        "bodies": [_entry(entry) for entry in council.bodies],
        "routes": [route_text(route, [entry.body for entry in council.bodies]) for route in council.routes],
    }
    return {name: rows for name, rows in found.items() if rows}


def _entry(entry: Entry) -> dict[str, Any]:
    usual = Body()
    said: dict[str, Any] = {"key": entry.body.key, "name": entry.body.name}
    said |= {"retired": True} if entry.retired else {}
    said |= {n: v for n in CHARTER if (v := getattr(entry.body, n)) != getattr(usual, n)}
    said["seats"] = [
        {
            "role": s.role,
            **({"constituency": s.constituency} if s.constituency else {}),
            **({"votes": s.votes} if s.votes != (s.role != Seat.Role.EX_OFFICIO) else {}),
            **({"count": s.count} if s.count != 1 else {}),
        }
        for s in entry.seats
    ]
    said["windows"] = [{"name": w.name, "opens": w.opens, "closes": w.closes} for w in entry.windows]
    if entry.rubric:
        said["rubric"] = {k: v for k, v in entry.rubric.items() if v}
    return {name: value for name, value in said.items() if value != []}


def route_text(route: Mapping[str, Any], bodies: Iterable[Body]) -> dict[str, Any]:
    """A route the way every other one is written, so that two that are the same read the same."""
    there = list(bodies)
    found = {"key": route["key"], "name": route["name"], "when": _lines(route.get("when", []))}
    found["stages"] = [_stage(stage, there) for stage in routing.read(route["stages"])]
    return {name: value for name, value in found.items() if value != []}


def _stage(stage: routing.Stage, bodies: list[Body]) -> dict[str, Any]:
    said = stage.data()
    if body := called(bodies, stage.body):
        said["body"] = body.key
    if stage.when:
        said["when"] = _lines(dict(test) for test in stage.when)
    return said


def _lines(tests: Iterable[dict[str, Any]]) -> list[Any]:
    return [pack.write_test(t) for t in tests]


def read(policy: pack.Policy, known: Iterable[str]) -> Council:
    """The council's part of a policy.

    Args:
        policy: from `taxonomy.pack.read`.
        known: what may be asked already, besides the dimensions of the policy itself.

    Returns:
        Bodies and routes with unsaved rows.

    Raises:
        Refused: ``policy`` with everything that has to be mended, each with its place.
    """
    wrong = [
        _("“%(name)s” is no section. Known: %(known)s.") % {"name": n, "known": ", ".join(SECTIONS)}
        for n in policy.rest
        if n not in SECTIONS
    ]
    asked = {*known, *routing.FACTS, *(d.key for d, _values in policy.dimensions)}
    bodies = [_read_body(e, f"bodies {n}", wrong) for n, e in _rows(policy, "bodies", wrong)]
    keys = Counter(e.body.key or key_for(e.body.name) for e in bodies)
    wrong += [_("bodies: “%(key)s” stands there twice.") % {"key": k} for k, n in keys.items() if n > 1]
    routes = [_read_route(e, f"routes {n}", asked, wrong) for n, e in _rows(policy, "routes", wrong)]
    wrong += _asks_retired(bodies, routes)
    if routes and not any(not r["when"] for r in routes):
        wrong.append(_("routes: one has to be for everything else, without “when”."))
    if wrong:
        raise Refused("policy", "\n".join(wrong[:20]), field="file")
    return Council(bodies, routes)


def _asks_retired(bodies: Iterable[Entry], routes: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong where a route asks a body that is retired."""
    gone = [entry.body for entry in bodies if entry.retired]
    return [
        _("“%(route)s”, stage “%(stage)s”: %(body)s is retired. Take the stage out, or name another body.")
        % {"route": route["name"], "stage": stage.get("name"), "body": body.name}
        for route in routes
        for stage in route["stages"]
        if (body := called(gone, str(stage.get("body") or "")))
    ]


def _rows(policy: pack.Policy, name: str, wrong: list[str]) -> list[tuple[int, dict[str, Any]]]:
    found = policy.rest.get(name) or []
    if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
        wrong.append(_("%(name)s: write a list of entries.") % {"name": name})
        return []
    return list(enumerate(found, start=1))


def _read_body(entry: dict[str, Any], place: str, wrong: list[str]) -> Entry:
    strange = sorted(set(entry) - {"key", "name", "retired", "seats", "windows", "rubric", *CHARTER})
    wrong += [_("%(place)s: “%(name)s” is not known.") % {"place": place, "name": n} for n in strange]
    key, name = str(entry.get("key") or ""), str(entry.get("name") or "")
    body = Body(key=key, name=name, **{n: entry[n] for n in CHARTER if n in entry})
    try:
        body.clean_fields(exclude={"organization"} if key else {"organization", "key"})
    except ValidationError as error:
        wrong += [f"{place}, {name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return Entry(
        body,
        [n for n in CHARTER if n in entry],
        [_read_seat(s, place, wrong) for s in _list(entry, "seats", place, wrong)],
        [w for s in _list(entry, "windows", place, wrong) if (w := _read_window(s, place, wrong))],
        _read_rubric(entry.get("rubric"), place, wrong),
        entry.get("retired") is True,
    )


def entry(data: Mapping[str, Any]) -> Entry:
    """A body as `write` has written it."""
    return _read_body(dict(data), "", [])


def _list(entry: dict[str, Any], name: str, place: str, wrong: list[str]) -> list[dict[str, Any]]:
    found = entry.get(name) or []
    if isinstance(found, list) and all(isinstance(e, dict) for e in found):
        return found
    wrong.append(_("%(place)s, %(name)s: write a list of entries.") % {"place": place, "name": name})
    return []


def _read_seat(entry: dict[str, Any], place: str, wrong: list[str]) -> Place:
    role, count = str(entry.get("role", Seat.Role.VOTING)), entry.get("count", 1)
    votes = entry.get("votes", role != Seat.Role.EX_OFFICIO)
    if role not in Seat.Role.values or set(entry) - {"role", "constituency", "votes", "count"}:
        known = ", ".join(Seat.Role.values)
        wrong.append(
            _("%(place)s, seats: a seat has a role (%(known)s), constituency, votes and count.")
            % {"place": place, "known": known}
        )
    if type(count) is not int or not 0 < count <= MOST_SEATS or not isinstance(votes, bool):
        wrong.append(
            _("%(place)s, seats: “count” is a number from 1 to %(n)s, “votes” is true or false.")
            % {"place": place, "n": MOST_SEATS}
        )
        count = 1
    return Place(role, str(entry.get("constituency") or "")[:120], bool(votes), count)


def _read_window(entry: dict[str, Any], place: str, wrong: list[str]) -> Window | None:
    opens, closes = entry.get("opens"), entry.get("closes")
    if type(opens) is date and type(closes) is date and opens <= closes:
        return Window(name=str(entry.get("name") or "")[:80], opens=opens, closes=closes)
    wrong.append(
        _("%(place)s, windows: each opens on a day and closes on the same or a later one.") % {"place": place}
    )
    return None


def _read_rubric(found: object, place: str, wrong: list[str]) -> Mapping[str, Any] | None:
    if found is None:
        return None
    criteria = found.get("criteria") if isinstance(found, dict) else None
    fits = isinstance(criteria, list) and all(
        isinstance(c, dict) and str(c.get("words") or "").strip() and type(c.get("floor", 1)) is int
        for c in criteria
    )
    if not isinstance(found, dict) or not criteria or not fits:
        wrong.append(_("%(place)s, rubric: each criterion has words and a floor.") % {"place": place})
        return None
    return {"criteria": criteria, "all_must_meet": bool(found.get("all_must_meet"))}


def _read_route(entry: dict[str, Any], place: str, known: Iterable[str], wrong: list[str]) -> dict[str, Any]:
    when, said = pack.read_tests(entry.get("when"), known)
    wrong += [f"{place}, when: {what}" for what in said]
    stages: list[dict[str, Any]] = []
    for number, stage in enumerate(_list(entry, "stages", place, wrong), start=1):
        tests, said = pack.read_tests(stage.get("when"), known)
        wrong += [f"{place}, stage {number}: {what}" for what in said]
        stages.append({**stage, "when": tests} if tests else {k: v for k, v in stage.items() if k != "when"})
    wrong += [f"{place}: {fault}" for fault in routing.faults(stages, list(known))]
    name = str(entry.get("name") or "").strip()[:80]
    if not name or set(entry) - {"key", "name", "when", "stages"}:
        wrong.append(_("%(place)s: a route has a key, a name, “when” and stages.") % {"place": place})
    return {"key": str(entry.get("key") or name), "name": name, "when": when, "stages": stages}


def route_data(route: Route) -> dict[str, Any]:
    """A stored route as plain data."""
    return {"key": route.key, "name": route.name, "when": route.when, "stages": route.stages}
