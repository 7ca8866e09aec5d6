"""Bodies, seats, proposals, reviews, ballots, electors, votes and decisions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Organization, Person


class Body(models.Model):
    """A council, committee or advisory group with its charter."""

    class Kind(models.TextChoices):
        """What its vote does."""

        DECIDING = "deciding", _("decides")
        ADVISORY = "advisory", _("advises")

    class Threshold(models.TextChoices):
        """What carries, among the votes cast for and against."""

        SIMPLE = "simple", _("more for than against")
        TWO_THIRDS = "two_thirds", _("two thirds of the votes cast")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bodies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DECIDING)
    charter = models.TextField(blank=True)
    quorum_numerator = models.PositiveSmallIntegerField(
        default=1
    )  # more than this fraction of the voting seats
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    quorum_inclusive = models.BooleanField(default=False)  # "at least" instead of "more than"
    threshold = models.CharField(max_length=12, choices=Threshold, default=Threshold.SIMPLE)
    recused_counts = models.BooleanField(default=False)  # whether a recused member counts for quorum
    recused_clause = models.CharField(max_length=200, blank=True)  # the clause that says so

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A place in a body, and who holds it."""

    class Role(models.TextChoices):
        """What the seat may do."""

        CHAIR = "chair", _("Chair")
        VOTING = "voting", _("Member")
        EX_OFFICIO = "ex_officio", _("Ex officio, without vote")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Role, default=Role.VOTING)
    holder = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats")
    constituency = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.holder or 'vacant'}"

    @property
    def votes(self) -> bool:
        """Whether the seat carries a vote."""
        return self.role in {self.Role.CHAIR, self.Role.VOTING}


class Proposal(models.Model):
    """What the council is asked to decide: a draft achievement version, why it is needed and who asks."""

    class State(models.TextChoices):
        """Where the proposal is."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("with the council")
        RETURNED = "returned", _("returned for changes")
        IN_BALLOT = "in_ballot", _("at the vote")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TRANSITIONS = {  # noqa: RUF012 - a constant of the class, read as data
        State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
        State.SUBMITTED: {State.RETURNED, State.IN_BALLOT, State.WITHDRAWN},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
        State.IN_BALLOT: {State.DECIDED, State.SUBMITTED},
        State.DECIDED: set(),
        State.WITHDRAWN: set(),
    }

    CHANGEABLE = (State.DRAFT, State.RETURNED)  # with its proposers, who may change it
    SETTLED = (State.DECIDED, State.WITHDRAWN)  # nothing more happens to it; its draft may be proposed again

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="proposals")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="proposals")
    purpose = models.TextField()  # what it is for and for whom
    need = models.TextField()  # what shows that it is needed, with source and date
    recognition = models.TextField(blank=True)  # who outside will recognise it
    proposers = models.ManyToManyField(Person, related_name="proposals")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A number once per organization, one open proposal per version."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="proposal_once"),
            models.UniqueConstraint(
                fields=["version"],
                condition=~models.Q(state__in=["decided", "withdrawn"]),
                name="one_open_proposal",
            ),
        )

    def __str__(self) -> str:
        return f"Proposal {self.number}"


class Review(models.Model):
    """One reviewer's scores and recommendation."""

    class Recommendation(models.TextChoices):
        """What the reviewer advises."""

        APPROVE = "approve", _("approve")
        REVISE = "revise", _("ask for changes")
        REJECT = "reject", _("reject")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews")
    scores = models.JSONField(default=dict)  # {criterion key: 0 to 3}
    comment = models.TextField(blank=True)
    recommendation = models.CharField(max_length=10, choices=Recommendation)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """A reviewer once per proposal."""

        constraints = (models.UniqueConstraint(fields=["proposal", "reviewer"], name="review_once"),)

    def __str__(self) -> str:
        return f"{self.reviewer_id} on {self.proposal_id}"


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


class Decision(models.Model):
    """What the body decided, why, and since when it is public."""

    class Outcome(models.TextChoices):
        """What it says."""

        APPROVED = "approved", _("Approved")
        REVISE = "revise", _("To be revised")
        REJECTED = "rejected", _("Rejected")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="decisions")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="decision")
    number = models.CharField(max_length=20)  # "2026-09"
    outcome = models.CharField(max_length=10, choices=Outcome)
    rationale = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    published_at = models.DateTimeField(
        null=True, blank=True
    )  # held until then: a held decision approves nothing
    review_by = models.DateField(null=True, blank=True)
    practice = models.BooleanField(default=False)

    class Meta:
        """A number once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "number"], name="decision_once"),)

    def __str__(self) -> str:
        return f"Decision {self.number}"
