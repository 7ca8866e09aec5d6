"""Decisions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.proposals import Proposal
from gradatim.program.council.models.votes import Ballot
from gradatim.program.people.models import Organization, Person


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
