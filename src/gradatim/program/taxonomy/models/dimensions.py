"""Dimensions and their values."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.looks import OUTLINES


class Dimension(models.Model):
    """One axis of the taxonomy, e.g. type or level."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="dimensions")
    key = models.SlugField(max_length=40)  # "type" and "level" are always there
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    texts = models.JSONField(default=dict, blank=True)  # {language: {"name": …, "description": …}}
    several = models.BooleanField(default=False)  # whether an achievement may stand in more than one value
    retired = models.BooleanField(default=False)  # nobody is asked for it any more; what stands in it stays
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A key once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="dimension_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return said(self, "name")

    @property
    def said(self) -> str:
        """The description in the reader's language."""
        return said(self, "description")


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
    texts = models.JSONField(default=dict, blank=True)  # {language: {"name": …, "description": …}}
    position = models.PositiveSmallIntegerField(default=0)
    color = models.CharField(max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    shape = models.CharField(max_length=10, choices=Shape, blank=True)
    retired = models.BooleanField(default=False)  # not to be chosen any more; what stands here stays
    achievement_type = models.CharField(
        max_length=60, blank=True
    )  # Open Badges achievementType; values of "type" only

    class Meta:
        """A key once per dimension."""

        constraints = (models.UniqueConstraint(fields=["dimension", "key"], name="value_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return said(self, "name")

    @property
    def said(self) -> str:
        """The description in the reader's language."""
        return said(self, "description")

    @property
    def outline(self) -> str:
        """The shape as an SVG path on a field of 400 by 400, or empty."""
        return OUTLINES.get(self.shape, "")


def said(row: Dimension | Value, field: str) -> str:
    """A text in the language of the moment, else in the one it was written in."""
    language = get_language() or ""
    for name in (language, language.split("-")[0]):
        text = row.texts.get(name, {}).get(field, "")
        if text:
            return str(text)
    return str(getattr(row, field))
