"""A decision: what the vote allows, held until published, its number, its public page."""

import pytest
from django.utils import timezone

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries
from gradatim.program.council.models import Ballot, Decision, Elector, Proposal, Vote
from gradatim.program.people import actions as people
from gradatim.program.web import practice
from tests.program.council.acts import close, decided, propose, refused, resolved


def test_a_held_decision_approves_nothing(cast, ballot, client):
    closed = close(cast, ballot, "for", "for", "against")
    decision = actions.decide(ballot=closed, rationale="Good.", actor=cast.chair)
    version = Version.objects.get(pk=ballot.proposal.version_id)
    address = f"/o/northfield/decisions/{decision.number}/"
    assert (version.state, version.issuable) == ("in_review", False)
    assert queries.find_decision(cast.northfield, decision.number) is None
    assert client.get(address).status_code == 404
    assert list(queries.held_decisions(cast.northfield)) == [decision]
    actions.publish(decision=decision, actor=cast.chair)
    version.refresh_from_db()
    assert version.issuable
    assert version.decision_number == decision.number == f"{timezone.now().year}-01"
    assert version.decision_url == f"http://localhost:8000{address}"
    assert client.get(address).status_code == 200
    refused("closed", actions.publish, decision=decision, actor=cast.chair)


@pytest.mark.parametrize(
    ("choices", "result"),
    [(("against", "against", "for"), "lost"), (("for", "against", "abstain"), "tied")],
)
def test_what_did_not_carry_cannot_be_approved(cast, ballot, choices, result):
    closed = close(cast, ballot, *choices)
    assert closed.result == result
    assert list(queries.to_decide(cast.northfield)) == [closed]
    refused("row-invalid", actions.decide, ballot=closed, rationale="x", outcome="approved", actor=cast.chair)
    decision = actions.decide(ballot=closed, rationale="Not yet.", outcome="revise", actor=cast.chair)
    actions.publish(decision=decision, actor=cast.chair)
    version = Version.objects.get(pk=ballot.proposal.version_id)
    assert (version.state, version.issuable) == ("draft", False)


def test_what_carried_cannot_be_rejected(cast, ballot):
    closed = close(cast, ballot, "for", "for", "for")
    refused("row-invalid", actions.decide, ballot=closed, rationale="x", outcome="rejected", actor=cast.chair)
    refused("row-invalid", actions.decide, ballot=closed, rationale="  ", actor=cast.chair)
    assert not Decision.objects.exists()


def test_an_open_vote_is_not_decided(cast, ballot):
    refused("closed", actions.decide, ballot=ballot, rationale="x", actor=cast.chair)


def test_only_chair_and_managers_decide(cast, ballot):
    closed = close(cast, ballot, "for", "for", "for")
    for person in (cast.member, cast.assessor, cast.learner, cast.outsider):
        refused("permission", actions.decide, ballot=closed, rationale="x", actor=person)
    decision = actions.decide(ballot=closed, rationale="x", actor=cast.chair)
    for person in (cast.member, cast.outsider):
        refused("permission", actions.publish, decision=decision, actor=person)


def test_a_rejected_proposal_is_public_with_its_reason(cast, draft, client):
    decision = decided(cast, draft, "against", "against", "abstain", outcome="rejected")
    page = client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
    assert "Rejected" in page
    assert "Present 3 of 4, needed 3; voted 2: 0 for, 2 against; 1 abstained" in page
    assert "Because." in page
    assert "What was approved" not in page
    assert "Rejected" in client.get("/o/northfield/decisions/").content.decode()


def test_numbers_go_on_after_practice_was_removed(cast):
    """The real decision 03 stays when 01 and 02 go, so the next one is 04."""
    for title in ("One", "Two"):
        decided(cast, propose(cast, title=title), "for", "for", "for")
    people.make_real(organization=cast.northfield, actor=cast.administrator)
    cast.northfield.refresh_from_db()
    real = decided(cast, propose(cast, title="Three"), "for", "for", "for")
    practice.remove(organization=cast.northfield, actor=cast.administrator)
    assert list(Decision.objects.all()) == [real]
    following = decided(cast, propose(cast, title="Four"), "for", "for", "for")
    assert [d.number[-2:] for d in (real, following)] == ["03", "04"]


def test_practice_is_marked_and_goes_with_everything_that_hangs_on_it(cast, draft, client):
    decision = decided(cast, draft, "for", "for", "for")
    assert decision.practice
    page = client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
    assert "Practice: Data literacy" in page
    actions.remove_practice(organization=cast.southgate)
    assert Proposal.objects.exists()
    actions.remove_practice(organization=cast.northfield)
    for model in (Proposal, Ballot, Elector, Vote, Decision):
        assert not model.objects.exists()
    assert cast.council.seats.count() == 4


def test_the_public_list_is_of_one_organization(cast, draft):
    decided(cast, draft, "for", "for", "for")
    assert queries.public_decisions(cast.northfield).count() == 1
    assert queries.public_decisions(cast.southgate).count() == 0


def test_a_record_leads_to_its_meeting_once_everyone_may_read_of_it(cast, client):
    decision = resolved(cast, "Fees stay as they are")
    page = f"/o/northfield/decisions/{decision.number}/"
    meeting = decision.motion.item.meeting
    there = f"/o/northfield/meetings/{meeting.pk}/public/"
    assert there not in client.get(page).content.decode()
    actions.end_meeting(meeting=meeting, actor=cast.chair)
    actions.approve_minutes(meeting=meeting, actor=cast.chair)
    actions.publish_minutes(meeting=meeting, actor=cast.chair)
    assert there in client.get(page).content.decode()


def test_a_record_says_under_which_policy(cast, draft, client):
    decision = decided(cast, draft, "for", "for", "for")
    edition = draft.version.policy_edition or type(draft.version).objects.get().policy_edition
    page = client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
    assert f"edition {edition} of the policy" in page
