"""Writes of digests: every Monday everyone gets what waits for them; who wants it daily or never says so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.council import queries
from gradatim.program.council.models import DigestWish
from gradatim.program.ground import actions as ground
from gradatim.program.ground import clock
from gradatim.program.ground import queries as links
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person

KIND = "digests"  # of the work rows
HOUR = 6  # in the organization's time zone
Rhythm = DigestWish.Rhythm
MOST = 20  # things that one digest names
NO_MORE_DAYS = timedelta(days=400)  # how long the link that switches digests off opens


def plan_digests(*, now: datetime) -> None:
    """Plan this week's digests of every organization, and today's where somebody wants them every day; any number of times.

    Args:
        now: the time.
    """
    organizations = list(Organization.objects.only("pk", "time_zone"))
    wanted = {
        (organization, day)
        for organization in organizations
        for day in _days(now.astimezone(ZoneInfo(organization.time_zone)).date())
    }
    keys = [_key(*one) for one in wanted]
    planned = set(Work.objects.filter(kind=KIND, key__in=keys).values_list("key", flat=True))
    daily = queries.wanting_daily()
    for organization, day in wanted:
        if _key(organization, day) in planned or (day.weekday() and organization.pk not in daily):
            continue
        ground.enqueue(
            kind=KIND,
            key=_key(organization, day),
            payload={"organization": organization.pk, "day": day.isoformat()},
            due_at=datetime.combine(day, time(HOUR), ZoneInfo(organization.time_zone)),
        )


def _days(today: date) -> set[date]:
    return {today - timedelta(days=today.weekday()), today}


def _key(organization: Organization, day: date) -> str:
    return f"{organization.pk}:{day}"


@transaction.atomic
def write_digests(*, organization_id: int, day: date) -> int:
    """Write the digests of one day; for the worker, any number of times. The reads do not grow with the readers.

    Args:
        organization_id: whose.
        day: on Mondays everyone gets theirs who wants one, on other days those who want it every day.

    Returns:
        How many there are.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        return 0
    rhythms = {Rhythm.DAILY} if day.weekday() else {Rhythm.DAILY, Rhythm.WEEKLY}
    readers = queries.digest_readers(organization, rhythms)
    waiting = queries.work_of(organization, {person.pk: roles for person, roles in readers.items()})
    return sum(_write(organization, person, waiting[person.pk], f"day:{day}") for person in readers)


def send_digest(*, organization: Organization, person: Person) -> int:
    """Write a person's digest now, at most one a minute.

    Args:
        organization: where.
        person: to whom; also one who wants none by themselves.

    Returns:
        1, or 0 if nothing waits.

    Raises:
        Refused: ``address-unverified`` for somebody without an address.
    """
    if not person.email:
        raise Refused("address-unverified", _("You have no address yet."))
    tasks = queries.work(organization, person)
    return int(_write(organization, person, tasks, f"now:{timezone.now():%Y-%m-%dT%H:%M}"))


def _write(organization: Organization, person: Person, tasks: list[queries.Task], when: str) -> bool:
    if not tasks or not person.email:
        return False
    link = ground.make_link(
        purpose=queries.DIGEST, key=f"{organization.pk}:{person.pk}", email=person.email, valid=NO_MORE_DAYS
    )
    said = ngettext("One thing waits for you", "%(n)d things wait for you", len(tasks)) % {"n": len(tasks)}
    lines = [f"- {task.verb}: {task.title} ({_until(task, organization.time_zone)})" for task in tasks[:MOST]]
    if len(tasks) > MOST:
        lines.append(_("- and %(n)d more") % {"n": len(tasks) - MOST})
    page = settings.SITE_URL + reverse("council:work", args=[organization.slug])
    stop = settings.SITE_URL + reverse("council:digest", args=[link.token])
    ground.write_mail(
        key=f"digest:{organization.pk}:{person.pk}:{when}",
        to=person.email,
        subject=f"{said}: {organization.name}",
        text="\n\n".join(
            (
                f"{said}.",
                "\n".join(lines),
                page,
                _("You get this when something waits. To get it more or less often, or never: %(address)s")
                % {"address": stop},
            )
        ),
        organization_name=organization.name,
        stop=settings.SITE_URL + reverse("council:stop_digest", args=[link.token]),
    )
    return True


def _until(task: queries.Task, zone: str) -> str:
    return (
        _("%(why)s, until %(date)s") % {"why": task.why, "date": clock.day(task.due, zone)}
        if task.due
        else task.why
    )


def want_digest(*, organization: Organization, person: Person, rhythm: str) -> None:
    """Say how often a person gets the digest.

    Args:
        organization: of which.
        person: whose.
        rhythm: a `DigestWish.Rhythm`.

    Raises:
        Refused: ``row-invalid`` for anything else.
    """
    if rhythm not in Rhythm.values:
        raise Refused("row-invalid", _("Choose every day, every Monday or never."), field="rhythm")
    DigestWish.objects.update_or_create(organization=organization, person=person, defaults={"rhythm": rhythm})


def want_digest_by_link(*, token: str, rhythm: str) -> None:
    """Say how often the digest comes, by the link of a mail; the link stays good.

    Args:
        token: from the address.
        rhythm: a `DigestWish.Rhythm`.

    Raises:
        Refused: ``not-found``, ``expired``, ``row-invalid``.
    """
    link = links.find_link(token, queries.DIGEST)
    found = queries.find_reader(link.key) if link else None
    if link is None or found is None:
        raise Refused("not-found", _("This link is not known. Please open it again from the message, whole."))
    if not links.is_open(link):
        raise Refused("expired", _("This link has run out. Sign in, and change it in your work list."))
    organization, person = found
    want_digest(organization=organization, person=person, rhythm=rhythm)
