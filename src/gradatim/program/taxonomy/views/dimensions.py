"""Pages of dimensions and values, and the overview of the taxonomy."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.forms import DimensionForm, ValueForm
from gradatim.program.taxonomy.models import Dimension, Rule, Value
from gradatim.program.taxonomy.views.listing import on_list, onward, saved

UNPROCESSABLE = 422


@require_safe
@inside(*rules.MAY_SEE)
@on_list
def overview(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What an achievement can be, what is asked of it, and what it can be aligned to."""
    asked = list(queries.rules(organization).filter(active=True))
    severities = [
        {"words": words, "rules": [r for r in asked if r.severity == severity]}
        for severity, words in (
            (Rule.Severity.BLOCK, _("Keep a draft from the council")),
            (Rule.Severity.WARN, _("Say what should be mended")),
            (Rule.Severity.ADVISE, _("Advise")),
        )
    ]
    context = {
        "severities": severities,
        "dimensions": queries.dimensions(organization),
        "rules": asked,
        "frameworks": queries.frameworks(organization),
        "may_change": may_change(request),
    }
    return render(request, "taxonomy/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Add a dimension."""
    form = DimensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_dimension(
                organization=organization, actor=signed_in(request), **form.cleaned_data
            )
            saved(request, _("Added. Now give it values."))
            return onward(
                request, organization, reverse("taxonomy:dimension", args=[organization.slug, made.pk])
            )
        except Refused as refused:
            put(form, refused)
    return page(
        request,
        "taxonomy/form.html",
        form,
        {
            "heading": _("New dimension"),
            "lead": _("One more way to sort achievements, such as audience or subject."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def dimension(request: HttpRequest, organization: Organization, dimension: int) -> HttpResponse:
    """One dimension: its name, and its values in order."""
    found = _dimension(organization, dimension)
    always = found.key in actions.ALWAYS_THERE
    initial = {name: getattr(found, name) for name in ("name", "description", "texts", "several")}
    form = DimensionForm(request.POST or None, initial=initial, always=always)
    if request.method == "POST" and form.is_valid():
        actions.change_dimension(dimension=found, actor=signed_in(request), **form.cleaned_data)
        saved(request, _("Saved."))
        return _to(organization, found)
    return page(
        request,
        "taxonomy/dimension.html",
        form,
        {"dimension": found, "always": always, "asking": queries.asking(found)},
    )


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def remove(request: HttpRequest, organization: Organization, dimension: int) -> HttpResponse:
    """Take a dimension out."""
    actions.remove_dimension(dimension=_dimension(organization, dimension), actor=signed_in(request))
    saved(request, _("Taken out."))
    return HttpResponseRedirect(reverse("taxonomy:overview", args=[organization.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def new_value(request: HttpRequest, organization: Organization, dimension: int) -> HttpResponse:
    """Add a value to a dimension."""
    found = _dimension(organization, dimension)
    form = ValueForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_value(dimension=found, actor=signed_in(request), **form.cleaned_data)
            saved(request, _("Added."))
            return _to(organization, found)
        except Refused as refused:
            put(form, refused)
    heading = _("New value of %(name)s") % {"name": found.name}
    return page(
        request,
        "taxonomy/form.html",
        form,
        {"heading": heading, "lead": found.description, "dimension": found},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
@on_list
def value(request: HttpRequest, organization: Organization, value: int) -> HttpResponse:
    """Change how a value is called and drawn."""
    found = _value(organization, value)
    names = ("name", "description", "color", "shape", "achievement_type", "texts")
    form = ValueForm(
        found.dimension,
        request.POST or None,
        initial={n: getattr(found, n) for n in names if getattr(found, n)},
    )
    context: dict[str, object] = {
        "heading": str(found),
        "lead": _("Achievements that stand here keep standing here."),
        "dimension": found.dimension,
        "value": found,
        "standing": queries.users([found]).get(found.pk, []),
        "asking": queries.asking(found.dimension, found),
    }
    if request.method == "POST" and form.is_valid():
        if "seen" in request.POST or not (context["standing"] or context["asking"]):
            actions.change_value(value=found, actor=signed_in(request), **form.cleaned_data)
            saved(request, _("Saved. Signed credentials stay as they are."))
            return _to(organization, found.dimension)
        context |= {
            "proposed": True,
            "badge_changes": any(
                form.cleaned_data.get(n, "") != getattr(found, n) for n in ("color", "shape", "name")
            ),
        }
    return page(request, "taxonomy/value.html", form, context)


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def move_value(request: HttpRequest, organization: Organization, value: int) -> HttpResponse:
    """Move a value up or down."""
    found = _value(organization, value)
    actions.move_value(value=found, by=-1 if request.POST.get("to") == "up" else 1, actor=signed_in(request))
    return _to(organization, found.dimension)


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def retire_value(request: HttpRequest, organization: Organization, value: int) -> HttpResponse:
    """Take a value from what can be chosen, or give it back."""
    found = _value(organization, value)
    retired = request.POST.get("to") != "choice"
    actions.retire_value(value=found, retired=retired, actor=signed_in(request))
    words = (
        _("Nobody chooses it any more. What stands there stays.") if retired else _("It can be chosen again.")
    )
    saved(request, words)
    return _to(organization, found.dimension)


@require_POST
@inside(*rules.MAY_CHANGE)
@on_list
def remove_value(request: HttpRequest, organization: Organization, value: int) -> HttpResponse:
    """Take a value out."""
    found = _value(organization, value)
    actions.remove_value(value=found, actor=signed_in(request))
    saved(request, _("Taken out."))
    return _to(organization, found.dimension)


def page(request: HttpRequest, template: str, form: forms.Form, context: dict[str, object]) -> HttpResponse:
    """A page with a form; 422 when the form has to be mended."""
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def put(form: forms.Form, refused: Refused) -> None:
    """Put a refusal on the form, at its field if the form has it."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def may_change(request: HttpRequest) -> bool:
    """Whether the person on this page may change the taxonomy."""
    return bool(request.roles & frozenset(rules.MAY_CHANGE))  # type: ignore[attr-defined]  # set by @inside


def _dimension(organization: Organization, dimension: int) -> Dimension:
    found = queries.dimensions(organization).filter(pk=dimension).first()
    if found is None:
        raise Http404
    return found


def _value(organization: Organization, value: int) -> Value:
    found = queries.find_value(organization, value)
    if found is None:
        raise Http404
    return found


def _to(organization: Organization, found: Dimension) -> HttpResponse:
    return HttpResponseRedirect(reverse("taxonomy:dimension", args=[organization.slug, found.pk]))
