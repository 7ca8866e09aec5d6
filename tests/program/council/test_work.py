"""What waits for whom, on pages and by mail; who takes part, and where it hangs."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from gradatim.program.council import actions, queries
from gradatim.program.council.models import NoDigest, Stage
from gradatim.program.ground.models import Work
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
    assert waits(cast, cast.chair) == []


def test_the_list_asks_no_more_for_more(cast, signed_in, ballot):
    client = signed_in(cast.chair)
    few = asked(client, PAGE)
    for n in range(3):
        actions.submit(proposal=propose(cast, title=f"Title {n}"), actor=cast.manager)
    assert asked(client, PAGE) == few <= 14


def mails(person):
    found = Work.objects.filter(kind="mail", key__startswith="digest:", payload__to=person.email)
    return [row.payload["text"] for row in found.order_by("pk")]


def test_once_a_week_everyone_gets_what_waits_for_them(cast, ballot):
    week = {"organization_id": cast.northfield.pk, "week": "2026-48"}
    assert actions.write_digests(**week) == 3
    assert actions.write_digests(**week) == 3
    assert len(mails(cast.member)) == 1
    assert "- Vote: Data literacy for the workplace" in mails(cast.member)[0]
    assert mails(cast.administrator) == mails(cast.learner) == []
    assert actions.write_digests(organization_id=0, week="2026-48") == 0


def test_digests_are_planned_for_monday_once(cast):
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    for now in (friday, friday + timedelta(days=1)):
        actions.plan_digests(now=now)
    rows = Work.objects.filter(kind="digests")
    assert {row.due_at for row in rows} == {datetime(2026, 11, 23, 6, tzinfo=UTC)}
    assert rows.count() == 2  # one for each organization
    actions.plan_digests(now=friday + timedelta(days=3))
    assert rows.all().count() == 4


def test_no_digest_by_a_link_that_never_acts_by_itself(cast, client, ballot):
    actions.write_digests(organization_id=cast.northfield.pk, week="2026-48")
    said = mails(cast.member)[0]
    path = next(w for w in said.split() if "/digest/" in w).removeprefix("http://localhost:8000")
    for _n in range(3):
        assert "Nothing happens until you press the button." in text(client.get(path))
        client.head(path)
    assert not NoDigest.objects.exists()
    assert "You get no weekly digest." in text(client.post(path, {"off": "1"}))
    actions.write_digests(organization_id=cast.northfield.pk, week="2026-49")
    assert len(mails(cast.member)) == 1
    client.post(path, {"on": "1"})
    actions.write_digests(organization_id=cast.northfield.pk, week="2026-49")
    assert len(mails(cast.member)) == 2
    assert client.get("/digest/nothing/").status_code == 404
    refused("not-found", actions.want_digest_by_link, token="nothing", wanted=True)


def test_the_list_is_sent_again_on_demand(cast, signed_in, ballot):
    client = signed_in(cast.member)
    assert "on its way to" in text(client.post(PAGE, {"send": "1"}, follow=True))
    assert len(mails(cast.member)) == 1
    assert "no digest any more" in text(client.post(PAGE, {"off": "1"}, follow=True))
    assert "every Monday" in text(client.post(PAGE, {"on": "1"}, follow=True))
    assert "Nothing waits" in text(signed_in(cast.assessor).post(PAGE, {"send": "1"}, follow=True))


def test_who_takes_part_and_where_it_hangs(cast, signed_in):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    Stage.objects.update(
        opened_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(days=4)
    )
    found = queries.reach(cast.northfield)
    assert [(h.stage.key, h.days, h.late) for h in found.hanging] == [("complete", 9, True)]
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
