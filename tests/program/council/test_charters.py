"""Charters and routes change by decision once the council has begun; appointments never do, and set-up is free."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.program.council import actions, queries, tally
from gradatim.program.council.forms import BodyForm
from gradatim.program.council.models import Body, Decision, Proposal, Route
from gradatim.program.taxonomy import actions as taxonomy_actions
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import ChangeList, Dimension
from tests.program.council.acts import close, propose, refused

pytestmark = pytest.mark.django_db

WORDS = {
    "subject": "A stricter quorum",
    "purpose": "So that more are heard.",
    "need": "Three votes had two members.",
}
VOTE = {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"}


def at(name, *rest, room="council"):
    return reverse(f"{room}:{name}", args=["northfield", *rest])


def typed(body, **changes):
    """The charter's form as it stands, with changes."""
    said = {name: BodyForm(instance=body)[name].value() for name in BodyForm.base_fields}
    said = {name: "on" if value is True else value for name, value in (said | changes).items()}
    return {name: value for name, value in said.items() if value is not None and value is not False}


def listed(signed_in, cast, **changes):
    """A list with a changed charter, as the manager writes it in the page."""
    inside = signed_in(cast.manager)
    answer = inside.post(at("charter", cast.council.pk), typed(cast.council, **changes), follow=True)
    assert "It stands on your change list now." in answer.content.decode(), answer.content.decode()
    return ChangeList.objects.get(organization=cast.northfield, state="open")


def proposed(cast, changes, **more):
    return actions.propose_changes(changes=changes, body=cast.council, actor=cast.manager, **WORDS, **more)


def voted(cast, proposal):
    actions.submit(proposal=proposal, actor=cast.manager)
    closed = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", "for", "for")
    return actions.decide(ballot=closed, rationale="It is needed.", actor=cast.chair)


def test_until_the_first_proposal_is_sent_the_council_is_set_up_freely(cast):
    assert taxonomy.governance(cast.northfield).decided_by == "Microcredential Council"
    propose(cast)  # a draft is not sent
    actions.change_body(
        body=cast.council, name="Council", quorum_numerator=2, quorum_denominator=3, actor=cast.manager
    )
    seat = actions.fill_seat(body=cast.council, person=None, role="student", actor=cast.manager)
    actions.remove_seat(seat=seat, actor=cast.manager)
    actions.found_body(
        organization=cast.northfield, name="Employers", kind="advisory", law="advisory", actor=cast.manager
    )
    (edition,) = cast.council.editions.all()  # set-up leaves one behind
    assert "quorum_numerator: 2" in edition.text
    assert "student" not in edition.text


def test_once_it_has_begun_no_action_gets_around_the_council(cast, proposal):
    window = cast.council.windows.create(name="Fall", opens="2026-01-01", closes="2027-01-01")
    vacant = cast.council.seats.create(role="student", votes=True)
    second = queries.routes(cast.northfield)[1]
    before = queries.policy_text(cast.northfield)
    manager = {"actor": cast.manager}
    criteria = [{"words": "It is short.", "floor": 1}]
    today = timezone.localdate()
    for act in (
        lambda: actions.change_body(body=cast.council, name="Mine", **manager),
        lambda: actions.found_body(organization=cast.northfield, name="Other", **manager),
        lambda: actions.fill_seat(body=cast.council, person=cast.assessor, role="voting", **manager),
        lambda: actions.remove_seat(seat=vacant, **manager),
        lambda: actions.add_window(body=cast.council, name="x", opens=today, closes=today, **manager),
        lambda: actions.remove_window(window=window, **manager),
        lambda: actions.change_rubric(body=cast.council, criteria=criteria, **manager),
        lambda: actions.keep_route(organization=cast.northfield, name="Mine", when=[], stages=[VOTE], actor=cast.chair),
        lambda: actions.remove_route(route=second, **manager),
        lambda: actions.ask_earlier(route=second, **manager),
        lambda: actions.replace_routes(organization=cast.northfield, routes=[
            {"key": "all", "name": "All", "stages": [VOTE]}], **manager),
    ):  # fmt: skip
        refused("needs-decision", act)
    assert queries.policy_text(cast.northfield) == before


