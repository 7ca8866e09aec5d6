"""The alignment matrix: its page, its download, and tying skills to outcomes."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements import rules as may
from gradatim.program.council import rules
from gradatim.program.council.actions import matrix as actions
from gradatim.program.council.queries import matrix as queries
from gradatim.program.ground.tables import harmless
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

PER_PAGE = 10
AT_ONCE = 100  # versions of the download


@require_safe
@inside(*rules.MAY_SEE)
def matrix(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every achievement from need to credential, with its gaps."""
    page = Paginator(queries.traced(organization), PER_PAGE).get_page(request.GET.get("page"))
    judged = queries.judging(organization)
    context = {
        "versions": page,
        "traces": queries.trace(organization, list(page), judged),
        "coverage": queries.coverage(organization, judged),
        "may_tie": bool(request.roles & frozenset(may.MAY_CHANGE)),  # type: ignore[attr-defined]  # set by @inside
    }
    return render(request, "council/matrix.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def download(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The matrix as a table: a row for each outcome and skill, its gaps in the last column."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="alignment-matrix.csv"'},
    )
    writer = csv.writer(answer)
    writer.writerow(["achievement", "version", *queries.COLUMNS, "gaps"])
    versions, judged = Paginator(queries.traced(organization), AT_ONCE), queries.judging(organization)
    for number in versions.page_range:
        for trace in queries.trace(organization, list(versions.page(number)), judged):
            for line in _lines(trace):
                writer.writerow([harmless(str(cell)) for cell in line])
    return answer


def _lines(trace: queries.Trace) -> list[list[object]]:
    cells = {key: cell.text for key, cell in trace.cells.items()}
    gaps = "; ".join(g.text for g in trace.gaps)
    pairs = [
        (row.outcome.text, skill, "; ".join(row.criteria))
        for row in trace.rows
        for skill in [a.target_name for a in row.tied] or [""]
    ]
    pairs += [("", a.target_name, "") for a in trace.idle]
    return [
        [trace.version.title, trace.version.number, cells["need"], skill, outcome, cells["assessment"],
         criterion, cells["evidence"], cells["credential"], gaps]
        for outcome, skill, criterion in pairs or [("", "", "")]
    ]  # fmt: skip


@require_POST
@inside(*may.MAY_CHANGE)
def tie(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Tie a skill to an outcome, or take that back."""
    found = achievements.find_own_version(organization, version)
    if found is None:
        raise Http404
    alignment = get_object_or_404(found.alignments, pk=_key(request, "skill"))
    outcome = get_object_or_404(found.outcomes, pk=_key(request, "outcome"))
    act = actions.untie_skill if request.POST.get("to") == "untie" else actions.tie_skill
    act(alignment=alignment, outcome=outcome, actor=signed_in(request))
    messages.success(request, _("Saved."))
    page = request.POST.get("page", "")
    back = reverse("council:matrix", args=[organization.slug])
    return HttpResponseRedirect(
        f"{back}?page={page}#v{found.pk}" if page.isdigit() else f"{back}#v{found.pk}"
    )


def _key(request: HttpRequest, name: str) -> str:
    value = request.POST.get(name, "")
    if not achievements.DIGITS.fullmatch(value):
        raise Http404
    return value
