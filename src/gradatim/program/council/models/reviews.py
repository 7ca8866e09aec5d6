"""Reviews: the rubric of a body, reviews by members and guests, comments on fields, recusals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.models.bodies import Body
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.people.models import Person


class Rubric(models.Model):
    """The criteria by which a body's members review; without one, those a council starts with."""

    body = models.OneToOneField(Body, on_delete=models.CASCADE, related_name="rubric")
    criteria = models.JSONField()  # [{"key", "words", "floor"}], in order
    all_must_meet = models.BooleanField(default=False)  # met or not met, and every one has to be
    changed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Rubric of {self.body_id}"


class Guest(models.Model):
    """Someone from outside who is asked for a review, by a link in a mail."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    unit = models.CharField(max_length=120, blank=True)  # for whom they speak
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """An address once per proposal."""

        constraints = (models.UniqueConstraint(fields=["proposal", "email"], name="guest_once"),)

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """One reviewer's scores and recommendation: a member of the body, or a guest."""

    class Recommendation(models.TextChoices):
        """What the reviewer advises."""

        APPROVE = "approve", _("approve")
        REVISE = "revise", _("ask for changes")
        REJECT = "reject", _("reject")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    guest = models.OneToOneField(
        Guest, null=True, blank=True, on_delete=models.CASCADE, related_name="review"
    )
    scores = models.JSONField(default=dict)  # {criterion key: 0 to 3}
    comment = models.TextField(blank=True)
    recommendation = models.CharField(max_length=10, choices=Recommendation)
    unit = models.CharField(max_length=120, blank=True)  # for whom the reviewer's seat spoke then, a copy
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """A reviewer once per proposal; a member or a guest, never both."""

        constraints = (
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="review_once"),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) ^ models.Q(guest=None), name="review_by_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} on {self.proposal_id}"

    @property
    def by(self) -> Person | Guest | None:
        """Who gave it."""
        return self.reviewer or self.guest


class Comment(models.Model):
    """A remark on one field of a proposal, perhaps with words to take over."""

    class Visibility(models.TextChoices):
        """Who reads it, besides its author."""

        PROPOSER = "proposer", _("the proposers, the council and who is asked")
        BODY = "body", _("the council")
        CHAIR = "chair", _("the chair")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    field = models.CharField(max_length=30, blank=True)  # of the form; empty for the whole
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)  # the field's new text
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PROPOSER)
    unit = models.CharField(max_length=120, blank=True)  # for whom the author's seat spoke then, a copy
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken = models.BooleanField(default=False)  # settled by taking the suggestion over

    class Meta:
        """In the order they came."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.field or 'whole'} of {self.proposal_id}"


class Recusal(models.Model):
    """A member who says that they have a conflict of interest, and takes no part in the review."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="recusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A person once."""

        constraints = (models.UniqueConstraint(fields=["proposal", "person"], name="recusal_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} on {self.proposal_id}"
