"""What every write about a proposal needs: the row held, who may run it, and its moves from state to state."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements import queries as versions
from gradatim.program.council import queries, rules
from gradatim.program.council.models import Decision, Proposal, Stage
from gradatim.program.council.routing import Kind
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Person

State = Proposal.State


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, held until the transaction ends."""
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def must_chair(actor: Person, proposal: Proposal) -> None:
    """Refuse whoever may not run the vote and the decision: proposers first of all."""
    must_not_propose(actor, proposal)
    if not rules.may_chair(actor, proposal):
        raise Refused("permission", _("Only the chair or a program manager does this."))


def must_not_propose(actor: Person, proposal: Proposal) -> None:
    """Refuse a proposer."""
    if rules.is_proposer(actor, proposal):
        raise Refused("own-proposal", _("This is your own proposal: others run the vote and decide."))


def move(proposal: Proposal, state: Proposal.State) -> None:
    """Take a proposal into another state, if there is a way and its route has come there."""
    if state not in Proposal.TRANSITIONS[Proposal.State(proposal.state)]:
        raise Refused(
            "transition",
            _("This proposal is %(now)s; it cannot become “%(then)s”.")
            % {"now": proposal.get_state_display(), "then": state.label},
        )
    if state == State.IN_BALLOT and proposal.waits_on(timezone.localdate()):
        raise Refused("put-off", _("It is put off; take it up first."))
    if state in {State.IN_BALLOT, State.DECIDED}:
        _route_allows(proposal, state)
    if state == State.SUBMITTED:  # a decision that is put off: the stage of its vote is open again
        lost = proposal.stages.filter(state=Stage.State.LOST)
        lost.update(state=Stage.State.OPEN, ended_at=None, ended_by=None)
    proposal.state = state


def _route_allows(proposal: Proposal, state: Proposal.State) -> None:
    """Refuse a vote or a decision before the route has come to it."""
    found = queries.journey(proposal)
    voting = any(stage.kind == Kind.BALLOT for stage in found.open)
    if voting if state == State.IN_BALLOT else found.ended:
        return
    waits = [stage.name for stage in found.open if stage.kind != Kind.BALLOT] or [s.name for s in found.open]
    raise Refused(
        "route", _("Its route comes to this later. First: %(stages)s.") % {"stages": ", ".join(waits)}
    )


def hand_over(proposal: Proposal, actor: Person) -> None:
    """Keep the draft as it is while the council has it; what is to be retired is no draft."""
    if proposal.version and proposal.kind != Proposal.Kind.RETIRE:
        achievements.send_to_review(version=proposal.version, actor=actor)


def give_back(proposal: Proposal, actor: Person) -> None:
    """Let the draft be changed again."""
    if proposal.version and proposal.kind != Proposal.Kind.RETIRE:
        achievements.back_to_draft(version=proposal.version, actor=actor)


def unbind(proposal: Proposal) -> None:
    """Let the draft be written on its own pages again, once its proposal is settled."""
    if proposal.version and proposal.kind != Proposal.Kind.RETIRE:
        achievements.bind(version=proposal.version, proposal_url="")


def blocking(proposal: Proposal) -> list[str]:
    """What the quality rules want mended before anything goes on."""
    if proposal.version is None or proposal.kind == Proposal.Kind.RETIRE:
        return []
    return [finding.message for finding in versions.findings(proposal.version) if finding.blocks]


def must_be_admitted(proposal: Proposal) -> None:
    """Refuse to send a proposal that looks at a decision again before that is admitted.

    Raises:
        Refused: ``not-admitted``.
    """
    decision = Decision.objects.filter(reconsidered_as=proposal, admitted_at=None).first()
    if decision is not None:
        raise Refused(
            "not-admitted",
            _("It asks to look at decision %(n)s again. First somebody other than %(who)s has to admit that.")
            % {"n": decision.number, "who": decision.decided_by},
        )
