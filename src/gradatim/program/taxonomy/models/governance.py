"""Who decides about the taxonomy, and the lists of changes that wait for a decision."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.changes import USUALLY_DIRECT


def usually_direct() -> list[str]:
    """What needs no decision unless the policy says otherwise."""
    return [kind.value for kind in USUALLY_DIRECT]


class Governance(models.Model):
    """Who decides about an organization's taxonomy, and what needs no decision. No row: nobody yet, and the usual."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="governance")
    decided_by = models.CharField(
        max_length=120, blank=True
    )  # a copy of the body's name, handed down by the room that has it; empty: changes take effect at once
    direct = models.JSONField(default=usually_direct)  # kinds of change that need no decision

    def __str__(self) -> str:
        return self.decided_by or str(_("nobody"))


class ChangeList(models.Model):
    """Changes of the taxonomy, or of a whole policy, that take effect together by a decision.

    The list is two texts: what was in force when it was begun, and what it makes of it.
    """

    class State(models.TextChoices):
        """Where it is."""

        OPEN = "open", _("being written")
        LAID = "laid", _("proposed")
        WAITING = "waiting", _("decided, not in force yet")
        DONE = "done", _("in force")
        DROPPED = "dropped", _("given up")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="change_lists")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    whole = models.BooleanField(default=False)  # a whole policy, bodies and routes included
    base = models.TextField()  # YAML as `pack.write` writes it
    text = models.TextField()
    effective_on = models.DateField(null=True, blank=True)  # first day in force; empty: with the decision
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decision_number = models.CharField(max_length=20, blank=True)  # a copy
    decision_url = models.URLField(max_length=300, blank=True)
    problem = models.TextField(blank=True)  # why it did not take effect on its day

    class Meta:
        """One list that is being written, for each person."""

        constraints = (
            models.UniqueConstraint(
                fields=["organization", "made_by"],
                condition=models.Q(state="open"),
                name="one_open_change_list",
            ),
        )
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Change list {self.pk}"

    @property
    def is_late(self) -> bool:
        """Whether it was decided, and its day is over without it."""
        return self.state == self.State.WAITING and (
            self.effective_on is None or self.effective_on <= timezone.localdate()
        )
