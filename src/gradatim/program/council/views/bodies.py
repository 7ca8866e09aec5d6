"""Pages of bodies: the council, a body's charter, and who sits in it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, packs, queries, rules, saying
from gradatim.program.council.forms import (
    AlternateForm,
    BodyForm,
    FoundForm,
    GiveForm,
    PlaceForm,
    SeatForm,
    WindowForm,
)
from gradatim.program.council.models import Body
from gradatim.program.council.views.listing import on_list, onward, saved
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization
from gradatim.program.taxonomy.actions import FAR

Role = Membership.Role


def find(organization: Organization, body: int) -> Body:
    """The body of a key."""
    found = queries.find_body(organization, body)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
@on_list
def council(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What waits for the council, who sits in it, and by which rules it decides; POST founds a body."""
    person = signed_in(request)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = actions.found_body(organization=organization, actor=person, **form.charter)  # type: ignore[arg-type]  # words only, by name
        saved(request, _("%(name)s is there. Now give it rules and seats.") % {"name": body})
        return onward(request, organization, reverse("council:charter", args=[organization.slug, body.pk]))
    there = list(queries.bodies(organization))
    context = {
        "bodies": [(body, saying.charter(body)) for body in there if not body.retired],
        "retired": [body for body in there if body.retired],
        "mine": set(queries.votes_waiting_for(organization, person).values_list("pk", flat=True)),
        "ballots": queries.open_ballots(organization),
        "waiting": [(p, queries.due(p)) for p in queries.proposals_waiting(organization)],
        "today": timezone.localdate(),
        "may_found": rules.may_found(person, organization),
        "form": form,
        "only_listed": FAR,
    }
    return render(request, "council/council.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def charter(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """A body's charter: its rules, its seats by kind, when it takes proposals."""
    found = find(organization, body)
    form = BodyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_body(body=find(organization, body), actor=signed_in(request), **form.cleaned_data)
            saved(request, _("Saved. Votes that are open keep the rules they were opened under."))
            return redirect("council:charter", organization.slug, body)
        except Refused as refused:
            _put(form, refused)
    return _charter(request, find(organization, body), form=form)


def _put(form: BaseForm, refused: Refused) -> None:
    """Put a refusal on the form; what is refused for want of a decision is none of its faults."""
    if refused.code == "needs-decision":
        raise refused
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _charter(request: HttpRequest, body: Body, **forms: BaseForm) -> HttpResponse:
    """The charter's page, perhaps with a form that has errors."""
    context = {
        "body": body,
        "said": saying.charter(body),
        "places": packs.places(body.seats.all()),
        "editions": queries.charter_editions(body),
        "in_force": body.pk < FAR,
        "form": BodyForm(instance=body),
        "place_form": PlaceForm(),
        "window_form": WindowForm(),
    }
    return _draw(request, "council/charter.html", context, forms)


def _draw(
    request: HttpRequest, template: str, context: dict[str, object], forms: dict[str, BaseForm]
) -> HttpResponse:
    bad = any(form.errors for form in forms.values())
    return render(request, template, context | forms, status=422 if bad else 200)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def places(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """One seat of a kind more, vacant, or one vacant seat less."""
    found, form = find(organization, body), PlaceForm(request.POST)
    less = request.POST.get("do") == "less"
    act = actions.drop_seat if less else actions.add_place
    return _do(request, _charter, found, act, {"body": found}, place_form=form)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def windows(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Add days in which the body takes proposals."""
    found = find(organization, body)
    form = WindowForm(request.POST)
    return _do(request, _charter, found, actions.add_window, {"body": found}, window_form=form)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
@on_list
def remove_window(request: HttpRequest, organization: Organization, body: int, window: int) -> HttpResponse:
    """Take a window away."""
    found = queries.find_window(find(organization, body), window)
    if found is None:
        raise Http404
    actions.remove_window(window=found, actor=signed_in(request))
    saved(request, _("The window is gone."))
    return redirect("council:charter", organization.slug, body)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def seats(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Who sits in a body; POST gives a vacant seat to someone, or adds one while the charter is free."""
    found = find(organization, body)
    if request.method != "POST":
        return _seats(request, found)
    if "seat" in request.POST:
        give = GiveForm(request.POST, body=found)
        return _do(request, _seats, found, actions.refill_seat, {}, give_form=give)
    seat = SeatForm(request.POST, organization=organization)
    return _do(request, _seats, found, actions.fill_seat, {"body": found}, seat_form=seat)


def _seats(request: HttpRequest, body: Body, **forms: BaseForm) -> HttpResponse:
    """The page of the seats, perhaps with a form that has errors."""
    context = {
        "body": body,
        "vacant": set(queries.vacant_seats(body).values_list("pk", flat=True)),
        "decided_by": queries.decides_itself(body.organization),
        "seat_form": SeatForm(organization=body.organization),
        "give_form": GiveForm(body=body),
        "alternate_form": AlternateForm(body=body),
    }
    return _draw(request, "council/seats.html", context, forms)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def alternate(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """Say who stands in for whom."""
    found = find(organization, body)
    form = AlternateForm(request.POST, body=found)
    return _do(request, _seats, found, actions.name_alternate, {}, alternate_form=form)


def _do(
    request: HttpRequest,
    page: Callable[..., HttpResponse],
    body: Body,
    action: Callable[..., object],
    given: dict[str, object],
    **named: BaseForm,
) -> HttpResponse:
    """Act on one form of a body's page, and show it again if something has to be mended."""
    ((_name, form),) = named.items()
    if form.is_valid():
        try:
            action(actor=signed_in(request), **given, **form.cleaned_data)
            if page is _charter:
                saved(request, _("Saved."))
                return redirect("council:charter", body.organization.slug, body.pk)
            messages.success(request, _("Saved."))
            return redirect("council:seats", body.organization.slug, body.pk)
        except Refused as refused:
            _put(form, refused)
    return page(request, body, **named)


@require_POST
@inside(Role.MANAGER, Role.ADMINISTRATOR)
def vacate(request: HttpRequest, organization: Organization, body: int, seat: int) -> HttpResponse:
    """Empty a seat; one that is empty already is taken away, while the charter is free."""
    found = find(organization, body).seats.filter(pk=seat).first()
    if found is None:
        raise Http404
    if found.holder_id is None:
        actions.remove_seat(seat=found, actor=signed_in(request))
        messages.success(request, _("The seat is gone; it no longer counts for the quorum."))
    else:
        actions.vacate_seat(seat=found, actor=signed_in(request))
        messages.success(request, _("The seat is empty; it still counts for the quorum."))
    return redirect("council:seats", organization.slug, body)