def test_the_only_deciding_body_does_not_free_itself_by_advising(cast, proposal):
    actions.withdraw(proposal=proposal, actor=cast.manager)
    said = {"name": "Microcredential Council", "kind": "advisory", "law": "advisory"}
    refused("needs-decision", actions.change_body, body=cast.council, actor=cast.manager, **said)
    cast.council.refresh_from_db()
    assert cast.council.kind == "deciding"


def test_appointments_take_effect_at_once(cast, proposal, signed_in):
    seat = cast.council.seats.filter(holder=cast.second_member).get()
    inside = signed_in(cast.manager)
    inside.post(at("vacate", cast.council.pk, seat.pk))
    seat.refresh_from_db()
    assert seat.holder is None
    page = inside.get(at("seats", cast.council.pk)).content.decode()
    assert "Appointments take effect at once." in page
    assert "Remove the vacant seat" not in page
    assert "Add a seat" not in page
    inside.post(at("seats", cast.council.pk), {"seat": seat.pk, "person": cast.assessor.pk})
    inside.post(at("alternate", cast.council.pk), {"seat": seat.pk, "person": cast.second_member.pk})
    seat.refresh_from_db()
    assert (seat.holder, seat.alternate) == (cast.assessor, cast.second_member)
    assert not ChangeList.objects.exists()


def test_a_charter_is_changed_on_a_list_and_takes_effect_by_the_decision(cast, proposal, signed_in):
    open_before = actions.open_ballot(proposal=proposal, actor=cast.chair)
    changes = listed(signed_in, cast, quorum_numerator=2, quorum_denominator=3, service_days=30)
    cast.council.refresh_from_db()
    assert cast.council.quorum_numerator == 1
    inside = signed_in(cast.manager)
    form = inside.get(at("charter", cast.council.pk))
    assert form.context["form"]["quorum_numerator"].value() == 2
    assert "You see this as your change list makes it." in form.content.decode()
    page = inside.get(at("change_list", changes.pk)).content.decode()
    assert "Changed body: Microcredential Council" in page
    assert "days to a decision" in page
    assert "One vote is open. It is counted by the rules it was opened under." in page
    made = proposed(cast, changes)
    assert made.kind == "policy"
    assert (
        "Quorum: more than two thirds of the voting seats present (until now: more than half" in made.wording
    )
    decision = voted(cast, made)
    actions.publish(decision=decision, actor=cast.chair)
    cast.council.refresh_from_db()
    assert (cast.council.quorum_numerator, cast.council.service_days) == (2, 30)
    open_before.refresh_from_db()
    assert (open_before.quorum_numerator, tally.quorum_needed(queries.count(open_before), open_before)) == (
        1,
        3,
    )
    latest, first = cast.council.editions.all()
    assert (latest.decision_number, first.decision_number) == (decision.number, "")
    shown = signed_in(cast.administrator).get(at("charter", cast.council.pk)).content.decode()
    assert f"Decision {decision.number}" in shown


def test_a_route_is_changed_on_a_list_and_what_is_on_its_way_keeps_its_edition(cast, proposal, signed_in):
    before = queries.find_route(cast.northfield, "full-review")
    assert proposal.route == before
    inside = signed_in(cast.chair)
    page = inside.get(at("route", "full-review"))
    assert "Put it on the change list" in page.content.decode()
    editor = page.context["editor"]
    data = {"edition": "1", "order": ["0", "1"], "save": "1"}
    for form in (editor.head, *editor.stages):
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = "on" if value is True else value
    data[editor.stages[0]["days"].html_name] = "30"
    answer = inside.post(at("route", "full-review"), data, follow=True)
    assert "It stands on your change list now." in answer.content.decode()
    assert "30 days" in answer.content.decode()  # as the list makes it
    assert queries.find_route(cast.northfield, "full-review") == before
    changes = ChangeList.objects.get()
    assert (changes.made_by, changes.whole) == (cast.chair, True)
    page = inside.get(at("change_list", changes.pk)).content.decode()
    assert "Full review: stage 1 “Review” changed" in page
    assert "Days it may take" in page
    assert "One proposal is on its way here. It keeps the edition it started on." in page
    inside.post(at("propose_changes", changes.pk), WORDS)
    made = Proposal.objects.get(changes=changes)
    actions.submit(proposal=made, actor=cast.chair)
    refused("own-proposal", actions.open_ballot, proposal=made, actor=cast.chair)  # the chair proposed it
    ballot = actions.open_ballot(proposal=made, actor=cast.manager)
    for person in (cast.member, cast.second_member, cast.manager):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    closed = actions.close_ballot(ballot=ballot, actor=cast.manager)
    decision = actions.decide(ballot=closed, rationale="More time.", actor=cast.manager)
    actions.publish(decision=decision, actor=cast.manager)
    after = queries.find_route(cast.northfield, "full-review")
    assert (after.edition, after.decision_number) == (2, decision.number)
    assert Route.objects.filter(edition=2).count() == 1  # the others are as they were
    proposal.refresh_from_db()
    assert proposal.route == before
    assert {s.planned.stage.days for s in queries.journey(proposal).marks} == {0, 14}


