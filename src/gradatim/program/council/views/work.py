"""Pages of what waits for a person, of its weekly digest, and of who takes part."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.models import DigestWish
from gradatim.program.council.views.proposals import roles
from gradatim.program.ground import queries as links
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

SAID = {
    "daily": gettext_lazy("You get it every day on which something waits."),
    "weekly": gettext_lazy("You get it every Monday."),
    "never": gettext_lazy("You get no digest any more."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@inside()
def work(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What waits for this person; POST sends it to them now, or says how often it comes by mail."""
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
            rhythm = request.POST.get("rhythm", "")
            actions.want_digest(organization=organization, person=person, rhythm=rhythm)
            messages.success(request, SAID[rhythm])
        return redirect("council:work", organization.slug)
    context = {
        "tasks": [
            (task, task.url(organization)) for task in queries.work(organization, person, roles(request))
        ],
        "sees_all": bool(roles(request) & frozenset(rules.MAY_SEE)),
        "rhythm": queries.rhythm_of(organization, person),
        "rhythms": DigestWish.Rhythm.choices,
    }
    return render(request, "council/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest, token: str) -> HttpResponse:
    """The page on which one says how often the digest comes; opening it changes nothing."""
    link = links.find_link(token, queries.DIGEST)
    found = queries.find_reader(link.key) if link else None
    if link is None or found is None:
        raise Http404
    organization, person = found
    if request.method == "POST":
        actions.want_digest_by_link(token=token, rhythm=request.POST.get("rhythm", ""))
    context = {
        "organization": organization,
        "saved": request.method == "POST",
        "rhythm": queries.rhythm_of(organization, person),
        "rhythms": DigestWish.Rhythm.choices,
    }
    return render(request, "council/digest.html", context)


@csrf_exempt  # a mail program has no cookie; the link is the proof, and all that it does is write less
@require_POST
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """The one click of a mail program (RFC 8058): no digest any more."""
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponse(status=400)
    actions.want_digest_by_link(token=token, rhythm=DigestWish.Rhythm.NEVER)
    return HttpResponse(status=200)


@require_safe
@inside(*rules.MAY_SEE)
def reach(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Which units are represented, who reviewed, where it hangs, how many days a stage takes."""
    return render(request, "council/reach.html", {"reach": queries.reach(organization)})
