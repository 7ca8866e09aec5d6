"""Writes of submission windows: when a body takes proposals."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gradatim.program.council import queries, rules
from gradatim.program.council.actions.governing import by_decision
from gradatim.program.council.models import Body, Window
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Person


@transaction.atomic
def add_window(*, body: Body, name: str, opens: date, closes: date, actor: Person) -> Window:
    """Add days in which a body takes proposals; from the first window on it takes none outside.

    Args:
        body: whose.
        name: e.g. "Spring".
        opens: first day.
        closes: last day.
        actor: who does it.

    Returns:
        The window.

    Raises:
        Refused: ``permission``; ``row-invalid`` if it ends before it begins.
    """
    if not rules.may_found(actor, body.organization):
        raise Refused("permission", _("Only program managers and administrators change a charter."))
    if closes < opens:
        raise Refused("row-invalid", _("The window closes before it opens."), field="closes")
    with by_decision(body.organization, actor):
        window = Window.objects.create(body=body, name=name.strip(), opens=opens, closes=closes)
        log(organization=body.organization, verb="window.added", target=f"body:{body.pk}", actor=actor)
    return window


@transaction.atomic
def remove_window(*, window: Window, actor: Person) -> None:
    """Take a window away.

    Args:
        window: which.
        actor: who does it.

    Raises:
        Refused: ``permission``.
    """
    body = window.body
    if not rules.may_found(actor, body.organization):
        raise Refused("permission", _("Only program managers and administrators change a charter."))
    with by_decision(body.organization, actor):
        window.delete()
        log(organization=body.organization, verb="window.removed", target=f"body:{body.pk}", actor=actor)


def must_take_proposals(body: Body) -> None:
    """Refuse a proposal that comes outside the body's windows.

    Raises:
        Refused: ``window``, naming the next one.
    """
    if queries.takes_proposals(body):
        return
    following = queries.next_window(body)
    if following is None:
        raise Refused(
            "window", _("%(body)s takes no proposals now, and no later window is set.") % {"body": body}
        )
    raise Refused(
        "window",
        _("%(body)s takes proposals again from %(day)s (%(name)s). Your draft is kept until then.")
        % {"body": body, "day": date_format(following.opens), "name": following.name},
    )
