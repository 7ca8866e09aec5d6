"""Cohorts, enrolments with results, and roster imports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.models import Version
from gradatim.program.ground.models import StoredFile
from gradatim.program.people.models import Learner, Organization, Person


class Cohort(models.Model):
    """A group of learners on the way to one achievement version."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="cohorts")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    term = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    assessors = models.ManyToManyField(Person, blank=True, related_name="cohorts")
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """A learner in a cohort, and the result once there is one."""

    class Result(models.TextChoices):
        """What the assessment found."""

        MET = "met", _("met")
        NOT_MET = "not_met", _("not met")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="enrolments")
    section = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    levels = models.JSONField(default=dict, blank=True)  # of the rubric: criterion's key → level's key
    result_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    result_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A learner once per cohort."""

        constraints = (models.UniqueConstraint(fields=["cohort", "learner"], name="enrolment_once"),)

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.cohort_id}"


class RosterImport(models.Model):
    """A roster file that was read and waits for a person's yes; nothing of it is stored elsewhere before."""

    class State(models.TextChoices):
        """Where the import is."""

        PREVIEW = "preview", _("waits for your yes")
        CONFIRMED = "confirmed", _("taken in")
        DISCARDED = "discarded", _("thrown away")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="imports")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    rows = models.JSONField(
        default=list
    )  # [{"line", "values", "outcome": new|changed|same|double|error, "reasons": []}]
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.created_at:%Y-%m-%d}"
