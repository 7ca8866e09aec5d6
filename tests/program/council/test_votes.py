"""A contested vote: own proposal, late vote, second vote, no quorum, what is voted on, votes by mail."""

import pytest

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries
from gradatim.program.council.models import Ballot, Proposal, Seat, Vote
from gradatim.program.ground.models import Link
from gradatim.program.people import actions as people
from gradatim.program.people.models import LogEntry, Membership
from tests.program.council.acts import (
    cast_all,
    close,
    code_in,
    earlier,
    mail_of,
    needed,
    path_in,
    propose,
    refused,
)


def test_electors_are_the_seats_without_the_proposer(cast, ballot):
    people = {e.person for e in ballot.electors.all()}
    assert people == {cast.chair, cast.member, cast.second_member}
    assert (ballot.seats, needed(ballot)) == (4, 3)


def test_nobody_votes_on_their_own_proposal(cast, ballot):
    refused("own-proposal", actions.cast_vote, ballot=ballot, choice="for", actor=cast.manager)
    assert not Vote.objects.exists()


def test_a_chair_who_proposes_runs_nothing(cast):
    made = propose(cast)
    made.proposers.add(cast.chair)
    made = actions.submit(proposal=made, actor=cast.manager)
    refused("own-proposal", actions.open_ballot, proposal=made, actor=cast.chair)
    refused(
        "own-proposal",
        actions.review,
        proposal=made,
        scores={},
        comment="",
        recommendation="approve",
        actor=cast.chair,
    )


def test_strangers_do_not_vote(cast, ballot):
    for person in (cast.assessor, cast.administrator, cast.learner, cast.outsider):
        refused("permission", actions.cast_vote, ballot=ballot, choice="for", actor=person)


def test_a_vote_can_be_changed_until_the_close_and_the_last_one_counts(cast, ballot):
    actions.cast_vote(ballot=ballot, choice="for", reason="At first.", actor=cast.chair)
    actions.cast_vote(ballot=ballot, choice="against", actor=cast.chair)
    vote = Vote.objects.get()
    assert (vote.choice, vote.reason) == ("against", "")
    closed = close(cast, ballot, None, "for", "against")
    assert (closed.votes_for, closed.votes_against, closed.result) == (1, 2, "lost")
    refused("closed", actions.cast_vote, ballot=ballot, choice="for", actor=cast.chair)
    verbs = LogEntry.objects.filter(verb__startswith="vote.").values_list("verb", flat=True)
    assert sorted(verbs) == ["vote.cast", "vote.cast", "vote.cast", "vote.changed"]


def test_a_late_vote_is_refused(cast, ballot):
    cast_all(cast, ballot, "for", "for", None)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    refused("closed", actions.cast_vote, ballot=ballot, choice="against", actor=cast.second_member)


def test_without_quorum_it_goes_back_and_can_be_called_again(cast, proposal, ballot):
    cast_all(cast, ballot, "for", "for", None)
    closed = actions.close_ballot(ballot=ballot, actor=cast.chair)
    assert closed.result == Ballot.Result.NO_QUORUM
    refused("closed", actions.decide, ballot=closed, rationale="x", actor=cast.chair)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.SUBMITTED
    assert actions.open_ballot(proposal=proposal, actor=cast.chair).pk != ballot.pk


def test_presence_without_a_vote_counts_for_the_quorum(cast, ballot):
    cast_all(cast, ballot, "for", "for", None)
    elector = ballot.electors.get(person=cast.second_member)
    actions.mark_present(ballot=ballot, electors=[elector.pk], actor=cast.chair)
    assert actions.close_ballot(ballot=ballot, actor=cast.chair).result == Ballot.Result.CARRIED


@pytest.mark.parametrize(("counts", "result"), [(False, "no_quorum"), (True, "carried")])
def test_a_recused_member_counts_only_by_the_charter(cast, proposal, counts, result):
    earlier(
        actions.change_body,
        body=cast.council,
        name=cast.council.name,
        recused_counts=counts,
        recused_clause="§ 4" if counts else "",
        actor=cast.administrator,
    )
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    cast_all(cast, ballot, "for", "for", "recused")
    assert actions.close_ballot(ballot=ballot, actor=cast.chair).result == result


