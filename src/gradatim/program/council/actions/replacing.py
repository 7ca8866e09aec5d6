"""Writes of a council that a policy replaces: bodies, seats, windows, rubrics and routes as it says; what is used stays."""

from __future__ import annotations

from django.db.models import ProtectedError
from django.utils import timezone

from gradatim.program.council import packs, queries
from gradatim.program.council.actions.bodies import check_charter
from gradatim.program.council.actions.editing import put_routes
from gradatim.program.council.actions.governing import hand_down, keep_editions
from gradatim.program.council.actions.retiring import must_be_idle
from gradatim.program.council.actions.reviews import put_rubric
from gradatim.program.council.models import Body, Elector, Rubric, Seat
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy


def replace_council(
    organization: Organization,
    council: packs.Council,
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
    *,
    rehearsed: bool = False,
) -> None:
    """Make bodies and routes what a policy says. A section that it does not have stays as it is.

    A body that is not in it is deleted, or retired if anything was ever brought before it; proposals on their way keep
    their body and their route. Seats that are held, or that votes were cast from, stay.

    Args:
        organization: held by the caller.
        council: from `packs.read`.
        actor: who does it; asked for nothing, whoever calls this knows that they may.
        by: number and address of the decision behind it, copies.
        rehearsed: it will be undone; new rows get keys that are the same in every rehearsal.

    Raises:
        Refused: ``row-invalid`` for a charter or route that contradicts itself; ``in-use`` for a body that goes while a
            vote is open in it.
    """
    if council.bodies:
        kept = [_put_body(organization, entry, actor, rehearsed=rehearsed).pk for entry in council.bodies]
        for gone in organization.bodies.exclude(pk__in=kept):
            _let_go(gone, rehearsed=rehearsed)
    bodies = list(organization.bodies.order_by("id"))
    now = [packs.route_text(packs.route_data(r), bodies) for r in queries.routes(organization)]
    if council.routes and now != [packs.route_text(r, bodies) for r in council.routes]:
        put_routes(organization, council.routes, actor, by)
    hand_down(organization)
    if not rehearsed:
        keep_editions(organization, actor, by)


def _put_body(
    organization: Organization, entry: packs.Entry, actor: Person | None, *, rehearsed: bool
) -> Body:
    said = {name: getattr(entry.body, name) for name in packs.CHARTER}
    said["name"] = entry.body.name
    body = packs.meant(organization.bodies.order_by("id"), entry)
    if body is None:
        key = entry.body.key or queries.free_key(organization, entry.body.name)
        far = taxonomy.rehearsal_key(organization.pk, key) if rehearsed else None
        body = Body(pk=far, organization=organization, key=key)
    if entry.retired and not body.retired and not rehearsed:
        must_be_idle(body)
    body.retired_on = (body.retired_on or timezone.localdate()) if entry.retired else None
    for name, value in said.items():
        setattr(body, name, value)
    check_charter(body)
    body.save()
    _put_seats(body, entry)
    _put_windows(body, entry, rehearsed=rehearsed)
    if entry.rubric is None:
        Rubric.objects.filter(body=body).delete()
    else:
        put_rubric(
            body,
            entry.rubric["criteria"],
            all_must_meet=bool(entry.rubric.get("all_must_meet")),
            actor=actor,
        )
    return body


def _put_windows(body: Body, entry: packs.Entry, *, rehearsed: bool) -> None:
    """The windows as the policy has them; those that are here already stay the same rows."""
    left = {(w.name, w.opens, w.closes): w for w in body.windows.all()}
    for window in entry.windows:
        said = (window.name, window.opens, window.closes)
        if left.pop(said, None) is None:
            far = taxonomy.rehearsal_key(body.pk, *said) if rehearsed else None
            body.windows.create(pk=far, name=window.name, opens=window.opens, closes=window.closes)
    for gone in left.values():
        gone.delete()


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


def _let_go(body: Body, *, rehearsed: bool) -> None:
    """Delete a body, unless it has a record."""
    if body.retired:
        return
    if not rehearsed:
        must_be_idle(body)
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
    Body.objects.filter(pk=body.pk).update(retired_on=timezone.localdate())
