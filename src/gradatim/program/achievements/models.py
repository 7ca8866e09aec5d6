"""Achievements, their versions, outcomes and alignments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.models import Item, Value

ASSESSMENT_KINDS = {
    "test": _("Test of knowledge"),
    "task": _("A task done under observation"),
    "project": _("Project or case"),
    "portfolio": _("Portfolio"),
    "talk": _("Talk or oral examination"),
    "prior": _("Recognition of what was learned before"),
}
EVIDENCE_KINDS = {
    "artifact": _("Something made: a report, a program, a product"),
    "recording": _("Recording or photo"),
    "observation": _("Observation by an assessor"),
    "result": _("Test result"),
    "reflection": _("Reflection in own words"),
    "attendance": _("Record of attendance"),
}
"""Key, as it stands in rules and in the frozen content, → words on the screen."""

PRACTICE_MARK = "Practice: "  # stands before the name in the signed bytes, untranslated


class Series(models.Model):
    """Achievements that follow one another, like three courses on one subject; each stands on its own."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        """A title once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "title"], name="series_once"),)
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class Achievement(models.Model):
    """Something that can be earned; what it asks for stands in its versions."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="achievements")
    slug = models.SlugField(max_length=80)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="achievements"
    )
    series_position = models.PositiveSmallIntegerField(default=0)
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

    class Credit(models.TextChoices):
        """Whether it carries academic credit; said plainly on every definition."""

        NONCREDIT = "noncredit", _("No credit")
        CREDIT = "credit", _("Carries credit")
        CONVERTIBLE = "convertible", _("Can be turned into credit")

    class Supervision(models.TextChoices):
        """Supervision and identity check during assessment (EU Council Recommendation 2022, Annex I)."""

        NONE = "none", _("Neither supervised nor identity checked")
        SUPERVISED = "supervised", _("Supervised, identity not checked")
        ONLINE = "online", _("Supervised online, identity checked")
        ONSITE = "onsite", _("Supervised on site, identity checked")

    class Stacking(models.TextChoices):
        """Whether it counts toward something larger."""

        ALONE = "alone", _("Stands on its own")
        STACKABLE = "stackable", _("Counts toward a larger qualification")
        PART = "part", _("Is part of a larger qualification")

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
    clock_hours = models.PositiveSmallIntegerField(null=True, blank=True)  # supervised instruction
    weeks = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)  # of instruction
    credit = models.CharField(max_length=12, choices=Credit, default=Credit.NONCREDIT)
    credits = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    credit_course = models.CharField(max_length=120, blank=True)  # what the credit counts as, e.g. "STAT 101"
    credit_office = models.CharField(max_length=120, blank=True)  # who decides about it
    credit_basis = models.CharField(max_length=300, blank=True)  # by which rule or agreement
    credit_until = models.DateField(null=True, blank=True)  # last day it can be turned into credit
    participation = models.CharField(max_length=12, choices=Participation, blank=True)
    assessment_kinds = models.JSONField(default=list, blank=True)  # of ASSESSMENT_KINDS
    evidence_kinds = models.JSONField(default=list, blank=True)  # of EVIDENCE_KINDS: what has to be handed in
    rubric = models.JSONField(
        default=list, blank=True
    )  # criteria with their levels, as `rubric.read` keeps them
    supervision = models.CharField(max_length=12, choices=Supervision, blank=True)
    grading = models.CharField(max_length=200, blank=True)
    quality_assurance = models.CharField(max_length=500, blank=True)  # who assures quality, and how
    prerequisites = models.CharField(max_length=500, blank=True)
    stacking = models.CharField(max_length=12, choices=Stacking, blank=True)
    stacks_into = models.CharField(max_length=200, blank=True)  # the larger qualification
    cost = models.CharField(max_length=120, blank=True)  # to the learner, in words
    offered_since = models.DateField(null=True, blank=True)  # the first day it was offered
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)  # from issue; empty: for good
    taking = models.CharField(max_length=12, choices=Taking, default=Taking.REVOCABLE)
    tags = models.JSONField(default=list, blank=True)
    image_label = models.CharField(max_length=24, blank=True)  # the words on the badge image
    image_alt = models.CharField(max_length=250, blank=True)
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    proposal_url = models.CharField(
        max_length=300, blank=True
    )  # the page of the open proposal in which the draft is written; a copy, handed over by the council's action
    # A copy of the decision, handed over by the council's action; never a foreign key upward.
    decision_number = models.CharField(max_length=20, blank=True)
    decision_url = models.URLField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    policy_edition = models.PositiveIntegerField(
        null=True, blank=True
    )  # of the taxonomy it was approved under
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
    def assessment_names(self) -> list[str]:
        """The kinds of assessment in words."""
        return [str(ASSESSMENT_KINDS.get(kind, kind)) for kind in self.assessment_kinds]

    @property
    def evidence_names(self) -> list[str]:
        """The kinds of evidence in words."""
        return [str(EVIDENCE_KINDS.get(kind, kind)) for kind in self.evidence_kinds]

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


class Aligned(models.Model):
    """What something is aligned to: a framework's item, or a target elsewhere; in words of its own, as it was then."""

    target_name = models.CharField(max_length=300)
    target_url = models.URLField(max_length=500)
    target_code = models.CharField(max_length=80, blank=True)
    target_framework = models.CharField(max_length=300, blank=True)
    target_type = models.CharField(max_length=40, blank=True)  # "CFItem", "ceterms:Credential", "ext:…"

    class Meta:
        """The columns of `Alignment` and `RubricAlignment`."""

        abstract = True

    def __str__(self) -> str:
        return self.target_name

    @property
    def link(self) -> str:
        """The address if a browser may follow it, else empty."""
        return self.target_url if self.target_url.startswith(("https://", "http://")) else ""

    @property
    def content(self) -> list[str]:
        """What is decided about."""
        return [
            self.target_url,
            self.target_name,
            self.target_code,
            self.target_framework,
            self.target_type,
        ]

    def signed(self) -> dict[str, Any]:
        """As Open Badges 3.0 says it: an Alignment with nothing empty in it."""
        whole = {
            "type": ["Alignment"],
            "targetName": self.target_name,
            "targetUrl": self.target_url,
            "targetCode": self.target_code,
            "targetFramework": self.target_framework,
            "targetType": self.target_type,
        }
        return {name: value for name, value in whole.items() if value}


