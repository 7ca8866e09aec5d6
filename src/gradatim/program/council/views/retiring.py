"""Pages of a body's end: what it touches, first; and of bringing it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, queries
from gradatim.program.council.views.bodies import find
from gradatim.program.council.views.listing import on_list, saved
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization

Role = Membership.Role


@require_http_methods(["GET", "HEAD", "POST"])
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def retire(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """What the end of a body touches; POST retires it."""
    found, problem = find(organization, body), ""
    if request.method == "POST":
        try:
            actions.retire_body(body=found, actor=signed_in(request))
            saved(request, _("It is retired. What it did stays readable."))
            return redirect("council:charter", organization.slug, body)
        except Refused as refused:
            if refused.code != "in-use":
                raise
            problem = refused.message
    elif found.retired:
        return redirect("council:charter", organization.slug, body)
    context = {"body": found, "end": queries.end_of(found), "problem": problem}
    return render(request, "council/retire.html", context, status=422 if problem else 200)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def bring_back(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Let a retired body take things up again."""
    actions.bring_back(body=find(organization, body), actor=signed_in(request))
    saved(request, _("It is back, with the charter and the seats it had."))
    return redirect("council:charter", organization.slug, body)
