"""Policies as files: out and in, previewed in the page; each that comes along is walked from draft to decision."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements import queries as versions
from gradatim.program.council import actions, examples, queries
from gradatim.program.council.models import Body, Proposal, Seat, Stage
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.taxonomy import changes, pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import Dimension, Profile, Rule, Value
from gradatim.program.web.demo import program
from tests.program.council.acts import refused, resolved

pytestmark = pytest.mark.django_db

SMALL = """format: gradatim-policy/1
name: Small
dimensions:
  - name: Audience
    several: true
    values: [{name: Staff}, {name: Pupils, texts: {de: {name: Schüler}}}]
rules:
  - asks: It says for whom.
    severity: block
    then: [audience present]
    message: Choose an audience.
profiles:
  - name: Ours elsewhere
    gaps: Half of it.
    rules: [{asks: It has tags., then: [tags present], message: Add tags., because: Clause 1}]
bodies:
  - name: Microcredential Council
    cadence: monthly
    seats: [{role: chair}, {role: student, constituency: Students, count: 2}]
    windows: [{name: Spring, opens: 2027-01-10, closes: 2027-02-10}]
    rubric: {criteria: [{words: It is needed, floor: 2}, {words: It is good}]}
routes:
  - name: Quick
    when: [audience one-of staff]
    stages: [{key: sign, kind: sign_off, name: Second person, who: second}]
  - name: All else
    stages: [{key: vote, kind: ballot, name: Vote, who: chair}]
