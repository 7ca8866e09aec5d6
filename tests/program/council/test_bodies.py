"""A council, its charter and its seats."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.models import Body, Seat
from tests.program.council.acts import earlier, refused


def test_only_managers_and_administrators_set_up_a_council(cast):
    for person in (cast.chair, cast.member, cast.assessor, cast.outsider):
        refused("permission", actions.found_body, organization=cast.northfield, name="Second", actor=person)
        refused("permission", actions.change_body, body=cast.council, name="Mine", actor=person)
        refused(
            "permission", actions.fill_seat, body=cast.council, person=person, role="voting", actor=person
        )
    assert Body.objects.filter(organization=cast.northfield).count() == 1
    assert cast.council.seats.count() == 4


@pytest.mark.parametrize(
    ("charter", "field"),
    [
        ({"quorum_numerator": 0}, "quorum_numerator"),
        ({"quorum_numerator": 3, "quorum_denominator": 2}, "quorum_numerator"),
        ({"quorum_numerator": 2, "quorum_denominator": 2}, "quorum_inclusive"),
        ({"recused_counts": True}, "recused_clause"),
    ],
)
def test_a_charter_that_cannot_work_is_refused_with_its_field(cast, charter, field):
    no = refused(
        "row-invalid", actions.change_body, body=cast.council, name="Council", actor=cast.manager, **charter
    )
    assert no.field == field


def test_a_person_sits_once_and_there_is_one_chair(cast):
    seat = {"body": cast.council, "actor": cast.administrator, "constituency": ""}
    refused("conflict", actions.fill_seat, person=cast.member, role=Seat.Role.VOTING, **seat)
    refused("conflict", actions.fill_seat, person=cast.assessor, role=Seat.Role.CHAIR, **seat)
    refused("outsider", actions.fill_seat, person=cast.outsider, role=Seat.Role.VOTING, **seat)


def test_an_empty_seat_counts_and_is_given_again(cast, proposal):
    seat = cast.council.seats.get(holder=cast.member)
    refused("conflict", actions.refill_seat, seat=seat, person=cast.assessor, actor=cast.administrator)
    refused("in-use", actions.remove_seat, seat=seat, actor=cast.administrator)
    actions.vacate_seat(seat=seat, actor=cast.administrator)
    assert list(queries.vacant_seats(cast.council)) == [seat]
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert (ballot.seats, ballot.electors.count()) == (4, 2)
    actions.refill_seat(seat=seat, person=cast.assessor, actor=cast.administrator)
    assert cast.council.seats.get(holder=cast.assessor) == seat
    assert ballot.electors.count() == 2


def test_a_term_ends(cast, proposal):
    yesterday = timezone.localdate() - timedelta(days=1)
    seat = cast.council.seats.get(holder=cast.member)
    actions.vacate_seat(seat=seat, actor=cast.administrator)
    actions.refill_seat(seat=seat, person=cast.member, until=yesterday, actor=cast.administrator)
    assert not rules.may_review(cast.member, proposal)
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert cast.member not in {e.person for e in ballot.electors.all()}
    assert ballot.seats == 4
    again = actions.refill_seat(seat=seat, person=cast.member, actor=cast.administrator)
    assert rules.may_review(cast.member, proposal)
    assert again.until is None


def test_a_vacant_seat_goes_unless_votes_came_from_it(cast, ballot):
    spare = earlier(
        actions.fill_seat, body=cast.council, person=None, role=Seat.Role.VOTING, actor=cast.administrator
    )
    earlier(actions.remove_seat, seat=spare, actor=cast.administrator)
    assert cast.council.seats.count() == 4
    actions.cast_vote(ballot=ballot, choice="for", actor=cast.member)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    seat = cast.council.seats.get(holder=cast.member)
    actions.vacate_seat(seat=seat, actor=cast.administrator)
    refused("in-use", actions.remove_seat, seat=seat, actor=cast.administrator)


def test_a_council_without_seats_opens_no_vote(cast, proposal):
    for seat in cast.council.seats.filter(role=Seat.Role.VOTING):
        actions.vacate_seat(seat=seat, actor=cast.administrator)
    chair = cast.council.seats.get(role=Seat.Role.CHAIR)
    actions.vacate_seat(seat=chair, actor=cast.administrator)
    refused("permission", actions.open_ballot, proposal=proposal, actor=cast.chair)
    refused("conflict", actions.open_ballot, proposal=proposal, actor=cast.administrator)
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_a_seat_without_a_vote_is_no_elector(cast, proposal):
    earlier(
        actions.fill_seat,
        body=cast.council,
        person=cast.assessor,
        role=Seat.Role.EX_OFFICIO,
        actor=cast.administrator,
    )
    ballot = actions.open_ballot(proposal=proposal, actor=cast.chair)
    assert ballot.seats == 4
    assert rules.may_review(cast.assessor, proposal)
    refused("permission", actions.cast_vote, ballot=ballot, choice="for", actor=cast.assessor)
