"""What waits for whom, on pages and by mail; who takes part, and where it hangs."""

from datetime import UTC, date, datetime, timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Body, DigestWish, Stage
from gradatim.program.ground.delivery import email
from gradatim.program.ground.models import Work
from gradatim.program.web import work
from tests.program.council.acts import decided, propose, refused
from tests.program.council.test_pages import asked, text
from tests.program.council.test_routes import end, keep

PAGE = "/o/northfield/council/work/"


def waits(cast, person):
    return [(task.verb, task.title) for task in queries.work(cast.northfield, person)]


def test_everyone_sees_what_waits_for_them(cast, signed_in, ballot):
    keep(cast)
    propose(cast, title="A draft")
    actions.submit(proposal=propose(cast, title="Sent"), actor=cast.manager)
    title = ballot.proposal.version.title
    assert waits(cast, cast.member) == [("Vote", title)]
    assert waits(cast, cast.administrator) == [("Look at it", "Sent")]
    assert waits(cast, cast.manager) == [("Go on", "A draft")]
    assert waits(cast, cast.learner) == []
    page = text(signed_in(cast.administrator).get(PAGE))
    assert "Complete? · until" in page
    assert "All done" in text(signed_in(cast.assessor).get(PAGE))
    board = text(signed_in(cast.member).get("/o/northfield/"))
    assert "yours is missing" in board


def test_a_vote_that_is_not_the_last_one_waits_for_no_decision(cast):
    keep(cast, [
        {"key": "first", "kind": "ballot", "name": "First", "who": "chair"},
        {"key": "last", "kind": "ballot", "name": "Last", "who": "chair"},
    ])  # fmt: skip
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    ballot = actions.open_ballot(proposal=made, actor=cast.chair)
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    assert waits(cast, cast.chair) == [("Open the vote", made.title)]


def test_the_chair_is_told_of_votes_agendas_and_conditions(cast, signed_in):
    keep(cast, [{"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"}])
    made = actions.submit(proposal=propose(cast, title="Welding"), actor=cast.manager)
    assert waits(cast, cast.chair) == [("Open the vote", "Welding")]
    assert waits(cast, cast.member) == waits(cast, cast.manager) == []  # a member; its proposer
    page = text(signed_in(cast.chair).get(PAGE))
    assert f'/o/northfield/proposals/{made.number}/#chair"' in page
    Body.objects.update(between_meetings=False)
    assert waits(cast, cast.chair) == [("Put on an agenda", "Welding")]
    when = timezone.now() + timedelta(days=3)
    meeting = actions.plan_meeting(body=cast.council, starts_at=when, actor=cast.chair)
    actions.add_items(meeting=meeting, chosen={made: "decision"}, actor=cast.chair)
    assert waits(cast, cast.chair) == [("Publish", "Microcredential Council")]
    page = text(signed_in(cast.chair).get(PAGE))
    assert f"/o/northfield/meetings/{meeting.pk}/" in page
    actions.publish_agenda(meeting=meeting, actor=cast.chair)
    assert waits(cast, cast.chair) == []


def test_a_review_that_may_still_come_in_is_waited_for(cast):
    keep(cast, [
        {"key": "review", "kind": "rubric", "name": "Review", "who": "members", "waits": False, "days": 14},
        {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
    ])  # fmt: skip
    actions.submit(proposal=propose(cast, title="Welding"), actor=cast.manager)
    assert waits(cast, cast.chair) == [("Review", "Welding")]
    Stage.objects.filter(kind="rubric").update(due_at=timezone.now() - timedelta(days=1))
    assert ("Open the vote", "Welding") in waits(cast, cast.chair)


def test_a_condition_waits_for_the_chair_from_two_weeks_before_its_date(cast):
    decision = decided(cast, propose(cast), "for", "for", "for")
    condition = decision.conditions.create(
        text="The lab is open.", due=timezone.localdate() + timedelta(days=30)
    )
    assert waits(cast, cast.chair) == []
    decision.conditions.update(due=timezone.localdate() - timedelta(days=2))
    (task,) = queries.work(cast.northfield, cast.chair)
    assert (task.verb, task.why) == ("Is it met?", "Condition: The lab is open.")
    assert task.url(cast.northfield) == "/o/northfield/decisions/held/"
    actions.meet_condition(condition=condition, note="It is.", actor=cast.chair)
    assert waits(cast, cast.chair) == []


def test_the_list_asks_no_more_for_more(cast, signed_in, ballot):
    client = signed_in(cast.chair)
    few = asked(client, PAGE)
    for n in range(3):
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager)
    assert asked(client, PAGE) == few == 5  # session, person, roles, what waits, how often it comes by mail


