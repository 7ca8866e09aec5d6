"""Meetings: agenda, attendance, motions, public comment, minutes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.bodies import Body, Seat
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.people.models import Person


class Meeting(models.Model):
    """One meeting of a body, from its plan to its published minutes."""

    class State(models.TextChoices):
        """Where the meeting is."""

        PLANNED = "planned", _("planned")
        NOTICED = "noticed", _("agenda published")
        IN_SESSION = "in_session", _("in session")
        ENDED = "ended", _("ended")
        APPROVED = "approved", _("minutes approved")
        PUBLISHED = "published", _("minutes published")
        CALLED_OFF = "called_off", _("called off")

    TRANSITIONS = {  # noqa: RUF012 - a constant of the class, read as data
        State.PLANNED: {State.NOTICED, State.IN_SESSION, State.CALLED_OFF},
        State.NOTICED: {State.IN_SESSION, State.CALLED_OFF},
        State.IN_SESSION: {State.ENDED},
        State.ENDED: {State.APPROVED},
        State.APPROVED: {State.PUBLISHED},
        State.PUBLISHED: set(),
        State.CALLED_OFF: set(),
    }

    COMING = (State.PLANNED, State.NOTICED, State.IN_SESSION)

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True)  # to take part from elsewhere
    noticed_at = models.DateTimeField(null=True, blank=True)  # agenda published and locked
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.JSONField(null=True, blank=True)  # as they were approved; drawn from the rows until then
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    recalls = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="recalled_by"
    )  # the meeting before it, which had no quorum
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    practice = models.BooleanField(default=False)

    class Meta:
        """The next one last."""

        ordering = ("starts_at", "id")

    def __str__(self) -> str:
        return f"{self.body_id} on {self.starts_at:%Y-%m-%d}"

    @property
    def before(self) -> bool:
        """Whether it has not begun."""
        return self.state in {self.State.PLANNED, self.State.NOTICED}

    @property
    def is_public(self) -> bool:
        """Whether everyone may read of it: the minutes are published, or the law announced it."""
        return self.state == self.State.PUBLISHED or (self.body.is_open and self.noticed_at is not None)

    @property
    def over(self) -> bool:
        """Whether it is over."""
        return self.state in {self.State.ENDED, self.State.APPROVED, self.State.PUBLISHED}


class AgendaItem(models.Model):
    """One thing on an agenda, with what was noted about it."""

    class Kind(models.TextChoices):
        """How the item is handled."""

        DECISION = "decision", _("decision")
        CONSENT = "consent", _("consent")
        INFORMATION = "information", _("information")
        DISCUSSION = "discussion", _("discussion")
        COMMENT = "comment", _("public comment")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    reading = models.PositiveSmallIntegerField(default=1)  # the how-manieth time it is on an agenda
    added_at = models.DateTimeField(auto_now_add=True)
    pulled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # off the consent list, to be dealt with on its own
    notes = models.TextField(blank=True)  # what the minutes say about it

    class Meta:
        """In order; a proposal once per meeting."""

        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=["meeting", "proposal"], name="proposal_once_per_meeting"),
        )

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who was at a meeting: members for their seat, guests without one."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # as it is in the minutes
    present = models.BooleanField(default=False)
    comings = models.JSONField(default=list)  # [[time, who is there since then; "" for nobody], …]

    class Meta:
        """A seat once per meeting."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["meeting", "seat"], name="seat_once_per_meeting"),)

    def __str__(self) -> str:
        return self.name


class Motion(models.Model):
    """What was moved under an item: by whom, seconded by whom, in which words, and what became of it."""

    class Kind(models.TextChoices):
        """What it asks for."""

        MAIN = "main", _("something")
        DEFER = "defer", _("to defer it to a date")
        TABLE = "table", _("to lay it on the table")

    class State(models.TextChoices):
        """What became of it."""

        MOVED = "moved", _("moved")
        SECONDED = "seconded", _("seconded")
        CARRIED = "carried", _("carried")
        LOST = "lost", _("lost")
        WITHDRAWN = "withdrawn", _("withdrawn")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="motions")
    amends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="amendments"
    )
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.MAIN)
    until = models.DateField(null=True, blank=True)  # of a motion to defer
    text = models.TextField()
    moved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.MOVED)
    by_consent = models.BooleanField(default=False)  # nobody objected; otherwise counted by show of hands
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    by_name = models.JSONField(default=dict)  # {name: "for" | "against" | "abstain"}, where the law wants it

    class Meta:
        """As they were moved."""

        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:60]


class Correction(models.Model):
    """Approved minutes as they read after a correction; the text before it stays readable."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    minutes = models.JSONField()  # the whole, as it reads with the correction
    reason = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    motion = models.OneToOneField(
        Motion, null=True, blank=True, on_delete=models.PROTECT, related_name="corrects"
    )  # of a later meeting, by which a body under an open-meeting law adopts it
    adopted_at = models.DateTimeField(null=True, blank=True)  # the minutes read like this since then

    class Meta:
        """As they were made; one at a time waits for its motion."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(adopted_at=None), name="correction_waits_once"
            ),
        )

    def __str__(self) -> str:
        return f"Correction of meeting {self.meeting_id}"


class PublicComment(models.Model):
    """What someone from the public said at a meeting."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="comments")
    speaker = models.CharField(max_length=120)
    speaks_for = models.CharField(max_length=120, blank=True)
    words = models.TextField()

    class Meta:
        """As they spoke."""

        ordering = ("id",)

    def __str__(self) -> str:
        return self.speaker
