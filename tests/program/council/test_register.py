"""Decisions: conditions, deferral, bulk publication, reconsideration, and the register with its files."""

import csv
import io
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries
from gradatim.program.council.actions import Wanted
from gradatim.program.council.models import Condition, Decision, Proposal
from tests.program.council.acts import close, decided, propose, refused
from tests.program.council.test_meetings import begin, plan
from tests.program.council.test_pages import asked, text

ROOT = "/o/northfield/decisions"
ATOM = "{http://www.w3.org/2005/Atom}"
REGISTER = 9  # queries of its fullest page


@pytest.fixture
def carried(cast, ballot):
    return close(cast, ballot, "for", "for", "against")


def version():
    return Version.objects.get()


def with_conditions(cast, ballot, *wanted):
    decision = actions.decide(
        ballot=ballot, rationale="Good, but.", outcome="conditions", conditions=wanted, actor=cast.chair
    )
    return actions.publish(decision=decision, actor=cast.chair)


def test_conditions_before_the_start_hold_the_approval_back(cast, carried, client):
    first, second = (
        Wanted("Name a second assessor.", before_start=True),
        Wanted("Find a mentor.", before_start=True),
    )
    decision = with_conditions(cast, carried, first, second, Wanted("Report after a year."))
    page = client.get(f"{ROOT}/{decision.number}/").content.decode()
    assert "Nothing is issued yet" in page
    assert (version().state, version().issuable) == ("in_review", False)
    conditions = list(decision.conditions.all())
    refused("own-proposal", actions.meet_condition, condition=conditions[0], note="x", actor=cast.manager)
    refused("permission", actions.meet_condition, condition=conditions[0], note="x", actor=cast.member)
    assert refused(
        "row-invalid", actions.meet_condition, condition=conditions[0], note=" ", actor=cast.chair
    ).field
    actions.meet_condition(condition=conditions[0], note="Tom.", actor=cast.chair)
    assert not version().issuable
    refused("closed", actions.meet_condition, condition=conditions[0], note="Again.", actor=cast.chair)
    actions.meet_condition(condition=conditions[1], note="Ann.", actor=cast.chair)
    assert version().issuable
    assert version().decision_number == decision.number
    actions.meet_condition(condition=conditions[2], note="Reported.", actor=cast.chair)
    assert not queries.conditions_waiting(cast.northfield)
    page = client.get(f"{ROOT}/{decision.number}/").content.decode()
    assert "Nothing is issued yet" not in page
    assert "Reported." in page


def test_other_conditions_are_tracked_and_hold_nothing_back(cast, carried):
    decision = with_conditions(cast, carried, Wanted("Report after a year.", due=timezone.localdate()))
    assert version().issuable
    assert [c.decision for c in queries.conditions_waiting(cast.northfield)] == [decision]


def test_a_condition_met_while_the_decision_is_held_approves_nothing(cast, carried):
    held = actions.decide(
        ballot=carried,
        rationale="x",
        outcome="conditions",
        conditions=[Wanted("Name one.", before_start=True)],
        actor=cast.chair,
    )
    actions.meet_condition(condition=held.conditions.get(), note="Done.", actor=cast.chair)
    assert not version().issuable
    actions.publish(decision=held, actor=cast.chair)
    assert version().issuable


@pytest.mark.parametrize(
    ("outcome", "conditions", "kind", "notation"),
    [
        ("conditions", [], "achievement", ""),
        ("conditions", [Wanted("  ")], "achievement", ""),
        ("approved", [Wanted("Name one.")], "achievement", ""),
        ("approved", [], "transcript", ""),
        ("approved", [], "achievement", "Data literacy (40 h)"),
    ],
)
def test_a_decision_that_contradicts_itself(cast, carried, outcome, conditions, kind, notation):
    refused(
        "row-invalid",
        actions.decide,
        ballot=carried,
        rationale="x",
        outcome=outcome,
        conditions=conditions,
        kind=kind,
        notation=notation,
        actor=cast.chair,
    )
    assert not Decision.objects.exists()


def test_a_transcript_notation(cast, carried, client):
    decision = actions.decide(
        ballot=carried, rationale="x", kind="transcript", notation="Data literacy, 40 h", actor=cast.chair
    )
    actions.publish(decision=decision, actor=cast.chair)
    assert "Data literacy, 40 h" in client.get(f"{ROOT}/{decision.number}/").content.decode()


