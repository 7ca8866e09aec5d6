"""Frameworks, items and associations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization


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
