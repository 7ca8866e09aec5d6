"""Writes of bodies and seats."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import law, queries, rules
from gradatim.program.council.actions.governing import by_decision, hand_down
from gradatim.program.council.models import Ballot, Body, Elector, Proposal, Seat
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person


class Charter(TypedDict, total=False):
    """The rules of a body; left out, more than half of the voting seats and more votes for than against."""

    form: str
    kind: str
    charter: str
    law: str
    law_source: str
    notice_hours: int
    secrecy: str
    between_meetings: bool
    link_votes: bool
    readings: int
    vacant_counts: bool
    alternates: str
    cadence: str
    service_days: int | None
    remind_days: int | None
    escalate_days: int | None
    second_call: int | None
    quorum: str
    quorum_number: int
    quorum_numerator: int
    quorum_denominator: int
    quorum_inclusive: bool
    threshold: str
    threshold_of: str
    abstentions_count: bool
    objections_allowed: int
    tie: str
    recused_counts: bool
    recused_clause: str


@transaction.atomic
def found_body(*, organization: Organization, name: str, actor: Person, **charter: Unpack[Charter]) -> Body:
    """Found a council, committee or advisory group.

    Args:
        organization: whose.
        name: what it is called.
        actor: who founds it.
        **charter: any of `Charter`.

    Returns:
        The body, without seats.

    Raises:
        Refused: ``permission``; ``needs-decision``; ``row-invalid`` for a fraction that is none.
    """
    if not rules.may_found(actor, organization):
        raise Refused("permission", _("Only program managers and administrators set up a council."))
    with by_decision(organization, actor):
        key = queries.free_key(organization, name)
        body = Body(organization=organization, key=key, name=name.strip(), **charter)
        check_charter(body)
        body.save()
        log(organization=organization, verb="body.founded", target=f"body:{body.pk}", actor=actor)
    return body


@transaction.atomic
def change_body(*, body: Body, actor: Person, name: str, **charter: Unpack[Charter]) -> Body:
    """Change a body's name and charter; votes that are open keep the rules they were opened under.

    Args:
        body: which.
        actor: who does it.
        name: what it is called.
        **charter: any of `Charter`.

    Returns:
        The body.

    Raises:
        Refused: ``permission``, ``needs-decision``, ``row-invalid``; ``closed`` for a retired body; ``in-use`` if it should only advise while proposals wait for it.
    """
    if not rules.may_found(actor, body.organization):
        raise Refused("permission", _("Only program managers and administrators change a charter."))
    if body.retired:
        raise Refused("closed", _("%(body)s is retired. Bring it back first.") % {"body": body})
    if (
        charter.get("kind") == Body.Kind.ADVISORY
        and body.proposals.exclude(state__in=Proposal.SETTLED).exists()
    ):
        raise Refused("in-use", _("Proposals wait for its decision. Settle them first."), field="kind")
    with by_decision(body.organization, actor):
        body.name = name.strip()
        for field, value in charter.items():
            setattr(body, field, value)
        check_charter(body)
        body.save()
        log(
            organization=body.organization,
            verb="body.changed",
            target=f"body:{body.pk}",
            actor=actor,
            detail={"charter": charter},
        )
        hand_down(body.organization)
    return body


def check_charter(body: Body) -> None:
    """Refuse a charter that contradicts itself or its law."""
    for bad, field, message in (
        (
            not 0 < body.quorum_numerator <= body.quorum_denominator,
            "quorum_numerator",
            _("The quorum is a fraction between 0 and 1, such as 1 of 2."),
        ),
        (
            body.quorum_numerator == body.quorum_denominator and not body.quorum_inclusive,
            "quorum_inclusive",
            _("More than all can never be present; choose “at least”."),
        ),
        (body.quorum_number < 1, "quorum_number", _("At least one member has to be present.")),
        (not body.readings, "readings", _("An item comes to one meeting at least.")),
        (
            body.recused_counts and not body.recused_clause.strip(),
            "recused_clause",
            _("Name the clause by which recused members count for the quorum."),
        ),
        (
            body.kind == Body.Kind.DECIDING and body.law == Body.Law.ADVISORY,
            "law",
            _("A body that decides meets under the open or the ordinary rules."),
        ),
    ):
        if bad:
            raise Refused("row-invalid", message, field=field)
    if body.is_open and body.secrecy != Body.Secrecy.NEVER:
        law.no_secret(body)


@transaction.atomic
def fill_seat(
    *,
    body: Body,
    person: Person | None,
    role: str,
    constituency: str = "",
    since: date | None = None,
    until: date | None = None,
    votes: bool | None = None,
    alternate: Person | None = None,
    actor: Person,
) -> Seat:
    """Add a seat, held by a person or vacant.

    Args:
        body: where.
        person: who holds it; ``None`` for a vacant seat.
        role: a `Seat.Role`.
        constituency: for whom they speak.
        since: first day of the term; today if left out.
        until: last day of the term.
        votes: whether the seat carries a vote; if left out, every seat but one ex officio does.
        alternate: who stands in, where the charter allows it.
        actor: who does it.

    Returns:
        The seat.

    Raises:
        Refused: ``permission``; ``conflict``, for a second seat of the same person or a second chair; ``outsider`` for
            someone who has no role in the organization; ``row-invalid`` for a term that ends before it begins.
    """
    _may_seat(actor, body)
    if person is not None:
        _may_sit(person, body)
    _may_stand_in(alternate, person, body)
    first = since or timezone.localdate()
    if since and until and until < since:
        raise Refused("row-invalid", _("The term ends before it begins."), field="until")
    if role == Seat.Role.CHAIR and body.seats.filter(role=role).exists():
        raise Refused("conflict", _("There is a seat for the chair already."), field="role")
    with by_decision(body.organization, actor):
        seat = Seat.objects.create(
            body=body,
            holder=person,
            alternate=alternate,
            role=role,
            votes=role != Seat.Role.EX_OFFICIO if votes is None else votes,
            constituency=constituency,
            since=first,
            until=until,
        )
        log(organization=body.organization, verb="seat.filled", target=f"seat:{seat.pk}", actor=actor)
        hand_down(body.organization)
    return seat


def _may_seat(actor: Person, body: Body) -> None:
    """Refuse who may not; hold the body, so that seats do not change while a vote opens."""
    if not rules.may_found(actor, body.organization):
        raise Refused("permission", _("Only program managers and administrators change seats."))
    Body.objects.select_for_update().get(pk=body.pk)


def _may_sit(person: Person, body: Body) -> None:
    if not rules.belongs(person, body.organization):
        raise Refused(
            "outsider",
            _("%(name)s is not one of your people yet; invite them first.") % {"name": person},
            field="person",
        )
    if rules.held_seats(body, person):
        raise Refused("conflict", _("%(name)s has a seat already.") % {"name": person}, field="person")


def _may_stand_in(alternate: Person | None, holder: Person | None, body: Body) -> None:
    if alternate is None:
        return
    if alternate == holder:
        raise Refused("conflict", _("Nobody stands in for themselves."), field="alternate")
    if not rules.belongs(alternate, body.organization):
        raise Refused(
            "outsider",
            _("%(name)s is not one of your people yet; invite them first.") % {"name": alternate},
            field="alternate",
        )


@transaction.atomic
def name_alternate(*, seat: Seat, person: Person | None, actor: Person) -> Seat:
    """Say who stands in for a seat's holder; whether they vote is for the charter to say.

    Args:
        seat: which.
        person: who; ``None`` for nobody.
        actor: who does it.

    Returns:
        The seat.

    Raises:
        Refused: ``permission``, ``conflict``, ``outsider``.
    """
    _may_seat(actor, seat.body)
    _may_stand_in(person, seat.holder, seat.body)
    seat.alternate = person
    seat.save(update_fields=["alternate"])
    log(
        organization=seat.body.organization,
        verb="seat.alternate-named",
        target=f"seat:{seat.pk}",
        actor=actor,
    )
    return seat


@transaction.atomic
def refill_seat(*, seat: Seat, person: Person, until: date | None = None, actor: Person) -> Seat:
    """Give a vacant seat, or one whose term has ended, to a person.

    Args:
        seat: which.
        person: who holds it from now on.
        until: last day of the term.
        actor: who does it.

    Returns:
        The seat.

    Raises:
        Refused: ``permission``; ``conflict`` for a person with a seat, or a seat that is held; ``outsider``.
    """
    _may_seat(actor, seat.body)
    _may_sit(person, seat.body)
    if not queries.vacant_seats(seat.body).filter(pk=seat.pk).exists():
        raise Refused("conflict", _("The seat is held; empty it first."), field="person")
    seat.holder, seat.since, seat.until = person, timezone.localdate(), until
    seat.save(update_fields=["holder", "since", "until"])
    log(organization=seat.body.organization, verb="seat.filled", target=f"seat:{seat.pk}", actor=actor)
    hand_down(seat.body.organization)
    return seat


@transaction.atomic
def vacate_seat(*, seat: Seat, actor: Person) -> Seat:
    """Empty a seat; it still counts for the quorum.

    Args:
        seat: which.
        actor: who does it.

    Returns:
        The seat.

    Raises:
        Refused: ``permission``; ``in-use`` while its holder is an elector of an open vote.
    """
    _may_seat(actor, seat.body)
    if Ballot.objects.filter(state=Ballot.State.OPEN, electors__seat=seat).exists():
        raise Refused("in-use", _("A vote is open in which this seat counts. Close it first."))
    seat.holder = None
    seat.save(update_fields=["holder"])
    log(organization=seat.body.organization, verb="seat.vacated", target=f"seat:{seat.pk}", actor=actor)
    hand_down(seat.body.organization)
    return seat


@transaction.atomic
def remove_seat(*, seat: Seat, actor: Person) -> None:
    """Take a vacant seat away, so that it no longer counts for the quorum.

    Args:
        seat: which.
        actor: who does it.

    Raises:
        Refused: ``permission``; ``in-use`` for a seat that is held, or whose vote is part of the record.
    """
    _may_seat(actor, seat.body)
    if seat.holder_id is not None:
        raise Refused("in-use", _("The seat is held; empty it first."))
    if Elector.objects.filter(seat=seat).exists():
        raise Refused(
            "in-use", _("Votes were cast from this seat; it stays, and can be given to someone else.")
        )
    organization = seat.body.organization
    with by_decision(organization, actor):
        log(organization=organization, verb="seat.removed", target=f"seat:{seat.pk}", actor=actor)
        seat.delete()
        hand_down(organization)


def add_place(*, body: Body, role: str, constituency: str, votes: bool, actor: Person) -> Seat:
    """Add a vacant seat of a kind; see `fill_seat`."""
    return fill_seat(body=body, person=None, role=role, constituency=constituency, votes=votes, actor=actor)


@transaction.atomic
def drop_seat(*, body: Body, role: str, constituency: str, votes: bool, actor: Person) -> None:
    """Take one vacant seat of a kind away.

    Args:
        body: where.
        role: a `Seat.Role`.
        constituency: for whom it speaks.
        votes: whether it carries a vote.
        actor: who does it.

    Raises:
        Refused: ``permission``; ``in-use`` if all of them are held, or part of the record.
    """
    _may_seat(actor, body)
    alike = body.seats.filter(role=role, constituency=constituency, votes=votes, holder=None)
    free = (
        alike.exclude(pk__in=Elector.objects.filter(seat__body=body).values("seat")).order_by("-id").first()
    )
    if free is None:
        raise Refused(
            "in-use", _("No seat of this kind is vacant. Empty one first, on the page of the seats.")
        )
    remove_seat(seat=free, actor=actor)