def test_what_is_deferred_is_with_the_council_again(cast, ballot):
    lost = close(cast, ballot, "against", "against", "for")
    until = timezone.localdate() + timedelta(days=30)
    decision = actions.decide(
        ballot=lost,
        rationale="Wait for the survey.",
        outcome="deferred",
        deferred_until=until,
        actor=cast.chair,
    )
    actions.publish(decision=decision, actor=cast.chair)
    proposal = Proposal.objects.get()
    assert (proposal.state, version().state, decision.deferred_until) == ("submitted", "in_review", until)
    refused("closed", actions.reconsider, decision=decision, reason="x", actor=cast.member)
    refused("put-off", actions.open_ballot, proposal=proposal, actor=cast.chair)
    actions.take_up(proposal=proposal, actor=cast.chair)
    again = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), "for", "for", "for")
    second = actions.decide(ballot=again, rationale="Survey is in.", actor=cast.chair)
    actions.publish(decision=second, actor=cast.chair)
    assert version().issuable
    assert queries.decision_of(Proposal.objects.get()) == second


def test_held_decisions_are_published_together_or_not_at_all(cast, signed_in):
    held = []
    for title in ("One", "Two"):
        made = actions.submit(proposal=propose(cast, title=title), actor=cast.manager)
        ballot = close(cast, actions.open_ballot(proposal=made, actor=cast.chair), "for", "for", "for")
        held.append(actions.decide(ballot=ballot, rationale="Good.", actor=cast.chair))
    refused("own-proposal", actions.publish_all, decisions=held, actor=cast.manager)
    held[1].proposal.proposers.add(cast.chair)
    refused("own-proposal", actions.publish_all, decisions=held, actor=cast.chair)
    assert not queries.public_decisions(cast.northfield)
    held[1].proposal.proposers.remove(cast.chair)
    chair = signed_in(cast.chair)
    page = text(chair.get(f"{ROOT}/held/"))
    assert page.count('name="decision"') == 2
    assert "Tick the decisions" in text(chair.post(f"{ROOT}/held/", follow=True))
    done = text(chair.post(f"{ROOT}/held/", {"decision": [d.pk for d in held]}, follow=True))
    assert "2 decisions are public." in done
    assert queries.public_decisions(cast.northfield).count() == 2
    assert 'name="decision"' not in text(signed_in(cast.manager).get(f"{ROOT}/held/"))


def test_a_held_decision_is_seen_by_those_who_run_the_body(cast, carried, signed_in):
    actions.decide(ballot=carried, rationale="Good.", actor=cast.chair)
    assert "Data literacy" in text(signed_in(cast.chair).get(f"{ROOT}/held/"))
    page = text(signed_in(cast.member).get(f"{ROOT}/held/"))
    assert "Data literacy" not in page
    assert "No condition waits" in page


def test_conditions_on_pages(cast, signed_in, ballot):
    close(cast, ballot, "for", "for", "for")
    chair, path = signed_in(cast.chair), "/o/northfield/proposals/1/"
    typed = {
        "outcome": "conditions",
        "rationale": "Good, but.",
        "before_start": "Name a second assessor.\n\n",
        "later": "Report after a year.\nAsk employers.",
        "due": "2027-05-01",
    }
    chair.post(f"{path}decide/", typed)
    assert list(Condition.objects.values_list("text", "before_start")) == [
        ("Name a second assessor.", True),
        ("Report after a year.", False),
        ("Ask employers.", False),
    ]
    chair.post(f"{path}publish/")
    page = text(chair.get(f"{ROOT}/held/"))
    assert "nothing is issued until then" in page
    first = Condition.objects.first()
    chair.post(f"/o/northfield/conditions/{first.pk}/met/", {"note": "Tom."})
    assert version().issuable
    assert chair.post("/o/northfield/conditions/999/met/", {"note": "x"}).status_code == 404


