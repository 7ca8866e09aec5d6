"""The door of an organization: a view inside it gets the organization, an outsider gets "not found"."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from gradatim.program.people import queries
from gradatim.program.people.models import Organization, Person


def inside(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Organization, ...], HttpResponse]], Callable[..., HttpResponse]
]:
    """A view of one organization, for its members, or for members with one of the roles.

    The URL has ``<slug:organization>``; the view gets the `Organization` in its place, and templates find it and the
    person's roles as ``request.organization`` and ``request.roles``. Nobody else learns that the page exists.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Organization, ...], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def enter(request: HttpRequest, organization: str, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - the URL's own values
            entered = (
                queries.entered(organization, request.user) if isinstance(request.user, Person) else None
            )
            if entered is None:
                raise Http404("no such organization for this person")
            found, held = entered
            be_in(request, found)
            request.roles = held  # type: ignore[attr-defined]
            if roles and not held & frozenset(roles):
                raise PermissionDenied
            return view(request, found, *args, **kwargs)

        return enter

    return decorate


def be_in(request: HttpRequest, organization: Organization) -> None:
    """Say whose page it is: the frame shows it, and times are shown and entered in its time zone until the answer."""
    request.organization = organization  # type: ignore[attr-defined]
    timezone.activate(organization.time_zone)


def at_home(request: HttpRequest, organization: Organization) -> None:
    """Let who has a role in an organization find the way back from its public pages: the frame shows where they can go."""
    if isinstance(request.user, Person):
        request.roles = queries.roles(organization, request.user)  # type: ignore[attr-defined]  # read by the frame


def signed_in(request: HttpRequest) -> Person:
    """The person behind a request to a page that only signed-in people reach.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
