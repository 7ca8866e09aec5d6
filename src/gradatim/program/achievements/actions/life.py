"""Writes of achievements: a version's way from draft to approval to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.engine.canonical.jcs import canonicalize
from gradatim.program.achievements import document, queries, rules
from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.quality import Moment

State = Version.State
DECIDED = (
    "decision_number",
    "decision_url",
    "approved_at",
    "review_by",
    "policy_edition",
    "digest",
    "document",
)


@transaction.atomic
def send_to_review(*, version: Version, actor: Person | None) -> Version:
    """Hand a draft over for review; it cannot be changed until it comes back.

    Args:
        version: a draft.
        actor: who does it.

    Returns:
        The version, in review.

    Raises:
        Refused: ``transition``; ``rules`` while a rule blocks (the message says which and how to mend it).
    """
    version = locked(version)
    _may_become(version, State.IN_REVIEW)
    _nothing_blocks(version, Moment.SUBMIT)
    return _become(version, State.IN_REVIEW, "achievement.sent-to-review", actor)


@transaction.atomic
def back_to_draft(*, version: Version, actor: Person | None) -> Version:
    """Take a version back from review, so that it can be changed.

    Args:
        version: one in review.
        actor: who does it.

    Returns:
        The version, a draft.

    Raises:
        Refused: ``transition``.
    """
    version = locked(version)
    _may_become(version, State.DRAFT)
    return _become(version, State.DRAFT, "achievement.back-to-draft", actor)


@transaction.atomic
def bind(*, version: Version, proposal_url: str) -> Version:
    """Say that a version is written in a proposal from now on, so that its own pages lead there.

    Args:
        version: a draft.
        proposal_url: page of the proposal; empty once the proposal is settled.

    Returns:
        The version.
    """
    version = locked(version)
    version.proposal_url = proposal_url
    version.save(update_fields=["proposal_url"])
    return version


@transaction.atomic
def approve(
    *,
    version: Version,
    decision_number: str,
    decision_url: str,
    decided_at: datetime,
    review_by: date | None = None,
    actor: Person | None = None,
) -> Version:
    """Approve a version by a decision: its content is frozen from now on.

    Args:
        version: one in review.
        decision_number: of the council's decision, e.g. ``"2026-09"``; a copy.
        decision_url: its public address.
        decided_at: when it was decided.
        review_by: when it should be looked at again; ``None``: as the draft says.
        actor: who published the decision.

    Returns:
        The version, approved, with `digest` (of `queries.content`) and `document` (Open Badges 3.0, Achievement, as
        canonical JSON) set for good.

    Raises:
        Refused: ``transition``; ``rules``; ``no-decision`` without number or address.
    """
    version = locked(version)
    _may_become(version, State.APPROVED)
    if not decision_number.strip() or not decision_url.strip():
        raise Refused("no-decision", _("Only a decision approves; its number and its address are missing."))
    version.decision_number, version.decision_url = decision_number, decision_url
    version.approved_at, version.review_by = decided_at, review_by or version.review_by
    _nothing_blocks(version, Moment.APPROVAL)
    edition = taxonomy.editions(version.achievement.organization).first()
    version.policy_edition = edition.number if edition else None
    version.digest = queries.content_digest(version)
    version.document = canonicalize(document.build(version)).decode()
    for translation in version.translations.all():
        translation.document = canonicalize(document.build(version, translation)).decode()
        translation.save(update_fields=["document"])
    return _become(
        version,
        State.APPROVED,
        "achievement.approved",
        actor,
        detail={"decision": decision_number, "digest": version.digest},
        changed=list(DECIDED),
    )


@transaction.atomic
def activate(*, version: Version) -> Version:
    """Note that a credential was issued of an approved version; later ones change nothing.

    Args:
        version: an issuable one.

    Returns:
        The version.

    Raises:
        Refused: ``transition`` if it is not approved.
    """
    version = locked(version)
    if version.state in {State.ACTIVE, State.DEPRECATED}:
        return version
    _may_become(version, State.ACTIVE)
    return _become(version, State.ACTIVE, "achievement.activated", None)


@transaction.atomic
def deprecate(*, version: Version, actor: Person) -> Version:
    """Let a version run out: learners on the way may still get it.

    Args:
        version: approved or active.
        actor: who does it.

    Returns:
        The version, being taught out.

    Raises:
        Refused: ``transition``.
    """
    version = locked(version)
    _may_become(version, State.DEPRECATED)
    return _become(version, State.DEPRECATED, "achievement.deprecated", actor)


@transaction.atomic
def retire(*, version: Version, actor: Person) -> Version:
    """Close a version: nothing is issued of it any more. Its page stays, because credentials point to it.

    Args:
        version: approved, active or being taught out.
        actor: who does it.

    Returns:
        The version, retired.

    Raises:
        Refused: ``transition``.
    """
    version = locked(version)
    _may_become(version, State.RETIRED)
    return _become(version, State.RETIRED, "achievement.retired", actor)


@transaction.atomic
def remove_practice(*, organization: Organization) -> None:
    """Take out every achievement that was made for practice, with its versions.

    Args:
        organization: whose.
    """
    Achievement.objects.filter(organization=organization, practice=True).delete()


def locked(version: Version) -> Version:
    """The version as it is now, nobody else's until the transaction ends."""
    Version.objects.select_for_update().get(pk=version.pk)
    return Version.objects.select_related("achievement__organization", "type", "level").get(pk=version.pk)


def only_draft(version: Version) -> None:
    """Refuse unless the version is a draft."""
    if not rules.can_edit(version):
        raise Refused(
            "not-draft",
            _("This version is %(state)s and does not change. Start a new version.")
            % {"state": version.get_state_display()},
        )


def _may_become(version: Version, state: Version.State) -> None:
    if state not in Version.TRANSITIONS[State(version.state)]:
        raise Refused(
            "transition",
            _("This version is %(now)s; it cannot become “%(then)s”.")
            % {"now": version.get_state_display(), "then": state.label},
        )


def _become(
    version: Version,
    state: Version.State,
    verb: str,
    actor: Person | None,
    *,
    detail: dict[str, Any] | None = None,
    changed: Sequence[str] = (),
) -> Version:
    version.state = state
    version.save(update_fields=["state", *changed])
    note(version, verb, actor, detail)
    return version


def _nothing_blocks(version: Version, moment: Moment) -> None:
    blocking = [f for f in queries.findings(version, moment) if f.blocks]
    if blocking:
        raise Refused("rules", " ".join(f.message for f in blocking))


@transaction.atomic
def schedule_review(*, version: Version, on: date | None, actor: Person) -> Version:
    """Choose the day by which a version is looked at again; its content stays as it was approved.

    Args:
        version: any that is not retired.
        on: the day; ``None`` for none.
        actor: who does it.

    Returns:
        The version.

    Raises:
        Refused: ``transition`` for a retired version.
    """
    version = locked(version)
    if version.state == State.RETIRED:
        raise Refused("transition", _("This version is retired; there is nothing more to look at."))
    version.review_by = on
    version.save(update_fields=["review_by"])
    note(version, "achievement.review-scheduled", actor, {"on": on.isoformat() if on else None})
    return version


def note(version: Version, verb: str, actor: Person | None, detail: dict[str, Any] | None = None) -> None:
    """One line in the log about a version."""
    people.log(
        organization=version.achievement.organization,
        verb=verb,
        target=f"version:{version.pk}",
        actor=actor,
        detail=detail,
    )
