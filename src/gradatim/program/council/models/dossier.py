"""What belongs to a proposal besides its few fields: evidence of need, files, every saved text, unfinished text."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.proposals import Proposal
from gradatim.program.ground.models import StoredFile
from gradatim.program.people.models import Organization, Person


class Evidence(models.Model):
    """One piece of evidence that something is needed, with its source and date."""

    class Kind(models.TextChoices):
        """Where it comes from."""

        LABOUR = "labour", _("labour market data")
        EMPLOYER = "employer", _("employers")
        STANDARD = "standard", _("a professional standard")
        LEARNERS = "learners", _("learners")
        OTHER = "other", _("something else")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=500)  # what it shows
    source = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    dated = models.DateField()  # of the source, not of the entry

    class Meta:
        """Newest source first."""

        ordering = ("-dated", "id")

    def __str__(self) -> str:
        return f"{self.source}, {self.dated}"


class Attachment(models.Model):
    """A file that belongs to a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order they came."""

        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.file)


class Edit(models.Model):
    """The text of a proposal as somebody saved it; what two people wrote at once is merged against these."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    content = models.JSONField()  # field → text
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A revision once."""

        constraints = (models.UniqueConstraint(fields=["proposal", "revision"], name="edit_once"),)

    def __str__(self) -> str:
        return f"{self.proposal_id}, revision {self.revision}"


class Scratch(models.Model):
    """What somebody typed and did not save yet; only they see it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)  # "new", "version:12", "proposal:3"
    typed = models.JSONField()  # field → text, as it came
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One per person and page."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "person", "key"], name="scratch_once"),
        )

    def __str__(self) -> str:
        return f"{self.key} by {self.person_id}"
