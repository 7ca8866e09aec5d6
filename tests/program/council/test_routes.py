"""Proposals on their routes: stages open, end, wait for people, are late; where it goes back to; how it is decided."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries
from gradatim.program.council.models import Decision, Proposal, Route, Stage
from gradatim.program.ground.models import Work
from tests.program.council.acts import decided, earlier, propose, refused

STAGES = [
    {"key": "complete", "kind": "completeness", "name": "Complete?", "who": "office", "days": 5, "remind": 2, "escalate": 3},
    {"key": "told", "kind": "information", "name": "Told", "who": "members"},
    {"key": "employers", "kind": "consultation", "name": "Employers", "who": "members", "days": 14},
    {"key": "tech", "kind": "technical", "name": "Technical check", "who": "named",
     "people": ["tom.lindqvist@northfield.example"], "beside": True},
    {"key": "credit", "kind": "sign_off", "name": "Registrar", "who": "second",
     "when": [{"fact": "credit_bearing", "is": "equals", "value": "yes"}]},
    {"key": "review", "kind": "rubric", "name": "Review", "who": "members", "reviews": 2},
    {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
]  # fmt: skip


def keep(cast, stages=STAGES, **changes):
    given = {"name": "Long way", "when": [], "actor": cast.manager, **changes}
    return earlier(actions.keep_route, organization=cast.northfield, stages=stages, **given)


@pytest.fixture
def long_way(cast):
    return keep(cast)


@pytest.fixture
def sent(cast, long_way):
    return actions.submit(proposal=propose(cast), actor=cast.manager)


def stage(proposal, key):
    return proposal.stages.filter(key=key).latest("id")


def open_now(proposal):
    return [s.key for s in proposal.stages.filter(state="open")]


def end(proposal, key, actor, **said):
    return actions.end_stage(stage=stage(proposal, key), actor=actor, **said)


def review(proposal, actor):
    return actions.review(
        proposal=proposal, scores={"need": 2}, comment="", recommendation="approve", actor=actor
    )


def to_review(cast, proposal):
    end(proposal, "complete", cast.administrator)
    end(proposal, "employers", cast.chair)
    end(proposal, "tech", cast.assessor)


def test_stage_by_stage_to_the_decision(cast, sent):
    assert open_now(sent) == ["complete"]
    refused("route", actions.open_ballot, proposal=sent, actor=cast.chair)
    refused("own-proposal", end, sent, "complete", cast.manager)
    refused("permission", end, sent, "complete", cast.member)
    end(sent, "complete", cast.administrator, note="All there.")
    assert open_now(sent) == ["employers", "tech"]
    assert stage(sent, "told").state == "done"
    assert Work.objects.filter(key__startswith=f"stage:{stage(sent, 'told').pk}:opened").count() == 4
    refused("permission", end, sent, "tech", cast.chair)
    end(sent, "tech", cast.assessor)
    assert open_now(sent) == ["employers"]
    end(sent, "employers", cast.chair)
    assert open_now(sent) == ["review"]  # bears no credit
    review(sent, cast.member)
    assert open_now(sent) == ["review"]
    review(sent, cast.chair)
    assert open_now(sent) == ["vote"]
    refused("closed", end, sent, "review", cast.chair)
    refused("vote", end, sent, "vote", cast.chair)
    ballot = actions.open_ballot(proposal=sent, actor=cast.chair)
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    decision = actions.decide(ballot=ballot, rationale="Good.", actor=cast.chair)
    actions.publish(decision=decision, actor=cast.chair)
    sent.refresh_from_db()
    assert sent.state == "decided"
    assert Version.objects.get().issuable


def test_a_stage_under_a_condition_comes_when_it_holds(cast, long_way):
    made = actions.submit(proposal=propose(cast, credit="credit", credits=3), actor=cast.manager)
    to_review(cast, made)
    assert open_now(made) == ["credit"]
    refused("own-proposal", end, made, "credit", cast.manager)
    end(made, "credit", cast.assessor)
    assert open_now(made) == ["review"]
    assert Decision.objects.count() == 0


def test_reviews_go_to_those_with_the_fewest(cast, long_way):
    first, second = (
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager) for n in range(2)
    )
    to_review(cast, first)
    to_review(cast, second)
    asked = [set(stage(p, "review").people.all()) for p in (first, second)]
    assert [len(people) for people in asked] == [2, 2]
    assert asked[0] != asked[1]
    assert cast.manager not in asked[0] | asked[1]


def test_back_to_an_earlier_stage_and_on_again(cast, sent):
    to_review(cast, sent)
    review(sent, cast.member)
    back = {"proposal": sent, "reason": "Ask the port too.", "actor": cast.chair}
    refused("row-invalid", actions.return_for_changes, **back, to="vote")
    refused("row-invalid", actions.return_for_changes, **back, to="", resume="moon")
    refused("permission", actions.return_for_changes, **back | {"actor": cast.assessor})
    actions.return_for_changes(**back, to="employers")
    sent.refresh_from_db()
    assert sent.state == "submitted"
    assert open_now(sent) == ["employers"]  # what ran beside it is still done
    end(sent, "employers", cast.chair)
    assert open_now(sent) == ["review"]
    review(sent, cast.chair)  # the review given before does not count for this round
    assert open_now(sent) == ["review"]


def test_back_to_its_proposers_and_on_where_it_was(cast, sent):
    to_review(cast, sent)
    actions.return_for_changes(proposal=sent, reason="Shorter.", to="", resume="review", actor=cast.chair)
    assert open_now(sent) == []
    sent.refresh_from_db()
    assert (sent.state, sent.version.state) == ("returned", "draft")
    actions.submit(proposal=sent, actor=cast.manager)
    assert open_now(sent) == ["review"]
    actions.return_for_changes(proposal=sent, reason="Shorter.", actor=cast.chair)
    actions.submit(proposal=sent, actor=cast.manager)
    assert open_now(sent) == ["complete"]


def test_someone_a_stage_waits_for_returns_it(cast, sent):
    end(sent, "complete", cast.administrator)
    returned = actions.return_for_changes(proposal=sent, reason="No licence.", actor=cast.assessor)
    assert returned.state == "returned"


def test_others_are_asked_without_losing_those_who_are(cast, sent):
    row = stage(sent, "complete")
    refused("own-proposal", actions.ask_people, stage=row, people=[cast.manager], actor=cast.chair)
    refused("outsider", actions.ask_people, stage=row, people=[cast.employer], actor=cast.chair)
    refused("permission", actions.ask_people, stage=row, people=[cast.assessor], actor=cast.member)
    actions.ask_people(stage=row, people=[cast.assessor], actor=cast.chair)
    refused("permission", end, sent, "complete", cast.administrator)
    actions.ask_people(stage=row, people=[cast.member], add=True, actor=cast.chair)
    assert set(row.people.all()) == {cast.assessor, cast.member}
    assert Work.objects.filter(key__startswith=f"stage:{row.pk}:asked").count() == 2
    assert waits(cast, cast.member) == waits(cast, cast.assessor) == ["complete"]
    assert waits(cast, cast.administrator) == []
    end(sent, "complete", cast.member)


NAMES = {one["name"]: one["key"] for one in STAGES}


def waits(cast, person):
    return [NAMES[task.why] for task in queries.work(cast.northfield, person) if task.why in NAMES]


def test_stages_wait_for_those_the_route_names(cast, sent):
    assert waits(cast, cast.administrator) == ["complete"]
    assert waits(cast, cast.manager) == []  # the proposer
    assert waits(cast, cast.member) == []
    end(sent, "complete", cast.administrator)
    assert waits(cast, cast.assessor) == ["tech"]
    assert waits(cast, cast.outsider) == []


def test_reminders_late_mails_and_windows_that_end_by_themselves(cast, sent):
    row, now = stage(sent, "complete"), timezone.now()
    assert actions.run_stages(now=now + timedelta(days=2)) == 0
    assert actions.run_stages(now=now + timedelta(days=4)) == 1
    mails = Work.objects.filter(key__startswith=f"stage:{row.pk}:")
    assert [m.payload["to"] for m in mails] == [cast.administrator.email]
    assert actions.run_stages(now=now + timedelta(days=4)) == 0
    assert actions.run_stages(now=now + timedelta(days=9)) == 1
    late = {m.payload["to"] for m in mails.filter(key__contains=":late:")}
    assert late == {cast.chair.email, cast.administrator.email}
    end(sent, "complete", cast.administrator)
    assert actions.run_stages(now=now + timedelta(days=15)) == 1
    assert stage(sent, "employers").note == "The window is over."
    assert open_now(sent) == ["tech"]


def test_another_date_moves_the_mails_too(cast, sent):
    row = stage(sent, "complete")
    before = row.remind_at
    moved = actions.change_due(stage=row, due_at=row.due_at + timedelta(days=10), actor=cast.chair)
    assert moved.remind_at == before + timedelta(days=10)
    refused("permission", actions.change_due, stage=row, due_at=None, actor=cast.member)
    assert actions.change_due(stage=row, due_at=None, actor=cast.chair).late_at is None


def test_what_is_on_its_way_keeps_the_edition_it_started_on(cast, sent, long_way):
    shorter = keep(cast, STAGES[-1:], route=long_way)
    assert (shorter.edition, shorter.current) == (2, True)
    refused("conflict", keep, cast, STAGES[-1:], route=long_way)
    to_review(cast, sent)
    assert open_now(sent) == ["review"]
    assert open_now(actions.submit(proposal=propose(cast, title="Next"), actor=cast.manager)) == ["vote"]


def test_one_route_stays_for_everything_else(cast, draft):
    full = queries.find_route(cast.northfield, "full-review")
    refused("in-use", actions.remove_route, route=full, actor=cast.manager)
    only = [{"fact": "risk", "is": "equals", "value": "high"}]
    refused("in-use", keep, cast, list(full.stages), route=full, when=only, name="Full")
    own = keep(cast)
    assert next(iter(queries.routes(cast.northfield))) == own
    earlier(actions.remove_route, route=full, actor=cast.chair)
    assert queries.find_route(cast.northfield, "full-review") is None
    refused("permission", actions.remove_route, route=own, actor=cast.member)


def test_routes_are_asked_in_their_order(cast, draft):
    keys = [r.key for r in queries.routes(cast.northfield)]
    earlier(actions.ask_earlier, route=queries.find_route(cast.northfield, keys[1]), actor=cast.manager)
    assert [r.key for r in queries.routes(cast.northfield)][:2] == [keys[1], keys[0]]


def test_routes_are_taken_in_as_plain_data_all_or_nothing(cast, draft):
    plain = [{"key": "one", "name": "One", "stages": STAGES}]
    refused("row-invalid", actions.replace_routes, organization=cast.northfield, actor=cast.manager,
            routes=[{**plain[0], "when": [{"fact": "risk", "is": "present"}]}])  # fmt: skip
    refused(
        "permission", actions.replace_routes, organization=cast.northfield, actor=cast.member, routes=plain
    )
    assert len(queries.routes(cast.northfield)) == 6
    actions.replace_routes(organization=cast.northfield, actor=cast.manager, routes=plain)
    assert [(r.key, r.stages) for r in queries.routes(cast.northfield)] == [("one", STAGES)]
    out = queries.routes_as_data(cast.northfield)
    assert out == [{"key": "one", "name": "One", "when": [], "stages": STAGES}]
    actions.replace_routes(organization=cast.northfield, actor=cast.manager, routes=out)
    assert queries.routes_as_data(cast.northfield) == out


def approved(cast):
    """An approved first version, and the draft of the next one."""
    version = decided(cast, propose(cast), "for", "for", "for").proposal.version
    return achievements.new_version(version=Version.objects.get(pk=version.pk), actor=cast.manager)


def change(cast, version, kind):
    return actions.propose(
        organization=cast.northfield, body=cast.council, version=version, kind=kind,
        purpose="p", need="n", actor=cast.manager,
    )  # fmt: skip


def test_a_correction_takes_a_second_person_and_nothing_else(cast):
    made = change(cast, approved(cast), "correction")
    actions.submit(proposal=made, actor=cast.manager)
    assert open_now(made) == ["second"]
    refused("own-proposal", end, made, "second", cast.manager)
    end(made, "second", cast.assessor, note="A letter was missing.")
    made.refresh_from_db()
    decision = made.decisions.get()
    assert (made.state, decision.rationale) == ("decided", "A letter was missing.")
    assert decision.published_at
    assert decision.ballot is None
    assert made.version.issuable


def test_a_clarification_takes_a_notice_window_and_the_chair(cast):
    made = actions.submit(proposal=change(cast, approved(cast), "clarification"), actor=cast.manager)
    assert open_now(made) == ["notice"]
    actions.run_stages(now=timezone.now() + timedelta(days=11))
    assert open_now(made) == ["chair"]
    refused("permission", end, made, "chair", cast.member)
    end(made, "chair", cast.chair)
    made.refresh_from_db()
    assert made.state == "decided"


def test_a_minor_change_is_a_consent_item(cast):
    made = actions.submit(proposal=change(cast, approved(cast), "minor"), actor=cast.manager)
    end(made, "complete", cast.administrator)
    assert open_now(made) == ["vote"]
    assert queries.is_consent(made)


def test_retired_by_a_decision(cast):
    decided(cast, propose(cast), "for", "for", "for")
    version = Version.objects.get()
    made = change(cast, version, "retire")
    refused("in-use", change, cast, version, "retire")
    actions.submit(proposal=made, actor=cast.manager)
    end(made, "complete", cast.administrator)
    ballot = actions.open_ballot(proposal=made, actor=cast.chair)
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    decision = actions.decide(ballot=ballot, rationale="Nobody asks for it.", actor=cast.chair)
    actions.publish(decision=decision, actor=cast.chair)
    assert Version.objects.get().state == "retired"


def test_a_kind_fits_its_version(cast):
    first = achievements.draft(organization=cast.northfield, title="T", description="D", actor=cast.manager)
    refused("kind", change, cast, first, "correction")
    refused("kind", change, cast, first, "retire")
    refused("kind", change, cast, first, "party")
    following = approved(cast)
    refused("kind", change, cast, following, "new")
    assert change(cast, following, "").kind == Proposal.Kind.SUBSTANTIVE


def test_a_recognition_badge_takes_the_light_route(cast):
    from gradatim.program.web.demo import program  # noqa: PLC0415 - only here

    what = {**program.DATA_LITERACY, "assessment": ""}
    made = actions.submit(
        proposal=program._propose(cast, what, "recognition", "foundation"), actor=cast.manager
    )
    assert open_now(made) == ["chair"]
    way = queries.journey(made)
    assert "risk: is “low”; found: “low”" in [str(step) for step in way.choice.why]
    assert way.choice.way.key == "recognition-badge"


def test_withdrawn_leaves_nothing_open(cast, sent):
    actions.withdraw(proposal=sent, actor=cast.manager)
    assert open_now(sent) == []
    assert Stage.objects.get().state == "closed"


def test_two_bodies_one_after_the_other(cast):
    senate = earlier(
        actions.found_body, organization=cast.northfield, name="Senate", actor=cast.administrator
    )
    earlier(actions.fill_seat, body=senate, person=cast.assessor, role="chair", actor=cast.administrator)
    keep(cast, [
        {"key": "council", "kind": "ballot", "name": "Council", "who": "chair"},
        {"key": "senate", "kind": "ballot", "name": "Senate", "who": "chair", "body": "Senate"},
    ])  # fmt: skip
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    first = actions.open_ballot(proposal=made, actor=cast.chair)
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=first, choice="for", actor=person)
    actions.close_ballot(ballot=first, actor=cast.chair)
    made.refresh_from_db()
    assert (made.state, made.body) == ("submitted", senate)
    refused("route", actions.decide, ballot=first, rationale="Now.", actor=cast.administrator)
    second = actions.open_ballot(proposal=made, actor=cast.assessor)
    actions.cast_vote(ballot=second, choice="for", actor=cast.assessor)
    actions.close_ballot(ballot=second, actor=cast.assessor)
    decision = actions.decide(ballot=second, rationale="Good.", actor=cast.assessor)
    assert decision.outcome == "approved"


def test_editions_stay(cast, long_way):
    keep(cast, STAGES[-1:], route=long_way)
    assert [r.edition for r in queries.editions(long_way)] == [2, 1]
    assert Route.objects.filter(key="long-way", current=True).count() == 1