def test_one_list_takes_the_taxonomy_and_the_council_along(cast, proposal, signed_in):
    listed(signed_in, cast, cadence="monthly")
    inside = signed_in(cast.manager)
    level = Dimension.objects.get(organization=cast.northfield, key="level")
    inside.post(at("new_value", level.pk, room="taxonomy"), {"name": "Master", "shape": "octagon"})
    today = timezone.localdate()
    inside.post(at("add_window", cast.council.pk), {"name": "Spring", "opens": today, "closes": today})
    inside.post(at("places", cast.council.pk), {"do": "more", "role": "student", "votes": "yes"})
    changes = ChangeList.objects.get()
    words = [s.words for s in taxonomy.steps_of(changes)]
    assert words == ["New value: Level, Master", "Changed body: Microcredential Council"]
    (_value, body) = taxonomy.steps_of(changes)
    assert {n for n in body.after if body.before.get(n) != body.after[n]} == {"cadence", "seats", "windows"}
    page = inside.get(at("charter", cast.council.pk))
    (window,) = page.context["body"].windows.all()
    assert f"/windows/{window.pk}/remove/" in page.content.decode()
    inside.post(at("remove_window", cast.council.pk, window.pk))  # the same address in every rehearsal
    changes.refresh_from_db()
    assert "windows" not in taxonomy.steps_of(changes)[1].after
    inside.post(at("take_back_step", changes.pk), {"step": "bodies/microcredential-council"})
    changes.refresh_from_db()
    assert [s.words for s in taxonomy.steps_of(changes)] == ["New value: Level, Master"]
    assert not cast.council.windows.exists()


def test_a_new_body_is_founded_on_a_list_with_its_charter_and_seats(cast, proposal, signed_in):
    inside = signed_in(cast.manager)
    inside.post(at("council"), {"name": "Employer Group", "form": "group", "law": "advisory"})
    assert not Body.objects.filter(name="Employer Group").exists()
    listed_body = next(
        b for b, _ in inside.get(at("council")).context["bodies"] if b.name == "Employer Group"
    )
    inside.post(at("charter", listed_body.pk), typed(listed_body, cadence="term"))
    inside.post(at("places", listed_body.pk), {"do": "more", "role": "chair", "votes": "yes"})
    inside.post(at("places", listed_body.pk), {"do": "more", "role": "external", "votes": "yes"})
    changes = ChangeList.objects.get()
    actions.publish(decision=voted(cast, proposed(cast, changes)), actor=cast.chair)
    made = Body.objects.get(name="Employer Group")
    assert (made.key, made.cadence, made.pk < taxonomy_actions.FAR) == ("employer-group", "term", True)
    assert sorted(made.seats.values_list("role", flat=True)) == ["chair", "external"]
    seat = made.seats.get(role="chair")
    actions.refill_seat(seat=seat, person=cast.employer, actor=cast.manager)  # an appointment


def test_a_typing_mistake_in_a_charter_goes_the_way_of_corrections(cast, proposal, signed_in):
    changes = listed(signed_in, cast, charter="Decides about every microcredential of the College.")
    page = signed_in(cast.manager).get(at("propose_changes", changes.pk)).content.decode()
    assert "It only corrects words" in page
    made = proposed(cast, changes, correction=True)
    assert (made.kind, made.is_text) == ("correction", True)
    actions.submit(proposal=made, actor=cast.manager)
    assert made.stages.get().kind == "sign_off"
    refused("own-proposal", actions.end_stage, stage=made.stages.get(), actor=cast.manager)
    actions.end_stage(stage=made.stages.get(), note="A capital letter.", actor=cast.assessor)
    decision = Decision.objects.get(proposal=made)
    assert (decision.kind, decision.ballot) == ("policy", None)
    cast.council.refresh_from_db()
    assert cast.council.charter.endswith("College.")
    assert cast.council.editions.first().decision_number == decision.number


