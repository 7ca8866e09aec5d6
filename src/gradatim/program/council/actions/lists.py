"""What a proposal does with its change list: it is written out, held against what is in force, and put in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gradatim.program.council import packs, queries
from gradatim.program.council.actions.moves import must_chair
from gradatim.program.council.actions.replacing import replace_council
from gradatim.program.council.models import Decision, Proposal
from gradatim.program.council.records import address
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy_queries
from gradatim.program.taxonomy.changes import LIGHT, Path, wording
from gradatim.program.taxonomy.changes.merging import Choice
from gradatim.program.taxonomy.models import ChangeList

Result = TypeVar("Result")
DUE = "changes-due"  # kind of work


def written_out(changes: ChangeList) -> str:
    """A change list as the text that is decided."""
    text = wording(taxonomy_queries.steps_of(changes))
    if changes.effective_on is None:
        return text
    day = _("In force from %(day)s.") % {"day": date_format(changes.effective_on)}
    return f"{text}\n\n{day}"


def hand_over_list(proposal: Proposal, actor: Person) -> None:
    """Close the change list of a proposal that is sent, and write it out once more.

    Raises:
        Refused: ``conflict``, ``empty``.
    """
    if proposal.changes is None:
        return
    must_fit(proposal)
    taxonomy.lay(changes=proposal.changes, effective_on=proposal.changes.effective_on, actor=actor)
    proposal.wording = written_out(proposal.changes)
    if proposal.corrects_policy and not corrects(proposal.changes):
        proposal.kind = usual_kind(proposal.changes)  # more was written on it since
    proposal.save(update_fields=["wording", "kind"])


def must_fit(proposal: Proposal) -> None:
    """Refuse while a change list does not fit what is in force.

    Raises:
        Refused: ``conflict``, naming what was changed meanwhile, and who has to do what.
    """
    found = queries.clashes(proposal.changes) if proposal.changes else ()
    if found:
        raise Refused(
            "conflict",
            _(
                "Since the change list was begun, this was changed here too: %(names)s. Return it for changes; its"
                " proposers choose on the list which of both it shall be."
            )
            % {"names": ", ".join(c.name for c in found[:5])},
        )


def let_go(proposal: Proposal, actor: Person) -> None:
    """Give up the change list of a proposal that came to nothing."""
    going = (ChangeList.State.OPEN, ChangeList.State.LAID, ChangeList.State.WAITING)
    for changes in ChangeList.objects.filter(proposal=proposal, state__in=going):
        taxonomy.give_up(changes=changes, actor=actor)


def put_in_force(decision: Decision, actor: Person, *, over: bool = False) -> None:
    """Do what a published decision about a change list says: now, or on the day it names.

    Args:
        decision: an approving one.
        actor: who publishes it.
        over: what was decided counts, even where something else was changed meanwhile.

    Raises:
        Refused: ``conflict``; ``policy`` if it does not fit together any more.
    """
    proposal = decision.proposal
    if proposal is None or proposal.changes is None:
        return
    changes, day = proposal.changes, proposal.changes.effective_on
    if day is not None and day > timezone.localdate():
        url = address(decision, decision.organization)
        taxonomy.await_day(changes=changes, decision_number=decision.number, decision_url=url)
        begins = timezone.make_aware(datetime.combine(day, time.min))
        ground.enqueue(kind=DUE, key=str(decision.pk), payload={"decision": decision.pk}, due_at=begins)
        return
    _apply(decision, changes, actor, over=over)


def _apply(decision: Decision, changes: ChangeList, actor: Person, *, over: bool) -> None:
    organization = Organization.objects.select_for_update().get(pk=decision.organization_id)
    url = address(decision, organization)
    policy = taxonomy.as_decided(changes, queries.text_now(changes), over=over)
    taxonomy.put_in_force(
        organization=organization,
        policy=policy,
        actor=actor,
        verb="changes.in-force",
        target=f"changes:{changes.pk}",
        decision_number=decision.number,
        decision_url=url,
    )
    if changes.whole:
        put_council(organization, policy, actor, (decision.number, url))
    taxonomy.close_list(changes=changes, decision_number=decision.number, decision_url=url)


def put_council(
    organization: Organization,
    policy: pack.Policy,
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
    *,
    rehearsed: bool = False,
) -> None:
    """Make bodies and routes what a policy says."""
    council = packs.read(policy, taxonomy_queries.known_facts(organization))
    replace_council(organization, council, actor, by, rehearsed=rehearsed)


def _put_policy(organization: Organization, policy: pack.Policy) -> None:
    taxonomy.replace_all(organization, policy, rehearsed=True)
    put_council(organization, policy, None, rehearsed=True)


POLICY = taxonomy.Scope(queries.policy_text, _put_policy, whole=True)
"""What a list is written on that changes bodies or routes."""


def look_through(changes: ChangeList, act: Callable[[], Result]) -> Result:
    """Look at things as a list makes them, bodies and routes too if it changes them; nothing is kept."""
    organization = changes.organization
    if changes.whole:
        return taxonomy.looking(organization=organization, changes=changes, act=act, scope=POLICY)
    return taxonomy.looking(organization=organization, changes=changes, act=act)


def take_back(changes: ChangeList, path: Path, actor: Person) -> ChangeList | None:
    """Take one step off a list; see `taxonomy.actions.take_back_step`."""
    return taxonomy.take_back_step(
        changes=changes, path=path, check=_checked(changes.organization), actor=actor
    )


def settle(changes: ChangeList, choices: Mapping[str, Choice], actor: Person) -> ChangeList:
    """Put a list on top of what is in force now; see `taxonomy.actions.settle_conflicts`."""
    return taxonomy.settle_conflicts(
        changes=changes,
        now=queries.text_now(changes),
        choices=choices,
        check=_checked(changes.organization),
        actor=actor,
    )


def _checked(organization: Organization) -> Callable[[str], object]:
    """Refuses a text whose bodies or routes do not fit together."""
    return lambda text: packs.read(pack.read(text), taxonomy_queries.known_facts(organization))


def usual_kind(changes: ChangeList) -> str:
    """What a proposal of a list is about, unless it only corrects words."""
    return Proposal.Kind.POLICY if changes.whole else Proposal.Kind.TAXONOMY


def corrects(changes: ChangeList) -> bool:
    """Whether a list changes words only, so that it may go as a correction."""
    return all(step.kinds <= LIGHT for step in taxonomy_queries.steps_of(changes))


def come_due(*, decision_id: int) -> None:
    """Put a decided change list in force on its day; where it does not fit any more, say so and wait for somebody.

    Args:
        decision_id: of the decision.
    """
    decision = Decision.objects.select_related("proposal__changes", "organization", "decided_by").get(
        pk=decision_id
    )
    proposal = decision.proposal
    if proposal is None or proposal.changes is None or proposal.changes.state != ChangeList.State.WAITING:
        return
    try:
        with transaction.atomic():
            _apply(decision, proposal.changes, decision.decided_by, over=False)
    except Refused as refused:
        taxonomy.await_day(
            changes=proposal.changes,
            decision_number=decision.number,
            decision_url=address(decision, decision.organization),
            problem=refused.message,
        )


@transaction.atomic
def settle_due(*, decision: Decision, over: bool, actor: Person) -> None:
    """Choose what becomes of a decided change list that did not fit on its day.

    Args:
        decision: published and approving.
        over: ``True`` to put it in force as it was decided; ``False`` to leave things as they are.
        actor: the chair or a program manager, not a proposer.

    Raises:
        Refused: ``own-proposal``, ``permission``; ``closed`` unless it is late; ``policy``.
    """
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    proposal = decision.proposal
    if proposal is None or proposal.changes is None or not proposal.changes.is_late:
        raise Refused("closed", _("There is nothing to choose."))
    must_chair(actor, proposal)
    if over:
        _apply(decision, proposal.changes, actor, over=True)
    else:
        taxonomy.give_up(changes=proposal.changes, actor=actor)