def mails(person):
    found = Work.objects.filter(kind="mail", key__startswith="digest:", payload__to=person.email)
    return [row.payload["text"] for row in found.order_by("pk")]


MONDAY = date(2026, 11, 23)


def write(cast, day=MONDAY):
    return actions.write_digests(organization_id=cast.northfield.pk, day=day)


def test_on_mondays_everyone_gets_what_waits_for_them(cast, ballot):
    assert write(cast) == 3
    assert write(cast) == 3
    assert len(mails(cast.member)) == 1
    assert "- Vote: Data literacy for the workplace" in mails(cast.member)[0]
    assert mails(cast.administrator) == mails(cast.learner) == []
    assert actions.write_digests(organization_id=0, day=MONDAY) == 0


def test_whoever_wants_it_daily_gets_it_daily(cast, ballot):
    tuesday = MONDAY + timedelta(days=1)
    assert write(cast, tuesday) == 0
    actions.want_digest(organization=cast.northfield, person=cast.member, rhythm="daily")
    assert write(cast, tuesday) == 1
    assert write(cast) == 3
    assert len(mails(cast.member)) == 2
    refused("row-invalid", actions.want_digest, organization=cast.northfield, person=cast.member, rhythm="x")


def test_the_digests_of_many_are_read_as_often_as_those_of_few(cast, django_assert_num_queries, ballot):
    everyone = {person.pk: frozenset({"council"}) for person in cast.everyone.values()}
    for n in range(4):
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager)
    with django_assert_num_queries(1):
        found = queries.work_of(cast.northfield, everyone)
    assert found[cast.member.pk] == queries.work(cast.northfield, cast.member)
    with django_assert_num_queries(2):
        queries.digest_readers(cast.northfield, {"weekly"})


def test_digests_are_planned_for_monday_once_and_daily_where_somebody_wants_it(cast):
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    for now in (friday, friday + timedelta(days=1)):
        actions.plan_digests(now=now)
    rows = Work.objects.filter(kind="digests")
    assert {row.due_at for row in rows} == {datetime(2026, 11, 23, 6, tzinfo=UTC)}
    assert rows.count() == 2  # one for each organization
    actions.want_digest(organization=cast.northfield, person=cast.member, rhythm="daily")
    actions.plan_digests(now=friday)
    assert rows.all().count() == 3
    actions.plan_digests(now=friday + timedelta(days=3))
    assert rows.all().count() == 5


def test_a_row_that_was_planned_by_week_is_still_written(cast, ballot):
    work.DO["digests"]({"organization": cast.northfield.pk, "week": "2026-48"})
    assert len(mails(cast.member)) == 1


def test_how_often_by_a_link_that_never_acts_by_itself(cast, client, ballot):
    write(cast)
    said = mails(cast.member)[0]
    path = next(w for w in said.split() if "/digest/" in w).removeprefix("http://localhost:8000")
    for _n in range(3):
        assert "Nothing happens until you press the button." in text(client.get(path))
        client.head(path)
    assert not DigestWish.objects.exists()
    assert "You get no digest any more." in text(client.post(path, {"rhythm": "never"}))
    write(cast, MONDAY + timedelta(days=7))
    assert len(mails(cast.member)) == 1
    assert "every day" in text(client.post(path, {"rhythm": "daily"}))
    write(cast, MONDAY + timedelta(days=8))
    assert len(mails(cast.member)) == 2
    assert client.get("/digest/nothing/").status_code == 404
    refused("not-found", actions.want_digest_by_link, token="nothing", rhythm="never")


