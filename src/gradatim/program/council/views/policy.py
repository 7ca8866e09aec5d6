"""Pages of the whole policy as one file, out and in with a preview; and of exceptions from its rules."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, examples, queries, rules
from gradatim.program.council.forms import ChangesForm, ConfirmPolicyForm, ExceptionForm, PolicyForm
from gradatim.program.council.views.changes import lines_of
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import changes, pack
from gradatim.program.taxonomy import queries as taxonomy


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def start(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The policy out, and another one in; what it would change is shown first, nothing is stored."""
    posted = request.method == "POST"
    may = rules.may_found(signed_in(request), organization)
    form = PolicyForm(request.POST if posted else None, request.FILES or None) if may else None
    if posted and form and form.is_valid():
        try:
            return _preview(request, organization, form.text(), form.cleaned_data["how"] or "add")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {"examples": examples.all_of_them(), "form": form}
    status = 422 if form and form.errors else 200
    return render(request, "council/policy.html", context, status=status)


def _preview(
    request: HttpRequest,
    organization: Organization,
    text: str,
    how: str,
    form: ChangesForm | None = None,
    sealed: ConfirmPolicyForm | None = None,
) -> HttpResponse:
    """What a policy would change, and what can be done with it: take it over, or propose it."""
    policy = pack.read(text, known=taxonomy.value_keys(organization))
    before, after = actions.policy_after(
        organization=organization, policy=policy, replace=how == "replace", actor=signed_in(request)
    )
    steps = changes.steps(changes.apart(before), changes.apart(after))
    keys = {s.path[1] for s in steps if s.path[0] == "rules" and len(s.path) == 2}  # noqa: PLR2004 - the rule itself
    was, becomes = pack.read(before).rules, pack.read(after).rules
    context = {
        "policy": policy,
        "how": how,
        "lines": lines_of(organization, steps),
        "decides": taxonomy.needs_decision(taxonomy.governance(organization), steps)
        and queries.able_body(organization),
        "form": sealed
        or ConfirmPolicyForm(organization, initial={"policy": ConfirmPolicyForm.seal(text), "how": how}),
        "proposal_form": form or ChangesForm(typed={"subject": policy.name[:120]}),
        "before": [r for r in was if r.key in keys],
        "after": [r for r in becomes if r.key in keys],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "council/policy_preview.html", context, status=status)


@require_POST
@inside(*rules.MAY_FOUND)
def confirm(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Take over what was previewed, or propose it."""
    sealed = ConfirmPolicyForm(organization, request.POST)
    if not sealed.is_valid():
        raise Refused("expired", _("The preview has run out. Choose the file again."))
    text, replace = sealed.cleaned_data["policy"], sealed.replace
    policy = pack.read(text, known=taxonomy.value_keys(organization))
    if "propose" in request.POST:
        form = ChangesForm(request.POST)
        body = queries.deciding_body(organization)
        if body is None or not form.is_valid():
            again = ConfirmPolicyForm(
                organization, initial={"policy": request.POST["policy"], "how": sealed.cleaned_data["how"]}
            )
            return _preview(request, organization, text, sealed.cleaned_data["how"], form, again)
        made = actions.propose_policy(
            organization=organization,
            policy=policy,
            replace=replace,
            body=body,
            actor=signed_in(request),
            **form.cleaned_data,
        )
        messages.success(request, _("Kept as a draft. Send it to the council when it is ready."))
        return redirect("council:proposal", organization.slug, made.number)
    actions.take_policy(
        organization=organization,
        policy=policy,
        replace=replace,
        decision=sealed.cleaned_data["decision"],
        actor=signed_in(request),
    )
    messages.success(
        request,
        _("Taken over. It takes the place of what was here.")
        if replace
        else _("Taken over. What it does not mention stays as it was."),
    )
    return redirect("council:council", organization.slug)


@require_safe
@inside(*rules.MAY_SEE)
def file(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The policy as a YAML file."""
    response = HttpResponse(queries.policy_text(organization), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{organization.slug}-policy.yaml"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def grant(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Write down an exception from a rule that a decision makes."""
    actor = signed_in(request)
    if not rules.may_route(actor, organization):
        raise PermissionDenied
    form = ExceptionForm(organization, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_exception(actor=actor, **form.cleaned_data)
            messages.success(request, _("Written down. The rule holds again by itself after that day."))
            return redirect("taxonomy:exceptions", organization.slug)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return render(request, "council/grant.html", {"form": form}, status=422 if form.errors else 200)