def test_what_is_counted_is_no_correction(cast, proposal, signed_in):
    changes = listed(signed_in, cast, charter="Other words.")
    made = proposed(cast, changes, correction=True)
    signed_in(cast.manager).post(at("reopen_changes", made.number))
    signed_in(cast.manager).post(
        at("charter", cast.council.pk), typed(cast.council, charter="Other words.", readings=2)
    )
    actions.submit(proposal=made, actor=cast.manager)
    made.refresh_from_db()
    assert (made.kind, made.route.key) == ("policy", "full-review")
    other = listed(signed_in, cast, readings=3)
    assert (
        "It only corrects words"
        not in signed_in(cast.manager).get(at("propose_changes", other.pk)).content.decode()
    )
    refused("kind", proposed, cast, other, correction=True)


def test_a_charter_takes_effect_on_its_day(cast, proposal, signed_in):
    changes = listed(signed_in, cast, cadence="weekly")
    day = timezone.localdate() + timedelta(days=3)
    decision = actions.publish(
        decision=voted(cast, proposed(cast, changes, effective_on=day)), actor=cast.chair
    )
    cast.council.refresh_from_db()
    assert cast.council.cadence == "needed"
    ChangeList.objects.update(effective_on=timezone.localdate())
    actions.come_due(decision_id=decision.pk)
    cast.council.refresh_from_db()
    assert cast.council.cadence == "weekly"
    assert cast.council.editions.first().decision_number == decision.number


def test_a_body_that_is_renamed_stays_the_same_body(cast, proposal, signed_in):
    with taxonomy_actions.rehearsing():  # as decided before
        group = actions.found_body(
            organization=cast.northfield,
            name="Employers",
            kind="advisory",
            law="advisory",
            actor=cast.manager,
        )
    stage = {"key": "heard", "kind": "consultation", "name": "Heard", "who": "members", "body": "Employers"}
    inside = signed_in(cast.manager)
    inside.post(at("charter", group.pk), typed(group, name="Employer Circle"))
    changes = ChangeList.objects.get()
    (step,) = taxonomy.steps_of(changes)
    assert step.words == "Changed body: Employer Circle"
    actions.publish(decision=voted(cast, proposed(cast, changes)), actor=cast.chair)
    group.refresh_from_db()
    assert (group.name, group.key, group.retired) == ("Employer Circle", "employers", False)
    assert queries.stage_body(proposal, stage["body"]) == group


def test_two_lists_that_change_the_same_charter_are_told_before_the_vote(cast, proposal, signed_in):
    changes = listed(signed_in, cast, cadence="weekly")
    made = proposed(cast, changes)
    actions.submit(proposal=made, actor=cast.manager)
    other = listed(signed_in, cast, cadence="monthly")
    actions.publish(decision=voted(cast, proposed(cast, other)), actor=cast.chair)
    refused("conflict", actions.open_ballot, proposal=made, actor=cast.chair)
    actions.return_for_changes(proposal=made, reason="Look again.", actor=cast.chair)
    inside = signed_in(cast.manager)
    page = inside.post(at("reopen_changes", made.number), follow=True).content.decode()
    assert "Choose which of both it shall be." in page
    inside.post(at("settle_changes", changes.pk), {"bodies/microcredential-council": "ours"})
    actions.publish(decision=voted(cast, made), actor=cast.chair)
    cast.council.refresh_from_db()
    assert cast.council.cadence == "weekly"


def test_a_list_is_of_its_writer_and_a_member_writes_none(cast, proposal, signed_in):
    changes = listed(signed_in, cast, cadence="weekly")
    assert signed_in(cast.chair).get(at("change_list", changes.pk)).status_code == 200
    assert signed_in(cast.chair).post(at("give_up_changes", changes.pk)).status_code == 404
    assert signed_in(cast.member).get(at("charter", cast.council.pk)).status_code == 403
    assert signed_in(cast.member).post(at("earlier_route", "minor")).status_code == 403
