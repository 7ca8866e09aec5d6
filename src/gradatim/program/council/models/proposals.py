"""Proposals and their reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import Version
from gradatim.program.council.models.bodies import Body
from gradatim.program.people.models import Organization, Person


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
