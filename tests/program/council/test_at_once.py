"""The law under concurrency: real transactions at the same time, on whatever database the tests run on."""

import pytest

from gradatim.program.achievements import actions as achievements
from gradatim.program.council import actions, queries, tally
from gradatim.program.council.actions import Wanted
from gradatim.program.council.models import Ballot, Decision, Proposal, Vote
from gradatim.program.people.queries import check_log
from tests.program.council.acts import at_once, cast_all, close, decided, earlier, mail_of, path_in, propose
from tests.program.council.test_meetings import begin, on_agenda, plan
from tests.program.council.test_routes import STAGES, keep

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_twenty_votes_at_once_count_as_one(cast, ballot):
    codes = at_once(*[lambda: actions.cast_vote(ballot=ballot, choice="for", actor=cast.chair)] * 20)
    assert codes == [None] * 20
    assert Vote.objects.count() == 1
    assert check_log(cast.northfield) == []


def test_ten_uses_of_one_link_at_once_count_as_one(cast, ballot):
    token = path_in(mail_of(ballot, cast.member)).split("/")[2]
    codes = at_once(*[lambda: actions.vote_by_link(token=token, choice="for")] * 10)
    assert codes == [None] * 10
    assert Vote.objects.get().elector.person == cast.member


def test_proposers_do_not_get_in_between(cast, ballot):
    def own(choice):
        return lambda: actions.cast_vote(ballot=ballot, choice=choice, actor=cast.manager)

    def other(person):
        return lambda: actions.cast_vote(ballot=ballot, choice="for", actor=person)

    codes = at_once(*[own("for")] * 5, other(cast.chair), other(cast.member), other(cast.second_member))
    assert codes == ["own-proposal"] * 5 + [None] * 3
    assert cast.manager not in {v.elector.person for v in Vote.objects.select_related("elector__person")}


def test_closing_and_voting_at_once_leave_no_vote_behind(cast, ballot):
    cast_all(cast, ballot, "for", "for", None)
    codes = at_once(
        lambda: actions.cast_vote(ballot=ballot, choice="against", actor=cast.second_member),
        lambda: actions.close_ballot(ballot=ballot, actor=cast.chair),
    )
    ballot.refresh_from_db()
    late = codes[0] == "closed"
    assert codes[0] in {None, "closed"}
    assert Vote.objects.count() == (2 if late else 3)
    assert ballot.result == ("no_quorum" if late else "carried")


@pytest.mark.parametrize("_round", range(3))
def test_the_result_is_of_the_votes_that_are_there(cast, ballot, _round):
    def vote(person, choice):
        return lambda: actions.cast_vote(ballot=ballot, choice=choice, actor=person)

    codes = at_once(
        vote(cast.chair, "for"),
        vote(cast.member, "against"),
        lambda: actions.close_ballot(ballot=ballot, actor=cast.chair),
        vote(cast.second_member, "abstain"),
    )
    ballot.refresh_from_db()
    counted = queries.count(ballot)
    voted = Vote.objects.filter(elector__ballot=ballot).values_list("choice", flat=True)
    assert (counted.votes_for, counted.votes_against, counted.abstained) == tuple(
        list(voted).count(choice) for choice in ("for", "against", "abstain")
    )
    assert ballot.state == Ballot.State.CLOSED
    assert codes[2] is None
    assert Vote.objects.count() == 3 - codes.count("closed")
    assert not Vote.objects.filter(cast_at__gt=ballot.closed_at).exists()
    assert ballot.result == tally.result(counted, ballot)


def test_a_vote_opens_closes_and_is_decided_once(cast, proposal):
    def codes_of(action, **arguments):
        return sorted(at_once(*[lambda: action(actor=cast.chair, **arguments)] * 4), key=str)

    assert codes_of(actions.open_ballot, proposal=proposal) == [None, *["transition"] * 3]
    ballot = proposal.ballots.get()
    cast_all(cast, ballot, "for", "for", "against")
    assert codes_of(actions.close_ballot, ballot=ballot) == [None, *["closed"] * 3]
    assert codes_of(actions.decide, ballot=ballot, rationale="Good.") == [None, *["closed"] * 3]
    decision = Decision.objects.get()
    assert codes_of(actions.publish, decision=decision) == [None, *["closed"] * 3]
    assert check_log(cast.northfield) == []


