"""A proposal before the vote: who may do what with it, what the rules block, reviews, proposing again."""

import pytest

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.council import actions, queries
from gradatim.program.council.models import Body, Proposal, Review
from gradatim.program.council.rubric import CRITERIA
from gradatim.program.people.models import LogEntry
from gradatim.program.web.demo import program
from tests.program.council.acts import decided, earlier, propose, refused

FIELDS = {"purpose": "For staff.", "need": "Nine employers, March 2026."}


def test_a_blocked_proposal_is_not_sent_and_says_what_is_missing(cast):
    made = propose(cast, criteria="")
    assert "show" in refused("rules", actions.submit, proposal=made, actor=cast.manager).message
    made.refresh_from_db()
    assert (made.state, made.submitted_at) == (Proposal.State.DRAFT, None)
    actions.revise_proposal(proposal=made, actor=cast.manager, criteria="A case.", **FIELDS)
    assert actions.submit(proposal=made, actor=cast.manager).state == Proposal.State.SUBMITTED
    assert Version.objects.get(pk=made.version_id).state == Version.State.IN_REVIEW


def test_only_people_who_work_on_the_program_propose(cast):
    for person in (cast.employer, cast.learner, cast.outsider):
        refused(
            "permission",
            actions.propose,
            organization=cast.northfield,
            body=cast.council,
            title="Mine",
            description="Mine.",
            actor=person,
            **FIELDS,
        )
    assert not Achievement.objects.exists()


def test_a_group_that_advises_is_not_proposed_to(cast, proposal):
    group = earlier(
        actions.found_body,
        organization=cast.northfield,
        name="Employers",
        kind="advisory",
        actor=cast.administrator,
    )
    refused(
        "advisory",
        actions.propose,
        organization=cast.northfield,
        body=group,
        title="T",
        description="D",
        actor=cast.manager,
        **FIELDS,
    )
    assert queries.deciding_body(cast.northfield) == cast.council
    refused(
        "in-use",
        actions.change_body,
        body=cast.council,
        name="Council",
        kind="advisory",
        actor=cast.administrator,
    )
    assert Body.objects.get(pk=cast.council.pk).kind == "deciding"


def test_strangers_to_a_proposal_leave_it_alone(cast, draft):
    for act in (actions.submit, actions.withdraw):
        for person in (cast.chair, cast.assessor, cast.outsider):
            refused("permission", act, proposal=draft, actor=person)
    refused("permission", actions.revise_proposal, proposal=draft, actor=cast.member, **FIELDS)


def test_what_is_with_the_council_does_not_change(cast, proposal):
    refused("not-draft", actions.revise_proposal, proposal=proposal, actor=cast.manager, **FIELDS)
    refused("not-draft", achievements.revise, version=proposal.version, actor=cast.manager, title="Other")


def test_who_changes_a_proposal_does_not_decide_on_it(cast, draft):
    actions.revise_proposal(proposal=draft, actor=cast.administrator, title="Better", **FIELDS)
    assert set(draft.proposers.all()) == {cast.manager, cast.administrator}
    actions.submit(proposal=draft, actor=cast.manager)
    refused("own-proposal", actions.open_ballot, proposal=draft, actor=cast.administrator)


def test_returned_changed_and_sent_again(cast, proposal):
    give_back = {"proposal": proposal, "reason": "Say who assesses.", "actor": cast.chair}
    refused("row-invalid", actions.return_for_changes, **give_back | {"reason": " "})
    refused("own-proposal", actions.return_for_changes, **give_back | {"actor": cast.manager})
    returned = actions.return_for_changes(**give_back)
    assert (returned.state, returned.returned_reason) == ("returned", "Say who assesses.")
    refused("transition", actions.open_ballot, proposal=proposal, actor=cast.chair)
    actions.revise_proposal(proposal=proposal, actor=cast.manager, criteria="Two assessors.", **FIELDS)
    again = actions.submit(proposal=proposal, actor=cast.manager)
    assert (again.state, again.returned_reason) == ("submitted", "")


def test_withdrawn_for_good_but_its_draft_can_be_proposed_again(cast, proposal):
    actions.withdraw(proposal=proposal, actor=cast.manager)
    refused("transition", actions.submit, proposal=proposal, actor=cast.manager)
    assert list(queries.unproposed(cast.northfield)) == [proposal.version]
    assert list(queries.unproposed(cast.southgate)) == []
    again = take_up(cast, proposal.version)
    assert (again.number, again.version) == (2, proposal.version)
    assert list(queries.unproposed(cast.northfield)) == []


