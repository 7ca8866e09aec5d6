"""Pages of offerings: cohorts, roster, results, issuing."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions, queries, roster, rules
from gradatim.program.offerings.forms import CohortForm, RosterForm
from gradatim.program.offerings.models import Cohort, RosterImport
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization

Role = Membership.Role
PAGE = 50


def _cohort(organization: Organization, cohort: int) -> Cohort:
    found = queries.find_cohort(organization, cohort)
    if found is None:
        raise Http404
    return found


@require_safe
@inside(*rules.MAY_SEE)
def cohorts(request: HttpRequest, organization: Organization) -> HttpResponse:
    """All cohorts, newest first."""
    page_of = Paginator(queries.cohorts(organization), PAGE).get_page(request.GET.get("page"))
    return render(request, "offerings/cohorts.html", {"page_of": page_of})


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_ENROL)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Start a cohort."""
    form = CohortForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_cohort(
                organization=organization, actor=signed_in(request), **form.cleaned_data
            )
            return redirect("offerings:cohort", organization.slug, made.pk)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(request, "offerings/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@inside(*rules.MAY_SEE)
def cohort(request: HttpRequest, organization: Organization, cohort: int) -> HttpResponse:
    """One cohort: roster, results, issuing."""
    return _page(request, organization, cohort, RosterForm())


def _page(request: HttpRequest, organization: Organization, cohort: int, form: RosterForm) -> HttpResponse:
    found = _cohort(organization, cohort)
    rows = list(queries.enrolments(found))
    context = {
        "cohort": found,
        "enrolments": rows,
        "issued": sum(row.issued for row in rows),  # type: ignore[attr-defined]  # annotated by the query
        "ready": sum(row.result == "met" and not row.issued for row in rows),  # type: ignore[attr-defined]  # as above
        "waiting": queries.open_import(found),
        "form": form,
    }
    return render(request, "offerings/cohort.html", context, status=422 if form.errors else 200)


@require_safe
@inside(*rules.MAY_SEE)
def template(request: HttpRequest, organization: Organization) -> HttpResponse:
    """An empty roster with all columns."""
    response = HttpResponse("﻿" + roster.TEMPLATE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return response


@require_POST
@inside(*rules.MAY_ENROL)
def upload(request: HttpRequest, organization: Organization, cohort: int) -> HttpResponse:
    """Read a roster; the answer is a preview, or the cohort's page with what is wrong."""
    form = RosterForm(request.POST, request.FILES)
    found = _cohort(organization, cohort)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = file.read(roster.MAX_BYTES + 1)
            made = actions.read_roster(
                cohort=found, name=file.name, content=content, actor=signed_in(request)
            )
            return redirect("offerings:preview", organization.slug, cohort, made.pk)
        except Refused as refused:
            form.add_error("file", refused.message)
    return _page(request, organization, cohort, form)


def _import(organization: Organization, cohort: int, pk: int) -> RosterImport:
    found = queries.find_import(_cohort(organization, cohort), pk)
    if found is None:
        raise Http404
    return found


@require_safe
@inside(*rules.MAY_ENROL)
def preview(request: HttpRequest, organization: Organization, cohort: int, roster: int) -> HttpResponse:
    """What each row will do."""
    found = _import(organization, cohort, roster)
    counts = Counter(row["outcome"] for row in found.rows)
    page_of = Paginator(found.rows, 100).get_page(request.GET.get("page"))
    context = {
        "cohort": _cohort(organization, cohort),
        "roster": found,
        "page_of": page_of,
        "counts": dict(counts),
        "good": len(found.rows) - counts["error"],
        "hidden": sum(row.get("hidden", False) for row in found.rows),
    }
    return render(request, "offerings/preview.html", context)


@require_POST
@inside(*rules.MAY_ENROL)
def confirm(request: HttpRequest, organization: Organization, cohort: int, roster: int) -> HttpResponse:
    """Take the good rows in."""
    count = actions.confirm_roster(
        roster_import=_import(organization, cohort, roster), actor=signed_in(request)
    )
    messages.success(
        request,
        ngettext("%(n)d learner is in the cohort.", "%(n)d learners are in the cohort.", count)
        % {"n": count},
    )
    return redirect("offerings:cohort", organization.slug, cohort)


@require_POST
@inside(*rules.MAY_ENROL)
def discard(request: HttpRequest, organization: Organization, cohort: int, roster: int) -> HttpResponse:
    """Throw the file away."""
    actions.discard_roster(roster_import=_import(organization, cohort, roster), actor=signed_in(request))
    messages.success(request, _("The file was thrown away; nothing of it was stored."))
    return redirect("offerings:cohort", organization.slug, cohort)


@require_POST
@inside(Role.MANAGER, Role.ASSESSOR)
def results(request: HttpRequest, organization: Organization, cohort: int) -> HttpResponse:
    """Note results: one choice per learner, or met for all without one."""
    found = _cohort(organization, cohort)
    given, levels = {}, {}
    keys = [str(criterion["key"]) for criterion in found.version.rubric]
    for row in queries.enrolments(found):
        sent = {key: request.POST.get(f"level-{row.pk}-{key}", row.levels.get(key, "")) for key in keys}
        levels[row.pk] = {key: level for key, level in sent.items() if level}
        value = request.POST.get(f"result-{row.pk}", row.result)
        given[row.pk] = "met" if "all" in request.POST and not value else value
    changed = actions.record_results(cohort=found, results=given, levels=levels, actor=signed_in(request))
    messages.success(
        request, ngettext("%(n)d result was noted.", "%(n)d results were noted.", changed) % {"n": changed}
    )
    return redirect("offerings:cohort", organization.slug, cohort)


@require_POST
@inside(*rules.MAY_ISSUE)
def issue(request: HttpRequest, organization: Organization, cohort: int) -> HttpResponse:
    """Issue to everyone who met the outcomes."""
    batch = actions.issue_met(cohort=_cohort(organization, cohort), actor=signed_in(request))
    return redirect("credentials:batch", organization.slug, batch.pk)
