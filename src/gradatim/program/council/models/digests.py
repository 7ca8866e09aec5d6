"""Who wants no digest of what waits for them."""

from __future__ import annotations

from django.db import models

from gradatim.program.people.models import Organization, Person


class NoDigest(models.Model):
    """A person who unsubscribed from the digests of an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A person once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "person"], name="no_digest_once"),)

    def __str__(self) -> str:
        return f"{self.person_id}"
