"""Signing keys, status lists, batches, intents, credentials and their status changes."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Learner, Organization, Person


class SigningKey(models.Model):
    """An organization's key. The secret is sealed by a key outside the database; a used key is never deleted."""

    class State(models.TextChoices):
        """Where the key is in its life."""

        NEXT = "next", _("next")
        ACTIVE = "active", _("active")
        VERIFY_ONLY = "verify_only", _("only for checking")
        REVOKED = "revoked", _("revoked")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=10, default="Ed25519")  # "Ed25519", "P-256"
    public_multibase = models.CharField(
        max_length=120, unique=True
    )  # its fingerprint: no two issuers share a key
    sealed_secret = models.BinaryField()
    state = models.CharField(max_length=12, choices=State, default=State.NEXT)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One active key of a kind."""

        constraints = (
            models.UniqueConstraint(
                fields=["organization", "kind"], condition=models.Q(state="active"), name="one_active_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_multibase[:12]}… ({self.state})"


class StatusList(models.Model):
    """A Bitstring Status List. What counts are the rows of `StatusChange`; `document` is derived and re-signed."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="status_lists")
    purpose = models.CharField(max_length=12, choices=Version.Taking)
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField(default=131072)
    document = models.TextField(blank=True)  # the signed list, served byte for byte
    version = models.PositiveBigIntegerField(default=0)  # grows with every publication
    published_at = models.DateTimeField(null=True, blank=True)
    dirty = models.BooleanField(
        default=True
    )  # changed since it was published; set and cleared under the row's lock

    class Meta:
        """A number once per organization and purpose."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "purpose", "number"], name="status_list_once"),
        )

    def __str__(self) -> str:
        return f"{self.organization.slug} {self.purpose} {self.number}"


class Batch(models.Model):
    """One issuing run: a cohort's results, or a single award."""

    class State(models.TextChoices):
        """Where the run is."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="batches")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="batches")
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    practice = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.label


class Intent(models.Model):
    """What will be signed, fixed before signing, so that a second try gives the same bytes.

    Unique per organization, version, learner and reason: nobody gets the same thing twice.
    """

    class State(models.TextChoices):
        """Where the intent is."""

        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="intents")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="intents")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="intents")
    version_digest = models.CharField(max_length=64)  # what was approved is what is issued
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="intents")
    reason = models.CharField(max_length=120)  # e.g. "cohort:12"
    credential_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_id = models.UUIDField(
        default=uuid.uuid4, editable=False
    )  # whom the credential names, for it alone
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField()  # the proof's `created`
    claims = models.JSONField(default=dict)  # result, evidence, narrative … as handed over by the caller
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.TextField(blank=True)
    practice = models.BooleanField(default=False)

    class Meta:
        """Nobody twice; an index once."""

        constraints = (
            models.UniqueConstraint(
                fields=["organization", "version", "learner", "reason"], name="intent_once"
            ),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="status_index_once"),
        )
        indexes = (models.Index(fields=["batch", "state"], name="intent_batch"),)

    def __str__(self) -> str:
        return f"{self.version_id} for {self.learner_id}"


class Credential(models.Model):
    """A signed credential: the bytes exactly as signed, and what has happened to it since."""

    class State(models.TextChoices):
        """Whether it stands."""

        ACTIVE = "active", _("in force")
        SUSPENDED = "suspended", _("paused")
        REVOKED = "revoked", _("taken back")

    id = models.UUIDField(primary_key=True, editable=False)
    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, related_name="credential")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="credentials")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="credentials")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="credentials")
    document = models.TextField()  # signed JSON, served byte for byte
    digest = models.CharField(max_length=64)  # SHA-256 of the document, hex
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)  # the learner made its page public
    practice = models.BooleanField(default=False)

    class Meta:
        """Newest first in lists."""

        indexes = (
            models.Index(fields=["organization", "-issued_at"], name="credential_newest"),
            models.Index(fields=["learner", "-issued_at"], name="credential_of_learner"),
        )

    def __str__(self) -> str:
        return str(self.id)


class StatusChange(models.Model):
    """One taking back, pausing or lifting; rows are the truth, the list is derived."""

    class Kind(models.TextChoices):
        """What was done."""

        REVOKE = "revoke", _("taken back")
        SUSPEND = "suspend", _("paused")
        REINSTATE = "reinstate", _("in force again")

    class Reason(models.TextChoices):
        """The public reason, from a closed list."""

        MISTAKE = "mistake", _("issued by mistake")
        SUPERSEDED = "superseded", _("superseded")
        NOT_MET = "not_met", _("requirements not met")
        REQUEST = "request", _("on request")
        OTHER = "other", _("other")

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.TextField(blank=True)  # stays inside
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """In the order they happened."""

        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.credential_id}"