def test_what_is_voted_on_must_not_change(cast, ballot):
    Version.objects.filter(pk=ballot.proposal.version_id).update(description="something else")
    refused("conflict", actions.cast_vote, ballot=ballot, choice="for", actor=cast.chair)
    refused("conflict", actions.close_ballot, ballot=ballot, actor=cast.chair)


def test_a_chair_who_proposes_closes_and_decides_nothing(cast, ballot):
    ballot.proposal.proposers.add(cast.chair)
    refused("own-proposal", actions.cast_vote, ballot=ballot, choice="for", actor=cast.chair)
    refused("permission", actions.mark_present, ballot=ballot, electors=[], actor=cast.chair)
    refused("own-proposal", actions.close_ballot, ballot=ballot, actor=cast.chair)
    actions.cast_vote(ballot=ballot, choice="for", actor=cast.member)
    actions.mark_present(
        ballot=ballot, electors=[e.pk for e in ballot.electors.all()], actor=cast.administrator
    )
    closed = actions.close_ballot(ballot=ballot, actor=cast.administrator)
    for person in (cast.chair, cast.manager):
        refused("own-proposal", actions.decide, ballot=closed, rationale="x", actor=person)
    decision = actions.decide(ballot=closed, rationale="x", actor=cast.administrator)
    refused("own-proposal", actions.publish, decision=decision, actor=cast.chair)


def test_the_snapshot_stays_when_seats_change(cast, ballot):
    newcomer = people.create_person(name="Nia Brandt", email="nia.brandt@northfield.example")
    people.give_role(
        organization=cast.northfield, person=newcomer, role=Membership.Role.COUNCIL, actor=cast.administrator
    )
    seat = earlier(
        actions.fill_seat, body=cast.council, person=newcomer, role=Seat.Role.VOTING, actor=cast.administrator
    )
    refused("permission", actions.cast_vote, ballot=ballot, choice="for", actor=newcomer)
    held = cast.council.seats.get(holder=cast.member)
    refused("in-use", actions.vacate_seat, seat=held, actor=cast.administrator)
    actions.vacate_seat(seat=seat, actor=cast.administrator)
    ballot.refresh_from_db()
    assert (ballot.seats, needed(ballot)) == (4, 3)


@pytest.mark.parametrize(
    ("numerator", "denominator", "inclusive", "quorum"), [(2, 3, True, 5), (1, 2, False, 4), (4, 7, True, 4)]
)
def test_seven_seats_of_which_four_are_present(cast, proposal, numerator, denominator, inclusive, quorum):
    """Three vacant seats count for the quorum; the proposer's seat too, though it has no vote."""
    for _ in range(3):
        earlier(
            actions.fill_seat, body=cast.council, person=None, role=Seat.Role.VOTING, actor=cast.administrator
        )
    sam = actions.refill_seat(
        seat=cast.council.seats.filter(holder=None).first(),
        person=cast.administrator,
        actor=cast.administrator,
    )
    rules = {
        "quorum_numerator": numerator,
        "quorum_denominator": denominator,
        "quorum_inclusive": inclusive,
    }
    earlier(actions.change_body, body=cast.council, name="Council", actor=cast.administrator, **rules)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert (ballot.seats, needed(ballot), ballot.electors.count()) == (7, quorum, 4)
    actions.cast_vote(ballot=ballot, choice="abstain", actor=sam.holder)
    closed = close(cast, ballot, "for", "for", "against")
    proposal.refresh_from_db()
    if quorum > 4:
        assert (closed.result, proposal.state) == ("no_quorum", "submitted")
        refused("closed", actions.decide, ballot=closed, rationale="x", actor=cast.chair)
    else:
        assert (closed.result, proposal.state) == ("carried", "in_ballot")


