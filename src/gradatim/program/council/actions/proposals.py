"""Writes of proposals: they start, change, are sent and withdrawn."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.actions import Fields
from gradatim.program.achievements.models import Version
from gradatim.program.council import queries, rules
from gradatim.program.council.actions import routes
from gradatim.program.council.actions.dossier import changeable, keep_edit, must_be_current
from gradatim.program.council.actions.editing import ship_routes
from gradatim.program.council.actions.lists import hand_over_list, let_go
from gradatim.program.council.actions.moves import (
    give_back,
    hand_over,
    locked,
    move,
    must_be_admitted,
    unbind,
)
from gradatim.program.council.actions.windows import must_take_proposals
from gradatim.program.council.models import Body, Proposal
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

Kind, State = Proposal.Kind, Proposal.State


@transaction.atomic
def propose(
    *,
    organization: Organization,
    body: Body,
    purpose: str,
    need: str,
    recognition: str = "",
    kind: str = "",
    version: Version | None = None,
    actor: Person,
    **achievement: Unpack[Fields],
) -> Proposal:
    """Start a proposal together with the draft of what it proposes, or about a draft that is there.

    Args:
        organization: whose.
        body: who will decide; one that only advises cannot.
        purpose: what it is for and for whom.
        need: what shows that it is needed, with source and date.
        recognition: who outside will recognise it.
        kind: a `Proposal.Kind`; if left out, something new for a first version and a full change for a later one.
        version: a draft to propose, such as a next version or one that has to be revised; a new one if left out. For
            `Kind.RETIRE` the version that is to be retired.
        actor: the proposer.
        **achievement: what `achievements.actions.draft` takes; title and description at least.

    Returns:
        The proposal, a draft.

    Raises:
        Refused: ``permission``; ``advisory``; ``in-use`` for a version with an open proposal; ``kind`` for one that does
            not fit the version; what the draft refuses.
    """
    _may_start(actor, organization, body)
    if version is None:
        version = achievements.draft(organization=organization, actor=actor, **achievement)
    elif kind == Proposal.Kind.RETIRE:
        version = _to_retire(version, organization)
    else:
        version = _taken_up(version, organization, actor, achievement)
    return _start(
        organization,
        actor,
        body=body,
        kind=_kind(kind, version),
        version=version,
        purpose=purpose,
        need=need,
        recognition=recognition,
        practice=version.achievement.practice,
    )


def _may_start(actor: Person, organization: Organization, body: Body) -> None:
    if not rules.may_propose(actor, organization) or body.organization_id != organization.pk:
        raise Refused("permission", _("Only people who work on this program can propose."))
    if body.kind != Body.Kind.DECIDING:
        raise Refused(
            "advisory", _("%(body)s only advises; propose to a council that decides.") % {"body": body}
        )
    if body.retired:
        raise Refused("advisory", _("%(body)s takes nothing up any more.") % {"body": body})


def _start(organization: Organization, actor: Person, **said: Any) -> Proposal:  # noqa: ANN401 - columns of Proposal
    """The row of a proposal with the next number, its first text kept."""
    Organization.objects.select_for_update().get(pk=organization.pk)  # two at once: two numbers
    ship_routes(organization)
    last = organization.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(organization=organization, number=last + 1, **said)
    keep_edit(proposal, actor)
    if proposal.version and proposal.kind != Kind.RETIRE:
        page = reverse("council:proposal", args=[organization.slug, proposal.number])
        achievements.bind(version=proposal.version, proposal_url=page)
    log(organization=organization, verb="proposal.started", target=f"proposal:{proposal.number}", actor=actor)
    return proposal


@transaction.atomic
def propose_text(
    *,
    organization: Organization,
    body: Body,
    kind: str,
    subject: str,
    wording: str,
    purpose: str,
    need: str,
    recognition: str = "",
    actor: Person,
) -> Proposal:
    """Start a proposal that is decided as a text: a policy, a change of the taxonomy, a stack, a recognition.

    Args:
        organization: whose.
        body: who will decide; one that only advises cannot.
        kind: one of `Proposal.TEXTS`.
        subject: what it is about, in a line.
        wording: what is to be decided, word for word; Markdown.
        purpose: what it is for.
        need: what shows that it is needed.
        recognition: who else is concerned.
        actor: the proposer.

    Returns:
        The proposal, a draft; its decision is the text's approval, and changes nothing by itself. What shall take effect by
        the decision is proposed with `propose_changes`.

    Raises:
        Refused: ``permission``; ``advisory``; ``kind``; ``row-invalid`` without subject or wording.
    """
    _may_start(actor, organization, body)
    if kind not in Proposal.TEXTS:
        raise Refused("kind", _("Choose what you ask for."), field="kind")
    _must_say(subject, wording)
    return _start(
        organization,
        actor,
        body=body,
        kind=kind,
        subject=subject.strip(),
        wording=wording.strip(),
        purpose=purpose,
        need=need,
        recognition=recognition,
        practice=organization.practicing,
    )


def _must_say(subject: str, wording: str) -> None:
    if not subject.strip():
        raise Refused("row-invalid", _("Say in a line what it is about."), field="subject")
    if not wording.strip():
        raise Refused("row-invalid", _("Write what is to be decided, word for word."), field="wording")


def _taken_up(version: Version, organization: Organization, actor: Person, fields: Fields) -> Version:
    """A draft that is there, changed and held until the transaction ends."""
    if version.achievement.organization_id != organization.pk:
        raise Refused("permission", _("This draft belongs to another organization."))
    version = achievements.revise(version=version, actor=actor, **fields)
    if queries.open_about(version) is not None:
        raise Refused("in-use", _("There is an open proposal about this draft already. Go on with that one."))
    return version


def _to_retire(version: Version, organization: Organization) -> Version:
    """An approved version that nobody proposes anything about, held until the transaction ends."""
    if version.achievement.organization_id != organization.pk:
        raise Refused("permission", _("This achievement belongs to another organization."))
    version = Version.objects.select_for_update().get(pk=version.pk)
    if version.state not in Version.ISSUABLE:
        raise Refused("kind", _("Only what is approved can be retired."), field="kind")
    if queries.open_about(version) is not None:
        raise Refused("in-use", _("There is an open proposal about it already. Go on with that one."))
    return version


def _kind(kind: str, version: Version) -> str:
    """What is asked for: as it was said, if it fits the version."""
    later = version.number > 1
    if not kind:
        return Proposal.Kind.SUBSTANTIVE if later else Proposal.Kind.NEW
    if kind not in Proposal.Kind.values or kind in Proposal.TEXTS:
        raise Refused("kind", _("Choose what you ask for."), field="kind")
    if kind in Proposal.CHANGES and not later:
        raise Refused(
            "kind",
            _("A change needs an approved version to change; the first version is something new."),
            field="kind",
        )
    if kind == Proposal.Kind.NEW and later:
        raise Refused("kind", _("There is an approved version: this is a change of it."), field="kind")
    return kind


@transaction.atomic
def revise_proposal(
    *,
    proposal: Proposal,
    purpose: str,
    need: str,
    recognition: str = "",
    kind: str = "",
    subject: str = "",
    wording: str = "",
    revision: int | None = None,
    actor: Person,
    **achievement: Unpack[Fields],
) -> Proposal:
    """Change a proposal while it is a draft or was returned. Whoever does is one of its proposers from then on.

    Args:
        proposal: which.
        purpose: what it is for and for whom.
        need: what shows that it is needed.
        recognition: who outside will recognise it.
        kind: another `Proposal.Kind`, if it changes.
        subject: of a text.
        wording: of a text.
        revision: the one that was read before; ``None`` to write in any case.
        actor: who changes it.
        **achievement: what `achievements.actions.revise` takes.

    Returns:
        The proposal.

    Raises:
        Refused: ``permission``, ``not-draft``, ``kind``; ``conflict`` if somebody saved meanwhile; what the draft refuses.
    """
    proposal = changeable(proposal, actor)
    must_be_current(proposal, revision)
    if proposal.version is None:
        _must_say(subject, wording)
        proposal.subject = subject.strip()
        proposal.wording = proposal.wording if proposal.changes_id else wording.strip()
    elif proposal.kind != Proposal.Kind.RETIRE:
        achievements.revise(version=proposal.version, actor=actor, **achievement)
        proposal.kind = _kind(kind or proposal.kind, proposal.version)
    proposal.purpose, proposal.need, proposal.recognition = purpose, need, recognition
    proposal.save(update_fields=["kind", "subject", "wording", "purpose", "need", "recognition"])
    keep_edit(proposal, actor)
    log(
        organization=proposal.organization,
        verb="proposal.revised",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def submit(*, proposal: Proposal, actor: Person) -> Proposal:
    """Send a proposal to the council.

    Args:
        proposal: a draft, or one that was returned.
        actor: who sends it.

    Returns:
        The proposal, with the council, in the first stage of its route.

    Raises:
        Refused: ``permission``, ``transition``, ``not-admitted``, ``window`` outside the body's days, which small corrections do not wait for;
            ``route`` if none fits; ``rules`` while a quality rule blocks, saying which and how to mend it.
    """
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers send a proposal."))
    if proposal.body.retired:  # since it was begun
        proposal.body = queries.deciding_body(proposal.organization) or proposal.body
        proposal.save(update_fields=["body"])
    if proposal.state == State.DRAFT and proposal.kind not in {Kind.CORRECTION, Kind.CLARIFICATION}:
        must_take_proposals(proposal.body)
    must_be_admitted(proposal)
    move(proposal, State.SUBMITTED)
    hand_over(proposal, actor)
    hand_over_list(proposal, actor)
    proposal.submitted_at = timezone.now()
    proposal.returned_reason = ""
    proposal.save(update_fields=["state", "submitted_at", "returned_reason"])
    routes.start(proposal)
    log(
        organization=proposal.organization,
        verb="proposal.submitted",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, actor: Person) -> Proposal:
    """Take a proposal back for good, before a vote.

    Args:
        proposal: which.
        actor: a proposer or program manager.

    Returns:
        The proposal, withdrawn.

    Raises:
        Refused: ``permission``, ``transition``.
    """
    proposal = locked(proposal)
    if not rules.may_change(actor, proposal):
        raise Refused("permission", _("Only its proposers and program managers withdraw a proposal."))
    was_with_council = proposal.state == State.SUBMITTED
    move(proposal, State.WITHDRAWN)
    if was_with_council:
        give_back(proposal, actor)
    unbind(proposal)
    let_go(proposal, actor)
    proposal.save(update_fields=["state"])
    routes.leave(proposal)
    log(
        organization=proposal.organization,
        verb="proposal.withdrawn",
        target=f"proposal:{proposal.number}",
        actor=actor,
    )
    return proposal
