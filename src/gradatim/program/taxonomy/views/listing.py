"""How pages that change the taxonomy meet the council: what needs a decision goes on the person's change list."""

from __future__ import annotations

from collections.abc import Callable
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


def on_list(view: View) -> View:
    """A view inside an organization that shows and changes the taxonomy as the person's change list makes it.

    Without a list it shows what is in force. What it changes takes effect at once if it may, else it goes on the list.
    A template finds the list as ``request.change_list``, and who decides as ``request.governed_by``.
    """

    @wraps(view)
    def enter(
        request: HttpRequest, organization: Organization, *args: object, **kwargs: object
    ) -> HttpResponse:
        def act() -> HttpResponse:
            return view(request, organization, *args, **kwargs)

        may_change = bool(request.roles & frozenset(rules.MAY_CHANGE))  # type: ignore[attr-defined]  # set by @inside
        changes = queries.working_list(organization, signed_in(request)) if may_change else None
        request.change_list = changes  # type: ignore[attr-defined]
        request.governed_by = queries.governance(organization).decided_by if may_change else ""  # type: ignore[attr-defined]
        if request.method != "POST":
            return actions.looking(organization=organization, changes=changes, act=act) if changes else act()
        response, kept = actions.amend(organization=organization, actor=signed_in(request), act=act)
        if kept is not None:
            messages.success(
                request, _("It stands on your change list now. Nothing changes before it is decided.")
            )
        elif said := getattr(request, "said", ""):
            messages.success(request, said)
        return response

    return enter


def saved(request: HttpRequest, words: str) -> None:
    """What the person is told if the change takes effect."""
    request.said = words  # type: ignore[attr-defined]  # read by `on_list`


def onward(request: HttpRequest, organization: Organization, address: str) -> HttpResponseRedirect:
    """Go on to something that was just made; if it stands on a list only, to the list."""
    if getattr(request, "governed_by", "") or getattr(request, "change_list", None):
        return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))
    return HttpResponseRedirect(address)
