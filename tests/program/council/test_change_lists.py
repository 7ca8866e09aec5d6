"""The taxonomy and the policy change by decision: a list is written in the pages, proposed, voted on, in force."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gradatim.program.council import actions, examples, queries
from gradatim.program.council.models import Body, Decision, Proposal
from gradatim.program.people import actions as people
from gradatim.program.taxonomy import actions as taxonomy_actions
from gradatim.program.taxonomy import changes, pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import ChangeList, Dimension, Edition, Rule, Value
from gradatim.program.web import work
from gradatim.program.web.demo import program
from tests.program.council.acts import close, propose, refused

pytestmark = pytest.mark.django_db

WORDS = {
    "subject": "A fourth level",
    "purpose": "For those who teach others.",
    "need": "Three units ask for it.",
}


def at(name, *rest, room="taxonomy"):
    return reverse(f"{room}:{name}", args=["northfield", *rest])


def written(signed_in, cast):
    """A list with a new level and a rule about it, as the manager writes it in the pages."""
    inside = signed_in(cast.manager)
    level = Dimension.objects.get(organization=cast.northfield, key="level")
    page = inside.get(at("dimension", level.pk)).content.decode()
    assert "Microcredential Council decides about this." in page
    answer = inside.post(at("new_value", level.pk), {"name": "Master", "shape": "octagon"}, follow=True)
    assert "It stands on your change list now." in answer.content.decode()
    typed = {
        "name": "A master class takes 60 hours.", "severity": "block", "scope_level": ["master"],
        "expression-0-fact": "workload_hours", "expression-0-is": "at-least", "expression-0-value": "60",
        "message": "Give at least 60 hours.", "moments": ["edit", "submit", "approval", "issue"], "active": "on",
    }  # fmt: skip
    page = inside.get(at("new_rule")).content.decode()
    assert 'name="scope_level" value="master"' in page  # what stands on the list can be built upon
    seen = inside.post(at("new_rule"), typed)
    inside.post(at("new_rule"), {**typed, "seen": seen.context["seal"]})
    assert not Value.objects.filter(key="master").exists()
    return ChangeList.objects.get(organization=cast.northfield, state="open")


def proposed(signed_in, cast, **more):
    found = written(signed_in, cast)
    inside = signed_in(cast.manager)
    answer = inside.post(at("propose_changes", found.pk, room="council"), {**WORDS, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Proposal.objects.get(changes=found)


def voted(cast, proposal, *choices):
    """Sent, voted on and decided; held."""
    actions.submit(proposal=proposal, actor=cast.manager)
    closed = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), *choices)
    return actions.decide(ballot=closed, rationale="It is needed.", actor=cast.chair)


def test_a_new_level_is_prepared_in_the_page_and_takes_effect_by_the_decision(cast, signed_in):
    proposal = proposed(signed_in, cast)
    assert proposal.kind == "taxonomy"
    assert "**New value: Level, Master**" in proposal.wording
    assert "outline: Octagon" in proposal.wording
    page = signed_in(cast.chair).get(at("change_list", proposal.changes_id, room="council")).content.decode()
    assert "New rule: A master class takes 60 hours." in page
    assert "Nothing changes for the definitions that are there." in page
    decision = voted(cast, proposal, "for", "for", "for")
    assert decision.kind == "policy"
    assert not Value.objects.filter(key="master").exists()
    actions.publish(decision=decision, actor=cast.chair)
    master = Value.objects.get(dimension__organization=cast.northfield, key="master")
    assert (master.shape, master.pk < 2**40) == ("octagon", True)
    assert Rule.objects.get(key="a-master-class-takes-60-hours").scope == {"level": ["master"]}
    edition = taxonomy.editions(cast.northfield).first()
    assert (edition.change, edition.decision_number) == ("changes.in-force", decision.number)
    assert f"/decisions/{decision.number}/" in signed_in(cast.member).get(at("editions")).content.decode()
    proposal.changes.refresh_from_db()
    assert proposal.changes.state == "done"
    short = program._propose(cast, {**program.DATA_LITERACY, "workload_hours": 20}, "skill", "master")
    refused("rules", actions.submit, proposal=short, actor=cast.manager)


def test_what_is_rejected_or_withdrawn_changes_nothing(cast, signed_in):
    before = taxonomy.taxonomy_text(cast.northfield)
    proposal = proposed(signed_in, cast)
    decision = voted(cast, proposal, "against", "against", "for")
    actions.publish(decision=decision, actor=cast.chair)
    assert ChangeList.objects.get().state == "dropped"
    inside = signed_in(cast.manager)
    inside.post(at("take_up_changes", proposal.changes_id, room="council"))
    again = ChangeList.objects.get(state="open")
    other = actions.propose_changes(changes=again, body=cast.council, actor=cast.manager, **WORDS)
    actions.withdraw(proposal=other, actor=cast.manager)
    again.refresh_from_db()
    assert again.state == "dropped"
    assert taxonomy.taxonomy_text(cast.northfield) == before
    assert Edition.objects.filter(organization=cast.northfield).count() == 1


def renamed(cast, name, actor=None, **how):
    """Another change of the level that is called advanced, by a decision elsewhere."""
    value = Value.objects.get(dimension__organization=cast.northfield, key="advanced")
    return taxonomy_actions.change_value(value=value, description=name, actor=actor or cast.administrator)


def listed_rename(cast):
    value = Value.objects.get(dimension__organization=cast.northfield, key="advanced")
    _v, found = taxonomy_actions.amend(
        organization=cast.northfield,
        actor=cast.manager,
        act=lambda: taxonomy_actions.change_value(value=value, name="Expert", actor=cast.manager),
    )
    return actions.propose_changes(changes=found, body=cast.council, actor=cast.manager, **WORDS)


def test_what_was_changed_meanwhile_is_found_before_the_vote_and_chosen_on_the_list(cast, signed_in):
    proposal = listed_rename(cast)
    actions.submit(proposal=proposal, actor=cast.manager)
    renamed(cast, "Something else.")
    text = signed_in(cast.chair).get(at("proposal", proposal.number, room="council")).content.decode()
    assert "Since it was begun, this was changed here in another way:" in text
    said = refused("conflict", actions.open_ballot, proposal=proposal, actor=cast.chair)
    assert "Advanced" in said.message
    actions.return_for_changes(proposal=proposal, reason="Look at it again.", actor=cast.chair)
    proposal.refresh_from_db()
    inside = signed_in(cast.manager)
    refused("conflict", actions.submit, proposal=proposal, actor=cast.manager)
    page = inside.post(at("reopen_changes", proposal.number, room="council"), follow=True).content.decode()
    assert "Choose which of both it shall be." in page
    address = "dimensions/level/values/advanced"
    inside.post(at("settle_changes", proposal.changes_id, room="council"), {address: "ours"})
    actions.submit(proposal=proposal, actor=cast.manager)
    proposal.refresh_from_db()
    assert "name: Expert (until now: Advanced)" in proposal.wording
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert ballot.state == "open"


def test_what_was_changed_between_vote_and_publication_waits_for_a_choice(cast, signed_in):
    proposal = listed_rename(cast)
    decision = voted(cast, proposal, "for", "for", "for")
    renamed(cast, "Something else.")
    refused("conflict", actions.publish, decision=decision, actor=cast.chair)
    inside = signed_in(cast.chair)
    page = inside.get(at("proposal", proposal.number, room="council")).content.decode()
    assert "Publish: what was decided counts" in page
    inside.post(at("publish", proposal.number, room="council"), {"over": "1"})
    value = Value.objects.get(dimension__organization=cast.northfield, key="advanced")
    assert (value.name, value.description == "Something else.") == ("Expert", False)


def test_a_list_takes_effect_on_its_day(cast, signed_in):
    day = timezone.localdate() + timedelta(days=3)
    proposal = proposed(signed_in, cast, effective_on=day.isoformat())
    assert "In force from" in proposal.wording
    decision = actions.publish(decision=voted(cast, proposal, "for", "for", "for"), actor=cast.chair)
    assert ChangeList.objects.get().state == "waiting"
    work.drain()
    assert not Value.objects.filter(key="master").exists()
    ChangeList.objects.update(effective_on=timezone.localdate())
    actions.come_due(decision_id=decision.pk)
    assert Value.objects.filter(key="master").exists()
    assert taxonomy.editions(cast.northfield).first().decision_number == decision.number


def test_a_list_that_does_not_fit_on_its_day_waits_for_the_chair(cast):
    proposal = listed_rename(cast)
    ChangeList.objects.update(effective_on=timezone.localdate() + timedelta(days=3))
    proposal.changes.refresh_from_db()
    decision = actions.publish(decision=voted(cast, proposal, "for", "for", "for"), actor=cast.chair)
    renamed(cast, "Something else.")
    ChangeList.objects.update(effective_on=timezone.localdate())
    actions.come_due(decision_id=decision.pk)
    found = ChangeList.objects.get()
    assert (found.state, "Advanced" in found.problem) == ("waiting", True)
    refused("own-proposal", actions.settle_due, decision=decision, over=True, actor=cast.manager)
    actions.settle_due(decision=decision, over=True, actor=cast.chair)
    assert Value.objects.filter(name="Expert").exists()
    assert ChangeList.objects.get().state == "done"
    refused("closed", actions.settle_due, decision=decision, over=True, actor=cast.chair)


def test_a_list_is_looked_at_again_with_its_proposal(cast, signed_in):
    proposal = proposed(signed_in, cast)
    decision = actions.publish(
        decision=voted(cast, proposal, "against", "against", "against"), actor=cast.chair
    )
    made = actions.reconsider(decision=decision, reason="Two more units ask for it.", actor=cast.manager)
    actions.admit(decision=decision, actor=cast.administrator)
    again = actions.publish(decision=voted(cast, made, "for", "for", "for"), actor=cast.chair)
    assert Value.objects.filter(key="master").exists()
    assert taxonomy.editions(cast.northfield).first().decision_number == again.number


def test_nobody_else_touches_a_list(cast, signed_in):
    found = written(signed_in, cast)
    other = signed_in(cast.administrator)
    assert other.get(at("change_list", found.pk, room="council")).status_code == 200
    for name in ("take_back_step", "settle_changes", "give_up_changes"):
        assert (
            other.post(
                at(name, found.pk, room="council"), {"step": "rules/a-master-class-takes-60-hours"}
            ).status_code
            == 404
        )
    assert other.get(at("propose_changes", found.pk, room="council")).status_code == 404
    refused(
        "permission",
        actions.propose_changes,
        changes=found,
        body=cast.council,
        actor=cast.administrator,
        **WORDS,
    )


def test_without_filled_seats_nobody_decides(cast):
    assert taxonomy.governance(cast.northfield).decided_by == "Microcredential Council"
    seats = list(cast.council.seats.exclude(role="chair").order_by("id"))
    for seat in seats[:2]:
        actions.vacate_seat(seat=seat, actor=cast.administrator)
    assert taxonomy.governance(cast.northfield).decided_by == ""  # two of four are not more than half
    actions.refill_seat(seat=seats[0], person=cast.member, actor=cast.administrator)
    assert taxonomy.governance(cast.northfield).decided_by == "Microcredential Council"
    actions.change_body(body=cast.council, name="Council of Credentials", actor=cast.administrator)
    assert taxonomy.governance(cast.northfield).decided_by == "Council of Credentials"


def uploaded(text, **more):
    return {"file": SimpleUploadedFile("policy.yaml", text.encode()), **more}


def fresh(cast, name):
    """An organization in which nobody decides yet, with the taxonomy that every one starts with."""
    made = people.create_organization(
        name="Northfield College", kind="postsecondary", slug=name, did=f"did:web:{name}.example",
        administrator=cast.administrator,
    )  # fmt: skip
    taxonomy_actions.set_up(organization=made)
    return made


@pytest.mark.parametrize("key", [e.key for e in examples.all_of_them()])
def test_a_policy_written_out_and_taken_in_elsewhere_is_the_same_file(cast, key):
    one, other = fresh(cast, "one"), fresh(cast, "other")
    read = pack.read(examples.text(key), known=taxonomy.value_keys(one))
    actions.take_policy(organization=one, policy=read, actor=cast.administrator)
    taxonomy_actions.allow_directly(organization=one, kinds=["texts"], actor=cast.administrator)
    text = queries.policy_text(one)
    actions.found_body(organization=other, name="In the way", actor=cast.administrator)
    taxonomy_actions.add_dimension(organization=other, name="In the way", actor=cast.administrator)
    actions.take_policy(organization=other, policy=pack.read(text), replace=True, actor=cast.administrator)
    written = queries.policy_text(other)
    if "bodies:" in text:
        assert written == text
    else:  # a file that says nothing about bodies leaves those that are here
        assert written.partition("bodies:")[0] == text


def test_a_policy_takes_the_place_of_another_and_breaks_nothing(cast, signed_in):
    draft = propose(cast)
    text = queries.policy_text(cast.northfield)
    new = text.replace(
        "  - key: intermediate\n    name: Intermediate\n", "  - key: middle\n    name: Middle\n"
    )
    new = new.replace(
        "key: microcredential-council\n  name: Microcredential Council",
        "key: senate\n  name: Senate Committee",
    )
    page = signed_in(cast.manager).post(at("policy", room="council"), uploaded(new, how="replace"))
    said = " ".join(page.content.decode().split())
    assert "New value: Level, Middle" in said
    assert "Retired value: Level, Intermediate" in said
    assert "New body: Senate Committee" in said
    assert "One definition stands here and stays here:" in said
    assert "Microcredential Council decides about the policy." in said
    sealed = {"policy": page.context["form"].initial["policy"], "how": "replace"}
    alone = signed_in(cast.manager).post(at("confirm_policy", room="council"), sealed)
    assert alone.status_code == 409
    assert queries.policy_text(cast.northfield) == text
    bare = signed_in(cast.manager).post(at("confirm_policy", room="council"), {**sealed, "propose": "1"})
    assert bare.status_code == 422
    signed_in(cast.manager).post(at("confirm_policy", room="council"), {**sealed, **WORDS, "propose": "1"})
    proposal = Proposal.objects.get(kind="policy")
    assert proposal.changes.whole
    decision = voted(cast, proposal, "for", "for", "for")
    actions.publish(decision=decision, actor=cast.chair)
    draft.version.refresh_from_db()
    assert (draft.version.level.key, draft.version.level.retired) == ("intermediate", True)
    old = Body.objects.get(name="Microcredential Council")
    assert old.retired
    assert queries.deciding_body(cast.northfield).name == "Senate Committee"
    assert Decision.objects.get(pk=decision.pk).body == old
    refused("advisory", actions.propose_text, organization=cast.northfield, body=old, kind="policy", subject="x",
            wording="y", purpose="", need="", actor=cast.manager)  # fmt: skip


def test_seats_that_are_held_stay(cast):
    text = queries.policy_text(cast.northfield)
    data = pack.read(text)
    data.rest["bodies"][0]["seats"] = [{"role": "chair"}, {"role": "student", "count": 2}]
    for seat in cast.council.seats.filter(constituency="Health and trades"):
        actions.vacate_seat(seat=seat, actor=cast.administrator)
    before, after = actions.policy_after(
        organization=cast.northfield, policy=data, replace=True, actor=cast.administrator
    )
    assert cast.council.seats.count() == 4
    (step,) = changes.steps(changes.apart(before), changes.apart(after))
    kept = [(s["role"], s.get("count", 1)) for s in step.after["seats"]]
    assert sorted(kept) == [("chair", 1), ("student", 2), ("voting", 1), ("voting", 1)]
