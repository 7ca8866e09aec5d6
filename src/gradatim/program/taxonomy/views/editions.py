"""Pages of the editions that every change of the taxonomy leaves behind."""

from __future__ import annotations

import difflib

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradatim.program.people.entry import inside
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries, rules

PER_PAGE = 50


@require_safe
@inside(*rules.MAY_SEE)
def editions(request: HttpRequest, organization: Organization) -> HttpResponse:
    """How the taxonomy stood after each change, the latest first."""
    found = Paginator(queries.editions(organization).defer("text"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "taxonomy/editions.html", {"editions": found})


@require_safe
@inside(*rules.MAY_SEE)
def edition(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """One edition: what it changed, and its whole text; as a file with ``?file``."""
    found = queries.editions(organization).filter(number=number).first()
    if found is None:
        raise Http404
    if "file" in request.GET:
        return _yaml(found.text, f"{organization.slug}-policy-{number}.yaml")
    before = queries.editions(organization).filter(number=number - 1).first()
    lines = difflib.unified_diff(
        before.text.splitlines() if before else [], found.text.splitlines(), lineterm="", n=3
    )
    changed = [(line[:1], line[1:]) for line in list(lines)[2:]] if before else []
    return render(request, "taxonomy/edition.html", {"edition": found, "before": before, "changed": changed})


def _yaml(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
