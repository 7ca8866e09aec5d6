"""Work rows (the outbox), links and codes that go out by mail, stored files, what was seen elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Work(models.Model):
    """One piece of outward or long work: a mail to send, a status list to publish.

    The row is the work; a queue is only a nudge. A row is claimed with a lease and finished in the same transaction
    as its effect, so a lost, repeated or late nudge loses nothing and does nothing twice.
    """

    class State(models.TextChoices):
        """Where the row is on its way."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)  # unique within its kind: enqueueing twice does nothing
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Unique per kind; found by state and due time."""

        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="work_once"),)
        indexes = (models.Index(fields=["state", "due_at"], name="work_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Link(models.Model):
    """A link with a short code that goes out by mail or on paper; opening it shows a page, only a POST acts."""

    purpose = models.CharField(max_length=20)  # "invitation", "claim", "vote"
    key = models.CharField(max_length=64)  # what it is for: the primary key of the row it opens
    email = models.EmailField(blank=True)
    token_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token, hex
    code_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of purpose, key and short code, hex
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes so far
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by purpose and key, or by code."""

        indexes = (
            models.Index(fields=["purpose", "key"], name="link_for"),
            models.Index(fields=["code_digest"], name="link_code"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


class StoredFile(models.Model):
    """A small file kept in the database (logo, roster): at most 5 MiB, under a name the server made."""

    name = models.CharField(max_length=200)  # as the person called it; shown as text, never used as a path
    media_type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # SHA-256, hex
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Seen(models.Model):
    """What a site elsewhere published when it was last asked: a status list, or the keys of an issuer there."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the place, hex
    place = models.TextField()  # where it was, as the engine calls it
    host = models.CharField(max_length=64)  # SHA-256 of the host, hex: what one host may take up is bounded
    text = models.TextField()
    size = models.PositiveIntegerField()  # bytes that it is counted as
    at = models.DateTimeField()  # to the day

    class Meta:
        """Counted by host, dropped by age."""

        indexes = (
            models.Index(fields=["host", "size"], name="seen_of_host"),
            models.Index(fields=["at"], name="seen_at"),
        )

    def __str__(self) -> str:
        return self.place
