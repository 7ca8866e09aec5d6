"""How pages that change the taxonomy meet the council: what needs a decision goes on the person's change list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gradatim.program.people.entry import signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules

View = Callable[Concatenate[HttpRequest, Organization, ...], HttpResponse]


@dataclass(frozen=True, slots=True)
class Gate:
    """How the pages of a room meet whoever decides about what they change.

    Attributes:
        scope: what of the policy they show and change.
        may_change: whether the person on the page may change it.
        decided_by: who decides about it; empty for nobody yet.
        listed: whether changes go on lists at all by now.
    """

    scope: actions.Scope
    may_change: Callable[[HttpRequest, Organization], bool]
    decided_by: Callable[[Organization], str]
    listed: Callable[[Organization], bool] = lambda _organization: True


def on_list_by(gate: Gate) -> Callable[[View], View]:
    """Make a view inside an organization show and change things as the person's change list makes them.

    Without a list it shows what is in force. What it changes takes effect at once if it may, else it goes on the list.
    A template finds the list as ``request.change_list``, and who decides as ``request.governed_by``.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def enter(
            request: HttpRequest, organization: Organization, *args: object, **kwargs: object
        ) -> HttpResponse:
            return _enter(gate, request, organization, lambda: view(request, organization, *args, **kwargs))

        return enter

    return wrap


def _enter(
    gate: Gate, request: HttpRequest, organization: Organization, act: Callable[[], HttpResponse]
) -> HttpResponse:
    listed = gate.may_change(request, organization) and gate.listed(organization)
    changes = queries.working_list(organization, signed_in(request)) if listed else None
    request.change_list = changes  # type: ignore[attr-defined]
    request.governed_by = gate.decided_by(organization) if listed else ""  # type: ignore[attr-defined]
    if request.method != "POST":
        if changes is None:
            return act()
        return actions.looking(organization=organization, changes=changes, act=act, scope=gate.scope)
    kept = None
    if listed:
        response, kept = actions.amend(
            organization=organization, actor=signed_in(request), act=act, scope=gate.scope
        )
    else:
        response = act()
    if kept is not None:
        messages.success(
            request, _("It stands on your change list now. Nothing changes before it is decided.")
        )
    elif said := getattr(request, "said", ""):
        messages.success(request, said)
    return response


on_list = on_list_by(
    Gate(
        actions.TAXONOMY,
        lambda request, _organization: bool(request.roles & frozenset(rules.MAY_CHANGE)),  # type: ignore[attr-defined]  # set by @inside
        lambda organization: queries.governance(organization).decided_by,
    )
)
"""For the pages of the taxonomy."""


def saved(request: HttpRequest, words: str) -> None:
    """What the person is told if the change takes effect."""
    request.said = words  # type: ignore[attr-defined]  # read by `on_list`


def onward(request: HttpRequest, organization: Organization, address: str) -> HttpResponseRedirect:
    """Go on to something that was just made; if it stands on a list only, to the list."""
    if getattr(request, "governed_by", "") or getattr(request, "change_list", None):
        return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))
    return HttpResponseRedirect(address)
