"""Decisions, the conditions they carry, and the texts they adopt."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.bodies import Body
from gradatim.program.council.models.meetings import Motion
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.council.models.votes import Ballot
from gradatim.program.people.models import Organization, Person


class Decision(models.Model):
    """What the body decided, why, and since when it is public."""

    class Outcome(models.TextChoices):
        """What it says."""

        APPROVED = "approved", _("Approved")
        CONDITIONS = "conditions", _("Approved with conditions")
        REVISE = "revise", _("To be revised")
        DEFERRED = "deferred", _("Deferred")
        REJECTED = "rejected", _("Rejected")

    class Kind(models.TextChoices):
        """What it is about."""

        ACHIEVEMENT = "achievement", _("microcredential")
        TRANSCRIPT = "transcript", _("transcript notation")
        POLICY = "policy", _("policy")

    GOOD = (Outcome.APPROVED, Outcome.CONDITIONS)

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="decisions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    title = models.CharField(max_length=220)  # of what was decided, as it was called then
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    motion = models.OneToOneField(
        Motion, null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )  # of a meeting, where no proposal was needed
    ballot = models.OneToOneField(
        Ballot, null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )  # none where it was decided without a vote
    number = models.CharField(max_length=20)  # "2026-09"
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ACHIEVEMENT)
    notation = models.CharField(max_length=200, blank=True)  # the words on the transcript
    outcome = models.CharField(max_length=10, choices=Outcome)
    rationale = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    published_at = models.DateTimeField(
        null=True, blank=True
    )  # held until then: a held decision approves nothing
    review_by = models.DateField(null=True, blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    reconsidered_as = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="reconsiders"
    )  # the proposal by which it is looked at again
    reconsidered_why = models.TextField(blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)  # the request to look at it again
    admitted_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # never who wrote the decision, never who asks
    declined_why = models.TextField(blank=True)  # of a request that was not admitted
    practice = models.BooleanField(default=False)

    class Meta:
        """A number once per organization; about a proposal or a motion, never both."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(proposal=None) ^ models.Q(motion=None), name="decision_about_one"
            ),
        )

    def __str__(self) -> str:
        return f"Decision {self.number}"

    @property
    def approves(self) -> bool:
        """Whether it says yes."""
        return self.outcome in self.GOOD


class Condition(models.Model):
    """Something that has to be done for an approval to hold; issuing waits for those before the start."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    text = models.TextField()
    before_start = models.BooleanField(default=False)
    due = models.DateField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)  # how it was met

    class Meta:
        """As they were written."""

        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:60]


class Resolution(models.Model):
    """A text that a body adopted, as it was decided: numbered and dated, with the text it takes the place of."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="resolution")
    number = models.PositiveIntegerField()  # within its body
    subject = models.CharField(max_length=220)
    wording = models.TextField()  # Markdown
    adopted_on = models.DateField()
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )

    class Meta:
        """A number once per body; the newest first."""

        ordering = ("-adopted_on", "-id")
        constraints = (models.UniqueConstraint(fields=["body", "number"], name="resolution_once"),)

    def __str__(self) -> str:
        return f"Resolution {self.number} of {self.body_id}"
