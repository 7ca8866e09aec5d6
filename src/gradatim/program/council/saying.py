"""How a charter and a route are said in words: on their own pages, on change lists, in previews and in what is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from gradatim.program.council import packs, routing
from gradatim.program.council.models import Body, Window
from gradatim.program.council.packs import Place
from gradatim.program.council.rubric import BEST, Criterion
from gradatim.program.taxonomy.quality import in_words

Said = tuple[str, str]
"""What it is called, and what it says."""

_PARTS = {
    (1, 2): lazy("half"),
    (1, 3): lazy("one third"),
    (2, 3): lazy("two thirds"),
    (3, 4): lazy("three quarters"),
}


def charter(body: Body) -> list[Said]:
    """What a charter says, but for its text: the rules that every body has, and those by which this one is special."""
    usual = dict(_rare(Body()))
    return [*_always(body), *((name, said) for name, said in _rare(body) if said != usual[name])]


def all_rules(body: Body) -> list[Said]:
    """Everything that a charter says, but for its text."""
    return [*_always(body), *_rare(body)]


def _always(body: Body) -> list[Said]:
    return [
        (_("It is a"), str(Body.Form(body.form).label)),
        (_("Its vote"), str(Body.Kind(body.kind).label)),
        (_("Quorum"), _quorum(body)),
        (_("What carries"), _threshold(body)),
        (_("A tie"), str(Body.Tie(body.tie).label)),
        (
            _("Conflict of interest"),
            _("counts for the quorum (%(clause)s)") % {"clause": body.recused_clause}
            if body.recused_counts
            else _("does not count for the quorum"),
        ),
        (
            _("Votes"),
            _joined(body.get_secrecy_display(), "" if body.votes_between else _("in meetings only")),
        ),
        (_("Meetings"), _meetings(body)),
    ]


def _rare(body: Body) -> list[Said]:
    """What most bodies leave as it is."""
    return [
        (_("Promise"), _days(body.service_days, _("to a decision"))),
        (
            _("Reminders"),
            _joined(
                _days(body.remind_days, _("before something is due, to whom it waits for")),
                _days(body.escalate_days, _("after it was due, to the chair")),
            ),
        ),
        (_("Vacant seats"), _("count as voting seats") if body.vacant_counts else _("do not count")),
        (_("Alternates"), _("stand in %(when)s") % {"when": body.get_alternates_display()}),
        (
            _("The link in the mail"),
            _("is enough to vote") if body.link_votes else _("is not enough; members sign in"),
        ),
        (
            _("Readings"),
            ngettext("one meeting before the vote", "%(n)s meetings before the vote", body.readings)
            % {"n": body.readings},
        ),
    ]


def _quorum(body: Body) -> str:
    if body.quorum == Body.Quorum.NUMBER:
        said = _("%(n)s present") % {"n": body.quorum_number}
    else:
        above, below = body.quorum_numerator, body.quorum_denominator
        part = str(_PARTS.get((above, below), _("%(n)s of %(d)s") % {"n": above, "d": below}))
        how = _("at least %(part)s") if body.quorum_inclusive else _("more than %(part)s")
        whom = (
            _("of those present vote")
            if body.quorum == Body.Quorum.PRESENT
            else _("of the voting seats present")
        )
        said = f"{how % {'part': part}} {whom}" if above != below else f"{_('all')} {whom}"
    if body.second_call is None:
        return said
    return _joined(said, _("%(n)s when it is called again") % {"n": body.second_call})


def _threshold(body: Body) -> str:
    said = body.get_threshold_display()
    if body.threshold != Body.Threshold.CONSENSUS:
        said = f"{said} {body.get_threshold_of_display()}"
    elif body.objections_allowed:
        said = _joined(said, _("at most %(n)s against") % {"n": body.objections_allowed})
    return _joined(said, _("abstentions counted") if body.abstentions_count else "")


def _meetings(body: Body) -> str:
    law = f"{body.get_law_display()} ({body.law_source})" if body.law_source else body.get_law_display()
    notice = _("agenda %(n)s hours before") % {"n": body.notice_hours} if body.is_open else ""
    return _joined(law, body.get_cadence_display(), notice)


def _days(days: int | None, what: str) -> str:
    if days is None:
        return ""
    return f"{ngettext('%(n)s day', '%(n)s days', days) % {'n': days}} {what}"


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def seat(place: Place) -> str:
    """A kind of seat: as what one sits there, and for whom."""
    return f"{place.name} ({place.constituency})" if place.constituency else place.name


def seats(place: Place) -> str:
    """How many seats of a kind there are, and whether they vote."""
    many = ngettext("one seat", "%(n)s seats", place.count) % {"n": place.count}
    return _joined(many, _("with a vote") if place.votes else _("without a vote"))


def window(found: Window) -> str:
    """Days in which a body takes proposals."""
    return _("%(first)s to %(last)s") % {"first": date_format(found.opens), "last": date_format(found.closes)}


def criterion(found: Criterion, *, all_must_meet: bool) -> str:
    """What a criterion of a rubric asks for."""
    return (
        _("has to be met")
        if all_must_meet
        else _("at least %(n)s of %(best)s") % {"n": found.floor, "best": BEST}
    )


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage of a route in words.

    Attributes:
        kind: what happens.
        who: whom it waits for.
        body: of which body; empty for the one that decides.
        days: how long it may take; empty if it may take any time.
        more: all else that is said of it, but for its condition: what it is called, what it says, empty where it is as
            usual, and what is usual.
        when: its condition; empty if it always applies.
    """

    kind: str
    who: str
    body: str
    days: str
    more: Sequence[tuple[str, str, str]]
    when: str

    @property
    def facts(self) -> list[Said]:
        """All of it, each part by its name."""
        return [
            (_("What happens"), self.kind),
            (_("It waits for"), self.who),
            (_("Days it may take"), self.days or _("any number")),
            (_("Only when"), self.when or _("always")),
            *((name.rstrip(":"), said or usual) for name, said, usual in self.more),
        ]

    @property
    def special(self) -> list[Said]:
        """What does not go without saying, but for what happens and how long it takes."""
        found = [(_("It waits for"), self.who), (_("Only when"), self.when)]
        return [
            *(one for one in found if one[1]),
            *((name.rstrip(":"), said) for name, said, _u in self.more if said),
        ]

    @property
    def terms(self) -> list[str]:
        """All of it that does not go without saying, but for what happens and whom it waits for."""
        special = [f"{name} {said}" for name, said, _usual in self.more[1:] if said]
        asked = _("only when %(asked)s") % {"asked": self.when} if self.when else ""
        return [term for term in (self.days, *special, asked) if term]


