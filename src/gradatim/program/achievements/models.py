"""Achievements, their versions, outcomes and alignments."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.models import Item, Value

PRACTICE_MARK = "Practice: "  # stands before the name in the signed bytes, untranslated


class Achievement(models.Model):
    """Something that can be earned; what it asks for stands in its versions."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="achievements")
    slug = models.SlugField(max_length=80)
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A slug once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "slug"], name="achievement_once"),)

    def __str__(self) -> str:
        return self.slug


class Version(models.Model):
    """An achievement version: immutable once approved (its `digest` says so), pinned by every credential issued."""

    class State(models.TextChoices):
        """Where the version is in its life. `ISSUABLE` says from which states may be issued."""

        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        ACTIVE = "active", _("active")
        DEPRECATED = "deprecated", _("being taught out")
        RETIRED = "retired", _("retired")

    TRANSITIONS = {  # noqa: RUF012 - a constant of the class, read as data
        State.DRAFT: {State.IN_REVIEW},
        State.IN_REVIEW: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.ACTIVE, State.DEPRECATED, State.RETIRED},
        State.ACTIVE: {State.DEPRECATED, State.RETIRED},
        State.DEPRECATED: {State.RETIRED},
        State.RETIRED: set(),
    }
    ISSUABLE = frozenset({State.APPROVED, State.ACTIVE, State.DEPRECATED})
    PUBLIC = ISSUABLE | {State.RETIRED}

    class Taking(models.TextChoices):
        """Whether a credential can be taken back for good, or also paused (one status purpose per credential)."""

        REVOCABLE = "revocation", _("can be taken back")
        SUSPENDABLE = "suspension", _("can be paused")

    class Participation(models.TextChoices):
        """Form of participation in the learning activity."""

        ONLINE = "online", _("Online")
        ONSITE = "onsite", _("On site")
        BLENDED = "blended", _("Blended")
        WORKPLACE = "workplace", _("At work")

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=120)
    description = models.TextField()
    criteria = models.TextField(blank=True)  # Markdown: what has to be shown, and how
    assessment = models.TextField(blank=True)  # how it is assessed
    code = models.CharField(max_length=40, blank=True)  # the organization's own code, e.g. "DL-101"
    language = models.CharField(max_length=12, default="en")
    type = models.ForeignKey(Value, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Value, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    workload_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    credits = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    participation = models.CharField(max_length=12, choices=Participation, blank=True)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)  # from issue; empty: for good
    taking = models.CharField(max_length=12, choices=Taking, default=Taking.REVOCABLE)
    tags = models.JSONField(default=list, blank=True)
    image_label = models.CharField(max_length=24, blank=True)  # the words on the badge image
    image_alt = models.CharField(max_length=250, blank=True)
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # A copy of the decision, handed over by the council's action; never a foreign key upward.
    decision_number = models.CharField(max_length=20, blank=True)
    decision_url = models.URLField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    digest = models.CharField(
        max_length=64, blank=True
    )  # SHA-256 of the frozen content, hex; set on approval
    document = models.TextField(blank=True)  # the Achievement as JSON, frozen on approval, embedded as is

    class Meta:
        """A number once per achievement."""

        constraints = (models.UniqueConstraint(fields=["achievement", "number"], name="version_once"),)
        ordering = ("achievement", "number")

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def public_title(self) -> str:
        """The title as everyone outside sees and signs it: practice says so."""
        return f"{PRACTICE_MARK}{self.title}" if self.achievement.practice else self.title

    @property
    def issuable(self) -> bool:
        """Whether the council's approval stands behind it, so that credentials may be issued."""
        return self.state in self.ISSUABLE and bool(self.digest and self.decision_number)


class Placement(models.Model):
    """Where a version stands in a dimension beyond type and level, which are columns of their own."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="placements")
    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A value once per version."""

        constraints = (models.UniqueConstraint(fields=["version", "value"], name="placement_once"),)

    def __str__(self) -> str:
        return str(self.version)


class Outcome(models.Model):
    """What a learner is able to do afterwards."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)

    class Meta:
        """In order."""

        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.text


class Alignment(models.Model):
    """What the achievement is aligned to: a framework's item, or a target elsewhere."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="alignments")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="alignments")
    target_name = models.CharField(max_length=300)
    target_url = models.URLField(max_length=500)
    target_code = models.CharField(max_length=80, blank=True)
    target_framework = models.CharField(max_length=300, blank=True)
    target_type = models.CharField(max_length=40, blank=True)  # "CFItem", "ceterms:Credential", "ext:…"

    class Meta:
        """A target once per version; in the order they were chosen."""

        constraints = (models.UniqueConstraint(fields=["version", "target_url"], name="alignment_once"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.version)

    @property
    def link(self) -> str:
        """The address if a browser may follow it, else empty."""
        return self.target_url if self.target_url.startswith(("https://", "http://")) else ""
