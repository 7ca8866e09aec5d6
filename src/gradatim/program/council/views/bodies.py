"""Pages of bodies: the council, its charter, its seats."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import (
    AlternateForm,
    BodyForm,
    FoundForm,
    GiveForm,
    SeatForm,
    WindowForm,
)
from gradatim.program.council.models import Body
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization

Role = Membership.Role


def _body(organization: Organization, body: int) -> Body:
    found = queries.find_body(organization, body)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def council(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What waits for the council, who sits in it, and by which rules it decides; POST founds a body."""
    person = signed_in(request)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = actions.found_body(organization=organization, actor=person, **form.charter)  # type: ignore[arg-type]  # words only, by name
        messages.success(request, _("%(name)s is there. Now give it rules and seats.") % {"name": body})
        return redirect("council:charter", organization.slug, body.pk)
    context = {
        "bodies": queries.bodies(organization),
        "mine": set(queries.votes_waiting_for(organization, person).values_list("pk", flat=True)),
        "ballots": queries.open_ballots(organization),
        "waiting": [(p, queries.due(p)) for p in queries.proposals_waiting(organization)],
        "today": timezone.localdate(),
        "may_found": rules.may_found(person, organization),
        "form": form,
    }
    return render(request, "council/council.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def charter(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """A body's charter and seats."""
    found = _body(organization, body)
    form = BodyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_body(body=_body(organization, body), actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("Saved. Votes that are open keep the rules they were opened under."))
            return redirect("council:charter", organization.slug, body)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _page(request, found, form=form)


def _page(request: HttpRequest, body: Body, **forms: BaseForm) -> HttpResponse:
    """The charter's page, perhaps with a form that has errors."""
    context = {
        "body": body,
        "vacant": set(queries.vacant_seats(body).values_list("pk", flat=True)),
        "form": BodyForm(instance=body),
        "seat_form": SeatForm(organization=body.organization),
        "give_form": GiveForm(body=body),
        "alternate_form": AlternateForm(body=body),
        "window_form": WindowForm(),
    }
    bad = any(form.errors for form in forms.values())
    return render(request, "council/charter.html", context | forms, status=422 if bad else 200)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def seats(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Add a seat, or give a vacant one to someone."""
    found = _body(organization, body)
    if "seat" in request.POST:
        give = GiveForm(request.POST, body=found)
        return _do(request, found, actions.refill_seat, {}, give_form=give)
    seat = SeatForm(request.POST, organization=organization)
    return _do(request, found, actions.fill_seat, {"body": found}, seat_form=seat)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def alternate(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Say who stands in for whom."""
    found = _body(organization, body)
    form = AlternateForm(request.POST, body=found)
    return _do(request, found, actions.name_alternate, {}, alternate_form=form)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def windows(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Add days in which the body takes proposals."""
    found = _body(organization, body)
    return _do(request, found, actions.add_window, {"body": found}, window_form=WindowForm(request.POST))


def _do(
    request: HttpRequest,
    body: Body,
    action: Callable[..., object],
    given: dict[str, object],
    **named: BaseForm,
) -> HttpResponse:
    """Act on one form of the charter's page, and show it again if something has to be mended."""
    ((_name, form),) = named.items()
    if form.is_valid():
        try:
            action(actor=signed_in(request), **given, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("council:charter", body.organization.slug, body.pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _page(request, body, **named)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def remove_window(request: HttpRequest, organization: Organization, body: int, window: int) -> HttpResponse:
    """Take a window away."""
    found = queries.find_window(_body(organization, body), window)
    if found is None:
        raise Http404
    actions.remove_window(window=found, actor=signed_in(request))
    messages.success(request, _("The window is gone."))
    return redirect("council:charter", organization.slug, body)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def vacate(request: HttpRequest, organization: Organization, body: int, seat: int) -> HttpResponse:
    """Empty a seat; one that is empty already is taken away."""
    found = _body(organization, body).seats.filter(pk=seat).first()
    if found is None:
        raise Http404
    if found.holder_id is None:
        actions.remove_seat(seat=found, actor=signed_in(request))
        messages.success(request, _("The seat is gone; it no longer counts for the quorum."))
    else:
        actions.vacate_seat(seat=found, actor=signed_in(request))
        messages.success(request, _("The seat is empty; it still counts for the quorum."))
    return redirect("council:charter", organization.slug, body)
