"""Bodies and their seats."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.people.models import Organization, Person


class Body(models.Model):
    """A council, committee or advisory group with its charter."""

    class Kind(models.TextChoices):
        """What its vote does."""

        DECIDING = "deciding", _("decides")
        ADVISORY = "advisory", _("advises")

    class Threshold(models.TextChoices):
        """What carries, among the votes cast for and against."""

        SIMPLE = "simple", _("more for than against")
        TWO_THIRDS = "two_thirds", _("two thirds of the votes cast")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bodies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DECIDING)
    charter = models.TextField(blank=True)
    quorum_numerator = models.PositiveSmallIntegerField(
        default=1
    )  # more than this fraction of the voting seats
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    quorum_inclusive = models.BooleanField(default=False)  # "at least" instead of "more than"
    threshold = models.CharField(max_length=12, choices=Threshold, default=Threshold.SIMPLE)
    recused_counts = models.BooleanField(default=False)  # whether a recused member counts for quorum
    recused_clause = models.CharField(max_length=200, blank=True)  # the clause that says so

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A place in a body, and who holds it."""

    class Role(models.TextChoices):
        """What the seat may do."""

        CHAIR = "chair", _("Chair")
        VOTING = "voting", _("Member")
        EX_OFFICIO = "ex_officio", _("Ex officio, without vote")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Role, default=Role.VOTING)
    holder = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats")
    constituency = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.holder or 'vacant'}"

    @property
    def votes(self) -> bool:
        """Whether the seat carries a vote."""
        return self.role in {self.Role.CHAIR, self.Role.VOTING}
