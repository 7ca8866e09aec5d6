"""Pages of quality profiles, and of exceptions from rules."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.forms import ProfileForm
from gradatim.program.taxonomy.models import Profile
from gradatim.program.taxonomy.views.dimensions import may_change, page, put
from gradatim.program.taxonomy.views.listing import on_list, onward, saved


@require_safe
@inside(*rules.MAY_SEE)
@on_list
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The profiles that definitions are held against."""
    context = {"profiles": queries.profiles(organization), "may_change": may_change(request)}
    return render(request, "taxonomy/profiles.html", context)


@require_safe
@inside(*rules.MAY_SEE)
@on_list
def profile(request: HttpRequest, organization: Organization, profile: int) -> HttpResponse:
    """One profile: what it requires and recommends, each with its source, and what it leaves out."""
    found = _profile(organization, profile)
    return render(
        request,
        "taxonomy/profile.html",
        {"profile": found, "rules": found.rules.all(), "may_change": may_change(request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Start a profile."""
    return _form(request, organization, None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def edit(request: HttpRequest, organization: Organization, profile: int) -> HttpResponse:
    """Change what a profile says about itself."""
    return _form(request, organization, _profile(organization, profile))


def _form(request: HttpRequest, organization: Organization, found: Profile | None) -> HttpResponse:
    names = ("name", "description", "edition", "url", "passed_words", "gaps", "active")
    form = ProfileForm(request.POST or None, initial={n: getattr(found, n) for n in names} if found else None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_profile(
                organization=organization, profile=found, actor=signed_in(request), **form.cleaned_data
            )
            saved(request, _("Saved."))
            return onward(
                request, organization, reverse("taxonomy:profile", args=[organization.slug, kept.pk])
            )
        except Refused as refused:
            put(form, refused)
    return page(request, "taxonomy/profile_form.html", form, {"profile": found})


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def remove(request: HttpRequest, organization: Organization, profile: int) -> HttpResponse:
    """Take a profile out with its rules."""
    actions.remove_profile(profile=_profile(organization, profile), actor=signed_in(request))
    saved(request, _("Taken out."))
    return HttpResponseRedirect(reverse("taxonomy:profiles", args=[organization.slug]))


@require_safe
@inside(*rules.MAY_SEE)
def exceptions(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Exceptions from rules: which decision made them, and until when they hold."""
    today = timezone.localdate()
    found = [(w, w.holds_on(today)) for w in queries.waivers(organization)]
    context = {
        "holding": [w for w, holds in found if holds],
        "over": [w for w, holds in found if not holds],
        "may_change": may_change(request),
        "links_rules": may_change(request),
    }
    return render(request, "taxonomy/exceptions.html", context)


@require_POST
@inside(*rules.MAY_CHANGE)
def end_exception(request: HttpRequest, organization: Organization, waiver: int) -> HttpResponse:
    """Take an exception back before its last day."""
    found = queries.waivers(organization).filter(pk=waiver).first()
    if found is None:
        raise Http404
    actions.end_waiver(waiver=found, actor=signed_in(request))
    messages.success(request, _("The rule holds again."))
    return HttpResponseRedirect(reverse("taxonomy:exceptions", args=[organization.slug]))


def _profile(organization: Organization, profile: int) -> Profile:
    found = queries.profiles(organization).filter(pk=profile).first()
    if found is None:
        raise Http404
    return found
