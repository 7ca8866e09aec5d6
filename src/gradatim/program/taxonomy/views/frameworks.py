"""Pages of frameworks: list, one framework as a tree or by search, one statement, graphs, downloads."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.engine.framework import case_out, ctdl
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.models import Framework, Item
from gradatim.program.taxonomy.queries import published
from gradatim.program.taxonomy.views.dimensions import may_change

WHOLE = 300  # statements that are shown as one nested list; more are opened level by level
PER_PAGE = 50

CHANGES = {
    "publish": (actions.publish_framework, _("Published. Others can read it through the CASE service now.")),
    "withdraw": (actions.withdraw_framework, _("Withdrawn. The CASE service hands it out no more.")),
    "retire": (actions.retire_framework, _("Retired. What is aligned to it stays; nothing new will be.")),
    "restore": (actions.restore_framework, _("It is in use again.")),
}


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The frameworks that achievements can be aligned to."""
    context = {
        "frameworks": queries.frameworks(organization),
        "running": queries.imports(organization).filter(state__in=["preview", "running", "failed"]),
        "may_change": may_change(request),
    }
    return render(request, "taxonomy/frameworks.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def framework(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """One framework: its statements as a nested list, level by level if they are many, or by search."""
    found = _framework(organization, framework)
    text = request.GET.get("q", "").strip()[:100]
    context: dict[str, object] = {
        "framework": found,
        "q": text,
        "case_address": published.address("CFPackages", found.identifier),
        "may_change": may_change(request),
    }
    if text:
        context["found"] = queries.search_items(
            organization, text, framework=found, retired=True, limit=PER_PAGE
        )
    elif found.items.count() <= WHOLE:
        context |= {"branches": queries.tree(found), "others": queries.associations(found)}
    else:
        context["top"] = Paginator(queries.top_items(found), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "taxonomy/framework.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def item(request: HttpRequest, organization: Organization, statement: int) -> HttpResponse:
    """One statement with everything that is said about it, and its place drawn as a graph."""
    found = _item(organization, statement)
    context = {
        "item": found,
        "framework": found.framework,
        "path": queries.path_to(found),
        "below": Paginator(queries.items_below(found), PER_PAGE).get_page(request.GET.get("page")),
        "relations": queries.relations(found),
        "users": queries.users([found]).get(found.pk, []),
        "drawing": queries.graph_of_item(found),
        "may_change": may_change(request),
    }
    return render(request, "taxonomy/item.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def graph(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """The upper levels of a framework as a graph, with the same as a list beside it."""
    found = _framework(organization, framework)
    return render(
        request, "taxonomy/graph.html", {"framework": found, "drawing": queries.graph_of_framework(found)}
    )


@require_POST
@inside(*rules.MAY_CHANGE)
def change_state(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """Publish or withdraw, retire or take back into use."""
    found = _framework(organization, framework)
    if request.POST.get("to") not in CHANGES:
        raise Http404
    act, said = CHANGES[request.POST["to"]]
    act(framework=found, actor=signed_in(request))
    messages.success(request, said)
    return HttpResponseRedirect(reverse("taxonomy:framework", args=[organization.slug, found.pk]))


@require_safe
@inside(*rules.MAY_SEE)
def download(request: HttpRequest, organization: Organization, framework: int, format: str) -> HttpResponse:  # noqa: A002 - the word of the address
    """A framework as a file: a CASE package or CTDL-ASN."""
    found = _framework(organization, framework)
    if format not in {"case", "ctdl"}:
        raise Http404
    shape = queries.shape_of(found)
    document = case_out.package(shape) if format == "case" else ctdl.write(shape)
    body = json.dumps(document, ensure_ascii=False, indent=1)
    kind = "application/json" if format == "case" else "application/ld+json"
    name = f"{found.identifier}.{'cfpackage.json' if format == 'case' else 'ctdlasn.jsonld'}"
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _framework(organization: Organization, key: int) -> Framework:
    found = queries.find_framework(organization, key)
    if found is None:
        raise Http404
    return found


def _item(organization: Organization, key: int) -> Item:
    found = queries.find_item(organization, key)
    if found is None:
        raise Http404
    return found
