"""Quality rules as data, quality profiles, waivers, and the editions of the whole taxonomy."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.quality import Moment


def every_moment() -> list[str]:
    """Every moment, the default of a rule."""
    return list(Moment.values)


class Profile(models.Model):
    """A quality profile of someone else: rules that a definition is held against, without blocking anything.

    A rule of a profile cites its source; what the profile leaves out is said in `gaps`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="profiles")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    edition = models.CharField(max_length=120, blank=True)  # of the source, e.g. "2022/C 243/02"
    url = models.URLField(max_length=300, blank=True)
    passed_words = models.CharField(max_length=160, blank=True)  # what may be said when all is met
    gaps = models.TextField(blank=True)  # what the profile does not hold yet; empty: complete
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A key once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "key"], name="profile_once"),)
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """A quality rule as data, the institution's own or of a profile.

    `condition` and `expression` are lists of tests ``{"fact": str, "is": operator, "value": …}``, all of which must
    hold: within `scope`, when the condition holds, the expression has to.
    """

    class Severity(models.TextChoices):
        """What a breach does."""

        BLOCK = "block", _("blocks")
        WARN = "warn", _("warns")
        ADVISE = "advise", _("advises")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="rules")
    profile = models.ForeignKey(
        Profile, null=True, blank=True, on_delete=models.CASCADE, related_name="rules"
    )  # none: the institution's own
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)  # what it asks for, as a sentence
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.WARN)
    scope = models.JSONField(
        default=dict, blank=True
    )  # {dimension key: [value key, …]}; all of them must fit
    condition = models.JSONField(default=list, blank=True)
    expression = models.JSONField(default=list)
    message = models.CharField(max_length=300)  # what to do when it is broken
    reference = models.CharField(max_length=300, blank=True)  # the clause of policy or framework behind it
    moments = models.JSONField(default=every_moment)  # when it is asked: Moment
    since = models.DateField(null=True, blank=True)  # first day it is asked
    until = models.DateField(null=True, blank=True)  # last day it is asked
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        """A key once per organization, and once per profile."""

        constraints = (
            models.UniqueConstraint(
                fields=["organization", "key"], condition=models.Q(profile=None), name="rule_once"
            ),
            models.UniqueConstraint(fields=["profile", "key"], name="profile_rule_once"),
        )
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

    def asked_on(self, day: date) -> bool:
        """Whether the rule is asked on a day."""
        return (
            self.active
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


class Waiver(models.Model):
    """An exception from one rule for one thing, by a decision, until a date.

    The decision is a copy (number, address, date) handed over by the room that decides.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="waivers")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="waivers")
    subject = models.CharField(max_length=100)  # what it is for, e.g. "data-literacy/1"
    reason = models.TextField(blank=True)
    decision_number = models.CharField(max_length=20)
    decision_url = models.URLField(max_length=300)
    decided_on = models.DateField()
    expires_on = models.DateField()  # the last day it holds
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back before that

    class Meta:
        """Latest first."""

        ordering = ("-expires_on", "id")
        indexes = (models.Index(fields=["organization", "subject"], name="waiver_of_subject"),)

    def __str__(self) -> str:
        return f"{self.subject}: {self.rule_id} until {self.expires_on}"

    def holds_on(self, day: date) -> bool:
        """Whether the rule is lifted on a day."""
        return self.ended_at is None and self.decided_on <= day <= self.expires_on


CHANGES = {
    "taxonomy.set-up": _("as every organization starts"),
    "taxonomy.governed": _("a change list was put in force"),
    "policy.taken": _("a policy was taken over"),
    "governance.changed": _("what needs a decision was changed"),
    "dimension.added": _("a dimension was added"),
    "dimension.changed": _("a dimension was changed"),
    "dimension.removed": _("a dimension was taken out"),
    "value.added": _("a value was added"),
    "value.changed": _("a value was changed"),
    "value.moved": _("values were put in another order"),
    "value.removed": _("a value was taken out"),
    "value.retired": _("a value was retired"),
    "value.restored": _("a value can be chosen again"),
    "rule.kept": _("a rule was written"),
    "rule.removed": _("a rule was taken out"),
    "profile.kept": _("a profile was written"),
    "profile.removed": _("a profile was taken out"),
}
"""What was done, in words: the verb of the log → a sentence."""


class Edition(models.Model):
    """The whole taxonomy as it stood after a change: what a decision was made under can always be read again."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    text = models.TextField()  # the policy as YAML: dimensions, values, rules, profiles
    digest = models.CharField(max_length=64)  # SHA-256 of the text, hex
    change = models.CharField(max_length=200)  # what was done, e.g. "rule.kept"
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decision_number = models.CharField(max_length=20, blank=True)  # of the decision behind it, a copy
    decision_url = models.URLField(max_length=300, blank=True)

    class Meta:
        """A number once per organization, latest first."""

        constraints = (models.UniqueConstraint(fields=["organization", "number"], name="edition_once"),)
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"Edition {self.number}"

    @property
    def said(self) -> str:
        """What was done, in words."""
        return str(CHANGES.get(self.change, self.change))
