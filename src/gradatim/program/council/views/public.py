"""What the public sees of meetings: noticed agendas of open bodies, and published minutes."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradatim.program.council import calendar, queries
from gradatim.program.council.models import Meeting
from gradatim.program.council.views.meetings import PAGE, State, calendar_file, typeset
from gradatim.program.council.views.minutes import shown
from gradatim.program.people import queries as people
from gradatim.program.people.entry import at_home, be_in
from gradatim.program.people.models import Organization


def _public(request: HttpRequest, slug: str) -> Organization:
    found = people.find_organization(slug)
    if found is None:
        raise Http404
    be_in(request, found)
    at_home(request, found)
    return found


@require_safe
def public_meetings(request: HttpRequest, organization: str) -> HttpResponse:
    """Meetings that everyone may see."""
    found = queries.public_meetings(_public(request, organization))
    page_of = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "council/public_meetings.html", {"page_of": page_of})


@require_safe
def public_meeting(request: HttpRequest, organization: str, meeting: int) -> HttpResponse:
    """One meeting as everyone may see it: its agenda, and its minutes once they are public."""
    found = _find_public(request, organization, meeting)
    context: dict[str, object] = {"meeting": found, "body": found.body}
    if found.state == State.PUBLISHED:
        context |= shown(request, found)
    return render(request, "council/public_meeting.html", context)


def _find_public(request: HttpRequest, slug: str, meeting: int) -> Meeting:
    found = queries.find_public_meeting(_public(request, slug), meeting)
    if found is None:
        raise Http404
    return found


@require_safe
def public_pdf(request: HttpRequest, organization: str, meeting: int) -> HttpResponse:
    """The published minutes, typeset."""
    found = _find_public(request, organization, meeting)
    if found.state != State.PUBLISHED:
        raise Http404
    return typeset(found)


@require_safe
def public_calendar(request: HttpRequest, organization: str) -> HttpResponse:
    """The meetings that everyone may see, as a calendar file."""
    return calendar_file(calendar.calendar(queries.public_meetings(_public(request, organization))))