class Alignment(Aligned):
    """What the achievement is aligned to."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="alignments")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="alignments")

    class Meta:
        """A target once per version; in the order they were chosen."""

        constraints = (models.UniqueConstraint(fields=["version", "target_url"], name="alignment_once"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.version)


class RubricAlignment(Aligned):
    """What a criterion of the rubric, or one of its levels, is aligned to."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="rubric_alignments")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=130)  # key of the criterion, or "criterion/level"

    class Meta:
        """A target once per part; in the order they were chosen."""

        constraints = (
            models.UniqueConstraint(fields=["version", "part", "target_url"], name="rubric_alignment_once"),
        )
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.version}, its rubric"


class Translation(models.Model):
    """The content of a version in one more language: an Open Badges document of its own, linked to the others."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    description = models.TextField()
    criteria = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    outcomes = models.JSONField(
        default=list, blank=True
    )  # texts in the order of the version's own; "" for none yet
    rubric = models.JSONField(default=dict, blank=True)  # as `rubric.read_texts` keeps it
    image_alt = models.CharField(max_length=250, blank=True)
    document = models.TextField(blank=True)  # the Achievement as JSON, frozen on approval

    class Meta:
        """A language once per version."""

        constraints = (models.UniqueConstraint(fields=["version", "language"], name="translation_once"),)
        ordering = ("language",)

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def public_title(self) -> str:
        """As `Version.public_title`, in this language."""
        return f"{PRACTICE_MARK}{self.title}" if self.version.achievement.practice else self.title


class Endorsement(models.Model):
    """Someone outside says that a version matters to them: signed bytes, handed down by the room that signs."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="endorsements")
    identifier = models.CharField(max_length=200)  # of the endorsement credential
    endorser = models.CharField(max_length=200)
    endorser_url = models.URLField(max_length=300, blank=True)
    claim = models.TextField(blank=True)
    document = models.TextField()  # the EndorsementCredential, exactly as signed
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A credential once per version."""

        constraints = (models.UniqueConstraint(fields=["version", "identifier"], name="endorsement_once"),)
        ordering = ("valid_from", "id")

    def __str__(self) -> str:
        return self.endorser

    def live_on(self, day: date) -> bool:
        """Whether it stands on a day."""
        return (
            self.withdrawn_at is None
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )
