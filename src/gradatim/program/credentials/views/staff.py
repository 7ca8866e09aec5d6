"""Pages for those who issue: credentials, runs, keys."""

from __future__ import annotations

import csv
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.credentials import actions, queries, rules
from gradatim.program.credentials.forms import TakeBackForm
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.refused import Refused
from gradatim.program.ground.tables import harmless
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization

PAGE = 50


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every credential, newest first, with a search."""
    text, state = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    found = queries.credentials(
        organization, text=text, state=state if state in Credential.State.values else ""
    )
    page_of = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_of": page_of, "text": text, "state": state, "states": Credential.State.choices}
    return render(request, "credentials/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_ISSUE)
def take_back(request: HttpRequest, organization: Organization, credential: UUID) -> HttpResponse:
    """What taking back will change, and the form that does it."""
    found = queries.find_own_credential(organization, credential)
    if found is None:
        raise Http404
    form = TakeBackForm(request.POST or None, credential=found)
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.take_back(credential=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(
                request,
                _("Done: it is %(what)s. Everyone who checks it sees so within a minute.")
                % {"what": change.get_kind_display()},
            )
            return redirect("credentials:credential", found.pk)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(
        request,
        "credentials/take_back.html",
        {"form": form, "credential": found},
        status=422 if form.errors else 200,
    )


@require_safe
@inside(*rules.MAY_SEE)
def batches(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Issuing runs, newest first."""
    page_of = Paginator(queries.batches(organization), PAGE).get_page(request.GET.get("page"))
    return render(request, "credentials/batches.html", {"page_of": page_of})


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def batch(request: HttpRequest, organization: Organization, batch: int) -> HttpResponse:
    """How far a run is; the page looks again by itself while it runs. POST tries again what failed."""
    found = queries.find_batch(organization, batch)
    if found is None:
        raise Http404
    if request.method == "POST":
        again = actions.resume_batch(batch=found, actor=signed_in(request))
        messages.success(
            request,
            ngettext("%(n)s is tried again.", "%(n)s are tried again.", again) % {"n": again},
        )
        return redirect("credentials:batch", organization.slug, batch)
    context = {
        "batch": found,
        "failures": queries.failures(found)[:PAGE],
        "may_issue": bool(request.roles & set(rules.MAY_ISSUE)),  # type: ignore[attr-defined]  # set by `inside`
    }
    return render(
        request,
        "credentials/_batch.html" if request.headers.get("HX-Request") else "credentials/batch.html",
        context,
    )


@require_POST
@inside(*rules.MAY_ISSUE)
def cancel(request: HttpRequest, organization: Organization, batch: int) -> HttpResponse:
    """Stop a run."""
    found = queries.find_batch(organization, batch)
    if found is None:
        raise Http404
    actions.cancel_batch(batch=found, actor=signed_in(request))
    messages.success(request, _("Stopped. What was issued before stays."))
    return redirect("credentials:batch", organization.slug, batch)


@require_safe
@inside(*rules.MAY_SEE)
def failures(request: HttpRequest, organization: Organization, batch: int) -> HttpResponse:
    """What could not be issued, as CSV that no spreadsheet runs."""
    found = queries.find_batch(organization, batch)
    if found is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="not-issued.csv"'
    table = csv.writer(response)
    table.writerow(["id", "name", "reason"])
    for intent in queries.failures(found).iterator():
        table.writerow([harmless(c) for c in (intent.learner.number, intent.learner.name, intent.error)])
    return response


@require_safe
@inside(Membership.Role.ADMINISTRATOR)
def keys(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The organization's signing keys."""
    return render(request, "credentials/keys.html", {"keys": queries.keys(organization)})


@require_POST
@inside(Membership.Role.ADMINISTRATOR)
def rotate(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Sign with new keys from now on."""
    actions.rotate_key(organization=organization, actor=signed_in(request))
    messages.success(request, _("New keys sign from now on. What the old ones signed stays good."))
    return redirect("credentials:keys", organization.slug)


@require_POST
@inside(Membership.Role.ADMINISTRATOR)
def revoke(request: HttpRequest, organization: Organization, key: int) -> HttpResponse:
    """Revoke a key that others may have."""
    found = queries.find_key(organization, key)
    if found is None:
        raise Http404
    actions.revoke_key(key=found, actor=signed_in(request))
    messages.success(request, _("Revoked. Nothing that this key signs from now on counts."))
    return redirect("credentials:keys", organization.slug)
