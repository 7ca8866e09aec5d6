"""Pages of what waits for a person, of its weekly digest, and of who takes part."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.views.proposals import roles
from gradatim.program.ground import queries as links
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@inside()
def work(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What waits for this person; POST sends it to them now, or switches the weekly digest off and on."""
    person = signed_in(request)
    if not rules.may_work(person, organization, roles(request)):
        raise PermissionDenied
    if request.method == "POST":
        if "send" in request.POST:
            sent = actions.send_digest(organization=organization, person=person)
            said = _("It is on its way to %(address)s.") % {"address": person.email}
            messages.success(
                request, said if sent else _("Nothing waits for you, so there is nothing to send.")
            )
        else:
            wanted = "on" in request.POST
            actions.want_digest(organization=organization, person=person, wanted=wanted)
            messages.success(
                request, _("You get it every Monday.") if wanted else _("You get no digest any more.")
            )
        return redirect("council:work", organization.slug)
    context = {
        "tasks": queries.work(organization, person, roles(request)),
        "sees_all": bool(roles(request) & frozenset(rules.MAY_SEE)),
        "digest": queries.wants_digest(organization, person),
    }
    return render(request, "council/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest, token: str) -> HttpResponse:
    """The page that switches the weekly digest off; opening it changes nothing."""
    link = links.find_link(token, queries.DIGEST)
    found = queries.find_reader(link.key) if link else None
    if link is None or found is None:
        raise Http404
    organization, person = found
    if request.method == "POST":
        actions.want_digest_by_link(token=token, wanted="on" in request.POST)
    context = {"organization": organization, "digest": queries.wants_digest(organization, person)}
    return render(request, "council/digest.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def reach(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Which units are represented, who reviewed, where it hangs, how many days a stage takes."""
    return render(request, "council/reach.html", {"reach": queries.reach(organization)})
