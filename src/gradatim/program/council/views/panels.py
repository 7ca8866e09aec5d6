"""What a proposal's page shows of its route and of what belongs to it piece by piece."""

from __future__ import annotations

from django.utils import timezone
from django.utils.safestring import mark_safe

from gradatim.program.achievements import badge, diff
from gradatim.program.council import queries, rules
from gradatim.program.council.actions.comments import FURTHER
from gradatim.program.council.forms import (
    AttachForm,
    EndForm,
    EvidenceForm,
    GuestForm,
    ProposerForm,
    PutOffForm,
    ReasonForm,
    RemarkForm,
    field_name,
)
from gradatim.program.council.models import Proposal
from gradatim.program.council.routing import Kind
from gradatim.program.people import queries as people
from gradatim.program.people.models import Person
from gradatim.program.taxonomy.models import ChangeList

State = Proposal.State


def dossier_panel(
    found: Proposal, person: Person, standing: rules.Standing, about: str = ""
) -> dict[str, object]:
    """What belongs to the proposal piece by piece, and what others remark on it; `about`: the part to remark on."""
    changes = standing.may_change and found.state in Proposal.CHANGEABLE
    comments = queries.readable(
        list(found.comments.all()),
        person,
        proposes=standing.proposes,
        sits=standing.sits and not found.body.is_open,  # between meetings members do not read each other
        chairs=standing.may_chair,
        asked=standing.was_asked,
    )
    return {
        "likenesses": _likenesses(found) if standing.sees_all else [],
        "comments": [
            (c, field_name(c.field) if c.field else "", rules.may_settle(person, c, standing))
            for c in comments
        ],
        "may_comment": found.state not in Proposal.SETTLED and standing.may_comment,
        "misses": queries.misses(found),
        "answered": {review.guest_id for review in found.reviews.all()},
        "recused": any(recusal.person_id == person.pk for recusal in found.recusals.all()),
        "may_take": changes,
        "may_take_over": changes or (standing.proposes and queries.takes_suggestions(found)),
        "evidence_form": EvidenceForm(),
        "attach_form": AttachForm(),
        "proposer_form": ProposerForm(organization=found.organization, own=_own(found)) if changes else None,
        "remark_form": RemarkForm(proposal=found, proposes=standing.proposes, about=about),
        "facts_remarked": FURTHER,
        "works": standing.works,
        "guest_form": GuestForm(),
    }


def item_panel(found: Proposal) -> dict[str, object]:
    """The context of `_item.html` and `_dossier.html`: all that is proposed, for whoever has to think about it."""
    said = [
        (queries.MORE[name], found.more[name])
        for name in queries.MORE
        if name in found.more and name not in queries.MONEY
    ]
    version, before = found.version, found.before
    return {
        "proposal": found,
        "version": version,
        "badge": mark_safe(badge.svg(version)) if version else "",  # noqa: S308 - drawn here, every text in it is escaped
        "before": before,
        "changed": [row for row in diff.compare(before, version) if not row.same]
        if before and version
        else [],
        "answers": [(label, text) for label, text in said if str(text).strip()],
        "budget": queries.budget_of(found.more),
    }


def changes_panel(found: Proposal, standing: rules.Standing) -> dict[str, object]:
    """The change list that a proposal carries: where it does not fit any more, and whether it can be written on."""
    changes = found.changes
    if changes is None:
        return {}
    decided = changes.state in {ChangeList.State.DONE, ChangeList.State.DROPPED}
    return {
        "clashes": () if decided else queries.clashes(changes),
        "may_rewrite": standing.manages and not changes.whole and found.state in Proposal.CHANGEABLE,
        "may_settle": standing.may_chair and bool(changes.problem) and changes.is_late,
    }


def _likenesses(found: Proposal) -> list[queries.Likeness]:
    version = found.version
    return queries.likenesses(
        found.organization,
        title=found.title,
        description=version.description if version else "",
        outcomes=[outcome.text for outcome in version.outcomes.all()] if version else [],
        besides=version.achievement_id if version else None,
    )


def _own(found: Proposal) -> list[int]:
    return [person.pk for person in found.proposers.all()]


def route_panel(
    way: queries.Journey, found: Proposal, person: Person, standing: rules.Standing
) -> dict[str, object]:
    """What the page shows of the route, and what this person can do in its open stages."""
    here = found.state in Proposal.WITH_COUNCIL
    mine = [stage for stage in way.open if here and rules.may_end(person, stage, standing)]
    to_ask = here and standing.may_chair and bool(way.open)
    with_body, waits = found.state == State.SUBMITTED, found.waits_on(timezone.localdate())
    asks = [s for s in way.open if here and s.kind == Kind.CONSULTATION and standing.asked]
    return {
        "journey": way,
        "may_open_vote": with_body and not waits and any(s.kind == Kind.BALLOT for s in way.open),
        "is_put_off": with_body and waits,
        "may_put_off": with_body and not waits and standing.may_chair,
        "put_off_form": PutOffForm(),
        "asks": asks,
        "to_end": [stage for stage in mine if stage.kind != Kind.BALLOT],
        "may_return": found.state == State.SUBMITTED and (standing.may_chair or bool(mine)),
        "to_ask": way.open if to_ask else [],
        "end_form": EndForm(),
        "askable": _askable(found) if to_ask else [],
        "reason_form": ReasonForm(way=way),
    }


def _askable(found: Proposal) -> list[Person]:
    """Who can be asked for a stage: those who work on the program, proposers aside."""
    own = set(found.proposers.all())
    return [person for person in people.staff(found.organization) if person not in own]
