"""Votes that are scheduled, tied, called again; alternates; links where the charter wants more; windows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Ballot, Proposal, Vote
from gradatim.program.ground.models import Work
from gradatim.program.people.models import LogEntry
from gradatim.program.web import work
from tests.program.council.acts import close, earlier, mail_of, path_in, propose, refused

SOON = timedelta(hours=1)


def charter(cast, **rules):
    earlier(actions.change_body, body=cast.council, name="Council", actor=cast.administrator, **rules)
    cast.council.refresh_from_db()


def let_time_pass(ballot, **moments):
    """As if it were later: the moments of the ballot and of its work lie in the past."""
    past = timezone.now() - timedelta(seconds=1)
    Ballot.objects.filter(pk=ballot.pk).update(**dict.fromkeys(moments, past))
    Work.objects.filter(kind__startswith="ballot-", key=str(ballot.pk)).update(due_at=past)


def test_a_scheduled_vote_opens_and_closes_by_itself(cast, proposal):
    now = timezone.now()
    ballot = actions.open_ballot(
        proposal=proposal, opens_at=now + SOON, closes_at=now + 2 * SOON, actor=cast.chair
    )
    assert (ballot.state, ballot.electors.count()) == ("scheduled", 0)
    refused("permission", actions.cast_vote, ballot=ballot, choice="for", actor=cast.chair)
    work.drain()
    ballot.refresh_from_db()
    assert ballot.state == "scheduled"
    Work.objects.filter(kind="ballot-opens").update(due_at=now)
    work.drain()
    ballot.refresh_from_db()
    assert (ballot.state, ballot.electors.count()) == ("open", 3)
    assert (
        "Your vote"
        in Work.objects.get(kind="mail", key__startswith="vote:", payload__to=cast.member.email).payload[
            "subject"
        ]
    )
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    let_time_pass(ballot, closes_at=None)
    refused("closed", actions.cast_vote, ballot=ballot, choice="against", actor=cast.chair)
    work.drain()
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.votes_for) == ("closed", "carried", 3)
    assert list(
        LogEntry.objects.filter(target=f"ballot:{ballot.pk}", actor=None).values_list("verb", flat=True)
    ) == [
        "ballot.opened",
        "ballot.closed",
    ]
    actions.close_due(ballot_id=ballot.pk)
    actions.open_due(ballot_id=ballot.pk)
    assert Ballot.objects.get(pk=ballot.pk).closed_at == ballot.closed_at


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [(-SOON, None, "opens_at"), (None, -SOON, "closes_at"), (2 * SOON, SOON, "closes_at")],
)
def test_times_in_the_wrong_order_are_refused_with_their_field(cast, proposal, opens, closes, field):
    now = timezone.now()
    no = refused(
        "row-invalid",
        actions.open_ballot,
        proposal=proposal,
        opens_at=opens and now + opens,
        closes_at=closes and now + closes,
        actor=cast.chair,
    )
    assert no.field == field
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_a_scheduled_vote_is_called_off(cast, proposal):
    ballot = actions.open_ballot(proposal=proposal, opens_at=timezone.now() + SOON, actor=cast.chair)
    refused("permission", actions.call_off, ballot=ballot, actor=cast.member)
    refused("own-proposal", actions.call_off, ballot=ballot, actor=cast.manager)
    actions.call_off(ballot=ballot, actor=cast.chair)
    proposal.refresh_from_db()
    assert (proposal.state, Ballot.objects.count()) == ("submitted", 0)
    work.drain()
    now_open = actions.open_ballot(proposal=proposal, actor=cast.chair)
    refused("closed", actions.call_off, ballot=now_open, actor=cast.chair)


def test_no_quorum_is_called_again_and_says_of_which(cast, proposal, ballot):
    first = close(cast, ballot, "for", None, None)
    again = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert again.recalls == first
    tied = close(cast, again, "for", "against", "abstain")
    assert queries.explain(tied) == (
        "present 3 of 4, needed 3; voted 2: 1 for, 1 against; 1 abstained; more than half of the votes cast = 2; "
        "tied, which does not carry"
    )


def test_the_chair_decides_a_tie_where_the_charter_says_so(cast, proposal):
    charter(cast, tie="chair")
    ballot = close(
        cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", "against", "abstain"
    )
    assert [task.verb for task in queries.work(cast.northfield, cast.chair)] == ["Decide the tie"]
    assert queries.work(cast.northfield, cast.member) == []
    assert not queries.to_decide(cast.northfield)
    refused("closed", actions.decide, ballot=ballot, rationale="x", actor=cast.chair)
    for person in (cast.member, cast.administrator):
        refused("permission", actions.break_tie, ballot=ballot, carries=True, actor=person)
    refused("own-proposal", actions.break_tie, ballot=ballot, carries=True, actor=cast.manager)
    done = actions.break_tie(ballot=ballot, carries=True, actor=cast.chair)
    assert queries.explain(done).endswith("tied; the chair decided: carried")
    refused("closed", actions.break_tie, ballot=done, carries=False, actor=cast.chair)
    assert actions.decide(ballot=done, rationale="Good.", actor=cast.chair).outcome == "approved"


def test_a_recused_chair_decides_no_tie(cast, proposal):
    charter(cast, tie="chair", recused_counts=True, recused_clause="§ 4")
    ballot = close(
        cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "recused", "for", "against"
    )
    assert ballot.result == "tied"
    refused("recused", actions.break_tie, ballot=ballot, carries=True, actor=cast.chair)


def test_an_alternate_stands_in_only_where_the_charter_allows_it(cast, proposal):
    seat = cast.council.seats.get(holder=cast.manager)  # a proposer, so the seat has no vote of its own
    actions.name_alternate(seat=seat, person=cast.assessor, actor=cast.administrator)
    refused("conflict", actions.name_alternate, seat=seat, person=cast.manager, actor=cast.administrator)
    refused("outsider", actions.name_alternate, seat=seat, person=cast.outsider, actor=cast.administrator)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert cast.assessor not in {e.person for e in ballot.electors.all()}
    close(cast, ballot, None, None, None)
    charter(cast, alternates="absent")
    again = actions.open_ballot(proposal=Proposal.objects.get(), actor=cast.chair)
    (elector,) = again.electors.filter(alternate=True)
    assert (elector.person, elector.seat) == (cast.assessor, seat)
    actions.cast_vote(ballot=again, choice="for", actor=cast.assessor)


def test_vacant_seats_count_only_where_the_charter_says_so(cast, proposal):
    for _ in range(3):
        earlier(actions.fill_seat, body=cast.council, person=None, role="voting", actor=cast.administrator)
    charter(cast, vacant_counts=False)
    assert actions.open_ballot(proposal=proposal, actor=cast.chair).seats == 4


def test_the_link_is_not_enough_where_the_charter_wants_a_sign_in(cast, proposal, client, signed_in):
    charter(cast, link_votes=False)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    path = path_in(mail_of(ballot, cast.member))
    page = client.get(path).content.decode()
    assert "Sign in and vote" in page
    assert "Cast vote" not in page
    assert client.post(path, {"choice": "for"}).status_code == 422
    assert not Vote.objects.exists()
    signed_in(cast.member).post("/o/northfield/proposals/1/vote/cast/", {"choice": "for"})
    assert Vote.objects.get().elector.person == cast.member


def test_a_body_that_votes_in_meetings_only(cast, proposal):
    charter(cast, between_meetings=False)
    assert "agenda" in refused("charter", actions.open_ballot, proposal=proposal, actor=cast.chair).message


def test_windows(cast):
    today, day = timezone.localdate(), timedelta(days=1)
    assert queries.takes_proposals(cast.council)
    refused(
        "row-invalid",
        actions.add_window,
        body=cast.council,
        name="x",
        opens=today,
        closes=today - day,
        actor=cast.manager,
    )
    later = earlier(
        actions.add_window,
        body=cast.council,
        name="Spring",
        opens=today + day,
        closes=today + 9 * day,
        actor=cast.manager,
    )
    assert "Spring" in refused("window", actions.must_take_proposals, body=cast.council).message
    earlier(actions.add_window, body=cast.council, name="Now", opens=today, closes=today, actor=cast.manager)
    actions.must_take_proposals(cast.council)
    for window in cast.council.windows.all():
        earlier(actions.remove_window, window=window, actor=cast.manager)
    refused("permission", actions.remove_window, window=later, actor=cast.member)
    assert queries.takes_proposals(cast.council)


def test_a_promise_in_days_is_a_date(cast):
    charter(cast, service_days=21)
    sent = actions.submit(proposal=propose(cast), actor=cast.manager)
    sent.refresh_from_db()
    assert queries.due(sent) == (sent.submitted_at + timedelta(days=21)).date()
    charter(cast, service_days=None)
    assert queries.due(Proposal.objects.get()) is None


@pytest.mark.parametrize("method", ["named", "secret"])
def test_who_declared_a_conflict_before_has_no_vote(cast, proposal, method):
    charter(cast, secrecy="allowed")
    actions.recuse(proposal=proposal, actor=cast.second_member)
    ballot = actions.open_ballot(proposal=proposal, method=method, actor=cast.chair)
    assert not queries.votes_waiting_for(cast.northfield, cast.second_member)
    assert not Work.objects.filter(kind="mail", payload__to=cast.second_member.email, key__startswith="vote:")
    refused("recused", actions.cast_vote, ballot=ballot, choice="for", actor=cast.second_member)
    actions.mark_present(ballot=ballot, electors=[e.pk for e in ballot.electors.all()], actor=cast.chair)
    closed = close(cast, ballot, "for", "for", None)
    assert (closed.present, closed.recused, closed.votes_for, closed.result) == (3, 1, 2, "no_quorum")


def test_a_recused_member_who_is_away_is_not_counted_as_present(cast, proposal):
    charter(cast, recused_counts=True, recused_clause="§ 4")
    actions.recuse(proposal=proposal, actor=cast.second_member)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    actions.mark_present(ballot=ballot, electors=[], actor=cast.chair)
    closed = close(cast, ballot, "for", "for", None)
    assert (closed.present, closed.recused, closed.result) == (2, 0, "no_quorum")


def test_a_proposal_waits_for_the_window_and_a_returned_one_does_not(cast, draft):
    today, day = timezone.localdate(), timedelta(days=1)
    window = {"body": cast.council, "name": "Spring", "actor": cast.manager}
    later = earlier(actions.add_window, opens=today + day, closes=today + 9 * day, **window)
    assert "Spring" in refused("window", actions.submit, proposal=draft, actor=cast.manager).message
    earlier(actions.remove_window, window=later, actor=cast.manager)
    sent = actions.submit(proposal=draft, actor=cast.manager)
    actions.return_for_changes(proposal=sent, reason="Say who assesses.", actor=cast.chair)
    earlier(actions.add_window, opens=today + day, closes=today + 9 * day, **window)
    assert actions.submit(proposal=Proposal.objects.get(), actor=cast.manager).state == "submitted"
