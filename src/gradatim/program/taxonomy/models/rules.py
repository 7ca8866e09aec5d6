"""Quality rules as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization


class Rule(models.Model):
    """A quality rule as data.

    `condition` and `expression` are lists of tests ``{"fact": str, "is": operator, "value": …}``, all of which must
    hold: when the condition holds, the expression has to.
    """

    class Severity(models.TextChoices):
        """What a breach does."""

        BLOCK = "block", _("blocks")
        WARN = "warn", _("warns")
        ADVISE = "advise", _("advises")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="rules")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)  # what it asks for, as a sentence
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.WARN)
    condition = models.JSONField(default=list, blank=True)
    expression = models.JSONField(default=list)
    message = models.CharField(max_length=300)  # what to do when it is broken
    reference = models.CharField(max_length=300, blank=True)  # the clause of policy or framework behind it
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        """A key once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="rule_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name