def test_a_mail_program_ends_it_with_one_click(cast, client, ballot):
    write(cast)
    row = Work.objects.get(kind="mail", key__startswith="digest:", payload__to=cast.member.email)
    email.send(row.payload)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    strict = Client(enforce_csrf_checks=True)  # as a mail program comes: no cookie, no page before
    assert strict.get(path).status_code == 405
    assert strict.post(path, {"x": "y"}).status_code == 400
    assert not DigestWish.objects.exists()
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.rhythm_of(cast.northfield, cast.member) == "never"
    assert strict.post("/digest/nothing/stop/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    email.send(Work.objects.filter(kind="mail", key__startswith="vote:").first().payload)
    assert "List-Unsubscribe" not in mail.outbox[1].message()


def test_the_list_is_sent_again_on_demand(cast, signed_in, ballot):
    client = signed_in(cast.member)
    assert "on its way to" in text(client.post(PAGE, {"send": "1"}, follow=True))
    assert len(mails(cast.member)) == 1
    assert "no digest any more" in text(client.post(PAGE, {"rhythm": "never"}, follow=True))
    assert 'value="never" checked' in text(client.get(PAGE))
    assert "every Monday" in text(client.post(PAGE, {"rhythm": "weekly"}, follow=True))
    assert "Nothing waits" in text(signed_in(cast.assessor).post(PAGE, {"send": "1"}, follow=True))


def test_whose_vote_is_missing_is_reminded_before_it_closes(cast, proposal):
    Body.objects.update(remind_days=2)
    now = timezone.now()
    ballot = actions.open_ballot(proposal=proposal, closes_at=now + timedelta(days=5), actor=cast.chair)
    actions.cast_vote(ballot=ballot, choice="for", actor=cast.member)
    assert actions.run_stages(now=now + timedelta(days=2)) == 0
    assert actions.run_stages(now=now + timedelta(days=4)) == 1
    assert actions.run_stages(now=now + timedelta(days=4)) == 0
    reminded = Work.objects.filter(kind="mail", key__startswith="vote-reminder:")
    assert {row.payload["to"] for row in reminded} == {cast.chair.email, cast.second_member.email}
    assert "is missing; the vote of the Microcredential Council closes on" in reminded[0].payload["text"]


def test_a_body_says_how_long_before_and_after_and_a_stage_may_say_otherwise(cast):
    Body.objects.update(remind_days=3, escalate_days=4)
    keep(cast, [
        {"key": "complete", "kind": "completeness", "name": "Complete?", "who": "office", "days": 10},
        {"key": "own", "kind": "technical", "name": "Own", "who": "office", "days": 10, "remind": 1, "beside": True},
        {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
    ])  # fmt: skip
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    rows = {row.key: row for row in made.stages.all()}
    for key, before in (("complete", 3), ("own", 1)):
        assert rows[key].due_at - rows[key].remind_at == timedelta(days=before)
        assert rows[key].late_at - rows[key].due_at == timedelta(days=4)


def test_the_chair_chooses_a_day_for_the_reminder_of_a_stage(cast, signed_in):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    row = made.stages.get(key="complete")
    client, path = signed_in(cast.chair), f"/o/northfield/proposals/1/stages/{row.pk}/ask/"
    assert "Remind on" in text(client.get("/o/northfield/proposals/1/"))
    day = timezone.localdate() + timedelta(days=4)
    assert "Saved" in text(client.post(path, {"add": "on", "remind": day}, follow=True))
    row.refresh_from_db()
    assert timezone.localtime(row.remind_at).date() == day
    assert "This time is over" in text(client.post(path, {"add": "on", "remind": "2020-01-01"}), 422)
    refused("permission", actions.change_reminder, stage=row, remind_at=None, actor=cast.member)
    assert actions.change_reminder(stage=row, remind_at=None, actor=cast.chair).remind_at is None


def test_who_takes_part_and_where_it_hangs(cast, signed_in):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    Stage.objects.update(
        opened_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(days=4)
    )
    found = queries.reach(cast.northfield)
    assert [(h.stages[0].key, h.days, h.late) for h in found.hanging] == [("complete", 9, True)]
    end(made, "complete", cast.administrator)
    actions.comment(proposal=made, text="x", actor=cast.member)
    actions.ask_guest(proposal=made, name="Ada", email="a@b.example", unit="Lakeside", actor=cast.chair)
    found = queries.reach(cast.northfield)
    assert [(p.name, p.done, p.middle, p.longest) for p in found.pace] == [("Complete?", 1, 9, 9)]
    units = {unit.name: unit for unit in found.units}
    assert units["Business and data"].remarks == 1
    assert units["Health and trades"].silent
    assert units["Microcredential office"].proposals == 1
    assert found.outside == (("Lakeside", 0),)
    page = text(signed_in(cast.chair).get("/o/northfield/council/reach/"))
    for words in ("Health and trades", "says nothing", "Employers", "Complete?", "Lakeside: 0 answers"):
        assert words in page


def test_the_page_of_who_takes_part_asks_no_more_for_more(cast, signed_in):
    keep(cast)
    client, path = signed_in(cast.chair), "/o/northfield/council/reach/"
    actions.submit(proposal=propose(cast), actor=cast.manager)
    few = asked(client, path)
    for n in range(3):
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager)
    assert asked(client, path) == few <= 14


def test_an_empty_council_says_so(cast, signed_in):
    page = text(signed_in(cast.outsider).get("/o/southgate/council/reach/"))
    assert "Nothing is open" in page
    assert "No stage has ended yet." in page


def test_a_decided_proposal_counts_its_stages(cast, draft):
    decided(cast, draft, "for", "for", "for")
    assert [p.name for p in queries.reach(cast.northfield).pace] == ["Vote"]