@pytest.mark.parametrize("approved", [True, False])
def test_looked_at_again(cast, draft, signed_in, approved):
    votes = ("for", "for", "for") if approved else ("against", "against", "for")
    decision = decided(cast, draft, *votes)
    refused("permission", actions.reconsider, decision=decision, reason="x", actor=cast.learner)
    client, path = signed_in(cast.member), f"{ROOT}/{decision.number}/reconsider/"
    assert 'id="id_reason_error"' in text(client.post(path, {"reason": ""}), 422)
    answer = client.post(path, {"reason": "The survey of May says otherwise."})
    made = Proposal.objects.get(number=2)
    assert answer.url == "/o/northfield/proposals/2/"
    assert list(made.proposers.all()) == [cast.member]
    assert made.version.state == "draft"
    assert (made.version == draft.version) != approved
    decision.refresh_from_db()
    assert decision.reconsidered_as == made
    assert "The survey of May" in text(client.get(f"{ROOT}/{decision.number}/"))
    refused("closed", actions.reconsider, decision=decision, reason="Again.", actor=cast.chair)


def asked_again(cast, draft):
    decision = decided(cast, draft, "against", "against", "for")
    return decision, actions.reconsider(decision=decision, reason="New figures.", actor=cast.member)


def test_who_wrote_a_decision_does_not_alone_admit_that_it_is_looked_at_again(cast, draft, signed_in):
    decision, made = asked_again(cast, draft)
    assert decision.decided_by == cast.chair
    refused("not-admitted", actions.submit, proposal=made, actor=cast.member)
    refused("own-decision", actions.admit, decision=decision, actor=cast.chair)
    refused("permission", actions.admit, decision=decision, actor=cast.member)
    path = f"{ROOT}/{decision.number}/"
    page = text(signed_in(cast.chair).get(path))
    assert "for somebody other than Ruth Alvarez to say" in page
    assert "Admit it" not in page
    client = signed_in(cast.manager)
    assert ("Admit or not", decision.title) in [
        (t.verb, t.title) for t in queries.work(cast.northfield, cast.manager)
    ]
    assert path in text(client.get("/o/northfield/council/work/"))
    assert "Admit it" in text(client.get(path))
    assert "can be sent to the council" in text(client.post(f"{path}admit/", follow=True))
    refused("closed", actions.admit, decision=decision, actor=cast.manager)
    assert actions.submit(proposal=made, actor=cast.member).state == "submitted"


def test_a_request_that_is_not_admitted_says_why_and_may_come_again(cast, draft, signed_in, client):
    decision, made = asked_again(cast, draft)
    path = f"{ROOT}/{decision.number}/"
    manager = signed_in(cast.manager)
    text(manager.post(f"{path}admit/", {"decline": "1", "why": " "}), 409)
    text(manager.post(f"{path}admit/", {"decline": "1", "why": "Nothing is new."}, follow=True))
    made.refresh_from_db()
    assert made.state == "withdrawn"
    client.logout()
    assert "Nothing is new." in text(client.get(path))
    again = actions.reconsider(decision=decision, reason="Now it is.", actor=cast.administrator)
    refused("own-proposal", actions.admit, decision=decision, actor=cast.administrator)
    assert again.number == made.number + 1


def test_a_held_decision_is_not_looked_at_again(cast, carried):
    held = actions.decide(ballot=carried, rationale="x", actor=cast.chair)
    refused("closed", actions.reconsider, decision=held, reason="x", actor=cast.member)


@pytest.fixture
def several(cast):
    for title in ("Apples", "=HYPERLINK(1)", "Pears"):
        decided(cast, propose(cast, title=title), "for", "for", "for")
    return decided(cast, propose(cast, title="Quinces"), "against", "against", "for")


def test_the_register_is_searched(several, client):
    assert "Pears" in text(client.get(f"{ROOT}/"))
    found = text(client.get(f"{ROOT}/?q=apple"))
    assert "Apples" in found
    assert "Pears" not in found
    found = text(client.get(f"{ROOT}/?outcome=rejected&year={timezone.now().year}"))
    assert "Quinces" in found
    assert "Apples" not in found
    assert "No decision fits" in text(client.get(f"{ROOT}/?q=apple&outcome=rejected"))
    for odd in (
        "?year=x&outcome=x&kind=x",
        "?page=99",
        "?q=",
        "?year=0",
        "?year=0001",
        "?year=99999",
        "?year=%D9%A3",
    ):
        text(client.get(f"{ROOT}/{odd}"))


def test_the_register_as_a_table(several, client):
    answer = client.get(f"{ROOT}/register.csv?outcome=approved")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["outcome"] for row in rows] == ["Approved"] * 3
    assert {row["title"][0] for row in rows} == {"P"}  # marked as practice, so never a formula
    assert rows[0]["page"].startswith("http://localhost:8000/o/northfield/decisions/")


