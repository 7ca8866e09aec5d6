"""Dimensions, values, quality rules, frameworks, items and associations."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.looks import OUTLINES


class Dimension(models.Model):
    """One axis of the taxonomy, e.g. type or level."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="dimensions")
    key = models.SlugField(max_length=40)  # "type" and "level" are always there
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A key once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="dimension_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Value(models.Model):
    """One value of a dimension, and how it looks on a badge: shape by level, color by type."""

    class Shape(models.TextChoices):
        """Outline of the badge image."""

        CIRCLE = "circle", _("Circle")
        SQUARE = "square", _("Rounded square")
        PENTAGON = "pentagon", _("Pentagon")
        HEXAGON = "hexagon", _("Hexagon")
        OCTAGON = "octagon", _("Octagon")
        SHIELD = "shield", _("Shield")

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="values")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    color = models.CharField(max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    shape = models.CharField(max_length=10, choices=Shape, blank=True)
    achievement_type = models.CharField(
        max_length=60, blank=True
    )  # Open Badges achievementType; values of "type" only

    class Meta:
        """A key once per dimension."""

        constraints = (models.UniqueConstraint(fields=["dimension", "key"], name="value_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def outline(self) -> str:
        """The shape as an SVG path on a field of 400 by 400, or empty."""
        return OUTLINES.get(self.shape, "")


class Rule(models.Model):
    """A quality rule as data.

    `condition` and `expression` are lists of tests ``{"fact": str, "is": operator, "value": …}``, all of which must
    hold: when the condition holds, the expression has to.
    """

    class Severity(models.TextChoices):
        """What a breach does."""

        BLOCK = "block", _("blocks")
        WARN = "warn", _("warns")
        ADVISE = "advise", _("advises")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="rules")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)  # what it asks for, as a sentence
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.WARN)
    condition = models.JSONField(default=list, blank=True)
    expression = models.JSONField(default=list)
    message = models.CharField(max_length=300)  # what to do when it is broken
    reference = models.CharField(max_length=300, blank=True)  # the clause of policy or framework behind it
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        """A key once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="rule_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Framework(models.Model):
    """A framework of skills or outcomes (CASE document)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="frameworks")
    identifier = models.UUIDField()
    uri = models.URLField(max_length=500)
    title = models.CharField(max_length=300)
    creator = models.CharField(max_length=300)
    version = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)
    license = models.CharField(max_length=300, blank=True)
    adoption_status = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField()  # the publisher's lastChangeDateTime
    imported_at = models.DateTimeField(auto_now_add=True)
    practice = models.BooleanField(default=False)

    class Meta:
        """A document once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "identifier"], name="framework_once"),)
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """One statement of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="items")
    identifier = models.UUIDField()
    uri = models.URLField(max_length=500)
    code = models.CharField(max_length=80, blank=True)  # humanCodingScheme
    statement = models.TextField()
    kind = models.CharField(max_length=80, blank=True)  # CFItemType
    position = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)  # kept because something points to it

    class Meta:
        """An item once per framework."""

        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="item_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.statement


class Association(models.Model):
    """A relation between two items, or of an item with something outside."""

    class Kind(models.TextChoices):
        """CASE's association types in words; others start with ``ext:``."""

        CHILD = "isChildOf", _("is below")
        PEER = "isPeerOf", _("stands beside")
        PART = "isPartOf", _("is part of")
        EXACT = "exactMatchOf", _("says the same as")
        BEFORE = "precedes", _("comes before")
        RELATED = "isRelatedTo", _("is related to")
        REPLACED = "replacedBy", _("is replaced by")
        EXEMPLAR = "exemplar", _("has the example")
        LEVEL = "hasSkillLevel", _("has the level")
        TRANSLATION = "isTranslationOf", _("is a translation of")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="associations")
    identifier = models.UUIDField()
    kind = models.CharField(max_length=80)  # a Kind, or "ext:…"
    origin = models.UUIDField()
    destination = models.UUIDField()
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        """An association once per framework."""

        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="association_once"),)

    def __str__(self) -> str:
        return f"{self.origin} {self.kind} {self.destination}"

    @property
    def words(self) -> str:
        """How the relation reads between its two ends."""
        return (
            str(self.Kind(self.kind).label)
            if self.kind in self.Kind.values
            else self.kind.removeprefix("ext:")
        )
