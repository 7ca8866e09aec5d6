"""Writes of a council that a policy replaces: bodies, seats, windows, rubrics and routes as it says; what is used stays."""

from __future__ import annotations

from django.db.models import ProtectedError

from gradatim.program.council import packs, queries
from gradatim.program.council.actions.bodies import check_charter
from gradatim.program.council.actions.editing import put_routes
from gradatim.program.council.actions.governing import hand_down
from gradatim.program.council.actions.reviews import put_rubric
from gradatim.program.council.models import Body, Elector, Rubric, Seat
from gradatim.program.people.models import Organization, Person


def replace_council(organization: Organization, council: packs.Council, actor: Person) -> None:
    """Make bodies and routes what a policy says. A section that it does not have stays as it is.

    A body that is not in it is deleted, or retired if anything was ever brought before it; proposals on their way keep
    their body and their route. Seats that are held, or that votes were cast from, stay.

    Args:
        organization: held by the caller.
        council: from `packs.read`.
        actor: who does it; asked for nothing, whoever calls this knows that they may.

    Raises:
        Refused: ``row-invalid`` for a charter or route that contradicts itself.
    """
    if council.bodies:
        for entry in council.bodies:
            _put_body(organization, entry, actor)
        for gone in organization.bodies.exclude(name__in=[e.body.name for e in council.bodies]):
            _let_go(gone)
    now = [packs.route_data(r) for r in queries.routes(organization)]
    if council.routes and now != [dict(r) for r in council.routes]:
        put_routes(organization, council.routes, actor)
    hand_down(organization)


def _put_body(organization: Organization, entry: packs.Entry, actor: Person) -> None:
    said = {name: getattr(entry.body, name) for name in packs.CHARTER} | {"retired": False}
    body = organization.bodies.filter(name=entry.body.name).first()
    if body is None:
        body = Body(organization=organization, name=entry.body.name)
    for name, value in said.items():
        setattr(body, name, value)
    check_charter(body)
    body.save()
    _put_seats(body, entry)
    body.windows.all().delete()
    for window in entry.windows:
        body.windows.create(name=window.name, opens=window.opens, closes=window.closes)
    if entry.rubric is None:
        Rubric.objects.filter(body=body).delete()
        return
    put_rubric(body, entry.rubric["criteria"], all_must_meet=entry.rubric["all_must_meet"], actor=actor)


def _put_seats(body: Body, entry: packs.Entry) -> None:
    """As many seats of each kind as the policy has; of those that are too many, the vacant ones go."""
    left = list(body.seats.order_by("id"))
    for place in entry.seats:
        there = sorted((s for s in left if packs.alike(_place(s), place)), key=lambda s: s.holder_id is None)[
            : place.count
        ]
        for seat in there:
            left.remove(seat)
            seat.votes, seat.constituency = place.votes, place.constituency
            seat.save(update_fields=["votes", "constituency"])
        for _n in range(place.count - len(there)):
            body.seats.create(role=place.role, constituency=place.constituency, votes=place.votes)
    for seat in left:
        if seat.holder_id is None and not Elector.objects.filter(seat=seat).exists():
            seat.delete()


def _place(seat: Seat) -> packs.Place:
    return packs.Place(seat.role, seat.constituency, seat.votes, 1)


def _let_go(body: Body) -> None:
    """Delete a body, unless it has a record."""
    used = (
        body.proposals.exists()
        or body.meetings.exists()
        or body.decisions.exists()
        or body.seats.exclude(holder=None).exists()
    )
    try:
        if not used:
            body.delete()
            return
    except ProtectedError:
        pass
    Body.objects.filter(pk=body.pk).update(retired=True)