"""


def at(name, *rest):
    return reverse(f"council:{name}", args=["northfield", *rest])


def uploaded(text):
    return {"file": SimpleUploadedFile("policy.yaml", text.encode())}


def take(cast, text):
    """Take a policy over, as a meeting decided."""
    read = pack.read(text, known=taxonomy.value_keys(cast.northfield))
    decided = resolved(cast, "A policy")
    actions.take_policy(organization=cast.northfield, policy=read, decision=decided, actor=cast.administrator)


def different(cast, text, *, replace=False):
    """What a policy would still change, in words."""
    read = pack.read(text, known=taxonomy.value_keys(cast.northfield))
    before, after = actions.policy_after(
        organization=cast.northfield, policy=read, replace=replace, actor=cast.administrator
    )
    return [s.words for s in changes.steps(changes.apart(before), changes.apart(after))]


def test_a_policy_is_previewed_then_taken_over_at_once_where_nobody_decides_yet(cast, signed_in):
    for seat in cast.council.seats.exclude(role="chair"):
        actions.vacate_seat(seat=seat, actor=cast.administrator)
    inside = signed_in(cast.manager)
    draft = program._propose(cast, program.DATA_LITERACY, "skill", "intermediate")
    page = inside.post(at("policy"), uploaded(SMALL))
    text = " ".join(page.content.decode().split())
    assert "things would change. Nothing is stored yet." in text
    assert "would be blocked: Choose an audience." in text
    assert str(draft.version) in text
    for said in ("New dimension: Audience", "New value: Audience, Pupils", "New rule: It says for whom.",
                 "Changed body: Microcredential Council", "New route: Quick", "Taken out, route: Full review"):  # fmt: skip
        assert said in text, said
    assert not Dimension.objects.filter(key="audience").exists()
    assert queries.bodies(cast.northfield).get().cadence == "needed"
    inside.post(at("confirm_policy"), {"policy": page.context["form"].initial["policy"]})
    assert [v.key for v in Dimension.objects.get(key="audience").values.all()] == ["staff", "pupils"]
    assert Profile.objects.get(key="ours-elsewhere").gaps == "Half of it."
    body = Body.objects.get(name="Microcredential Council")
    assert body.cadence == "monthly"
    assert body.seats.filter(role="student", holder=None).count() == 2
    assert body.seats.filter(role="chair").get().holder == cast.chair
    assert body.windows.get().closes == date(2027, 2, 10)
    assert [c["floor"] for c in body.rubric.criteria] == [2, 1]
    assert [r.name for r in queries.routes(cast.northfield)] == ["Quick", "All else"]
    again = inside.post(at("policy"), uploaded(SMALL)).content.decode()
    assert "taking it over changes nothing" in again


def test_the_whole_policy_reads_back_as_it_was_written(cast):
    take(cast, SMALL)
    text = queries.policy_text(cast.northfield)
    assert "Ruth" not in text
    there = people.create_organization(
        name="Northfield College", kind="postsecondary", slug="elsewhere", did="did:web:elsewhere.example",
        administrator=cast.administrator,
    )  # fmt: skip
    actions.take_policy(organization=there, policy=pack.read(text), actor=cast.administrator)
    assert queries.policy_text(there) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Choose one of the policies, or a file"),
        (" " * (1024 * 1024 + 1), "1,048,577 bytes"),
        ("format: gradatim-policy/1\nrules: [{asks: A}]", "rules 1: “message” is missing"),
        ("format: gradatim-policy/1\nweather: fine", "“weather” is no section"),
        ("format: gradatim-policy/1\nbodies: [{cadence: monthly}]", "bodies 1, name"),
        ("format: gradatim-policy/1\nbodies: [{name: A, law: none}]", "bodies 1, law"),
        ("format: gradatim-policy/1\nbodies: [{name: A, color: red}]", "“color” is not known"),
        ("format: gradatim-policy/1\nbodies: [{name: A, seats: [{role: king}]}]", "a seat has a role"),
        ("format: gradatim-policy/1\nbodies: [{name: A, seats: [{count: 999}]}]", "a number from 1 to 60"),
        (
            "format: gradatim-policy/1\nbodies: [{name: A, windows: [{opens: 2027-01-01}]}]",
            "each opens on a day",
        ),
        (
            "format: gradatim-policy/1\nbodies: [{name: A, rubric: {criteria: [{floor: 1}]}}]",
            "has words and a floor",
        ),
        ("format: gradatim-policy/1\nroutes: [{name: A, stages: []}]", "at least one stage"),
        (
            "format: gradatim-policy/1\nroutes: [{name: A, when: [mood present], stages: []}]",
            "“mood” cannot be asked",
        ),
    ],
)
def test_a_bad_policy_is_explained(cast, signed_in, text, said):
    answer = signed_in(cast.manager).post(at("policy"), uploaded(text) if text else {})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_changed_preview_is_not_taken_over(cast, signed_in):
    for sealed in ("", "nonsense"):
        assert signed_in(cast.manager).post(at("confirm_policy"), {"policy": sealed}).status_code == 409


def test_nothing_of_a_bad_policy_is_left_behind(cast):
    bad = SMALL.replace("kind: ballot, name: Vote, who: chair", "kind: information, name: Told, who: members")
    with pytest.raises(Refused):
        take(cast, bad)
    assert not Dimension.objects.filter(key="audience").exists()
    refused(
        "permission",
        actions.take_policy,
        organization=cast.northfield,
        policy=pack.read(SMALL),
        actor=cast.member,
    )


@pytest.mark.parametrize("key", [e.key for e in examples.all_of_them()])
def test_every_policy_that_comes_along_can_be_taken_over(cast, key):
    text = examples.text(key)
    read = pack.read(text, known=taxonomy.value_keys(cast.northfield))
    assert read.about
    assert read.source.startswith("https://")
    assert different(cast, text)
    take(cast, text)
    assert different(cast, text) == []


NONCREDIT = {
    "credit": "noncredit",
    "credits": None,
    "credit_course": "",
    "credit_office": "",
    "credit_basis": "",
}


def propose_to(cast, name, kind="skill", **changes):
    """A draft of the program manager, for a body whose seats the cast takes."""
    body = Body.objects.get(organization=cast.northfield, name=name)
    sitting = [cast.chair, cast.member, cast.second_member, cast.assessor, cast.administrator, cast.employer]
    seats = [*body.seats.filter(role="chair"), *body.seats.filter(role="voting")]
    for seat, person in zip(seats, sitting, strict=False):
        actions.refill_seat(seat=seat, person=person, actor=cast.administrator)
    made = actions.propose(
        organization=cast.northfield, body=body, actor=cast.manager, **{
            **program.DATA_LITERACY,
            "type": Value.objects.get(dimension__organization=cast.northfield, dimension__key="type", key=kind),
            "level": taxonomy.levels(cast.northfield).get(key="intermediate"),
            **changes,
        },
    )  # fmt: skip
    return actions.submit(proposal=made, actor=cast.manager)


def walk(cast, proposal, item=None):
    """Do whatever the route asks for, until it is decided; the names of the stages in their order."""
    went = []
    for _ in range(20):
        proposal.refresh_from_db()
        waiting = proposal.stages.filter(state=Stage.State.OPEN).exclude(kind="rubric").first()
        if waiting is None:
            break
        went.append(waiting.name)
        if waiting.kind != "ballot":
            actor = {"chair": cast.chair, "second": cast.assessor}.get(waiting.who, cast.administrator)
            actions.end_stage(stage=waiting, actor=actor)
            continue
        ballot = actions.open_ballot(proposal=proposal, item=item, actor=cast.chair)
        for elector in ballot.electors.exclude(person=None):
            actions.cast_vote(ballot=ballot, choice="for", actor=elector.person)
        closed = actions.close_ballot(ballot=ballot, actor=cast.chair)
        assert closed.result == "carried"
        actions.decide(ballot=closed, rationale="It fits.", actor=cast.chair)
        break
    proposal.refresh_from_db()
    return went


def approved(cast, proposal):
    """What the public decision says, once it is published."""
    decision = queries.decision_of(proposal)
    if decision.published_at is None:
        actions.publish(decision=decision, actor=cast.chair)
    proposal.version.refresh_from_db()
    return proposal.version.state == "approved" and proposal.version.decision_number == decision.number


def test_umbc_talks_first_and_builds_the_badge_before_the_board(cast):
    take(cast, examples.text("umbc"))
    sent = propose_to(cast, "Microcredential Review Board", "proficiency")
    assert len(queries.rubric_of(sent.body).criteria) == 12
    assert walk(cast, sent) == [
        "Intake talk",
        "The badge is built and checked",
        "Decision of the review board",
    ]
    assert approved(cast, sent)


def test_arizona_signs_first_bears_no_credit_and_keeps_titles_honest(cast):
    take(cast, examples.text("arizona"))
    with pytest.raises(Refused, match="not a credit-bearing credential"):
        propose_to(cast, "Microcredential Review Committee")
    Proposal.objects.all().delete()
    Seat.objects.filter(body__name="Microcredential Review Committee").update(holder=None)
    with pytest.raises(Refused, match="take the word out of the title"):
        propose_to(cast, "Microcredential Review Committee", title="Leadership with data", **NONCREDIT)
    Proposal.objects.all().delete()
    Seat.objects.filter(body__name="Microcredential Review Committee").update(holder=None)
    sent = propose_to(cast, "Microcredential Review Committee", **NONCREDIT)
    assert walk(cast, sent)[0] == "Head of the unit signs; nothing like it exists"
    assert approved(cast, sent)


def test_msu_denver_hears_of_noncredit_and_votes_on_credit(cast):
    take(cast, examples.text("msu-denver"))
    sent = propose_to(cast, "University Badging Committee", **NONCREDIT)
    assert walk(cast, sent) == ["Is it complete", "The chair signs"]
    assert sent.stages.get(key="told").state == "done"
    assert approved(cast, sent)
    Seat.objects.filter(body=sent.body).update(holder=None)
    other = propose_to(cast, "University Badging Committee", title="Data stories", credit="credit")
    assert walk(cast, other) == ["Is it complete and no duplicate", "Committee"]
    assert approved(cast, other)


def test_cu_denver_needs_no_vote_for_a_recognition_badge(cast):
    take(cast, examples.text("cu-denver"))
    plain = {"assessment": "", "assessment_kinds": [], **NONCREDIT}
    sent = propose_to(cast, "Educational Policy and Curriculum Committee", "recognition", **plain)
    assert walk(cast, sent) == ["A second person signs"]
    assert approved(cast, sent)
    Seat.objects.filter(body=sent.body).update(holder=None)
    skill = propose_to(cast, "Educational Policy and Curriculum Committee", title="Data stories")
    assert walk(cast, skill) == ["The need is shown", "Committee"]
    assert approved(cast, skill)


def test_boise_state_votes_in_a_noticed_meeting_only(cast):
    take(cast, examples.text("boise-state"))
    sent = propose_to(cast, "University Curriculum Committee")
    for _ in range(2):
        for row in sent.stages.filter(state="open").exclude(kind__in=["rubric", "ballot"]):
            actions.end_stage(stage=row, actor=cast.administrator)
    refused("meeting-law", actions.open_ballot, proposal=sent, actor=cast.chair)
    meeting = actions.plan_meeting(
        body=sent.body,
        starts_at=timezone.now() + timedelta(days=5),
        place="Room 4",
        minutes_long=90,
        actor=cast.chair,
    )
    (item,) = actions.add_items(meeting=meeting, chosen={sent: "decision"}, actor=cast.chair)
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    actions.begin_meeting(meeting=meeting, actor=cast.chair)
    held = {seat.pk: "holder" for seat in sent.body.seats.exclude(holder=None)}
    actions.note_attendance(meeting=meeting, there=held, guests="Priya Nair, for the unit", actor=cast.chair)
    assert walk(cast, sent, item) == ["Meeting, with someone who speaks for it"]
    assert approved(cast, sent)


@pytest.fixture
def decision(cast):
    """A published decision about policy: a motion that a meeting carried."""
    return resolved(cast, "Exceptions for trades")


def test_a_policy_is_taken_over_by_decision(cast, decision, signed_in):
    inside = signed_in(cast.manager)
    page = inside.post(at("policy"), uploaded(SMALL))
    sealed = {"policy": page.context["form"].initial["policy"], "decision": decision.pk}
    inside.post(at("confirm_policy"), sealed)
    edition = taxonomy.editions(cast.northfield).first()
    assert (edition.change, edition.decision_number) == ("policy.taken", decision.number)
    assert edition.decision_url.endswith(f"/decisions/{decision.number}/")
    type(decision).objects.update(published_at=None)
    decision.refresh_from_db()
    held = {"organization": cast.northfield, "policy": pack.read(SMALL), "decision": decision}
    refused("no-decision", actions.take_policy, **held, actor=cast.manager)


def test_what_a_file_does_not_say_about_a_kind_stays(cast):
    take(cast, "format: gradatim-policy/1\ndimensions: [{key: level, name: Niveau}]")
    level = Dimension.objects.get(organization=cast.northfield, key="level")
    assert level.name == "Niveau"
    assert level.description == "How much is expected; it gives the badge its outline."
    assert level.texts["de"] == {"name": "Stufe"}
    assert level.values.count() == 3


def test_a_blocked_rule_is_waived_by_decision_until_a_date_and_blocks_again(cast, decision, signed_in):
    national = {**program.DATA_LITERACY, "title": "National week of trades", "purpose": "x", "need": "y"}
    draft = program._propose(cast, national, "skill", "intermediate")
    refused("rules", actions.submit, proposal=draft, actor=cast.manager)
    rule, today = Rule.objects.get(organization=cast.northfield, key="title-honest"), timezone.localdate()
    typed = {
        "decision": decision.pk, "version": draft.version_id, "rule": rule.pk, "expires_on": today.isoformat(),
        "reason": "The week is called so by law.",
    }  # fmt: skip
    own = signed_in(cast.manager).post(at("grant_exception"), typed)
    assert own.status_code == 422
    assert "own draft" in own.content.decode()
    done = signed_in(cast.chair).post(at("grant_exception"), typed)
    assert done.status_code == 302
    waiver = rule.waivers.get()
    assert waiver.decision_number == decision.number
    assert waiver.decision_url.endswith(f"/decisions/{decision.number}/")
    page = signed_in(cast.manager).get(
        reverse("achievements:own_version", args=["northfield", draft.version_id])
    )
    assert f"decision {decision.number}" in page.content.decode()
    actions.submit(proposal=draft, actor=cast.manager)
    achievements.back_to_draft(version=draft.version, actor=cast.manager)
    type(waiver).objects.update(decided_on=today - timedelta(days=3), expires_on=today - timedelta(days=1))
    with pytest.raises(Refused, match="out of the title"):
        achievements.send_to_review(version=draft.version, actor=cast.manager)


def test_only_a_published_decision_about_it_makes_an_exception(cast, decision):
    draft = program._propose(cast, program.DATA_LITERACY, "skill", "intermediate")
    rule = taxonomy.rules(cast.northfield).first()
    given = {"decision": decision, "version": draft.version, "rule": rule, "expires_on": date(2099, 1, 1)}
    refused("permission", actions.grant_exception, **given, actor=cast.member)
    refused("own-proposal", actions.grant_exception, **given, actor=cast.manager)
    type(decision).objects.update(kind="achievement")
    decision.refresh_from_db()
    refused("no-decision", actions.grant_exception, **given, actor=cast.chair)
    type(decision).objects.update(kind="policy", published_at=None)
    decision.refresh_from_db()
    refused("no-decision", actions.grant_exception, **given, actor=cast.chair)
    assert versions.subject(draft.version) == "data-literacy-for-the-workplace/1"
