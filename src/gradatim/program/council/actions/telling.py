"""Mails about stages, each once for a person and a reason."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gradatim.program.council.models import Stage
from gradatim.program.ground import actions as ground
from gradatim.program.ground import clock
from gradatim.program.people.models import Person


def tell(stage: Stage, person: Person, why: str) -> None:
    """A mail about a stage, once for each person and reason."""
    if not person.email:
        return
    proposal = stage.proposal
    page = reverse("council:proposal", args=[proposal.organization.slug, proposal.number])
    words = {
        "title": proposal.title,
        "stage": stage.name,
        "address": settings.SITE_URL + page,
        "due": clock.day(stage.due_at, proposal.organization.time_zone) if stage.due_at else "",
    }
    subject, text = {
        "opened": (_("%(stage)s: %(title)s"), _("“%(title)s” has come to the stage “%(stage)s”.")),
        "asked": (_("Asked of you: %(stage)s, %(title)s"), _("“%(stage)s” of “%(title)s” waits for you.")),
        "reminder": (
            _("Reminder: %(stage)s, %(title)s"),
            _("“%(stage)s” of “%(title)s” still waits for you; it should be done by %(due)s."),
        ),
        "late": (
            _("Late: %(stage)s, %(title)s"),
            _(
                "“%(stage)s” of “%(title)s” should have been done by %(due)s. You can ask somebody else there."
            ),
        ),
    }[why.partition(":")[0]]
    ground.write_mail(
        key=f"stage:{stage.pk}:{why}:{person.pk}",
        to=person.email,
        subject=subject % words,
        text=f"{text % words}\n\n{words['address']}",
        organization_name=proposal.organization.name,
    )
