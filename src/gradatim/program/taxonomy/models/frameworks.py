"""Frameworks, items and associations; matches between frameworks; imports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person


class Framework(models.Model):
    """A framework of skills or outcomes (CASE document)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="frameworks")
    identifier = models.UUIDField()
    uri = models.URLField(max_length=500)
    title = models.CharField(max_length=300)
    creator = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)
    license = models.CharField(max_length=300, blank=True)
    adoption_status = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=8, default="case")  # the format it came in
    more = models.JSONField(default=dict, blank=True)  # the publisher's other fields of the CFDocument
    definitions = models.JSONField(default=dict, blank=True)  # CFDefinitions as they came
    rubrics = models.JSONField(default=list, blank=True)  # CFRubrics as they came
    changed_at = models.DateTimeField()  # the publisher's lastChangeDateTime
    imported_at = models.DateTimeField(auto_now_add=True)
    whole = models.BooleanField(default=True)  # false while its first import runs: nobody sees it yet
    published_at = models.DateTimeField(null=True, blank=True)  # since when the CASE service hands it out
    retired_at = models.DateTimeField(null=True, blank=True)  # nothing new is aligned to it from then on
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
    description = models.TextField(blank=True)
    labels = models.JSONField(default=list, blank=True)  # other names it is found by
    language = models.CharField(max_length=80, blank=True)
    reach = models.CharField(max_length=80, blank=True)  # how widely it is used, in the source's words
    more = models.JSONField(default=dict, blank=True)  # the publisher's other fields of the CFItem
    words = models.TextField(blank=True)  # what the search finds it by; see `search.words_of`
    position = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)  # by its publisher, or left out and kept because it is used

    class Meta:
        """An item once per framework."""

        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="item_once"),)
        indexes = (models.Index(fields=["identifier"], name="item_identifier"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.statement

    @property
    def name(self) -> str:
        """Code and statement, for a line."""
        return f"{self.code} {self.statement}".strip()

    @property
    def link(self) -> str:
        """The address if a browser may follow it, else empty."""
        return self.uri if self.uri.startswith(("https://", "http://")) else ""


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
        CLOSE = "ext:closeMatch", _("says nearly the same as")
        BROAD = "ext:broadMatch", _("is narrower than")
        NARROW = "ext:narrowMatch", _("is broader than")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="associations")
    identifier = models.UUIDField()
    kind = models.CharField(max_length=80)  # a Kind, or "ext:…"
    origin = models.UUIDField()
    destination = models.UUIDField()
    sequence = models.PositiveIntegerField(default=0)
    outside_uri = models.CharField(max_length=500, blank=True)  # of the end that is not in the framework
    outside_title = models.CharField(max_length=300, blank=True)

    class Meta:
        """An association once per framework; found by either end."""

        constraints = (models.UniqueConstraint(fields=["framework", "identifier"], name="association_once"),)
        indexes = (
            models.Index(fields=["framework", "kind", "destination"], name="association_below"),
            models.Index(fields=["framework", "origin"], name="association_from"),
        )

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


class Match(models.Model):
    """One line of a crosswalk: an item of one framework held against an item of another (SKOS mapping relations)."""

    class Relation(models.TextChoices):
        """How the first compares with the second; the value is CASE's association type."""

        EXACT = "exactMatchOf", _("says the same as")
        CLOSE = "ext:closeMatch", _("says nearly the same as")
        BROAD = "ext:broadMatch", _("is narrower than")
        NARROW = "ext:narrowMatch", _("is broader than")

    BACK = {  # noqa: RUF012 - a constant of the class, read as data
        Relation.EXACT: Relation.EXACT,
        Relation.CLOSE: Relation.CLOSE,
        Relation.BROAD: Relation.NARROW,
        Relation.NARROW: Relation.BROAD,
    }
    """The same line read from the other side."""

    identifier = models.UUIDField(unique=True)
    origin = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    destination = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matched")
    relation = models.CharField(max_length=20, choices=Relation)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Two items once."""

        constraints = (models.UniqueConstraint(fields=["origin", "destination"], name="match_once"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return f"a match with “{self.destination}”"


class Import(models.Model):
    """One import of a framework: looked at first, then carried out; afterwards it says what it changed."""

    class State(models.TextChoices):
        """Where it is."""

        PREVIEW = "preview", _("to be confirmed")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="framework_imports")
    framework = models.ForeignKey(
        Framework, null=True, blank=True, on_delete=models.CASCADE, related_name="imports"
    )
    state = models.CharField(max_length=8, choices=State, default=State.PREVIEW)
    name = models.CharField(max_length=300)  # of the file, or the address it came from
    title = models.CharField(max_length=300)
    version = models.CharField(max_length=80, blank=True)
    about = models.JSONField(default=dict)  # what the person said about the file
    content = models.BinaryField()  # the file, compressed; empty once it is done
    total = models.PositiveIntegerField(default=0)  # statements to write
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # new, changed, retired, removed
    changes = models.JSONField(default=list)  # [what, code, before, after] of an update
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Import of {self.title}"
