"""Pages of the first run."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization
from gradatim.program.web.demo import program
from gradatim.program.web.setup import actions
from gradatim.program.web.setup.forms import StartForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ADMINISTRATOR = Membership.Role.ADMINISTRATOR


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Two ways: look around, or start one's own; only while nothing is here."""
    if Organization.objects.exists():
        raise Http404
    if request.method == "POST":
        if actions.needs_code():
            raise Http404
        with transaction.atomic():
            program.fill()
        messages.success(request, _("This is Northfield College. Nothing here is real."))
        return redirect("web:cast")
    return render(request, "web/setup_start.html", {"local": not actions.needs_code()})


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Start one's own program."""
    if Organization.objects.exists():
        raise Http404
    form = StartForm(request.POST or None, request.FILES or None, needs_code=actions.needs_code())
    if request.method == "POST" and form.is_valid():
        try:
            organization, person = actions.start(**form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            login(request, person, backend=BACKEND)
            return redirect("web:first_steps", organization.slug)
    return render(request, "web/setup_mine.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@inside(ADMINISTRATOR)
def first_steps(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What to do in the first minutes: keep the key, test the mail."""
    return render(request, "web/first_steps.html", {"has_server": bool(settings.EMAIL_URL)})


@require_POST
@inside(ADMINISTRATOR)
def key_backup(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The file without which the signing keys cannot be opened; on one's own machine only, and noted in the log."""
    if not settings.LOCAL:
        raise Refused(
            "permission",
            _("Copy the file sealing.key from the server's data folder; it is not sent over the network."),
        )
    people.log(
        organization=organization,
        verb="key.backed-up",
        target=f"organization:{organization.pk}",
        actor=signed_in(request),
    )
    response = HttpResponse(settings.SEALING_KEY + "\n", content_type="application/octet-stream")
    response["Content-Disposition"] = 'attachment; filename="sealing.key"'
    return response


@require_POST
@inside(ADMINISTRATOR)
def test_mail(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Send oneself a mail."""
    try:
        messages.success(
            request, actions.send_test_mail(organization=organization, person=signed_in(request))
        )
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("web:first_steps", organization.slug)
