"""Pages of people: who works here, the organization, the log, an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground import queries as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions, queries
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.forms import InvitationForm, NameForm, OrganizationForm
from gradatim.program.people.models import Membership, Organization, Person

ADMINISTRATOR = Membership.Role.ADMINISTRATOR
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@inside(ADMINISTRATOR)
def people(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who works here, and an invitation for the next one."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(organization=organization, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("The invitation is on its way."))
            return redirect("people:people", organization.slug)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    context = {
        "form": form,
        "members": queries.members(organization),
        "invitations": queries.open_invitations(organization),
    }
    return render(request, "people/people.html", context, status=422 if form.errors else 200)


@require_POST
@inside(ADMINISTRATOR)
def take_role(request: HttpRequest, organization: Organization, membership: int) -> HttpResponse:
    """Take a role away."""
    found = queries.find_membership(organization, membership)
    if found is None:
        raise Http404
    actions.take_role(membership=found, actor=signed_in(request))
    messages.success(request, _("%(name)s no longer has this role.") % {"name": found.person})
    return redirect("people:people", organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(ADMINISTRATOR)
def settings(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What the organization says of itself."""
    form = OrganizationForm(
        request.POST or None, request.FILES or None, instance=queries.find_organization(organization.slug)
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        picture = fields.pop("logo")
        try:
            actor = signed_in(request)
            if picture:
                actions.set_logo(
                    organization=organization, name=picture.name, content=picture.read(), actor=actor
                )
            actions.change_organization(organization=organization, actor=actor, **fields)
            messages.success(request, _("Saved."))
            return redirect("people:settings", organization.slug)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(request, "people/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@inside(ADMINISTRATOR)
def log(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What was done, by whom, newest first."""
    page_of = Paginator(queries.log_lines(organization), 50).get_page(request.GET.get("page"))
    return render(request, "people/log.html", {"page_of": page_of})


@require_safe
def logo(request: HttpRequest, organization: str) -> HttpResponse:
    """The organization's logo; drawn by the browser in a sandbox."""
    found = queries.find_organization(organization)
    if found is None or found.logo is None:
        raise Http404
    response = HttpResponse(bytes(found.logo.content), content_type=found.logo.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening shows what is offered; only the button accepts."""
    link = ground.find_link(token, "invitation")
    found = queries.find_invitation(link.key) if link else None
    if link is None or found is None:
        raise Http404
    person = request.user if isinstance(request.user, Person) else None
    form = NameForm(request.POST or None)
    if request.method == "POST" and (person or form.is_valid()):
        name = "" if person else form.cleaned_data["name"]
        accepted = actions.accept_invitation(token=token, name=name, person=person)
        login(request, accepted, backend=BACKEND)
        messages.success(request, _("Welcome."))
        return redirect("web:board", found.organization.slug)
    context = {"invitation": found, "open": ground.is_open(link), "form": form, "person": person}
    return render(request, "people/invitation.html", context, status=422 if form.errors else 200)
