"""Reads of what belongs to a proposal: its text, what somebody typed and did not save, what is like it, its budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Outcome, Version
from gradatim.program.council import similar
from gradatim.program.council.budget import Budget
from gradatim.program.council.models import Attachment, Edit, Evidence, Proposal, Scratch
from gradatim.program.ground.together import Part, read_together
from gradatim.program.people.models import Organization, Person

COMPARED = 400  # texts that share a word, at most
ASKED = 12  # words that are looked for
SHOWN = ("achievement", "title", "description", "state", "number", "digest")  # of what is alike

MORE: dict[str, str | Promise] = {
    "audience": _("Who it is for, and how many there are"),
    "partners": _("Partners, and what each of them does"),
    "team": _("Who develops it, with their titles"),
    "owner": _("Who issues it and keeps it up"),
    "delivery": _("How, where and when it is offered"),
    "assessors": _("Who assesses, and how they agree"),
    "retakes": _("What happens when somebody does not meet it"),
    "access": _("How everyone can take part"),
    "rights": _("Who owns the material"),
    "privacy": _("What is kept about learners, and until when"),
    "build": _("Cost to make it, once"),
    "per_run": _("Cost of each run"),
    "per_learner": _("Cost for each learner"),
    "fee": _("Fee a learner pays"),
    "runs": _("Runs in the first three years"),
    "learners": _("Learners expected in a run"),
}
"""The fields of the long form; all of them may be left empty."""
MONEY = ("build", "per_run", "per_learner", "fee", "runs", "learners")


def content_of(proposal: Proposal) -> dict[str, str]:
    """The text of a proposal, field by field, as its forms show it."""
    version = proposal.version
    said = {name: getattr(proposal, name) for name in ("kind", "purpose", "need", "recognition")}
    if version is None:
        return said | {"subject": proposal.subject, "wording": proposal.wording} | _more(proposal)
    plain = {
        "title": version.title,
        "description": version.description,
        "type": str(version.type_id or ""),
        "level": str(version.level_id or ""),
        "outcomes": "\n".join(version.outcomes.values_list("text", flat=True)),
        "criteria": version.criteria,
        "workload_hours": str(version.workload_hours or ""),
    }
    return said | plain | _definition(version) | _more(proposal)


DEFINITION = (
    "assessment", "validity_months", "image_label", "credit", "credits", "credit_course", "credit_office", "credit_basis",
    "credit_until", "clock_hours", "weeks", "participation", "prerequisites", "cost", "offered_since", "supervision",
    "grading", "quality_assurance", "stacking", "stacks_into", "review_by", "code", "taking", "language", "image_alt",
)  # fmt: skip
"""What a draft says besides the short form, field by field."""


def _definition(version: Version) -> dict[str, str]:
    found = {name: "" if (v := getattr(version, name)) is None else str(v) for name in DEFINITION}
    found |= {
        name: "\n".join(sorted(getattr(version, name))) for name in ("assessment_kinds", "evidence_kinds")
    }
    found["tags"] = ", ".join(version.tags)
    chosen: dict[str, list[str]] = defaultdict(list)
    for dimension, value in version.placements.order_by("value_id").values_list(
        "value__dimension_id", "value_id"
    ):
        chosen[f"dimension_{dimension}"].append(str(value))
    return found | {name: "\n".join(values) for name, values in chosen.items()}


def _more(proposal: Proposal) -> dict[str, str]:
    return {name: str(proposal.more.get(name, "")) for name in MORE}


def content_at(proposal: Proposal, revision: int) -> dict[str, str]:
    """The text as it was saved under a revision; as it is now if that is not known."""
    found = proposal.edits.filter(revision=revision).first()
    return found.content if found else content_of(proposal)


def edits(proposal: Proposal) -> QuerySet[Edit]:
    """Every saved text, newest first."""
    return proposal.edits.select_related("made_by").order_by("-revision")


def find_scratch(organization: Organization, person: Person, key: str) -> Scratch | None:
    """What somebody typed on a page and did not save."""
    return Scratch.objects.filter(organization=organization, person=person, key=key).first()


def find_evidence(proposal: Proposal, evidence: int) -> Evidence | None:
    """One piece of evidence."""
    return proposal.evidence.filter(pk=evidence).first()


def find_attachment(proposal: Proposal, attachment: int) -> Attachment | None:
    """One attached file, with its content."""
    return proposal.attachments.select_related("file").filter(pk=attachment).first()


def budget_of(more: Mapping[str, str]) -> Budget | None:
    """The budget that a long form states; ``None`` if it says nothing about money."""
    if not any(str(more.get(name, "")).strip() for name in MONEY):
        return None

    def amount(name: str) -> Decimal:
        try:
            return max(Decimal(str(more.get(name) or 0)), Decimal(0))
        except InvalidOperation:
            return Decimal(0)

    return Budget(
        build=amount("build"),
        per_run=amount("per_run"),
        per_learner=amount("per_learner"),
        fee=amount("fee"),
        runs=int(amount("runs")) or 1,
        learners=int(amount("learners")),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """An achievement that says much the same as what is proposed.

    Attributes:
        version: its newest version.
        proposal: the open proposal about it, if there is one.
        alike: how much they share, and which words.
    """

    version: Version
    proposal: Proposal | None
    alike: similar.Alike


def likenesses(
    organization: Organization,
    *,
    title: str,
    description: str,
    outcomes: Sequence[str],
    besides: int | None = None,
) -> list[Likeness]:
    """What the catalog and the open proposals have that is like a draft, most alike first.

    Args:
        organization: whose.
        title: of the draft.
        description: of the draft.
        outcomes: of the draft.
        besides: the key of the draft's own achievement.
    """
    new = similar.Text("", title, " ".join([description, *outcomes]))
    asked = sorted(new.weights, key=lambda word: (-new.weights[word], -len(word), word))[:ASKED]
    if not asked:
        return []
    shares = Q()
    for word in asked:
        shares |= Q(title__icontains=word) | Q(description__icontains=word)
    sharing = achievements.newest(organization).filter(shares).exclude(achievement=besides)
    sharing = sharing.exclude(state=Version.State.RETIRED)[:COMPARED]
    compared = sharing.values("pk")
    about = Proposal.objects.filter(version__in=compared).exclude(state__in=Proposal.SETTLED)
    found = read_together(
        {
            "versions": Part(Version.objects.filter(pk__in=compared), SHOWN, {"achievement": ("slug",)}),
            "outcomes": Part(Outcome.objects.filter(version__in=compared), ("version", "text")),
            "about": Part(about, ("version", "number", "state")),
        }
    )
    says: dict[int, list[str]] = defaultdict(list)
    for outcome in found["outcomes"]:
        says[outcome.version_id].append(outcome.text)
    versions: dict[str, Version] = {
        str(v.pk): v for v in sorted(found["versions"], key=lambda v: (v.title, v.pk))
    }
    texts = [
        similar.Text(key, v.title, " ".join([v.description, *says[v.pk]])) for key, v in versions.items()
    ]
    going = {str(proposal.version_id): proposal for proposal in found["about"]}
    return [Likeness(versions[a.key], going.get(a.key), a) for a in similar.alike(new, texts)]
