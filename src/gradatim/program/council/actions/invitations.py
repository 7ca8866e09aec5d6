"""The mail that asks an elector for a vote."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gradatim.program.council.models import Ballot, Elector
from gradatim.program.council.queries import PURPOSE
from gradatim.program.ground import actions as ground


def invite(ballot: Ballot, electors: Iterable[Elector]) -> None:
    """Write to every elector with an address; the mail carries a link and a short code that open the same page.

    Args:
        ballot: one that has just opened.
        electors: its own, with their persons.
    """
    proposal = ballot.proposal
    for elector in electors:
        person = elector.person
        if not person.email:
            continue
        link = ground.make_link(purpose=PURPOSE, key=str(elector.pk), email=person.email)
        words = {
            "title": proposal.title,
            "body": ballot.body.name,
            "address": settings.SITE_URL + reverse("council:vote_link", args=[link.token]),
            "code": ground.code_sentence(link),
        }
        ground.write_mail(
            key=f"vote:{elector.pk}",
            to=person.email,
            subject=_("Your vote: %(title)s") % words,
            text=_(
                "The %(body)s votes on “%(title)s”.\n\nRead it and vote on this page:\n%(address)s\n\n"
                "%(code)s\n\n"
                "Link and code are yours alone. Opening the page does nothing; the button on it does. "
                "You can change your vote until it closes."
            )
            % words,
            organization_name=proposal.organization.name,
        )
