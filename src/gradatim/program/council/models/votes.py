"""Ballots, electors and votes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.bodies import Body, Seat
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.people.models import Person


class Ballot(models.Model):
    """One vote of a body on one proposal, with its rules as they were when it opened."""

    class State(models.TextChoices):
        """Where the vote is."""

        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Result(models.TextChoices):
        """What the closed vote says."""

        CARRIED = "carried", _("carried")
        LOST = "lost", _("lost")
        TIED = "tied", _("tied")
        NO_QUORUM = "no_quorum", _("no quorum")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="ballots")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="ballots")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    version_digest = models.CharField(
        max_length=64
    )  # what is voted on; must not change while the vote is open
    seats = models.PositiveSmallIntegerField()  # voting seats when it opened, vacant ones included
    quorum_needed = models.PositiveSmallIntegerField()
    threshold = models.CharField(max_length=12, choices=Body.Threshold)
    recused_counts = models.BooleanField(default=False)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One open vote per proposal."""

        constraints = (
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(state="open"), name="one_open_ballot"
            ),
        )

    def __str__(self) -> str:
        return f"Vote {self.pk} on {self.proposal_id}"


class Elector(models.Model):
    """Someone entitled to vote in one ballot: the snapshot of the seats, without the proposers."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="electors")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField(default=False)  # marked by the chair, or by voting

    class Meta:
        """A person once, a seat once."""

        constraints = (
            models.UniqueConstraint(fields=["ballot", "person"], name="elector_once"),
            models.UniqueConstraint(fields=["ballot", "seat"], name="elector_seat_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.ballot_id}"


class Vote(models.Model):
    """One elector's vote; one-to-one, so that a second vote breaks uniqueness."""

    class Choice(models.TextChoices):
        """What was voted."""

        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstain")
        RECUSED = "recused", _("I have a conflict of interest")

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=8, choices=Choice)
    reason = models.TextField(blank=True)
    cast_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.choice} by {self.elector_id}"
