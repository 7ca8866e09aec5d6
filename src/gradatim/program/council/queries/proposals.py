"""Reads of proposals."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Body, Proposal, Stage
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.quality import Finding

WORDS = 8  # of a search
DIGITS = 10  # a longer number is none of a proposal


def proposals(organization: Organization, *, state: str = "", words: str = "") -> QuerySet[Proposal]:
    """Proposals, newest first, each with its ``open_stages``.

    Args:
        organization: whose.
        state: only those of this one.
        words: each has to be in the title or in a proposer's name, or to be the number.
    """
    found = organization.proposals.select_related(
        "version__achievement", "version__type", "version__level", "body"
    )
    if state:
        found = found.filter(state=state)
    for word in words.split()[:WORDS]:
        named = organization.proposals.filter(proposers__name__icontains=word).values("pk")
        said = Q(version__title__icontains=word) | Q(subject__icontains=word) | Q(pk__in=named)
        found = found.filter(said | Q(number=int(word)) if word.isdecimal() and len(word) < DIGITS else said)
    going = Prefetch("stages", Stage.objects.filter(state=Stage.State.OPEN).order_by("pk"), "open_stages")
    return found.prefetch_related("proposers", going).order_by("-number")


def put_off_on(day: date, path: str = "") -> Q:
    """Which proposals are put off on a day; ``path`` leads to them. See `Proposal.waits_on`."""
    later = Q(**{f"{path}put_off_until": None}) | Q(**{f"{path}put_off_until__gt": day})
    return Q(**{f"{path}put_off_at__isnull": False}) & later


def put_off_by(body: Body) -> QuerySet[Proposal]:
    """What a body put off, the next to come back first."""
    waiting = body.proposals.filter(put_off_on(timezone.localdate()), state=Proposal.State.SUBMITTED)
    return waiting.select_related("version").order_by(F("put_off_until").asc(nulls_last=True), "number")


def findings(proposal: Proposal) -> list[Finding]:
    """What the quality rules say about what is proposed."""
    return achievements.findings(proposal.version) if proposal.version else []


def proposals_waiting(organization: Organization) -> QuerySet[Proposal]:
    """Proposals with the council for which no vote is open yet, longest waiting first."""
    return (
        organization.proposals.filter(state=Proposal.State.SUBMITTED)
        .select_related("version", "body")
        .annotate(reviewed=Count("reviews"))
        .order_by("submitted_at")
    )


def unproposed(organization: Organization) -> QuerySet[Version]:
    """Drafts that no open proposal is about: next versions, what has to be revised, what was drafted on its own."""
    going = Proposal.objects.filter(version=OuterRef("pk")).exclude(state__in=Proposal.SETTLED)
    drafts = achievements.versions(organization).filter(~Exists(going), state=Version.State.DRAFT)
    return drafts.order_by("title", "id")


def open_about(version: Version) -> Proposal | None:
    """The proposal about a version that is not settled yet; there is at most one."""
    return version.proposals.exclude(state__in=Proposal.SETTLED).first()


def draft_after(version: Version) -> Version | None:
    """The draft of the next version of an achievement, if it was started."""
    return version.achievement.versions.filter(state=Version.State.DRAFT).first()


def may_be_proposed(version: Version) -> bool:
    """Whether a version is a draft that no open proposal is about."""
    return version.state == Version.State.DRAFT and open_about(version) is None


def newest_about(version: Version) -> Proposal | None:
    """The newest proposal about a version, or about the one before it: what a new proposal starts from."""
    about = Proposal.objects.filter(version__achievement=version.achievement_id)
    return about.order_by("-version__number", "-number").first()


def with_council(organization: Organization) -> QuerySet[Proposal]:
    """The proposals that are with the council."""
    return organization.proposals.filter(state__in=Proposal.WITH_COUNCIL)


def with_recognition(organization: Organization) -> QuerySet[Proposal]:
    """The proposals that say who outside will recognise what they propose."""
    return organization.proposals.exclude(recognition="")
