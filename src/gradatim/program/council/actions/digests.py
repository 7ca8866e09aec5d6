"""Writes of digests: once a week, everyone gets what waits for them, unless they said no."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.council import queries
from gradatim.program.council.models import NoDigest
from gradatim.program.ground import actions as ground
from gradatim.program.ground import queries as links
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person

KIND = "digests"  # of the work rows
HOUR = 6  # UTC, on Mondays
MOST = 20  # things that one digest names
NO_MORE_DAYS = timedelta(days=400)  # how long the link that switches digests off opens


def plan_digests(*, now: datetime) -> None:
    """Plan this week's digests of every organization; any number of times.

    Args:
        now: the time.
    """
    year, week, day = now.isocalendar()
    monday = (now - timedelta(days=day - 1)).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    planned = set(
        Work.objects.filter(kind=KIND, key__endswith=f":{year}-{week}").values_list("key", flat=True)
    )
    for organization in Organization.objects.values_list("pk", flat=True):
        key = f"{organization}:{year}-{week}"
        if key not in planned:
            ground.enqueue(
                kind=KIND,
                key=key,
                payload={"organization": organization, "week": f"{year}-{week}"},
                due_at=monday,
            )


@transaction.atomic
def write_digests(*, organization_id: int, week: str) -> int:
    """Write the digests of one week; for the worker, any number of times.

    Args:
        organization_id: whose.
        week: such as ``"2026-48"``; a person gets one in it.

    Returns:
        How many there are.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        return 0
    readers = queries.digest_readers(organization)
    return sum(_write(organization, person, f"week:{week}") for person in readers)


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
    return int(_write(organization, person, f"now:{timezone.now():%Y-%m-%dT%H:%M}"))


def _write(organization: Organization, person: Person, when: str) -> bool:
    tasks = queries.work(organization, person)
    if not tasks or not person.email:
        return False
    link = ground.make_link(
        purpose=queries.DIGEST, key=f"{organization.pk}:{person.pk}", email=person.email, valid=NO_MORE_DAYS
    )
    said = ngettext("One thing waits for you", "%(n)d things wait for you", len(tasks)) % {"n": len(tasks)}
    lines = [f"- {task.verb}: {task.title} ({_until(task)})" for task in tasks[:MOST]]
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
                _("You get this once a week, when something waits. To get none: %(address)s")
                % {"address": stop},
            )
        ),
        organization_name=organization.name,
    )
    return True


def _until(task: queries.Task) -> str:
    return (
        _("%(why)s, until %(date)s") % {"why": task.why, "date": date_format(task.due)}
        if task.due
        else task.why
    )


def want_digest(*, organization: Organization, person: Person, wanted: bool) -> None:
    """Switch the weekly digest off, or on again.

    Args:
        organization: of which.
        person: whose.
        wanted: whether they want it.
    """
    if wanted:
        NoDigest.objects.filter(organization=organization, person=person).delete()
    else:
        NoDigest.objects.get_or_create(organization=organization, person=person)


def want_digest_by_link(*, token: str, wanted: bool) -> None:
    """Switch the weekly digest off or on by the link of a mail; the link stays good.

    Args:
        token: from the address.
        wanted: whether they want it.

    Raises:
        Refused: ``not-found``, ``expired``.
    """
    link = links.find_link(token, queries.DIGEST)
    found = queries.find_reader(link.key) if link else None
    if link is None or found is None:
        raise Refused("not-found", _("This link is not known. Please open it again from the message, whole."))
    if not links.is_open(link):
        raise Refused("expired", _("This link has run out. Sign in, and change it in your work list."))
    organization, person = found
    want_digest(organization=organization, person=person, wanted=wanted)
