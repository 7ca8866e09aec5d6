"""A body ends: what it touches is shown first, never while a vote is open in it; what it did stays, and it can be brought back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.program.council import actions, packs, queries
from gradatim.program.council.forms import RouteEditor
from gradatim.program.council.models import Body, CharterEdition
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy.models import ChangeList
from tests.program.council.acts import close, earlier, propose, refused

pytestmark = pytest.mark.django_db


def at(name, *rest):
    return reverse(f"council:{name}", args=["northfield", *rest])


@pytest.fixture
def panel(cast):
    """An advisory body that nothing asks yet."""
    made = actions.found_body(
        organization=cast.northfield,
        name="Employer Panel",
        kind="advisory",
        law="advisory",
        charter="It advises.",
        actor=cast.manager,
    )
    actions.fill_seat(body=made, person=cast.assessor, role="external", actor=cast.manager)
    return made


@pytest.fixture
def second(cast):
    """Another body that decides."""
    return earlier(actions.found_body, organization=cast.northfield, name="Second Council",
                   charter="What the Microcredential Council does not decide.", actor=cast.manager)  # fmt: skip


def asking(cast, body):
    """A route that asks a body."""
    stages = [
        {
            "key": "heard",
            "kind": "consultation",
            "name": "Heard",
            "who": "members",
            "body": body.key,
            "days": 5,
        },
        {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
    ]
    return earlier(actions.keep_route, organization=cast.northfield, name="With employers", actor=cast.manager,
                   when=[{"fact": "kind", "is": "equals", "value": "stack"}], stages=stages)  # fmt: skip


def test_before_the_council_has_begun_a_body_is_retired_at_once_and_brought_back(cast, panel, signed_in):
    inside = signed_in(cast.manager)
    assert "Nothing is with it" in inside.get(at("retire", panel.pk)).content.decode()
    page = inside.post(at("retire", panel.pk), follow=True).content.decode()
    panel.refresh_from_db()
    assert panel.retired_on == timezone.localdate()
    assert "It is retired. What it did stays readable." in page
    assert "It advises." in page
    assert "Seats, by kind" not in page
    page = inside.get(at("council")).content.decode()
    assert page.index('id="retired"') < page.index("Employer Panel")
    assert inside.get(at("retire", panel.pk)).url == at("charter", panel.pk)
    inside.post(at("bring_back", panel.pk))
    panel.refresh_from_db()
    assert panel.retired_on is None
    assert panel.seats.get().holder == cast.assessor


def test_a_retired_body_takes_nothing_up(cast, panel, second):
    actions.retire_body(body=panel, actor=cast.manager)
    actions.retire_body(body=cast.council, actor=cast.manager)
    for body in (panel, cast.council):
        body.refresh_from_db()
    starts = timezone.now() + timedelta(days=9)
    refused("closed", actions.plan_meeting, body=panel, starts_at=starts, actor=cast.manager)
    refused("closed", actions.retire_body, body=panel, actor=cast.manager)
    refused("closed", actions.change_body, body=panel, name="x", actor=cast.manager)
    refused("closed", actions.bring_back, body=second, actor=cast.manager)
    refused("permission", actions.bring_back, body=panel, actor=cast.chair)
    refused("permission", actions.retire_body, body=second, actor=cast.chair)
    editor = RouteEditor(organization=cast.northfield, known={})
    assert [name for _key, name in editor.stages[0].fields["body"].choices][1:] == ["Second Council"]
    assert queries.deciding_body(cast.northfield) == second


def test_a_draft_goes_to_the_body_that_decides_now(cast, second, draft):
    actions.retire_body(body=cast.council, actor=cast.manager)
    draft.refresh_from_db()
    assert actions.submit(proposal=draft, actor=cast.manager).body == second


def test_the_only_body_that_decides_stays(cast):
    no = refused("in-use", actions.retire_body, body=cast.council, actor=cast.manager)
    assert "Set up another one that decides first." in no.message


def test_never_while_a_vote_is_open_or_scheduled(cast, second, proposal, signed_in):
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    inside = signed_in(cast.manager)
    page = inside.get(at("retire", cast.council.pk)).content.decode()
    assert "A vote is open:" in page
    assert "Put on the change list that it is retired" not in page
    answer = inside.post(at("retire", cast.council.pk))
    assert answer.status_code == 422
    assert "is open in Microcredential Council. Close it or call it off first" in answer.content.decode()
    assert not ChangeList.objects.exists()
    cast.council.refresh_from_db()
    assert not cast.council.retired
    close(cast, ballot, "for", "for", "for")
    assert "Put on the change list" in inside.get(at("retire", cast.council.pk)).content.decode()


def test_a_route_that_asks_it_is_changed_first(cast, panel):
    route = asking(cast, panel)
    no = refused("in-use", actions.retire_body, body=panel, actor=cast.manager)
    assert "With employers (Heard): this asks Employer Panel." in no.message
    actions.remove_route(route=route, actor=cast.manager)
    assert actions.retire_body(body=panel, actor=cast.manager).retired


def test_the_page_lists_everything_that_is_touched(cast, second, proposal, signed_in):
    draft = propose(cast, title="Another one")
    actions.plan_meeting(body=cast.council, starts_at=timezone.now() + timedelta(days=9), actor=cast.chair)
    page = signed_in(cast.manager).get(at("retire", cast.council.pk)).content.decode()
    for words in (
        "it decides about this proposal, and finishes it",
        f'proposals/{draft.number}/">Another one</a>: is with its proposers',
        "Meeting of",
        "stays planned",
        "Second Council</a>: its charter names this body",
    ):
        assert words in page, words
    end = queries.end_of(cast.council)
    assert (end.waiting, end.held_up) == ([proposal], False)


def test_what_is_with_it_is_finished(cast, second, proposal):
    earlier(actions.retire_body, body=cast.council, actor=cast.manager)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    decision = actions.decide(
        ballot=close(cast, ballot, "for", "for", "for"), rationale="Because.", actor=cast.chair
    )
    assert actions.publish(decision=decision, actor=cast.chair).body == cast.council


def test_a_stage_on_its_way_goes_to_who_decides(cast, panel):
    asking(cast, panel)
    made = actions.propose_text(organization=cast.northfield, body=cast.council, kind="stack", subject="A stack",
                                wording="Three of four.", purpose="x", need="x", actor=cast.manager)  # fmt: skip
    Body.objects.filter(pk=panel.pk).update(retired_on=timezone.localdate())
    actions.submit(proposal=made, actor=cast.manager)
    assert made.stages.get().body == cast.council


def test_once_it_has_begun_it_goes_through_the_change_list(cast, panel, proposal, signed_in, client):
    inside = signed_in(cast.manager)
    page = inside.post(at("retire", panel.pk), follow=True).content.decode()
    assert "It stands on your change list now." in page
    assert "Put on the change list that it is brought back" in page  # as the list makes it
    changes = ChangeList.objects.get()
    panel.refresh_from_db()
    assert not panel.retired
    page = inside.get(at("change_list", changes.pk)).content.decode()
    assert "Retired body: Employer Panel" in page
    made = actions.propose_changes(changes=changes, body=cast.council, subject="The panel ends", purpose="x",
                                   need="x", actor=cast.manager)  # fmt: skip
    assert "Retired body: Employer Panel" in made.wording
    actions.submit(proposal=made, actor=cast.manager)
    ballot = actions.open_ballot(proposal=made, actor=cast.chair)
    decision = actions.decide(
        ballot=close(cast, ballot, "for", "for", "for"), rationale="Nobody came.", actor=cast.chair
    )
    actions.publish(decision=decision, actor=cast.chair)
    panel.refresh_from_db()
    assert panel.retired_on == timezone.localdate()
    assert CharterEdition.objects.filter(body=panel).first().decision_number == decision.number
    page = inside.get(at("charter", panel.pk)).content.decode()
    assert "Retired body: Employer Panel" in page  # beside the edition
    inside.post(at("bring_back", panel.pk))
    back = ChangeList.objects.get(state="open")
    assert "Brought back, body: Employer Panel" in inside.get(at("change_list", back.pk)).content.decode()


def test_a_decision_does_not_end_a_body_while_a_vote_is_open_in_it(cast, panel, second, proposal, signed_in):
    with_it = propose(cast, title="With the second")
    signed_in(cast.manager).post(at("retire", second.pk))
    changes = ChangeList.objects.get()
    made = actions.propose_changes(changes=changes, body=cast.council, subject="One is enough", purpose="x",
                                   need="x", actor=cast.manager)  # fmt: skip
    actions.submit(proposal=made, actor=cast.manager)
    ballot = actions.open_ballot(proposal=made, actor=cast.chair)
    decision = actions.decide(
        ballot=close(cast, ballot, "for", "for", "for"), rationale="Because.", actor=cast.chair
    )
    actions.submit(proposal=with_it, actor=cast.manager)
    other = actions.open_ballot(proposal=with_it, actor=cast.chair)
    type(other).objects.filter(pk=other.pk).update(body=second)
    page = signed_in(cast.manager).get(at("change_list", changes.pk)).content.decode()
    assert "This cannot take effect before that is closed or called off." in page
    refused("in-use", actions.publish, decision=decision, actor=cast.chair)
    second.refresh_from_db()
    assert not second.retired


def test_a_policy_with_a_retired_body_reads_back_and_is_refused_where_a_route_asks_it(cast, panel):
    actions.retire_body(body=panel, actor=cast.manager)
    text = queries.policy_text(cast.northfield)
    assert "key: employer-panel\n  name: Employer Panel\n  retired: true" in text
    known = {"kind": "", "risk": ""}
    found = packs.read(pack.read(text), known)
    assert [entry.retired for entry in found.bodies] == [False, True]
    wrong = text + "\n" if "routes:" in text else text + (
        "routes:\n- key: all\n  name: All\n  stages:\n"
        "  - {key: heard, kind: consultation, name: Heard, who: members, body: employer-panel}\n"
        "  - {key: vote, kind: ballot, name: Vote, who: chair}\n"
    )  # fmt: skip
    no = refused("policy", packs.read, pack.read(wrong), known)
    assert "“All”, stage “Heard”: Employer Panel is retired." in no.message


def test_a_file_that_is_added_founds_no_retired_body_and_retires_one_that_is_here(cast, panel):
    text = """format: gradatim-policy/1
bodies:
  - {name: Employer Panel, retired: true}
  - {name: Long gone, retired: true}
"""
    earlier(actions.take_policy, organization=cast.northfield, policy=pack.read(text), actor=cast.manager)
    panel.refresh_from_db()
    assert panel.retired
    assert not cast.northfield.bodies.filter(name="Long gone").exists()


def test_minutes_and_decisions_of_a_retired_body_stay_readable(cast, second, proposal, signed_in, client):
    decision = actions.publish(
        decision=actions.decide(
            ballot=close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", "for", "for"),
            rationale="Because.",
            actor=cast.chair,
        ),
        actor=cast.chair,
    )
    actions.plan_meeting(body=cast.council, starts_at=timezone.now() + timedelta(days=9), actor=cast.chair)
    earlier(actions.retire_body, body=cast.council, actor=cast.manager)
    assert client.get(at("decision", decision.number)).status_code == 200
    inside = signed_in(cast.manager)
    page = inside.get(at("meetings", cast.council.pk)).content.decode()
    assert "It only meets to finish what is with it." in page
    assert "Plan a meeting" not in page
    for name in ("charter", "seats", "rubric"):
        assert inside.get(at(name, cast.council.pk)).status_code == 200
    assert inside.get(at("routes")).status_code == 200
