"""The mails that ask an elector for a vote: when it opens, and again before it closes."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradatim.program.council.models import Ballot, Elector
from gradatim.program.council.queries import PURPOSE
from gradatim.program.ground import actions as ground
from gradatim.program.ground import clock


def invite(ballot: Ballot, electors: Iterable[Elector]) -> None:
    """Write to every elector with an address; the mail carries a link and a short code that open the same page.

    Args:
        ballot: one that has just opened.
        electors: its own, with their persons.
    """
    for elector in electors:
        _write(
            ballot,
            elector,
            key=f"vote:{elector.pk}",
            subject=_("Your vote: %(title)s"),
            text=_("The %(body)s votes on “%(title)s”."),
        )


@transaction.atomic
def remind_electors(*, ballot: Ballot) -> bool:
    """Write once more to those who have not voted, so many days before the vote closes as its body says.

    Args:
        ballot: an open one whose reminder is due; any other is left alone.

    Returns:
        Whether it was due.
    """
    found = Ballot.objects.select_for_update().filter(pk=ballot.pk, state=Ballot.State.OPEN).first()
    if found is None or found.remind_at is None:
        return False
    for elector in found.electors.select_related("person").filter(vote=None).order_by("person", "pk"):
        _write(
            found,
            elector,
            key=f"vote-reminder:{elector.pk}",
            subject=_("Reminder, your vote: %(title)s"),
            text=_("Your vote on “%(title)s” is missing; the vote of the %(body)s closes on %(closes)s."),
        )
    found.remind_at = None
    found.save(update_fields=["remind_at"])
    return True


def _write(ballot: Ballot, elector: Elector, *, key: str, subject: str, text: str) -> None:
    person, proposal = elector.person, ballot.proposal
    if not person.email:
        return
    link = ground.make_link(purpose=PURPOSE, key=str(elector.pk), email=person.email)
    words = {
        "title": proposal.title,
        "body": ballot.body.name,
        "closes": clock.moment(ballot.closes_at, proposal.organization.time_zone) if ballot.closes_at else "",
        "address": settings.SITE_URL + reverse("council:vote_link", args=[link.token]),
        "code": ground.code_sentence(link),
    }
    rest = _(
        "Read it and vote on this page:\n%(address)s\n\n"
        "%(code)s\n\n"
        "Link and code are yours alone. Opening the page does nothing; the button on it does. "
        "You can change your vote until it closes."
    )
    ground.write_mail(
        key=key,
        to=person.email,
        subject=subject % words,
        text=f"{text % words}\n\n{rest % words}",
        organization_name=proposal.organization.name,
    )
