"""Pages of routes: which there are, which way something would go, the editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import queries as achievements
from gradatim.program.council import actions, queries, routing, rules, saying
from gradatim.program.council.forms import RouteEditor, TryForm
from gradatim.program.council.models import Proposal, Route
from gradatim.program.council.queries import Journey
from gradatim.program.council.routing import Planned, Way
from gradatim.program.council.saying import StageWords
from gradatim.program.council.views.listing import on_list, saved
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.quality import spelled

TRIED = 200  # achievements that can be chosen to try routes with


@require_safe
@inside(*rules.MAY_SEE)
@on_list
def routes(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The routes in the order in which they are asked; ``?version=`` and ``?kind=`` say which way something would go."""
    found = list(queries.routes(organization))
    labels = queries.route_labels(organization)
    bodies = dict(organization.bodies.values_list("key", "name"))
    form = TryForm(request.GET or None, versions=_versions(organization))
    context = {
        "routes": [(route, *_said(route.way, labels, bodies)) for route in found],
        "may_route": rules.may_route(signed_in(request), organization),
        "form": form,
        "journey": _tried(organization, form, [route.way for route in found]),
    }
    return render(request, "council/routes.html", context)


def _versions(organization: Organization) -> list[tuple[int, str]]:
    return [(version.pk, str(version)) for version in achievements.newest(organization)[:TRIED]]


def _tried(organization: Organization, form: TryForm, ways: list[Way]) -> Journey | None:
    """Which way the chosen achievement would go."""
    if not form.is_bound or not form.is_valid() or not form.cleaned_data["version"]:
        return None
    version = achievements.find_own_version(organization, form.cleaned_data["version"])
    kind = form.cleaned_data["kind"] or Proposal.Kind.NEW
    if version is None:
        return None
    facts = achievements.facts(version)
    return queries.preview(organization, facts, kind, version.achievement, ways)


def _said(
    way: Way, labels: Mapping[str, str], bodies: Mapping[str, str]
) -> tuple[str, list[tuple[Planned, StageWords]]]:
    """For which proposals a route is, and its stages in words."""
    plan = routing.plan(way.stages, {}, labels)
    stages = [(planned, saying.stage(planned.stage, labels, bodies)) for planned in plan]
    return saying.proposals(way.when, labels), stages


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
@on_list
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Write a route."""
    return _editor(request, organization, None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
@on_list
def edit(request: HttpRequest, organization: Organization, route: str) -> HttpResponse:
    """Write the next edition of a route."""
    return _editor(request, organization, _route(organization, route))


def _route(organization: Organization, key: str) -> Route:
    found = queries.find_route(organization, key)
    if found is None:
        raise Http404
    return found


def _editor(request: HttpRequest, organization: Organization, found: Route | None) -> HttpResponse:
    """The editor; only "save" writes, every other button only changes what stands in it."""
    if not rules.may_route(signed_in(request), organization):
        raise Refused("permission", _("Only program managers, administrators and the chair write routes."))
    labels = queries.route_labels(organization)
    data = request.POST if request.method == "POST" else None
    editor = RouteEditor(data, organization=organization, known=labels, route=found)
    tried = TryForm(data, versions=_versions(organization))
    saving = data is not None and "save" in data
    if saving and editor.is_valid() and _fresh(editor, found, data):
        try:
            kept = actions.keep_route(
                organization=organization,
                route=found,
                name=editor.head.cleaned_data["name"],
                when=editor.head.cleaned_data["when"],
                stages=editor.plain(),
                actor=signed_in(request),
            )
            if kept == found:
                saved(request, _("It reads as before, so nothing changed."))
            else:
                said = _("Edition %(n)s is in force. Proposals on their way keep the one they started on.")
                saved(request, said % {"n": kept.edition})
            return redirect("council:routes", organization.slug)
        except Refused as refused:
            editor.head.add_error(f"{refused.field}" if refused.field == "name" else None, refused.message)
    trying = data is not None and "try" in data
    context = {
        "editor": editor,
        "route": found,
        "form": tried,
        "journey": _of_editor(organization, editor, tried) if trying else None,
        "values": _values(organization),
        "editions": queries.editions(found) if found else [],
        "asking": saving or trying,
    }
    bad = (saving and not editor.head.is_valid()) or (saving and any(s.errors for s in editor.stages))
    return render(request, "council/route.html", context, status=422 if bad else 200)


def _fresh(editor: RouteEditor, found: Route | None, data: Any) -> bool:  # noqa: ANN401 - the posted fields
    """Whether nobody wrote another edition since the editor was opened; else the form says so and keeps what was typed."""
    if found is None or data.get("edition") == str(found.edition):
        return True
    editor.head.add_error(
        None,
        _("Edition %(n)s was written meanwhile. What you typed is still here; compare before you save again.")
        % {"n": found.edition},
    )
    return False


def _of_editor(organization: Organization, editor: RouteEditor, form: TryForm) -> Journey | None:
    if not editor.is_valid():
        return None
    way = Way("", editor.head.cleaned_data["name"], (), routing.read(editor.plain()))
    return _tried(organization, form, [way])


def _values(organization: Organization) -> list[tuple[str, str]]:
    """What conditions are compared with most: kinds, tiers, the taxonomy's values."""
    found = [(str(words), "") for _key, words in [*Proposal.Kind.choices, *routing.Tier.choices]]
    found += [(_("yes"), ""), (_("no"), "")]
    for dimension in taxonomy.dimensions(organization):
        found += [
            (spelled(value.key, {value.key: str(value)}), str(dimension)) for value in dimension.values.all()
        ]
    return found


@require_POST
@inside(*rules.MAY_SEE)
@on_list
def remove(request: HttpRequest, organization: Organization, route: str) -> HttpResponse:
    """Ask a route no more."""
    actions.remove_route(route=_route(organization, route), actor=signed_in(request))
    saved(request, _("It is asked no more. Proposals that are on it go on."))
    return redirect("council:routes", organization.slug)


@require_POST
@inside(*rules.MAY_SEE)
@on_list
def earlier(request: HttpRequest, organization: Organization, route: str) -> HttpResponse:
    """Ask a route one place earlier."""
    actions.ask_earlier(route=_route(organization, route), actor=signed_in(request))
    return redirect("council:routes", organization.slug)