def test_decisions_at_once_get_numbers_of_their_own(cast):
    closed = []
    for number in range(4):
        made = actions.submit(proposal=propose(cast, title=f"Title {number}"), actor=cast.manager)
        ballot = actions.open_ballot(proposal=made, actor=cast.chair)
        closed.append(close(cast, ballot, "for", "for", "for"))
    codes = at_once(
        *[lambda b=b: actions.decide(ballot=b, rationale="Good.", actor=cast.chair) for b in closed]
    )
    assert codes == [None] * 4
    numbers = sorted(Decision.objects.values_list("number", flat=True))
    assert [n[-2:] for n in numbers] == ["01", "02", "03", "04"]


def test_a_draft_is_proposed_once_and_proposals_get_numbers_of_their_own(cast):
    version = decided(cast, propose(cast), "for", "for", "for").proposal.version
    version.refresh_from_db()
    following = achievements.new_version(version=version, actor=cast.manager)

    def again():
        actions.propose(
            organization=cast.northfield,
            body=cast.council,
            version=following,
            purpose="p",
            need="n",
            actor=cast.manager,
        )

    codes = at_once(again, again, lambda: propose(cast, title="One"), lambda: propose(cast, title="Two"))
    assert sorted(codes[:2], key=str) == [None, "in-use"]
    assert codes[2:] == [None, None]
    numbers = list(Proposal.objects.values_list("number", flat=True))
    assert sorted(numbers) == [1, 2, 3, 4]


@pytest.mark.parametrize("_round", range(3))
def test_a_secret_ballot_counts_what_was_in_time_and_keeps_none_of_it(cast, proposal, _round):
    earlier(
        actions.change_body, body=cast.council, name="Council", secrecy="allowed", actor=cast.administrator
    )
    ballot = actions.open_ballot(proposal=proposal, method="secret", actor=cast.chair)
    cast_all(cast, ballot, "for", "for", None)

    def vote(person, choice):
        return lambda: actions.cast_vote(ballot=ballot, choice=choice, actor=person)

    codes = at_once(
        vote(cast.second_member, "against"),
        lambda: actions.close_ballot(ballot=ballot, actor=cast.chair),
        vote(cast.member, "against"),
    )
    ballot.refresh_from_db()
    assert codes[1] is None
    assert not Vote.objects.exists()
    changed, voted = codes[2] is None, codes[0] is None
    assert (ballot.votes_for, ballot.votes_against) == (2 - changed, changed + voted)


def test_two_changes_by_two_voters_at_once_are_both_kept(cast, ballot):
    cast_all(cast, ballot, "for", "for", "for")
    codes = at_once(
        lambda: actions.cast_vote(ballot=ballot, choice="against", actor=cast.member),
        lambda: actions.cast_vote(ballot=ballot, choice="abstain", actor=cast.second_member),
    )
    assert codes == [None, None]
    closed = actions.close_ballot(ballot=ballot, actor=cast.chair)
    assert (closed.votes_for, closed.votes_against, closed.abstained) == (1, 1, 1)


def test_the_clock_and_the_chair_close_once(cast, ballot):
    cast_all(cast, ballot, "for", "for", "for")
    codes = at_once(
        *[lambda: actions.close_due(ballot_id=ballot.pk)] * 3,
        lambda: actions.close_ballot(ballot=ballot, actor=cast.chair),
    )
    assert codes[:3] == [None] * 3
    assert codes[3] in {None, "closed"}
    assert check_log(cast.northfield) == []


def test_an_item_is_pulled_or_carried_never_both(cast, proposal):
    meeting = plan(cast)
    item = on_agenda(cast, meeting, proposal, "consent")
    begin(cast, meeting)
    pulled, carried = at_once(
        lambda: actions.pull_item(item=item, actor=cast.member),
        lambda: actions.carry_consent(meeting=meeting, actor=cast.chair),
    )
    assert sorted([pulled, carried], key=str) == [None, "closed"] or [pulled, carried] == ["closed", None]
    item.refresh_from_db()
    assert (item.kind == "decision") == (pulled is None)
    assert item.ballots.exists() == (carried is None)


def test_a_meeting_does_not_end_under_a_vote_that_opens(cast, proposal):
    meeting = plan(cast)
    item = on_agenda(cast, meeting, proposal)
    begin(cast, meeting)
    opened, ended = at_once(
        lambda: actions.open_ballot(proposal=proposal, item=item, actor=cast.chair),
        lambda: actions.end_meeting(meeting=meeting, actor=cast.chair),
    )
    assert {opened, ended} in ({None, "closed"}, {None, "in-use"})


