"""Pages of quality rules."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.forms import RuleForm
from gradatim.program.taxonomy.models import Rule
from gradatim.program.taxonomy.quality import OPERATORS
from gradatim.program.taxonomy.views.dimensions import may_change, page, put


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every rule, with what it does when it is not met."""
    return render(
        request,
        "taxonomy/rules.html",
        {"rules": queries.rules(organization), "may_change": may_change(request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Write a rule."""
    return _form(request, organization, None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def edit(request: HttpRequest, organization: Organization, rule: int) -> HttpResponse:
    """Change a rule."""
    return _form(request, organization, _rule(organization, rule))


def _form(request: HttpRequest, organization: Organization, found: Rule | None) -> HttpResponse:
    known = queries.known_facts(organization)
    names = ("name", "severity", "condition", "expression", "message", "reference", "active")
    form = RuleForm(
        known, request.POST or None, initial={n: getattr(found, n) for n in names} if found else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_rule(
                organization=organization, rule=found, actor=signed_in(request), **form.cleaned_data
            )
            messages.success(request, _("Saved. From now on drafts are checked by it."))
            return HttpResponseRedirect(reverse("taxonomy:rules", args=[organization.slug]))
        except Refused as refused:
            put(form, refused)
    return page(
        request,
        "taxonomy/rule.html",
        form,
        {"rule": found, "facts": sorted(known.items()), "operators": OPERATORS},
    )


@require_POST
@inside(*rules.MAY_CHANGE)
def remove(request: HttpRequest, organization: Organization, rule: int) -> HttpResponse:
    """Take a rule out."""
    actions.remove_rule(rule=_rule(organization, rule), actor=signed_in(request))
    messages.success(request, _("Taken out."))
    return HttpResponseRedirect(reverse("taxonomy:rules", args=[organization.slug]))


def _rule(organization: Organization, rule: int) -> Rule:
    found = queries.rules(organization).filter(pk=rule).first()
    if found is None:
        raise Http404
    return found
