"""Writes of bodies that end, and that are brought back. Their seats, meetings, minutes and decisions stay as they are."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.council import queries, rules
from gradatim.program.council.actions.governing import by_decision, hand_down
from gradatim.program.council.models import Ballot, Body
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person


@transaction.atomic
def retire_body(*, body: Body, actor: Person) -> Body:
    """Let a body take nothing up any more. It finishes what is with it; all that it did stays readable.

    Args:
        body: which.
        actor: a program manager or administrator.

    Returns:
        The body, retired since today.

    Raises:
        Refused: ``permission``; ``closed`` if it is retired; ``in-use`` while a vote is open or scheduled in it, while a
            route asks it, or for the only body that decides; ``needs-decision``.
    """
    body = _held(body, actor)
    if body.retired:
        raise Refused("closed", _("%(body)s is retired already.") % {"body": body})
    must_be_idle(body)
    _must_not_be_asked(body)
    _must_leave_one(body)
    with by_decision(body.organization, actor):
        body.retired_on = timezone.localdate()
        _keep(body, "body.retired", actor)
    return body


@transaction.atomic
def bring_back(*, body: Body, actor: Person) -> Body:
    """Let a retired body take things up again, with the charter and the seats it had.

    Args:
        body: which.
        actor: a program manager or administrator.

    Returns:
        The body.

    Raises:
        Refused: ``permission``; ``closed`` if it is not retired; ``needs-decision``.
    """
    body = _held(body, actor)
    if not body.retired:
        raise Refused("closed", _("%(body)s is not retired.") % {"body": body})
    with by_decision(body.organization, actor):
        body.retired_on = None
        _keep(body, "body.brought-back", actor)
    return body


def _held(body: Body, actor: Person) -> Body:
    if not rules.may_found(actor, body.organization):
        raise Refused(
            "permission", _("Only program managers and administrators retire a body or bring it back.")
        )
    return Body.objects.select_for_update(of=("self",)).select_related("organization").get(pk=body.pk)


def _keep(body: Body, verb: str, actor: Person) -> None:
    body.save(update_fields=["retired_on"])
    log(organization=body.organization, verb=verb, target=f"body:{body.pk}", actor=actor)
    hand_down(body.organization)


def must_be_idle(body: Body) -> None:
    """Refuse while a vote is open or scheduled in a body.

    Raises:
        Refused: ``in-use``, naming the vote and what to do.
    """
    going = (Ballot.State.OPEN, Ballot.State.SCHEDULED)
    ballot = body.ballots.filter(state__in=going).select_related("proposal__version").order_by("id").first()
    if ballot is not None:
        raise Refused(
            "in-use",
            _(
                "A vote on “%(title)s” is %(state)s in %(body)s. Close it or call it off first, on the page of"
                " proposal %(number)s."
            )
            % {
                "title": ballot.proposal.title,
                "state": ballot.get_state_display(),
                "body": body,
                "number": ballot.proposal.number,
            },
        )


def _must_not_be_asked(body: Body) -> None:
    asked = queries.routes_that_ask(body)
    if asked:
        raise Refused(
            "in-use",
            _(
                "%(routes)s: this asks %(body)s. Take the stage out, or let it ask another body; then retire it."
            )
            % {
                "routes": ", ".join(f"{one.route.name} ({', '.join(one.stages)})" for one in asked),
                "body": body,
            },
        )


def _must_leave_one(body: Body) -> None:
    deciding = body.organization.bodies.filter(kind=Body.Kind.DECIDING, retired_on=None)
    if body.kind == Body.Kind.DECIDING and not deciding.exclude(pk=body.pk).exists():
        raise Refused(
            "in-use",
            _("%(body)s is the only body that decides. Set up another one that decides first.")
            % {"body": body},
        )
