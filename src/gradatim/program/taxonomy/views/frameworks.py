"""Pages of frameworks: list, import with preview, nested list."""

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
from gradatim.program.taxonomy.forms import ConfirmForm, PackageForm
from gradatim.program.taxonomy.views.dimensions import may_change, page, put


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The frameworks that achievements can be aligned to."""
    context = {"frameworks": queries.frameworks(organization), "may_change": may_change(request)}
    return render(request, "taxonomy/frameworks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def start(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Choose a package file; then see what importing it would change. Nothing is stored."""
    form = PackageForm(request.POST or None, request.FILES or None)
    cause = ""
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"]
            plan = queries.plan_import(organization, actions.read(content=content))
            sealed = ConfirmForm(initial={"package": ConfirmForm.seal(content)})
            return render(request, "taxonomy/preview.html", {"plan": plan, "form": sealed})
        except Refused as refused:
            cause = refused.code
            put(form, refused)
    elif form.is_bound and form.has_error("file", "too-large"):
        cause = "too-large"
    return page(request, "taxonomy/import.html", form, {"cause": cause})


@require_POST
@inside(*rules.MAY_CHANGE)
def confirm(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Import what was previewed."""
    sealed = ConfirmForm(request.POST)
    if not sealed.is_valid():
        raise Refused("expired", _("The preview has run out. Choose the file again."))
    content = sealed.cleaned_data["package"]
    made = actions.import_framework(organization=organization, content=content, actor=signed_in(request))
    messages.success(request, _("Imported. Achievements can be aligned to it now."))
    return HttpResponseRedirect(reverse("taxonomy:framework", args=[organization.slug, made.pk]))


@require_safe
@inside(*rules.MAY_SEE)
def framework(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """One framework as a nested list."""
    found = queries.frameworks(organization).filter(pk=framework).first()
    if found is None:
        raise Http404
    context = {
        "framework": found,
        "branches": queries.tree(found),
        "others": queries.associations(found),
        "may_change": may_change(request),
    }
    return render(request, "taxonomy/framework.html", context)
