"""Pages of bodies: the council, its charter, its seats."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import BodyForm, FoundForm, GiveForm, SeatForm
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
    """What waits for the council, who sits in it, and by which rules it decides; POST founds the first one."""
    person = signed_in(request)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = actions.found_body(organization=organization, actor=person, **form.cleaned_data)
        messages.success(request, _("The council is there. Now give it rules and seats."))
        return redirect("council:charter", organization.slug, body.pk)
    context = {
        "bodies": queries.bodies(organization),
        "mine": set(queries.votes_waiting_for(organization, person).values_list("pk", flat=True)),
        "ballots": queries.open_ballots(organization),
        "waiting": queries.proposals_waiting(organization),
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
            form.add_error(refused.field, refused.message)
    return _page(request, found, form=form)


def _page(
    request: HttpRequest,
    body: Body,
    *,
    form: BodyForm | None = None,
    seat_form: SeatForm | None = None,
    give_form: GiveForm | None = None,
) -> HttpResponse:
    """The charter's page, perhaps with a form that has errors."""
    bad = any(f is not None and f.errors for f in (form, seat_form, give_form))
    context = {
        "body": body,
        "vacant": set(queries.vacant_seats(body).values_list("pk", flat=True)),
        "form": form or BodyForm(instance=body),
        "seat_form": seat_form or SeatForm(organization=body.organization),
        "give_form": give_form or GiveForm(body=body),
    }
    return render(request, "council/charter.html", context, status=422 if bad else 200)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def seats(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Add a seat, or give a vacant one to someone."""
    found = _body(organization, body)
    give = "seat" in request.POST
    form = GiveForm(request.POST, body=found) if give else SeatForm(request.POST, organization=organization)
    if form.is_valid():
        try:
            if give:
                actions.refill_seat(actor=signed_in(request), **form.cleaned_data)
            else:
                actions.fill_seat(body=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("council:charter", organization.slug, body)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return _page(request, found, **{"give_form" if give else "seat_form": form})  # type: ignore[arg-type]  # by name


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
