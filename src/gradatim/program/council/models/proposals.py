"""Proposals."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import PRACTICE_MARK, Version
from gradatim.program.council.models.bodies import Body
from gradatim.program.council.models.routes import Route
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.models import ChangeList


class Proposal(models.Model):
    """What the council is asked to decide: a draft achievement version, why it is needed and who asks."""

    class State(models.TextChoices):
        """Where the proposal is."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("with the council")
        RETURNED = "returned", _("returned for changes")
        IN_BALLOT = "in_ballot", _("at the vote")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        """What is asked for; the route follows from it."""

        NEW = "new", _("Something new")
        SUBSTANTIVE = "substantive", _("A full change")
        MINOR = "minor", _("A minor change")
        CLARIFICATION = "clarification", _("A clarification")
        CORRECTION = "correction", _("A correction")
        RETIRE = "retire", _("Retiring")
        POLICY = "policy", _("A policy")
        TAXONOMY = "taxonomy", _("A change of the taxonomy")
        STACK = "stack", _("A stack of achievements")
        RECOGNITION = "recognition", _("Recognition of something from elsewhere")

    TEXTS = (Kind.POLICY, Kind.TAXONOMY, Kind.STACK, Kind.RECOGNITION)  # decided as a text, not as a version
    CHANGES = (Kind.SUBSTANTIVE, Kind.MINOR, Kind.CLARIFICATION, Kind.CORRECTION)  # of what is approved

    TRANSITIONS = {  # noqa: RUF012 - a constant of the class, read as data
        State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
        State.SUBMITTED: {State.RETURNED, State.IN_BALLOT, State.WITHDRAWN, State.DECIDED},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
        State.IN_BALLOT: {State.DECIDED, State.SUBMITTED},
        State.DECIDED: set(),
        State.WITHDRAWN: set(),
    }

    WITH_COUNCIL = (State.SUBMITTED, State.IN_BALLOT)
    CHANGEABLE = (State.DRAFT, State.RETURNED)  # with its proposers, who may change it
    SETTLED = (State.DECIDED, State.WITHDRAWN)  # nothing more happens to it; its draft may be proposed again

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="proposals")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.NEW)
    route = models.ForeignKey(
        Route, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )  # the edition it goes by, since it was sent
    resume = models.SlugField(max_length=60, blank=True)  # the stage where it goes on when it is sent again
    version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )  # none for what is decided as a text
    subject = models.CharField(max_length=120, blank=True)  # of such a text
    wording = models.TextField(blank=True)  # of such a text, Markdown
    changes = models.OneToOneField(
        ChangeList, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )  # what the decision puts in force; then the wording says it
    purpose = models.TextField()  # what it is for and for whom
    need = models.TextField()  # what shows that it is needed, with source and date
    recognition = models.TextField(blank=True)  # who outside will recognise it
    more = models.JSONField(default=dict, blank=True)  # the long form's answers: field → text
    revision = models.PositiveIntegerField(default=0)  # grows with every saved text
    proposers = models.ManyToManyField(Person, related_name="proposals")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    put_off_at = models.DateTimeField(null=True, blank=True)  # out of the queue since then
    put_off_until = models.DateField(null=True, blank=True)  # back on this day; none: until it is taken up
    put_off_why = models.TextField(blank=True)
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    before: Version | None = None  # the approved version a change starts from, as `find_proposal` read it

    class Meta:
        """A number once per organization, one open proposal per version."""

        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="proposal_once"),
            models.UniqueConstraint(
                fields=["version"],
                condition=~models.Q(state__in=["decided", "withdrawn"]),
                name="one_open_proposal",
            ),
            models.CheckConstraint(
                condition=models.Q(version=None, changes__isnull=False, kind="correction")
                | models.Q(version=None) ^ ~models.Q(kind__in=["policy", "taxonomy", "stack", "recognition"]),
                name="text_or_version",
            ),
        )

    def __str__(self) -> str:
        return f"Proposal {self.number}"

    @property
    def title(self) -> str:
        """What it is about: the version's title, or the subject of a text."""
        return self.version.title if self.version else self.subject

    @property
    def public_title(self) -> str:
        """The title as everyone outside sees it: practice says so."""
        if self.version:
            return self.version.public_title
        return f"{PRACTICE_MARK}{self.subject}" if self.practice else self.subject

    def waits_on(self, day: date) -> bool:
        """Whether it is put off on a day: it is in no queue and comes to no vote."""
        return self.put_off_at is not None and (self.put_off_until is None or day < self.put_off_until)

    @property
    def is_text(self) -> bool:
        """Whether it is decided as a text."""
        return self.kind in self.TEXTS or self.corrects_policy

    @property
    def corrects_policy(self) -> bool:
        """Whether it is a change list that corrects words only."""
        return self.kind == self.Kind.CORRECTION and self.version_id is None

    @property
    def is_policy(self) -> bool:
        """Whether its decision is one about policy."""
        return self.kind in {self.Kind.POLICY, self.Kind.TAXONOMY} or self.corrects_policy
