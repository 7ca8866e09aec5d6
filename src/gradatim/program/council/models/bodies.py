"""Bodies, the rules they vote by, their seats and the windows in which they take proposals."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person


class VoteRules(models.Model):
    """By what arithmetic a vote is counted: a body's charter says it, a ballot keeps a copy of its day."""

    class Quorum(models.TextChoices):
        """What has to be there for a vote to count."""

        SEATS = "seats", _("a fraction of the voting seats is present")
        NUMBER = "number", _("a fixed number of members is present")
        PRESENT = "present", _("a fraction of those present votes")

    class Threshold(models.TextChoices):
        """What carries."""

        SIMPLE = "simple", _("more than half")
        TWO_THIRDS = "two_thirds", _("two thirds")
        THREE_QUARTERS = "three_quarters", _("three quarters")
        CONSENSUS = "consensus", _("consensus")

    class Base(models.TextChoices):
        """Of what the threshold is a part."""

        CAST = "cast", _("of the votes cast")
        PRESENT = "present", _("of those present")
        SEATS = "seats", _("of the voting seats")

    class Tie(models.TextChoices):
        """What as many for as against means."""

        LOST = "lost", _("does not carry")
        CHAIR = "chair", _("the chair decides")

    quorum = models.CharField(max_length=8, choices=Quorum, default=Quorum.SEATS)
    quorum_number = models.PositiveSmallIntegerField(default=1)  # of the fixed number
    quorum_numerator = models.PositiveSmallIntegerField(default=1)  # more than this fraction
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    quorum_inclusive = models.BooleanField(default=False)  # "at least" instead of "more than"
    threshold = models.CharField(max_length=14, choices=Threshold, default=Threshold.SIMPLE)
    threshold_of = models.CharField(max_length=8, choices=Base, default=Base.CAST)
    abstentions_count = models.BooleanField(default=False)  # as votes cast, which makes the threshold higher
    objections_allowed = models.PositiveSmallIntegerField(default=0)  # votes against that a consensus bears
    second_call = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # members who are enough when a meeting or vote without a quorum is called again
    tie = models.CharField(max_length=5, choices=Tie, default=Tie.LOST)
    recused_counts = models.BooleanField(default=False)  # whether a recused member counts for quorum
    recused_clause = models.CharField(max_length=200, blank=True)  # the clause that says so

    class Meta:
        """Never a table of its own."""

        abstract = True


class Body(VoteRules):
    """A council, committee or advisory group with its charter."""

    class Form(models.TextChoices):
        """What it is called by its rules."""

        COUNCIL = "council", _("council")
        COMMITTEE = "committee", _("committee")
        GROUP = "group", _("advisory group")

    class Kind(models.TextChoices):
        """What its vote does."""

        DECIDING = "deciding", _("decides")
        ADVISORY = "advisory", _("advises")

    class Law(models.TextChoices):
        """Which law its meetings are under."""

        OPEN = "open", _("open meetings")
        ORDINARY = "ordinary", _("ordinary")
        ADVISORY = "advisory", _("advisory")

    class Secrecy(models.TextChoices):
        """Whether a vote may be secret."""

        NEVER = "never", _("always by name")
        ALLOWED = "allowed", _("by name, unless the chair calls a secret ballot")
        DEFAULT = "default", _("secret, unless the chair calls a vote by name")

    class Alternates(models.TextChoices):
        """When a seat's alternate stands in."""

        NEVER = "never", _("never")
        ABSENT = "absent", _("when the holder is absent, conflicted, or the seat is vacant")

    class Cadence(models.TextChoices):
        """How often it meets."""

        NEEDED = "needed", _("as needed")
        WEEKLY = "weekly", _("every week")
        FORTNIGHTLY = "fortnightly", _("every two weeks")
        MONTHLY = "monthly", _("every month")
        TERM = "term", _("every term")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bodies")
    key = models.SlugField(max_length=60)  # stays when the name changes; policy files and routes mean it
    name = models.CharField(max_length=120)
    form = models.CharField(max_length=10, choices=Form, default=Form.COUNCIL)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DECIDING)
    charter = models.TextField(blank=True)
    retired_on = models.DateField(null=True, blank=True)  # takes nothing up since then; its record stays
    law = models.CharField(max_length=8, choices=Law, default=Law.ORDINARY)
    law_source = models.CharField(max_length=200, blank=True)  # the statute or bylaw, as it is cited
    notice_hours = models.PositiveSmallIntegerField(
        default=72
    )  # agenda published and locked before a meeting
    secrecy = models.CharField(max_length=8, choices=Secrecy, default=Secrecy.NEVER)
    between_meetings = models.BooleanField(default=True)  # whether it may vote without one
    link_votes = models.BooleanField(default=True)  # whether a mail's link is enough to vote
    readings = models.PositiveSmallIntegerField(default=1)  # meetings an item comes to before it is voted on
    vacant_counts = models.BooleanField(default=True)  # whether a vacant seat is one of the voting seats
    alternates = models.CharField(max_length=6, choices=Alternates, default=Alternates.NEVER)
    cadence = models.CharField(max_length=12, choices=Cadence, default=Cadence.NEEDED)
    service_days = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # promised from sending to decision
    remind_days = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # before something is due; a stage that says its own keeps it
    escalate_days = models.PositiveSmallIntegerField(null=True, blank=True)  # after it was due, likewise

    class Meta:
        """A key once."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="body_key_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def retired(self) -> bool:
        """Whether it takes nothing up any more."""
        return self.retired_on is not None

    @property
    def is_open(self) -> bool:
        """Whether its meetings are under an open-meeting law."""
        return self.law == self.Law.OPEN

    @property
    def votes_between(self) -> bool:
        """Whether it may vote between meetings."""
        return self.between_meetings and not self.is_open


class CharterEdition(models.Model):
    """How a body's charter, its kinds of seats, windows and rubric stood after a change."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()  # YAML as `packs.body_text` writes it
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decision_number = models.CharField(max_length=20, blank=True)  # a copy
    decision_url = models.URLField(max_length=300, blank=True)

    class Meta:
        """A number once per body, the latest first."""

        constraints = (models.UniqueConstraint(fields=["body", "number"], name="charter_edition_once"),)
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.body} ({self.number})"


class Seat(models.Model):
    """A place in a body, and who holds it."""

    class Role(models.TextChoices):
        """As what one sits there."""

        CHAIR = "chair", _("Chair")
        VOTING = "voting", _("Member")
        EX_OFFICIO = "ex_officio", _("Ex officio")
        EXTERNAL = "external", _("External member")
        STUDENT = "student", _("Student member")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Role, default=Role.VOTING)
    votes = models.BooleanField(default=True)  # whether the seat carries a vote
    holder = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats")
    alternate = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    constituency = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.holder or 'vacant'}"

    def held_on(self, day: date) -> bool:
        """Whether somebody holds the seat on a day."""
        began, lasts = self.since is None or self.since <= day, self.until is None or self.until >= day
        return self.holder_id is not None and began and lasts


class Window(models.Model):
    """Days between which a body takes proposals; a body without windows takes them always."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="windows")
    name = models.CharField(max_length=80)
    opens = models.DateField()
    closes = models.DateField()  # the last day

    class Meta:
        """In order of time; ends after it begins."""

        ordering = ("opens", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(closes__gte=models.F("opens")), name="window_has_days"),
        )

    def __str__(self) -> str:
        return self.name
