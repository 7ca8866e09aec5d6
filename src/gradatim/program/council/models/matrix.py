"""Ties of the alignment matrix: which skill serves which outcome."""

from __future__ import annotations

from django.db import models

from gradatim.program.achievements.models import Achievement
from gradatim.program.people.models import Person


class Tie(models.Model):
    """A person said that a skill serves an outcome; by their words, so that it holds in the next version too."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="ties")
    target_url = models.CharField(max_length=500)  # of the alignment
    outcome = models.CharField(max_length=300)  # its text
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A skill and an outcome once."""

        constraints = (
            models.UniqueConstraint(fields=["achievement", "target_url", "outcome"], name="tie_once"),
        )

    def __str__(self) -> str:
        return f"{self.target_url} for {self.outcome}"
