"""How the council says the steps of a change list that are about bodies and routes, in the words of their own pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gradatim.program.council import packs, queries, routing, rubric, saying
from gradatim.program.council.models import Proposal
from gradatim.program.council.packs import Entry
from gradatim.program.council.saying import Said, StageWords
from gradatim.program.taxonomy import changes, pack
from gradatim.program.taxonomy.changes import Field, Step, Voice
from gradatim.program.taxonomy.quality import name_codes

STAGE = 4  # how deep the path of a stage is


def teach() -> None:
    """Tell the rooms below how charters, routes and what routes ask are said."""
    changes.learn({"bodies": Voice(_body_words, _body_fields), "routes": Voice(_route_words, _route_fields)})
    name_codes(
        {
            "kind": dict(Proposal.Kind.choices),
            "risk": dict(routing.Tier.choices),
            "credit_bearing": {"yes": lazy("yes"), "no": lazy("no")},
        }
    )


def _body_words(step: Step) -> str:
    if step.what == "changed" and step.before.get("retired") and not step.after.get("retired"):
        return _("Brought back, body: %(name)s") % {"name": step.name}
    return ""


def _body_fields(step: Step) -> list[Field]:
    """What of a charter differs; of a body that goes nothing has to be said."""
    if step.after is None:
        return []
    becomes = packs.entry(step.after)
    if step.before is None:
        return [*_new(_charter(becomes, every=False)), *_rows(None, becomes)]
    was = packs.entry(step.before)
    return [
        *_differing([(_("Name"), was.body.name)], [(_("Name"), becomes.body.name)]),
        *_differing(_charter(was, every=True), _charter(becomes, every=True)),
        *_rows(was, becomes),
    ]


def _charter(entry: Entry, *, every: bool) -> list[Said]:
    said = saying.all_rules(entry.body) if every else saying.charter(entry.body)
    return [*said, (_("Charter"), entry.body.charter)]


def _rows(was: Entry | None, becomes: Entry) -> Iterator[Field]:
    """The seats by kind, the windows and the criteria that come, go or are another."""
    before, after = _seats(was), _seats(becomes)
    yield from _listed(before, after, _("Seat added: %(name)s"), _("Seat taken out: %(name)s"))
    before, after = _windows(was), _windows(becomes)
    yield from _listed(
        before, after, _("Takes proposals: %(name)s"), _("No longer takes proposals: %(name)s")
    )
    if was is None and becomes.rubric is None:
        return
    before, after = _criteria(was), _criteria(becomes)
    yield from _listed(before, after, _("Criterion added: %(name)s"), _("Criterion taken out: %(name)s"))
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield _("Criteria, in this order"), ", ".join(before), ", ".join(after)


def _seats(entry: Entry | None) -> dict[str, str]:
    return {saying.seat(place): saying.seats(place) for place in (entry.seats if entry else ())}


def _windows(entry: Entry | None) -> dict[str, str]:
    return {window.name: saying.window(window) for window in (entry.windows if entry else ())}


def _criteria(entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {}
    found = rubric.read(entry.rubric)
    return {c.words: saying.criterion(c, all_must_meet=found.all_must_meet) for c in found.criteria}


def _listed(before: Mapping[str, str], after: Mapping[str, str], comes: str, goes: str) -> Iterator[Field]:
    """What stands in one of two lists only, or says something else there."""
    for name, said in after.items():
        if name not in before:
            yield comes % {"name": name}, "", said
        elif before[name] != said:
            yield name, before[name], said
    for name, said in before.items():
        if name not in after:
            yield goes % {"name": name}, said, ""


def _new(facts: Iterable[Said]) -> list[Field]:
    return [(name, "", said) for name, said in facts if said]


def _differing(before: Iterable[Said], after: Iterable[Said]) -> list[Field]:
    was = dict(before)
    return [(name, was[name], said) for name, said in after if said != was[name]]


def _route_words(step: Step) -> str:
    if len(step.path) != STAGE or step.what == "moved":
        return ""
    words = _stage(step, step.after or step.before)
    said = {
        "route": step.place[0],
        "n": step.number,
        "name": (step.after or step.before)["name"],
        "about": ", ".join(part for part in (words.kind, words.days) if part),
        "behind": step.behind,
    }
    if step.what == "changed":
        return _("%(route)s: stage %(n)s “%(name)s” changed") % said
    if step.what == "removed":
        return _("%(route)s: stage %(n)s “%(name)s” (%(about)s) taken out") % said
    if step.inside:
        return _("%(route)s, stage %(n)s: “%(name)s” (%(about)s)") % said
    if step.behind:
        return _("%(route)s: stage %(n)s “%(name)s” (%(about)s) added after “%(behind)s”") % said
    return _("%(route)s: stage %(n)s “%(name)s” (%(about)s) added as the first") % said


def _route_fields(step: Step) -> list[Field]:
    """What of a route or of one of its stages differs."""
    if step.after is None:
        return []
    if len(step.path) == STAGE:
        return _stage_fields(step)
    becomes = [(_("Name"), step.after["name"]), (_("For"), _for(step, step.after))]
    if step.before is None:
        return _new(becomes[1:])
    return _differing([(_("Name"), step.before["name"]), (_("For"), _for(step, step.before))], becomes)


def _stage_fields(step: Step) -> list[Field]:
    becomes = _stage(step, step.after)
    if step.before is None:
        return _new(becomes.special)
    names = ([(_("Name"), entry["name"])] for entry in (step.before, step.after))
    return [*_differing(*names), *_differing(_stage(step, step.before).facts, becomes.facts)]


def _for(step: Step, route: Mapping[str, Any]) -> str:
    """For which proposals a route is."""
    tests, _wrong = pack.read_tests(route.get("when"), ())
    return saying.proposals(tests, queries.labels_with(step.labels))


def _stage(step: Step, stage: Mapping[str, Any]) -> StageWords:
    tests, _wrong = pack.read_tests(stage.get("when"), ())
    (found,) = routing.read([{**stage, "when": tests}])
    return saying.stage(found, queries.labels_with(step.labels), step.bodies)
