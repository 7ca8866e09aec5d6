"""Routes, and the stages of a proposal's way as it goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.routing import Kind, Way, Who, read
from gradatim.program.people.models import Organization, Person


class Route(models.Model):
    """One edition of a route; a change is a new edition, and a proposal keeps the one it started on."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="routes")
    key = models.SlugField(max_length=60)
    edition = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)  # routes are asked in this order
    when = models.JSONField(default=list, blank=True)  # tests, as `routing` reads them
    stages = models.JSONField(default=list)  # plain data, as `routing.read` takes it
    current = models.BooleanField(default=True)
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decision_number = models.CharField(
        max_length=20, blank=True
    )  # a copy; empty: written before a council decided
    decision_url = models.URLField(max_length=300, blank=True)

    class Meta:
        """An edition once; one of them current."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "key", "edition"], name="route_edition_once"),
            models.UniqueConstraint(
                fields=["organization", "key"], condition=models.Q(current=True), name="route_current_once"
            ),
        )
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.name} ({self.edition})"

    @property
    def way(self) -> Way:
        """As the engine takes it."""
        return Way(self.key, self.name, tuple(self.when), read(self.stages))


class Stage(models.Model):
    """One stage that a proposal came to; when it comes there again, that is another row."""

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open", _("open")
        DONE = "done", _("done")
        LOST = "lost", _("did not carry")
        SENT_BACK = "sent_back", _("sent back")
        CLOSED = "closed", _("closed")  # by something that happened elsewhere

    LIVE = (State.OPEN, State.DONE, State.LOST)

    proposal = models.ForeignKey("council.Proposal", on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)
    who = models.CharField(max_length=8, choices=Who)
    body = models.ForeignKey(
        "council.Body", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    in_public = models.BooleanField(default=False)  # whether its body met under an open-meeting law then
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    people = models.ManyToManyField(Person, related_name="stages", blank=True)  # by hand or by load
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)  # until the mails are written
    late_at = models.DateTimeField(null=True, blank=True)  # likewise
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        """A stage is open or done once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["proposal", "key"],
                condition=models.Q(state__in=["open", "done", "lost"]),
                name="stage_live_once",
            ),
        )
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="stage_due")]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} of {self.proposal_id}"