def stage(found: routing.Stage, labels: Mapping[str, str], bodies: Mapping[str, str]) -> StageWords:
    """A stage in words.

    Args:
        found: as the route has it.
        labels: names of what a condition may ask.
        bodies: key of a body → its name.
    """
    of = bodies.get(found.body) or bodies.get(packs.key_for(found.body), found.body) if found.body else ""
    who = str(routing.Who(found.who).label)
    if found.people:
        who = f"{who}: {', '.join(found.people)}"
    reviews = ngettext("one review", "%(n)s reviews", found.reviews) % {"n": found.reviews}
    more = (
        (_("Of which body"), of, _("the one that decides")),
        (
            _("Starts"),
            _("together with the stage before it") if found.beside else "",
            _("after the one before it"),
        ),
        (_("The route"), "" if found.holds else _("does not wait for it"), _("waits for it")),
        (_("Ends after"), reviews if found.reviews else "", _("the chair says so")),
        (_("Consent item:"), _("carried unless someone pulls it out") if found.consent else "", _("no")),
        (_("Suggestions"), _("may be taken over meanwhile") if found.edits else "", _("wait")),
        (_("Reminder"), _days(found.remind or None, _("before")), _("none")),
        (_("The chair is told"), _days(found.escalate or None, _("after")), _("never")),
    )
    return StageWords(
        str(routing.Kind(found.kind).label),
        who,
        of,
        _days(found.days or None, "").strip(),
        more,
        condition(found.when, labels),
    )


def proposals(tests: Iterable[Mapping[str, object]], labels: Mapping[str, str]) -> str:
    """Which proposals a route is for."""
    asked = condition(tests, labels)
    return (
        _("proposals when %(asked)s") % {"asked": asked}
        if asked
        else _("everything that no other route is for")
    )


def condition(tests: Iterable[Mapping[str, object]], labels: Mapping[str, str]) -> str:
    """A condition of a route or a stage; empty if there is none."""
    return "; ".join(in_words(tests, labels))
