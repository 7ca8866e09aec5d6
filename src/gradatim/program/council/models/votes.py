"""Ballots, electors and votes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.bodies import Body, Seat, VoteRules
from gradatim.program.council.models.meetings import AgendaItem
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.people.models import Person


class Ballot(VoteRules):
    """One vote of a body on one proposal, with its rules as they were when it opened and, closed, its count."""

    class Method(models.TextChoices):
        """How it is voted."""

        NAMED = "named", _("by name")
        SECRET = "secret", _("secret ballot")
        CONSENT = "consent", _("unanimous consent")

    class State(models.TextChoices):
        """Where the vote is."""

        SCHEDULED = "scheduled", _("scheduled")
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
    item = models.ForeignKey(
        AgendaItem, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots"
    )  # of the meeting it is part of; none between meetings
    recalls = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="recalled_by"
    )  # the vote before it, which had no quorum
    method = models.CharField(max_length=7, choices=Method, default=Method.NAMED)
    in_public = models.BooleanField(default=False)  # whether its body met under an open-meeting law then
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    version_digest = models.CharField(
        max_length=64, blank=True
    )  # what is voted on; must not change while the vote is open
    seats = models.PositiveSmallIntegerField(default=0)  # voting seats when it opened
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)  # of a scheduled one
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)  # nobody votes after it
    remind_at = models.DateTimeField(null=True, blank=True)  # until those who have not voted got a mail
    closed_at = models.DateTimeField(null=True, blank=True)
    tie_broken_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    present = models.PositiveSmallIntegerField(null=True, blank=True)  # the count, from the close on
    recused = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        """One vote per proposal that is going on or will."""

        constraints = (
            models.UniqueConstraint(
                fields=["proposal"],
                condition=models.Q(state__in=["scheduled", "open"]),
                name="one_open_ballot",
            ),
        )

    def __str__(self) -> str:
        return f"Vote {self.pk} on {self.proposal_id}"

    @property
    def is_secret(self) -> bool:
        """Whether nobody learns who voted what."""
        return self.method == self.Method.SECRET

    @property
    def waits_for_chair(self) -> bool:
        """Whether it is tied and the chair has the last word."""
        return self.result == self.Result.TIED and self.tie == self.Tie.CHAIR


class Elector(models.Model):
    """Someone entitled to vote in one ballot: the snapshot of the seats, without the proposers."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="electors")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    alternate = models.BooleanField(default=False)  # stands in for the seat's holder
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
    """One elector's vote; one-to-one, so that there is never a second. In a secret ballot sealed, and gone at the close."""

    class Choice(models.TextChoices):
        """What was voted."""

        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstain")
        RECUSED = "recused", _("I have a conflict of interest")

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=8, choices=Choice, blank=True)
    sealed = models.BinaryField(null=True, blank=True)  # the choice in a secret ballot that is open
    reason = models.TextField(blank=True)
    cast_at = models.DateTimeField(null=True, blank=True)  # not kept in a secret ballot

    class Meta:
        """In words or sealed, never both."""

        constraints = (
            models.CheckConstraint(
                condition=(
                    models.Q(sealed=None) & ~models.Q(choice="")
                    | models.Q(sealed__isnull=False, choice="", reason="", cast_at=None)
                ),
                name="vote_named_or_sealed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.choice or 'sealed'} by {self.elector_id}"
