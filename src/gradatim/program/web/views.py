"""The roof's own pages: home, the board of an organization, health."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import gradatim
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people_actions
from gradatim.program.people import queries as people
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.web import practice, queries
from gradatim.program.web.demo import cast as demo
from gradatim.program.web.forms import CodeForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everyone starts: set-up on an empty installation, the board for staff, what waits for partners, "my credentials" for learners."""
    person = request.user
    if not isinstance(person, Person):
        organizations = list(queries.public_organizations())
        if not organizations:
            return HttpResponseRedirect(reverse("web:setup"))
        return render(
            request,
            "web/welcome.html",
            {"organizations": organizations, "demo": settings.LOCAL and demo.players().exists()},
        )
    organizations = list(people.organizations_of(person))
    if len(organizations) == 1 and queries.is_staff(organizations[0], person):
        return HttpResponseRedirect(reverse("web:board", args=[organizations[0].slug]))
    if len(organizations) == 1 and queries.is_partner(organizations[0], person):
        return HttpResponseRedirect(reverse("council:work", args=[organizations[0].slug]))
    if not organizations or not any(queries.is_staff(o, person) for o in organizations):
        return HttpResponseRedirect(reverse("passport:mine"))
    return render(request, "web/choose.html", {"organizations": organizations})


@require_safe
@inside()
def board(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What waits for this person, and the six steps of the program."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    context = {
        "steps": queries.steps(organization),
        "waiting": queries.waiting_for(organization, person, request.roles),  # type: ignore[attr-defined]  # set by @inside
    }
    return render(request, "web/board.html", context)


@require_POST
@inside(Membership.Role.ADMINISTRATOR)
def make_real(request: HttpRequest, organization: Organization) -> HttpResponse:
    """From now on it counts."""
    people_actions.make_real(organization=organization, actor=signed_in(request))
    messages.success(request, _("It is real now. What you make from here on counts."))
    return HttpResponseRedirect(reverse("people:settings", args=[organization.slug]))


@require_POST
@inside(Membership.Role.ADMINISTRATOR)
def remove_practice(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Remove what was made while practicing."""
    practice.remove(organization=organization, actor=signed_in(request))
    messages.success(request, _("The practice data is gone."))
    return HttpResponseRedirect(reverse("people:settings", args=[organization.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: HttpRequest) -> HttpResponse:
    """Be one of the demo's cast; only on this very machine, only people whose addresses nobody can have."""
    people_of_demo = list(demo.players()) if settings.LOCAL else []
    if not people_of_demo:
        raise Http404
    if request.method == "POST":
        chosen = next((p for p in people_of_demo if str(p.pk) == request.POST.get("person")), None)
        if chosen is None:
            raise Http404
        login(request, chosen, backend=BACKEND)
        return HttpResponseRedirect(reverse("web:home"))
    return render(request, "web/cast.html", {"people": people_of_demo})


OPENS = {
    "vote": "council:vote_link",
    "invitation": "people:invitation",
    "claim": "passport:get_link",
    "review": "council:guest_review",
    "digest": "council:digest",
}
"""Which page a mailed link of a purpose opens."""


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Where the short code of a mail is typed in; it leads to the page of the link and does nothing else."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            purpose, token = ground.link_by_code(**form.cleaned_data)
            return HttpResponseRedirect(reverse(OPENS[purpose], args=[token]))
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(request, "web/code.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def brand(request: HttpRequest, organization: str) -> HttpResponse:
    """The organization's accent color as a style sheet (inline styles are forbidden)."""
    found = people.find_organization(organization)
    if found is None:
        raise Http404
    response = HttpResponse(f":root {{ --accent: {found.brand_color}; }}\n", content_type="text/css")
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and knows this version's tables; otherwise 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if pending:
        return JsonResponse({"status": "the database is behind: run gradatim migrate"}, status=503)
    return JsonResponse({"status": "ready", "work": queries.work_waiting()})


@require_safe
def version(request: HttpRequest) -> HttpResponse:
    """Which version runs."""
    return JsonResponse({"version": gradatim.__version__, "site": settings.SITE_URL})
