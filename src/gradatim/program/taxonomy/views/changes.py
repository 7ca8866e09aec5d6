"""Pages of change lists: what they change, whom it touches, where they do not fit any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions, pack, queries, rules
from gradatim.program.taxonomy.changes import KINDS, Step
from gradatim.program.taxonomy.forms import DirectForm
from gradatim.program.taxonomy.models import ChangeList, Rule
from gradatim.program.taxonomy.views.dimensions import may_change
from gradatim.program.taxonomy.views.listing import on_list, saved

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A step, and the definitions that stand in what it is about."""

    step: Step
    standing: tuple[str, ...]


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The list one is writing, those that were proposed, and what needs no decision."""
    governance = queries.governance(organization)
    own = queries.working_list(organization, signed_in(request)) if may_change(request) else None
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


@require_safe
@inside(*rules.MAY_SEE)
def change_list(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """One list: each step with whom it touches, what its rules would do, and what has to be chosen."""
    found = _find(organization, changes)
    own = found.state == ChangeList.State.OPEN and found.made_by_id == signed_in(request).pk
    going = found.state in {ChangeList.State.OPEN, ChangeList.State.LAID, ChangeList.State.WAITING}
    steps = queries.steps_of(found)
    standing = queries.standing_in(organization, steps) if going else {}
    before, after = _rules(found, steps)
    context = {
        "changes": found,
        "lines": [Line(s, tuple(standing.get(s.path, ()))) for s in steps],
        "conflicts": _conflicts(organization, found) if going and not found.whole else (),
        "own": own,
        "going": going,
        "before": before,
        "after": after,
        "governance": queries.governance(organization),
    }

    def draw() -> HttpResponse:
        return render(request, "taxonomy/change_list.html", context)

    if going and not found.whole:
        return actions.looking(organization=organization, changes=found, act=draw)
    return draw()


def _conflicts(organization: Organization, found: ChangeList) -> tuple[object, ...]:
    return queries.merged(found, queries.taxonomy_text(organization)).conflicts


def _rules(found: ChangeList, steps: list[Step]) -> tuple[list[Rule], list[Rule]]:
    """The institution's own rules that the list changes, as they were and as they would be."""
    keys = {s.path[1] for s in steps if s.path[0] == "rules" and len(s.path) == 2}  # noqa: PLR2004 - the rule itself
    before, after = (pack.read(text).rules for text in (found.base, found.text)) if keys else ((), ())
    return [r for r in before if r.key in keys], [r for r in after if r.key in keys]


@require_POST
@inside(*rules.MAY_CHANGE)
def take_back(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Take a step off one's own list."""
    found = _own(request, organization, changes)
    path = tuple(request.POST.get("step", "").split("/"))
    left = actions.take_back_step(changes=found, path=path, actor=signed_in(request))
    messages.success(request, _("Taken off the list."))
    if left is None:
        return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))
    return _to(organization, found)


@require_POST
@inside(*rules.MAY_CHANGE)
def settle(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Choose where both the list and somebody else changed the same."""
    found = _own(request, organization, changes)
    chosen = {name: value for name, value in request.POST.items() if value in {"ours", "theirs"}}
    actions.settle_conflicts(
        changes=found,
        now=queries.taxonomy_text(organization),
        choices=chosen,  # type: ignore[arg-type]  # one of the two, see above
        actor=signed_in(request),
    )
    messages.success(request, _("The list fits again."))
    return _to(organization, found)


@require_POST
@inside(*rules.MAY_CHANGE)
def give_up(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Give one's own list up."""
    actions.give_up(changes=_own(request, organization, changes), actor=signed_in(request))
    messages.success(request, _("Given up. Everything stays as it is."))
    return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))


@require_POST
@inside(*rules.MAY_CHANGE)
def take_up(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Begin a list with what another one said."""
    found = _find(organization, changes)
    if found.state != ChangeList.State.DROPPED or found.whole:
        raise Http404
    actions.begin_list(organization=organization, base=found.base, text=found.text, actor=signed_in(request))
    messages.success(request, _("It is your change list now."))
    return HttpResponseRedirect(reverse("taxonomy:changes", args=[organization.slug]))


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


def _find(organization: Organization, changes: int) -> ChangeList:
    found = queries.find_change_list(organization, changes)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, organization: Organization, changes: int) -> ChangeList:
    found = _find(organization, changes)
    if found.made_by_id != signed_in(request).pk:
        raise Http404
    return found


def _to(organization: Organization, found: ChangeList) -> HttpResponse:
    return HttpResponseRedirect(reverse("taxonomy:change_list", args=[organization.slug, found.pk]))
