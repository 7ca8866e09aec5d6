"""How often people want a digest of what waits for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person


class DigestWish(models.Model):
    """How often a person wants the digest of an organization; whoever said nothing gets it every week."""

    class Rhythm(models.TextChoices):
        """How often."""

        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")
        NEVER = "never", _("never")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=6, choices=Rhythm, default=Rhythm.NEVER)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A person once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "person"], name="digest_wish_once"),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.rhythm}"
