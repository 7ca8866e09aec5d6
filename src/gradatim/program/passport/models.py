"""Slips and share links."""

from __future__ import annotations

from django.db import models

from gradatim.program.credentials.models import Credential
from gradatim.program.people.models import Person


class Slip(models.Model):
    """The short code printed with a QR for a learner without e-mail; the code itself is kept only as a digest."""

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, related_name="slip")
    code_digest = models.CharField(max_length=64, unique=True)  # keyed SHA-256 of the code, hex
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.credential_id)


class ShareLink(models.Model):
    """A link by which a learner shows one credential, until a date."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    token = models.CharField(max_length=64, unique=True)  # unguessable; shown again to its owner
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label or str(self.credential_id)
