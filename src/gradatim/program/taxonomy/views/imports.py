"""Pages of framework imports: choose, look at what would change, watch it, see what it changed."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.engine.fetch import Fetcher, WebFetcher
from gradatim.engine.framework.library import shipped
from gradatim.engine.framework.shape import MAX_BYTES, MAX_NAME, About
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, queries, rules
from gradatim.program.taxonomy.forms import SHIPPED, AddressForm, FileForm
from gradatim.program.taxonomy.models import Import
from gradatim.program.taxonomy.views.dimensions import UNPROCESSABLE, may_change, put

FETCH_SECONDS = 20.0  # a package may be large
LINES = 100  # of a difference on one page


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def start(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Choose a file, an address or a framework that comes with the product. The framework itself is not touched yet."""
    posted = request.method == "POST"
    by_address = posted and "address" in request.POST
    file = FileForm(
        organization,
        *([request.POST, request.FILES] if posted and not by_address else []),
        initial={"framework": request.GET.get("framework")},
    )
    address = AddressForm(request.POST if by_address else None, auto_id="address_%s")
    context: dict[str, object] = {"form": file, "address": address, "shipped": SHIPPED, "cause": ""}
    try:
        answer = _by_choice(request, organization)
        if answer is None and by_address and address.is_valid():
            answer = _by_address(request, organization, **address.cleaned_data)
        elif answer is None and posted and not by_address and file.is_valid():
            answer = _looked_at(request, organization, file.cleaned_data["file"], file.about(), file.name)
        if answer is not None:
            return answer
    except Refused as refused:
        context["cause"] = refused.code
        put(address if by_address else file, refused)
    if file.is_bound and file.has_error("file", "too-large"):
        context["cause"] = "too-large"
    return render(request, "taxonomy/import.html", context, status=UNPROCESSABLE if posted else 200)


def _by_choice(request: HttpRequest, organization: Organization) -> HttpResponse | None:
    """One that comes with the product, if one was chosen."""
    key = request.POST.get("shipped", "")
    if key not in SHIPPED:
        return None
    content, about = shipped(key)
    return _looked_at(request, organization, content, about, SHIPPED[key])


def _by_address(request: HttpRequest, organization: Organization, address: str, title: str) -> HttpResponse:
    """What is at an address: a framework, or a service whose list is shown to choose from."""
    network = cast("Fetcher | None", settings.FETCHER) or WebFetcher(limit=MAX_BYTES, seconds=FETCH_SECONDS)
    found = actions.fetch(address=address, network=network)
    if isinstance(found, list):
        return render(request, "taxonomy/service.html", {"listed": found, "address": address})
    return _looked_at(request, organization, found, About(title=title), address)


def _looked_at(
    request: HttpRequest, organization: Organization, content: bytes, about: About, name: str
) -> HttpResponse:
    run, _plan = actions.look_at(
        organization=organization, content=content, name=name, about=about, actor=signed_in(request)
    )
    return _to(organization, run)


@require_safe
@inside(*rules.MAY_CHANGE)
def run(request: HttpRequest, organization: Organization, run: int) -> HttpResponse:
    """One import: before it, what it would change; while it runs, how far it is; afterwards, what it changed."""
    found = _import(organization, run)
    if found.state == Import.State.PREVIEW:
        return render(request, "taxonomy/preview.html", {"run": found, "plan": actions.plan_again(run=found)})
    context = {
        "run": found,
        "stopped": found.state == Import.State.RUNNING and queries.is_stopped(found),
        "lines": Paginator(found.changes, LINES).get_page(request.GET.get("page")),
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "taxonomy/_run.html" if part else "taxonomy/run.html", context)


@require_POST
@inside(*rules.MAY_CHANGE)
def confirm(request: HttpRequest, organization: Organization, run: int) -> HttpResponse:
    """Carry out what was looked at."""
    done = actions.confirm(run=_import(organization, run), actor=signed_in(request))
    if done.state != Import.State.DONE or done.framework is None:
        return _to(organization, done)
    messages.success(request, _("Imported. Achievements can be aligned to it now."))
    return HttpResponseRedirect(reverse("taxonomy:framework", args=[organization.slug, done.framework.pk]))


@require_POST
@inside(*rules.MAY_CHANGE)
def beside(request: HttpRequest, organization: Organization, run: int) -> HttpResponse:
    """It is another framework than the one it would update."""
    found = _import(organization, run)
    try:
        actions.set_apart(run=found, title=request.POST.get("title", "")[:MAX_NAME])
    except Refused as refused:
        if refused.code == "closed":
            raise
        messages.error(request, refused.message)
    return _to(organization, found)


@require_POST
@inside(*rules.MAY_CHANGE)
def discard(request: HttpRequest, organization: Organization, run: int) -> HttpResponse:
    """Do not import it."""
    actions.discard(run=_import(organization, run))
    messages.success(request, _("Nothing was imported."))
    return HttpResponseRedirect(reverse("taxonomy:import", args=[organization.slug]))


@require_safe
@inside(*rules.MAY_SEE)
def history(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """What was imported into a framework, and when."""
    found = queries.find_framework(organization, framework)
    if found is None:
        raise Http404
    context = {"framework": found, "history": queries.history(found), "may_change": may_change(request)}
    return render(request, "taxonomy/history.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def difference(request: HttpRequest, organization: Organization, framework: int, run: int) -> HttpResponse:
    """What one import changed, statement by statement."""
    found = queries.find_import(organization, run)
    if found is None or found.framework_id != framework or found.state != Import.State.DONE:
        raise Http404
    since = request.GET.get("since", "")
    earlier = queries.find_import(organization, int(since)) if since.isdecimal() and len(since) < 19 else None  # noqa: PLR2004 - digits of a key
    if earlier and (earlier.framework_id != framework or earlier.pk >= found.pk):
        raise Http404
    changes = queries.changes_since(earlier, found) if earlier else found.changes
    context = {
        "run": found,
        "earlier": earlier,
        "framework": found.framework,
        "lines": Paginator([line[:4] for line in changes], LINES).get_page(request.GET.get("page")),
        "counts": found.counts if earlier is None else queries.counted(changes),
    }
    return render(request, "taxonomy/difference.html", context)


@require_safe
@inside(*rules.MAY_SEE)
def compare(request: HttpRequest, organization: Organization, framework: int) -> HttpResponse:
    """Two versions that were chosen, the earlier one first; their difference has an address of its own."""
    chosen = [request.GET.get(name, "") for name in ("since", "until")]
    if not all(key.isdecimal() and len(key) < 19 for key in chosen):  # noqa: PLR2004 - digits of a key
        raise Http404
    since, until = sorted(map(int, chosen))
    if since == until:
        messages.warning(request, _("Choose two different versions."))
        return HttpResponseRedirect(reverse("taxonomy:history", args=[organization.slug, framework]))
    address = reverse("taxonomy:difference", args=[organization.slug, framework, until])
    return HttpResponseRedirect(f"{address}?since={since}")


def _import(organization: Organization, key: int) -> Import:
    found = queries.find_import(organization, key)
    if found is None:
        raise Http404
    return found


def _to(organization: Organization, run: Import) -> HttpResponse:
    return HttpResponseRedirect(reverse("taxonomy:import_run", args=[organization.slug, run.pk]))