def test_a_cell_is_never_a_formula(cast, several, client):
    for start in ("=", "\t=", "\n="):
        Decision.objects.update(title=f"{start}1+1")
        assert f"'{start}1+1" in client.get(f"{ROOT}/register.csv").content.decode()


def test_the_feed(several, client):
    answer = client.get(f"{ROOT}/feed.atom")
    feed = ET.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4
    assert "Quinces" in entries[0].findtext(f"{ATOM}title")
    assert entries[0].findtext(f"{ATOM}id") == f"http://localhost:8000{ROOT}/{several.number}/"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/feed.atom")


def test_the_register_asks_no_more_for_more_decisions(cast, draft, client):
    decided(cast, draft, "for", "for", "for")
    paths = [f"{ROOT}/", f"{ROOT}/register.csv", f"{ROOT}/feed.atom"]
    few = [asked(client, path) for path in paths]
    for title in ("One", "Two"):
        decided(cast, propose(cast, title=title), "for", "for", "for")
    assert [asked(client, path) for path in paths] == few
    assert max(few) <= REGISTER


@pytest.fixture
def motion(cast):
    meeting = plan(cast)
    item = actions.add_item(meeting=meeting, kind="discussion", title="Fees", actor=cast.chair)
    begin(cast, meeting)
    made = actions.make_motion(
        item=item, text="The fee is 30 dollars.", moved_by=cast.member, actor=cast.chair
    )
    return actions.second_motion(motion=made, seconded_by=cast.chair, actor=cast.chair)


def test_a_carried_motion_is_a_decision_about_a_policy(cast, motion, client):
    record = {"motion": motion, "kind": "policy", "rationale": "Few can pay more."}
    refused("closed", actions.record_motion, actor=cast.chair, **record)
    votes = {cast.chair: "for", cast.member: "for", cast.second_member: "against"}
    actions.settle_motion(motion=motion, how="vote", votes=votes, actor=cast.chair)
    refused("permission", actions.record_motion, actor=cast.member, **record)
    for wrong in ({"kind": "achievement"}, {"rationale": " "}):
        assert refused("row-invalid", actions.record_motion, actor=cast.chair, **(record | wrong)).field
    decision = actions.record_motion(actor=cast.chair, **record)
    address = f"{ROOT}/{decision.number}/"
    assert client.get(address).status_code == 404
    refused("permission", actions.publish, decision=decision, actor=cast.member)
    actions.publish(decision=decision, actor=cast.chair)
    page = text(client.get(address))
    for words in ("Practice: Fees", "The fee is 30 dollars.", "2 for, 1 against.", "Few can pay more."):
        assert words in page
    assert "Practice: Fees" in text(client.get(f"{ROOT}/?kind=policy"))
    assert "Fees" in client.get(f"{ROOT}/feed.atom").content.decode()
    refused("closed", actions.record_motion, actor=cast.chair, **record)
    refused("closed", actions.reconsider, decision=decision, reason="x", actor=cast.member)


def test_a_motion_is_written_down_on_pages_and_goes_with_practice(cast, motion, signed_in):
    actions.settle_motion(motion=motion, how="consent", actor=cast.chair)
    chair, meeting = signed_in(cast.chair), motion.item.meeting_id
    path = f"/o/northfield/meetings/{meeting}/motions/{motion.pk}/decision/"
    assert "public" in text(chair.post(path, {"kind": "transcript"}), 422)
    page = text(chair.post(path, {"kind": "transcript", "rationale": "Asked by the registrar."}, follow=True))
    assert "(held)" in page
    made = Decision.objects.get()
    assert made.notation == "The fee is 30 dollars."
    assert "Fees" in text(chair.get(f"{ROOT}/held/"))
    chair.post(f"{ROOT}/held/", {"decision": [made.pk]})
    assert "Nobody objected." in text(chair.get(f"{ROOT}/{made.number}/"))
    actions.remove_practice(organization=cast.northfield)
    assert not Decision.objects.exists()


def test_a_policy_is_no_proposal(cast, carried):
    no = refused(
        "row-invalid", actions.decide, ballot=carried, rationale="x", kind="policy", actor=cast.chair
    )
    assert no.field == "kind"