def take_up(cast, version, actor=None):
    return actions.propose(
        organization=cast.northfield,
        body=cast.council,
        version=version,
        actor=actor or cast.manager,
        **FIELDS,
    )


def test_a_draft_has_one_open_proposal(cast, draft):
    refused(
        "in-use",
        actions.propose,
        organization=cast.northfield,
        body=cast.council,
        version=draft.version,
        actor=cast.manager,
        **FIELDS,
    )


def test_the_draft_of_another_organization_is_not_proposed(cast):
    theirs = achievements.draft(
        organization=cast.southgate, title="Theirs", description="Theirs.", actor=cast.outsider
    )
    refused(
        "permission",
        actions.propose,
        organization=cast.northfield,
        body=cast.council,
        version=theirs,
        actor=cast.manager,
        **FIELDS,
    )


def test_what_has_to_be_revised_is_proposed_again_and_approved(cast, draft):
    first = decided(cast, draft, "against", "against", "for", outcome="revise")
    again = take_up(cast, Version.objects.get(pk=draft.version_id))
    second = decided(cast, again, "for", "for", "for")
    version = Version.objects.get(pk=draft.version_id)
    assert version.issuable
    assert version.decision_number == second.number != first.number


def test_the_next_version_goes_the_same_way(cast, draft):
    decided(cast, draft, "for", "for", "for")
    following = achievements.new_version(version=Version.objects.get(pk=draft.version_id), actor=cast.manager)
    assert list(queries.unproposed(cast.northfield)) == [following]
    assert queries.newest_about(following) == draft
    decided(cast, take_up(cast, following), "for", "abstain", "for")
    states = dict(Version.objects.values_list("number", "state"))
    assert states == {1: "approved", 2: "approved"}


def test_reviews_are_scored_by_the_rubric(cast, proposal):
    def review(actor, scores, recommendation="approve"):
        return actions.review(
            proposal=proposal, scores=scores, comment="", recommendation=recommendation, actor=actor
        )

    assert len(CRITERIA) == 12
    review(cast.member, {"purpose": 3, "need": 0})
    review(cast.chair, {"purpose": 2}, "revise")
    changed = review(cast.chair, {"purpose": 1}, "reject")
    assert Review.objects.count() == 2
    assert changed.recommendation == "reject"
    table = [(s.mean, s.least, s.low, s.reviews) for s in queries.scores(proposal)]
    assert table == [(2.0, 1, False, 2), (0.0, 0, True, 1)]
    for scores in ({"purpose": 4}, {"purpose": -1}, {"charm": 1}):
        refused("row-invalid", review, actor=cast.member, scores=scores)
    refused("row-invalid", review, actor=cast.member, scores={}, recommendation="maybe")
    refused("own-proposal", review, actor=cast.manager, scores={})
    for person in (cast.administrator, cast.assessor, cast.outsider):
        refused("permission", review, actor=person, scores={})


def test_reviews_are_asked_of_members_who_did_not_propose(cast, proposal):
    def waits(person):
        return [task.number for task in queries.work(cast.northfield, person) if task.verb == "Review"]

    assert waits(cast.member) == [proposal.number]
    assert waits(cast.manager) == waits(cast.assessor) == []
    actions.review(proposal=proposal, scores={}, comment="", recommendation="approve", actor=cast.member)
    assert waits(cast.member) == []
    assert [p.reviewed for p in queries.proposals_waiting(cast.northfield)] == [1]


def test_a_review_comes_before_the_decision(cast, draft):
    decided(cast, draft, "for", "for", "for")
    refused(
        "closed",
        actions.review,
        proposal=draft,
        scores={},
        comment="",
        recommendation="approve",
        actor=cast.member,
    )


def test_each_act_is_in_the_log(cast, proposal):
    actions.return_for_changes(proposal=proposal, reason="More.", actor=cast.chair)
    actions.withdraw(proposal=proposal, actor=cast.manager)
    lines = LogEntry.objects.filter(target="proposal:1").order_by("sequence")
    assert [(line.verb.partition(".")[2], line.actor) for line in lines] == [
        ("started", cast.manager),
        ("submitted", cast.manager),
        ("returned", cast.chair),
        ("withdrawn", cast.manager),
    ]


@pytest.mark.parametrize("what", [program.DATA_LITERACY, program.SOLAR], ids=["first", "second"])
def test_the_rules_say_why(cast, what):
    made = propose(cast, **what)
    for finding in queries.findings(made):
        assert finding.trace
        assert finding.severity in {"block", "warn", "advise"}
        assert finding.passed or finding.message
