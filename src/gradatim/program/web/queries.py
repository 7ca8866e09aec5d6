"""What the home pages show: the six steps, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.achievements import queries as achievements
from gradatim.program.council import queries as council
from gradatim.program.council.models import Seat
from gradatim.program.credentials import queries as credentials
from gradatim.program.ground import clock
from gradatim.program.ground import queries as ground
from gradatim.program.ground.together import count_together
from gradatim.program.offerings import queries as offerings
from gradatim.program.people import queries as people
from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.web.context import STAFF

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Step:
    """One of the six steps: what stands, what comes next."""

    name: str
    fact: str
    note: str
    state: str  # "done", "now" or ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person."""

    title: str
    detail: str
    verb: str
    url: str


def is_staff(organization: Organization, person: Person) -> bool:
    """Whether a person works on the program (and is not only a learner or partner)."""
    return bool(people.roles(organization, person) & STAFF)


def is_partner(organization: Organization, person: Person) -> bool:
    """Whether a person is a partner, and neither works on the program nor learns in it."""
    return people.roles(organization, person) == {Role.PARTNER}


def public_organizations() -> QuerySet[Organization]:
    """The organizations of this installation, by name."""
    return Organization.objects.order_by("name")


def work_waiting() -> int:
    """How much background work waits."""
    return ground.waiting_work()


def steps(organization: Organization) -> list[Step]:
    """Where the program stands, step by step."""
    slug = organization.slug
    many = count_together(
        {
            "seats": Seat.objects.filter(body__organization=organization).exclude(holder=None),
            "open": council.with_council(organization),
            "rules": taxonomy.rules(organization).filter(active=True),
            "frameworks": organization.frameworks.all(),
            "approved": achievements.issuable(organization),
            "cohorts": organization.cohorts.all(),
            "decided": council.public_decisions(organization),
            "voices": council.with_recognition(organization),
        }
    )
    filled, open_proposals, decided = many["seats"], many["open"], many["decided"]
    rules, frameworks, cohorts = many["rules"], many["frameworks"], many["cohorts"]
    approved, voices = many["approved"], many["voices"]
    look_back = council.looked_at_again(organization).values_list("review_by", flat=True).first()
    totals = credentials.totals(organization)
    return [
        Step(
            _("Council"),
            ngettext("%(n)d seat filled", "%(n)d seats filled", filled) % {"n": filled},
            ngettext("%(n)d proposal with the council", "%(n)d proposals with the council", open_proposals)
            % {"n": open_proposals},
            "done" if filled else "now",
            reverse("council:council", args=[slug]),
        ),
        Step(
            _("Outside voices"),
            ngettext(
                "%(n)d proposal names who recognises it", "%(n)d proposals name who recognises them", voices
            )
            % {"n": voices},
            ngettext("%(n)d public decision", "%(n)d public decisions", decided) % {"n": decided},
            "done" if voices else "",
            reverse("council:decisions", args=[slug]),
        ),
        Step(
            _("Taxonomy"),
            _("%(rules)d rules, %(frameworks)d frameworks") % {"rules": rules, "frameworks": frameworks},
            ngettext("%(n)d achievement approved", "%(n)d achievements approved", approved) % {"n": approved},
            "done" if rules else "now",
            reverse("taxonomy:overview", args=[slug]),
        ),
        Step(
            _("Start small"),
            ngettext("%(n)d cohort", "%(n)d cohorts", cohorts) % {"n": cohorts},
            _("Roster, results, issue"),
            "done" if cohorts else "now" if approved else "",
            reverse("offerings:cohorts", args=[slug]),
        ),
        Step(
            _("Improve"),
            ngettext("%(n)d version in use", "%(n)d versions in use", approved) % {"n": approved},
            _("Next look back: %(day)s") % {"day": date_format(look_back)}
            if look_back
            else _("No look back is planned"),
            "done" if look_back else "",
            reverse("achievements:list", args=[slug]),
        ),
        Step(
            _("Open standards"),
            ngettext(
                "%(n)d credential as Open Badges 3.0", "%(n)d credentials as Open Badges 3.0", totals.issued
            )
            % {"n": totals.issued},
            _("%(got)d picked up, %(back)d taken back") % {"got": totals.got, "back": totals.taken_back},
            "done" if totals.issued else "",
            reverse("credentials:list", args=[slug]),
        ),
    ]


def waiting_for(organization: Organization, person: Person, roles: frozenset[str]) -> list[Waiting]:
    """What waits for a person here, most urgent first.

    Args:
        organization: where.
        person: whom.
        roles: theirs there.
    """
    return list(_waiting(organization, person, roles))


def _waiting(organization: Organization, person: Person, roles: frozenset[str]) -> Iterator[Waiting]:
    slug = organization.slug
    for task in council.work(organization, person, roles):
        why = task.why
        if task.due:
            why = _("%(why)s, until %(date)s") % {"why": why, "date": clock.day(task.due)}
        yield Waiting(task.title, why, task.verb, task.url(organization))
    if roles & {Role.MANAGER, Role.ISSUER}:
        for cohort in offerings.ready_cohorts(organization):
            url = reverse("offerings:cohort", args=[slug, cohort.pk])
            yield Waiting(
                cohort.name, _("Learners met the outcomes and wait for their credential"), _("Issue"), url
            )
