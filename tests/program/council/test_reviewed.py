"""Who looked at it stands in the public record: units and numbers for everyone, names only of bodies that meet in public."""

import csv
import io

import pytest

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Body, Review
from tests.program.council.acts import close, earlier, resolved

pytestmark = pytest.mark.django_db


def stage(key, kind, name, **more):
    return {"key": key, "kind": kind, "name": name, **more}


@pytest.fixture
def way(cast, draft):
    """A proposal that is checked, heard about, reviewed and voted on."""
    panel = earlier(
        actions.found_body,
        organization=cast.northfield,
        name="Employer Group",
        kind="advisory",
        law="advisory",
        actor=cast.manager,
    )
    earlier(actions.fill_seat, body=panel, person=cast.assessor, role="external", constituency="Harbor Logistics",
            actor=cast.manager)  # fmt: skip
    stages = [
        stage("check", "completeness", "Complete?", who="office"),
        stage("heard", "consultation", "Employers are heard", who="members", body=panel.key, days=5),
        stage("review", "rubric", "Review", who="members", waits=False),
        stage("vote", "ballot", "Vote", who="chair"),
    ]
    earlier(actions.replace_routes, organization=cast.northfield, actor=cast.manager,
            routes=[{"key": "all", "name": "All", "stages": stages}])  # fmt: skip
    for seat, unit in zip(
        cast.council.seats.order_by("id"), ("Senate", "Arts", "Arts", "Office"), strict=False
    ):
        seat.constituency = unit
        seat.save()
    return actions.submit(proposal=draft, actor=cast.manager)


def end(proposal, key, actor):
    actions.end_stage(stage=proposal.stages.get(key=key, state="open"), actor=actor)


def voted(cast, way, method="named"):
    end(way, "check", cast.administrator)
    actions.comment(proposal=way, text="We need it.", actor=cast.assessor)
    actions.comment(proposal=way, text="For the chair.", visibility="chair", actor=cast.second_member)
    end(way, "heard", cast.chair)
    for person, advice in ((cast.member, "approve"), (cast.second_member, "reject")):
        actions.review(proposal=way, scores={}, comment="", recommendation=advice, actor=person)
    ballot = actions.open_ballot(proposal=way, method=method, actor=cast.chair)
    closed = close(cast, ballot, "for", "for", "against")
    return actions.publish(
        decision=actions.decide(ballot=closed, rationale="Because.", actor=cast.chair), actor=cast.chair
    )


def record(decision):
    return queries.looked_at(queries.find_decision(decision.organization, decision.number))


def test_each_stage_says_its_body_how_many_for_whom_and_how_it_ended(cast, way):
    found = record(voted(cast, way))
    assert [one.words for one in found] == [
        "Complete?, 1 person: the program managers, done",
        "Employers are heard, Employer Group, 1 person: Harbor Logistics, done",
        "Review, Microcredential Council, 2 people: Arts (2), over",
        "Vote, Microcredential Council, 3 members could vote: Arts (2), Senate, carried",
    ]
    assert not any(one.names for one in found)


def test_the_page_and_the_table_say_it_to_everyone_without_names_or_advice(cast, way, client):
    decision = voted(cast, way)
    page = client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
    looked = page.partition('id="looked"')[2].partition("</section>")[0]
    assert "Arts (2)" in looked
    for hidden in (cast.member.name, cast.second_member.name, cast.assessor.name, "For the chair.", "reject"):
        assert hidden not in looked
    table = client.get("/o/northfield/decisions/register.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table))
    assert "Review, Microcredential Council, 2 people: Arts (2), over" in row["looked at by"]


def test_a_remark_for_the_council_or_the_chair_is_not_counted(cast, way):
    end(way, "check", cast.administrator)
    actions.comment(proposal=way, text="Between us.", visibility="body", actor=cast.second_member)
    actions.comment(proposal=way, text="Between us.", visibility="chair", actor=cast.member)
    end(way, "heard", cast.chair)
    decision = actions.publish(
        decision=actions.decide(
            ballot=close(cast, actions.open_ballot(proposal=way, actor=cast.chair), "for", "for", "for"),
            rationale="Because.",
            actor=cast.chair,
        ),
        actor=cast.chair,
    )
    assert record(decision)[1].people == 0


def test_a_secret_ballot_names_nobody_and_counts_only_who_could_vote(cast, way):
    Body.objects.filter(pk=cast.council.pk).update(secrecy="allowed")
    way.body.refresh_from_db()
    decision = voted(cast, way, method="secret")
    Body.objects.filter(pk=cast.council.pk).update(
        law="open", secrecy="never"
    )  # even if it met in public later
    vote = record(decision)[-1]
    assert (vote.people, vote.names) == (3, ())
    assert vote.kind == "secret ballot"


def test_where_a_body_met_in_public_its_reviewers_are_named(cast, way, client):
    decision = voted(cast, way)
    Body.objects.filter(pk=cast.council.pk).update(law="open")
    assert not any(one.names for one in record(decision))  # what was said behind closed doors stays there
    way.stages.filter(body=cast.council).update(in_public=True)
    way.ballots.update(in_public=True)
    names = {one.name: one.names for one in record(decision)}
    assert names["Review"] == tuple(sorted([cast.member.name, cast.second_member.name]))
    assert set(names["Vote"]) == {cast.chair.name, cast.member.name, cast.second_member.name}
    assert names["Complete?"] == ()  # an office is no body
    assert names["Employers are heard"] == ()
    page = client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
    assert ", ".join(names["Review"]) in page.partition('id="looked"')[2]


def test_stages_and_votes_remember_whether_they_were_public(cast, draft):
    earlier(actions.change_body, body=cast.council, name="Council", law="open", actor=cast.manager)
    actions.submit(proposal=draft, actor=cast.manager)
    assert set(draft.stages.values_list("in_public", flat=True)) == {True}


def test_the_record_stays_when_a_seat_speaks_for_others_or_changes_hands(cast, way):
    decision = voted(cast, way)
    seat = cast.council.seats.get(holder=cast.member)
    actions.vacate_seat(seat=seat, actor=cast.manager)
    assert set(Review.objects.values_list("unit", flat=True)) == {"Arts"}
    assert record(decision)[2].units == (("Arts", 2),)
    (arts,) = [unit for unit in queries.reach(cast.northfield).units if unit.name == "Arts"]
    assert arts.reviews == 2


def test_a_guest_is_counted_for_their_unit(cast, way, django_assert_num_queries):
    end(way, "check", cast.administrator)
    end(way, "heard", cast.chair)
    guest = actions.ask_guest(
        proposal=way, name="Eva", email="eva@work.example", unit="Lakeside", actor=cast.chair
    )
    Review.objects.create(proposal=way, guest=guest, unit="Lakeside", recommendation="approve")
    ballot = close(cast, actions.open_ballot(proposal=way, actor=cast.chair), "for", "for", "for")
    decision = actions.publish(
        decision=actions.decide(ballot=ballot, rationale="Because.", actor=cast.chair), actor=cast.chair
    )
    assert record(decision)[2].units == (("Lakeside", 1),)
    asked = queries.with_record(queries.public_decisions(cast.northfield))
    with django_assert_num_queries(8):  # however many decisions there are
        assert [queries.looked_at(one) for one in asked]


def test_a_motion_has_no_stages(cast, client):
    decision = resolved(cast, "No fees")
    assert record(decision) == []
    assert 'id="looked"' not in client.get(f"/o/northfield/decisions/{decision.number}/").content.decode()
