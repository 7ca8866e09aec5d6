"""Pages of crosswalks: the matches there are, and making one."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.ground.tables import harmless
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.forms import MatchForm
from gradatim.program.taxonomy.models import Item
from gradatim.program.taxonomy.views.dimensions import may_change, page, put

PER_PAGE = 50
CHOICES = 12  # of a search


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every match between frameworks."""
    found = Paginator(queries.matches(organization), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "matches": found,
        "enough": queries.frameworks(organization).count() > 1,
        "may_change": may_change(request),
    }
    return render(request, "taxonomy/crosswalks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Choose a statement, then one of another framework, then how they compare."""
    first = _chosen(organization, request.GET.get("first", ""))
    second = _chosen(organization, request.GET.get("second", ""))
    form = MatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and first and second:
        try:
            actions.match_items(
                origin=first, destination=second, actor=signed_in(request), **form.cleaned_data
            )
            messages.success(request, _("Matched."))
            return HttpResponseRedirect(reverse("taxonomy:crosswalks", args=[organization.slug]))
        except Refused as refused:
            put(form, refused)
    text = request.GET.get("q", "").strip()[:100]
    context: dict[str, object] = {"first": first, "second": second, "q": text}
    if first is None:
        context["found"] = queries.search_items(organization, text, limit=CHOICES) if text else []
    elif second is None:
        context["found"] = queries.others_like(first, text, limit=CHOICES)
    return page(request, "taxonomy/match.html", form, context)


@require_POST
@inside(*rules.MAY_CHANGE)
def remove(request: HttpRequest, organization: Organization, match: int) -> HttpResponse:
    """Take a match out."""
    found = queries.find_match(organization, match)
    if found is None:
        raise Http404
    actions.remove_match(match=found, actor=signed_in(request))
    messages.success(request, _("Taken out."))
    return HttpResponseRedirect(reverse("taxonomy:crosswalks", args=[organization.slug]))


@require_safe
@inside(*rules.MAY_SEE)
def download(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every match as a table."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="crosswalks.csv"'},
    )
    writer = csv.writer(answer)
    writer.writerow(
        ["framework", "code", "statement", "uri", "relation", "framework", "code", "statement", "uri", "note"]
    )
    for match in queries.matches(organization).iterator(chunk_size=500):
        writer.writerow(
            [
                harmless(cell)
                for cell in (
                    *_cells(match.origin),
                    match.relation.removeprefix("ext:"),
                    *_cells(match.destination),
                    match.note,
                )
            ]
        )
    return answer


def _cells(item: Item) -> tuple[str, str, str, str]:
    return item.framework.title, item.code, item.statement, item.uri


def _chosen(organization: Organization, key: str) -> Item | None:
    return next(iter(queries.find_items(organization, [key])), None)
