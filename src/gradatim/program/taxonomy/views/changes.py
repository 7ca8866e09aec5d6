"""The page of all change lists, and of what needs no decision; each list has its page in the council's room."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.changes import KINDS
from gradatim.program.taxonomy.forms import DirectForm
from gradatim.program.taxonomy.views.dimensions import may_change
from gradatim.program.taxonomy.views.listing import on_list, saved

PER_PAGE = 50


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The list one is writing, those that were proposed, and what needs no decision."""
    governance = queries.governance(organization)
    own = queries.working_list(organization, signed_in(request))
    lists = queries.change_lists(organization).defer("base", "text")
    lists = lists.exclude(pk=own.pk) if own else lists
    context = {
        "own": own,
        "steps": queries.steps_of(own) if own else [],
        "lists": Paginator(lists, PER_PAGE).get_page(request.GET.get("page")),
        "governance": governance,
        "direct": [str(kind.label) for kind in KINDS if kind in governance.direct],
        "form": DirectForm(initial={"kinds": governance.direct}) if may_change(request) else None,
    }
    return render(request, "taxonomy/changes.html", context)


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def allow(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Say which changes need no decision."""
    form = DirectForm(request.POST)
    if form.is_valid():
        actions.allow_directly(
            organization=organization, kinds=form.cleaned_data["kinds"], actor=signed_in(request)
        )
        saved(request, _("Saved."))
    return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))
