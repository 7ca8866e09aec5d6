"""Pages of quality rules: each change is shown with what it does before it is saved."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, pack, queries, rules, written
from gradatim.program.taxonomy.forms import RuleForm
from gradatim.program.taxonomy.models import Profile, Rule
from gradatim.program.taxonomy.quality import OPERATORS
from gradatim.program.taxonomy.views.dimensions import may_change, page, put
from gradatim.program.taxonomy.views.listing import on_list, saved


@require_safe
@inside(*rules.MAY_SEE)
@on_list
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every rule, with what it does when it is not met."""
    return render(
        request,
        "taxonomy/rules.html",
        {"rules": queries.rules(organization), "may_change": may_change(request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Write a rule."""
    return _form(request, organization, None, None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def new_of_profile(request: HttpRequest, organization: Organization, profile: int) -> HttpResponse:
    """Add what a profile's source asks for."""
    found = queries.profiles(organization).filter(pk=profile).first()
    if found is None:
        raise Http404
    return _form(request, organization, None, found)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def edit(request: HttpRequest, organization: Organization, rule: int) -> HttpResponse:
    """Change a rule."""
    found = _rule(organization, rule)
    return _form(request, organization, found, found.profile)


def _form(
    request: HttpRequest, organization: Organization, found: Rule | None, profile: Profile | None
) -> HttpResponse:
    """The form; once it is in order, what the change would do; once that was seen, the change."""
    initial = RuleForm.initial_of(found) if found else None
    form = RuleForm(organization, profile, request.POST or None, initial=initial)
    context: dict[str, object] = {
        "rule": found,
        "profile": profile,
        "facts": sorted(form.known.items()),
        "operators": OPERATORS,
        "as_text": written.dump({"rules": [pack.write_rule(found)]}) if found else "",
    }
    if "more" in request.POST:
        form = RuleForm(organization, profile, initial=form.again())
    elif request.method == "POST" and form.is_valid():
        proposed = Rule(key=found.key if found else "new", **form.cleaned_data)
        seal = _seal(proposed)
        if request.POST.get("seen") != seal:
            before = [found] if found else []
            context |= {"before": before, "after": [proposed], "seal": seal, "proposed": proposed}
        elif saved := _save(request, organization, form, found, profile):
            return saved
    return page(request, "taxonomy/rule.html", form, context)


def _save(
    request: HttpRequest,
    organization: Organization,
    form: RuleForm,
    found: Rule | None,
    profile: Profile | None,
) -> HttpResponse | None:
    """Save the rule and go on; ``None`` with the refusal on the form."""
    try:
        actions.keep_rule(
            organization=organization,
            rule=found,
            profile=profile,
            actor=signed_in(request),
            **form.cleaned_data,
        )
    except Refused as refused:
        put(form, refused)
        return None
    saved(request, _("Saved."))
    return _back(organization, profile)


def _seal(rule: Rule) -> str:
    """What was looked at, so that nothing else is saved than that."""
    return hashlib.sha256(written.dump(pack.write_rule(rule)).encode()).hexdigest()[:16]


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def remove(request: HttpRequest, organization: Organization, rule: int) -> HttpResponse:
    """Take a rule out, once it was seen what that does."""
    found = _rule(organization, rule)
    if "seen" not in request.POST:
        return render(request, "taxonomy/rule_removal.html", {"rule": found, "before": [found], "after": []})
    actions.remove_rule(rule=found, actor=signed_in(request))
    saved(request, _("Taken out."))
    return _back(organization, found.profile)


def _back(organization: Organization, profile: Profile | None) -> HttpResponse:
    if profile:
        return HttpResponseRedirect(reverse("taxonomy:profile", args=[organization.slug, profile.pk]))
    return HttpResponseRedirect(reverse("taxonomy:rules", args=[organization.slug]))


def _rule(organization: Organization, rule: int) -> Rule:
    found = queries.any_rules(organization).filter(pk=rule).first()
    if found is None:
        raise Http404
    return found