def test_a_two_thirds_threshold_is_of_the_votes_cast(cast, proposal):
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        threshold="two_thirds",
        actor=cast.administrator,
    )
    lost = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", "against", "abstain")
    assert lost.result == Ballot.Result.LOST


def test_an_open_vote_keeps_the_rules_it_was_opened_under(cast, ballot):
    earlier(
        actions.change_body,
        body=cast.council,
        name="Council",
        threshold="two_thirds",
        actor=cast.administrator,
    )
    assert close(cast, ballot, "for", "for", "against").result == Ballot.Result.CARRIED
    assert ballot.threshold == "simple"


def test_the_log_says_who_voted_and_never_what(cast, ballot):
    close(cast, ballot, "for", "against", "recused")
    lines = LogEntry.objects.filter(target=f"ballot:{ballot.pk}").order_by("sequence")
    assert [(line.verb, line.actor) for line in lines] == [
        ("ballot.opened", cast.chair),
        ("vote.cast", cast.chair),
        ("vote.cast", cast.member),
        ("vote.cast", cast.second_member),
        ("ballot.closed", cast.chair),
    ]
    assert all(line.detail == {} for line in lines if line.verb == "vote.cast")


def test_what_waits_for_whom(cast, ballot):
    def waits(person):
        return list(queries.votes_waiting_for(cast.northfield, person))

    assert waits(cast.member) == [ballot]
    assert waits(cast.manager) == waits(cast.outsider) == []
    assert list(queries.votes_waiting_for(cast.southgate, cast.member)) == []
    actions.cast_vote(ballot=ballot, choice="abstain", actor=cast.member)
    assert waits(cast.member) == []
    (shown,) = queries.open_ballots(cast.northfield)
    assert (shown.voted, shown.of) == (1, 3)


def test_a_robot_opening_the_link_does_nothing(cast, ballot, client):
    path = path_in(mail_of(ballot, cast.member))
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert not Vote.objects.exists()
    assert not Link.objects.exclude(used_at=None).exists()
    assert client.post(path, {"choice": "nonsense"}).status_code == 422
    assert client.post(path, {"choice": "for"}).status_code == 200
    assert Vote.objects.get().elector.person == cast.member
    assert "You have voted already" in client.get(path).content.decode()
    assert client.post(path, {"choice": "against"}).status_code == 200
    assert Vote.objects.get().choice == "against"


def test_a_vote_by_link_after_the_close_is_refused_and_says_so(cast, ballot, client):
    path = path_in(mail_of(ballot, cast.second_member))
    close(cast, ballot, "for", "for", None)
    late = client.post(path, {"choice": "against"})
    assert late.status_code == 422
    assert "came too late" in late.content.decode()
    assert Vote.objects.count() == 2
    assert "This vote is closed" in client.get(path).content.decode()


def test_the_short_code_opens_the_page_and_casts_nothing(cast, ballot, client):
    code = code_in(mail_of(ballot, cast.member))
    assert client.get("/code/").status_code == 200
    answer = client.post("/code/", {"email": cast.member.email.upper(), "code": code.lower()})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert cast.member.name in page
    assert not Vote.objects.exists()
    client.post(answer.url, {"choice": "against"})
    assert Vote.objects.get().elector.person == cast.member
    client.post(path_in(mail_of(ballot, cast.member)), {"choice": "for"})
    assert Vote.objects.get().choice == "for"


def test_wrong_codes_close_the_code_but_not_the_link(cast, ballot, client):
    text = mail_of(ballot, cast.member)
    for _ in range(5):
        wrong = client.post("/code/", {"email": cast.member.email, "code": "AAAA-AAAA"})
        assert wrong.status_code == 422
    answer = client.post("/code/", {"email": cast.member.email, "code": code_in(text)})
    assert answer.status_code == 422
    other = client.post("/code/", {"email": cast.chair.email, "code": code_in(text)})
    assert other.status_code == 422  # a code is bound to the address it went to
    assert client.post(path_in(text), {"choice": "for"}).status_code == 200
    assert Vote.objects.get().elector.person == cast.member
