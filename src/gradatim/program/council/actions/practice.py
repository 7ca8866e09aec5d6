"""Taking out what was made while practicing."""

from __future__ import annotations

from django.db import transaction

from gradatim.program.council.models import Ballot, Decision, Elector, Meeting, Proposal, Vote
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy.models import ChangeList

OVER = (ChangeList.State.DONE, ChangeList.State.DROPPED)


@transaction.atomic
def remove_practice(*, organization: Organization) -> None:
    """Delete the proposals, votes, decisions and meetings made while practicing.

    Args:
        organization: whose.
    """
    mine = {"proposal__organization": organization, "proposal__practice": True}
    Decision.objects.filter(organization=organization, practice=True).delete()
    Vote.objects.filter(**{f"elector__ballot__{name}": value for name, value in mine.items()}).delete()
    Elector.objects.filter(**{f"ballot__{name}": value for name, value in mine.items()}).delete()
    Ballot.objects.filter(**mine).update(recalls=None)
    Ballot.objects.filter(**mine).delete()
    Meeting.objects.filter(body__organization=organization, practice=True).delete()
    gone = Proposal.objects.filter(organization=organization, practice=True)
    for changes in ChangeList.objects.filter(proposal__in=gone).exclude(state__in=OVER):
        taxonomy.give_up(changes=changes, actor=None)
    gone.delete()
