"""What a proposal's page shows of its vote and decision."""

from __future__ import annotations

from gradatim.program.council import law, queries, rules, tally
from gradatim.program.council.forms import DecisionForm, OpenForm, VoteForm
from gradatim.program.council.models import Ballot, Proposal
from gradatim.program.people.models import Person

State = Ballot.State


def vote_panel(found: Proposal, person: Person, standing: rules.Standing) -> dict[str, object]:
    """The context of `_stages.html`, `_vote.html` and `_chair.html`.

    Args:
        found: from `queries.find_proposal`.
        person: who looks.
        standing: what they are to the proposal.
    """
    decision = queries.decision_of(found)
    context: dict[str, object] = {"decision": decision, "open_form": OpenForm(body=found.body)}
    if found.state == Proposal.State.SUBMITTED:
        context["on_agenda"] = queries.coming_item(found)
        context["clause"] = law.cited(found.body, law.IN_MEETING) if found.body.is_open else ""
    ballot = next(iter(found.ballots.all()), None)
    return context if ballot is None else context | _of_vote(ballot, found, person, standing)


def _of_vote(ballot: Ballot, found: Proposal, person: Person, standing: rules.Standing) -> dict[str, object]:
    """Of an open vote only who is there, never what was voted."""
    electors = list(ballot.electors.all())
    elector = next((e for e in electors if e.person_id == person.pk), None)
    own = getattr(elector, "vote", None)
    decided = any(d.ballot_id == ballot.pk for d in found.decisions.all())
    closed = ballot.state == State.CLOSED
    here = found.state == Proposal.State.IN_BALLOT  # after a vote that is not the last one, its route goes on
    waits = closed and here and not decided and ballot.result != Ballot.Result.NO_QUORUM
    return {
        "ballot": ballot,
        "electors": electors,
        "own_vote": own,
        "may_vote": ballot.state == State.OPEN
        and elector is not None
        and not standing.proposes
        and not any(recusal.person_id == person.pk for recusal in found.recusals.all()),
        "vote_form": VoteForm(ballot=ballot, own=own),
        "may_break_tie": ballot.waits_for_chair and standing.chairs and not standing.proposes,
        "wants_decision": waits and not ballot.waits_for_chair,
        "decision_form": DecisionForm(result=ballot.result),
        **turnout(ballot),
    }


def turnout(ballot: Ballot) -> dict[str, object]:
    """The context of `_turnout.html`, for an open vote while it runs, and for a closed one with its arithmetic."""
    electors, count = list(ballot.electors.all()), queries.count(ballot)
    return {
        "ballot": ballot,
        "count": count,
        "needed": tally.quorum_needed(count, ballot),
        "voted": sum(hasattr(e, "vote") for e in electors),
        "of": len(electors),
        "explained": queries.explain(ballot),
    }