def test_the_last_two_conditions_met_at_once_approve_once(cast, ballot):
    closed = close(cast, ballot, "for", "for", "for")
    wanted = [Wanted("One.", before_start=True), Wanted("Two.", before_start=True)]
    decision = actions.decide(
        ballot=closed, rationale="x", outcome="conditions", conditions=wanted, actor=cast.chair
    )
    actions.publish(decision=decision, actor=cast.chair)
    codes = at_once(
        *[
            lambda c=c: actions.meet_condition(condition=c, note="x", actor=cast.chair)
            for c in decision.conditions.all()
        ]
    )
    assert codes == [None, None]
    closed.proposal.version.refresh_from_db()
    assert closed.proposal.version.issuable


def test_a_stage_ends_once_and_opens_the_next_one_once(cast):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    stage = made.stages.get(key="complete")
    codes = at_once(*[lambda: actions.end_stage(stage=stage, actor=cast.administrator)] * 5)
    assert sorted(codes, key=str) == [None, *["closed"] * 4]
    assert sorted(made.stages.filter(state="open").values_list("key", flat=True)) == ["employers", "tech"]
    assert check_log(cast.northfield) == []


@pytest.mark.parametrize("_round", range(3))
def test_two_stages_that_end_at_once_lose_nothing(cast, _round):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    actions.end_stage(stage=made.stages.get(key="complete"), actor=cast.administrator)
    window, tech = made.stages.get(key="employers"), made.stages.get(key="tech")
    codes = at_once(
        lambda: actions.end_stage(stage=window, actor=cast.chair),
        lambda: actions.end_stage(stage=tech, actor=cast.assessor),
    )
    assert codes == [None, None]
    assert list(made.stages.filter(state="open").values_list("key", flat=True)) == ["review"]


@pytest.mark.parametrize("_round", range(3))
def test_ending_a_stage_and_returning_the_proposal_at_once_leave_it_in_one_place(cast, _round):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    stage = made.stages.get(key="complete")
    codes = at_once(
        lambda: actions.end_stage(stage=stage, actor=cast.administrator),
        lambda: actions.return_for_changes(proposal=made, reason="More.", actor=cast.chair),
    )
    made.refresh_from_db()
    assert codes[1] is None
    assert codes[0] in {None, "closed"}
    assert made.state == "returned"
    assert not made.stages.filter(state="open").exists()
    assert made.version.state == "draft"


def test_editions_of_a_route_written_at_once_are_one(cast):
    route = keep(cast)
    codes = at_once(*[lambda: keep(cast, STAGES[-1:], route=route)] * 4)
    assert sorted(codes, key=str) == [None, *["conflict"] * 3]
    assert [(r.edition, r.current) for r in queries.editions(route)] == [(2, True), (1, False)]


@pytest.mark.parametrize("_round", range(3))
def test_two_editors_at_once_never_write_over_each_other(cast, _round):
    made = propose(cast)
    said = {"purpose": made.purpose, "need": made.need, "recognition": made.recognition, "revision": 1}

    def write(person, **changes):
        return lambda: actions.revise_proposal(proposal=made, actor=person, **said | changes)

    codes = at_once(
        write(cast.manager, need="From Priya."),
        write(cast.administrator, purpose="From Sam."),
        write(cast.manager, need="From Priya again."),
    )
    assert sorted(codes, key=str) == [None, "conflict", "conflict"]
    made.refresh_from_db()
    assert made.revision == 2
    assert [e.revision for e in queries.edits(made)] == [2, 1]
    saved = {e.content["need"] for e in queries.edits(made)} | {
        e.content["purpose"] for e in queries.edits(made)
    }
    assert {made.need, made.purpose} <= saved


def test_a_suggestion_taken_at_once_is_taken_once(cast, proposal):
    row = actions.comment(proposal=proposal, text="", field="need", suggestion="Better.", actor=cast.member)
    actions.return_for_changes(proposal=proposal, reason="See comments.", actor=cast.chair)
    codes = at_once(*[lambda: actions.take_suggestion(comment=row, actor=cast.manager)] * 3)
    assert sorted(codes, key=str) == [None, "closed", "closed"]
