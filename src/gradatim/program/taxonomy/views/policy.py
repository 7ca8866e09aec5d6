"""Pages of the policy as one file: out, in with a preview, and the editions that every change leaves behind."""

from __future__ import annotations

import difflib

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, examples, pack, queries, rules
from gradatim.program.taxonomy.forms import ConfirmPolicyForm, PolicyForm
from gradatim.program.taxonomy.views.dimensions import may_change, page, put

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def start(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The policy out, and another one in; what it would change is shown first, nothing is stored."""
    changes = may_change(request)
    posted = request.method == "POST"
    form = PolicyForm(request.POST if posted else None, request.FILES or None) if changes else None
    if posted and form and form.is_valid():
        try:
            text = form.text()
            policy = pack.read(text, known=queries.value_keys(organization))
            sealed = ConfirmPolicyForm(initial={"policy": ConfirmPolicyForm.seal(text)})
            now = queries.stored_policy(organization)
            keys = {r.key for r in policy.rules}
            context = {
                "policy": policy,
                "changes": queries.policy_changes(organization, policy),
                "form": sealed,
                "before": [r for r in now.rules if r.key in keys],
                "after": policy.rules,
            }
            return render(request, "taxonomy/policy_preview.html", context)
        except Refused as refused:
            put(form, refused)
    context = {"examples": examples.all_of_them(), "form": form}
    if form:
        return page(request, "taxonomy/policy.html", form, context)
    return render(request, "taxonomy/policy.html", context)


@require_POST
@inside(*rules.MAY_CHANGE)
def confirm(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Take over what was previewed."""
    sealed = ConfirmPolicyForm(request.POST)
    if not sealed.is_valid():
        raise Refused("expired", _("The preview has run out. Choose the file again."))
    policy = pack.read(sealed.cleaned_data["policy"], known=queries.value_keys(organization))
    actions.take_policy(organization=organization, policy=policy, actor=signed_in(request))
    messages.success(request, _("Taken over. What it does not mention stays as it was."))
    return HttpResponseRedirect(reverse("taxonomy:overview", args=[organization.slug]))


@require_safe
@inside(*rules.MAY_SEE)
def file(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The policy as a YAML file."""
    return _yaml(pack.write(queries.stored_policy(organization)), f"{organization.slug}-policy.yaml")


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
