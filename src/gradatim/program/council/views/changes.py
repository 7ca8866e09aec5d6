"""Pages of change lists: what they change and whom it touches, proposing them, what does not fit any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import ChangesForm
from gradatim.program.council.views.proposals import find, put
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions as taxonomy_actions
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy import rules as taxonomy_rules
from gradatim.program.taxonomy.changes import Step
from gradatim.program.taxonomy.models import ChangeList, Rule

State = ChangeList.State


@dataclass(frozen=True, slots=True)
class Line:
    """A step, the definitions that stand in what it is about, and what becomes of what is on its way."""

    step: Step
    standing: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()


def lines_of(organization: Organization, steps: list[Step], *, going: bool = True) -> list[Line]:
    """The steps of a list, each with whom it touches while it is not in force."""
    standing = taxonomy.standing_in(organization, steps) if going else {}
    touches = queries.touched(organization, steps) if going else {}
    return [Line(s, tuple(standing.get(s.path, ())), tuple(touches.get(s.path, ()))) for s in steps]


@require_safe
@inside(*taxonomy_rules.MAY_SEE)
def change_list(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """One list: each step with whom it touches, what its rules would do, and what has to be chosen; ``?file`` as YAML."""
    found = _find(organization, changes)
    if "file" in request.GET:
        response = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
        response["Content-Disposition"] = (
            f'attachment; filename="{organization.slug}-changes-{found.pk}.yaml"'
        )
        return response
    person = signed_in(request)
    going = found.state in {State.OPEN, State.LAID, State.WAITING}
    steps = taxonomy.steps_of(found)
    before, after = _rules(found, steps)
    context = {
        "changes": found,
        "lines": lines_of(organization, steps, going=going),
        "conflicts": queries.clashes(found) if going else (),
        "own": found.state == State.OPEN and found.made_by_id == person.pk,
        "going": going,
        "before": before,
        "after": after,
        "governance": taxonomy.governance(organization),
        "may_take_up": rules.may_found(person, organization),
    }

    def draw() -> HttpResponse:
        return render(request, "council/change_list.html", context)

    return actions.look_through(found, draw) if going else draw()


def _rules(found: ChangeList, steps: list[Step]) -> tuple[list[Rule], list[Rule]]:
    """The institution's own rules that the list changes, as they were and as they would be."""
    keys = {s.path[1] for s in steps if s.path[0] == "rules" and len(s.path) == 2}  # noqa: PLR2004 - the rule itself
    before, after = (pack.read(text).rules for text in (found.base, found.text)) if keys else ((), ())
    return [r for r in before if r.key in keys], [r for r in after if r.key in keys]


@require_POST
@inside(*rules.MAY_SEE)
def take_back(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Take a step off one's own list."""
    found = _own(request, organization, changes)
    left = actions.take_back(found, tuple(request.POST.get("step", "").split("/")), signed_in(request))
    messages.success(request, _("Taken off the list."))
    if left is None:
        return redirect("taxonomy:changes", organization.slug)
    return redirect("council:change_list", organization.slug, changes)


@require_POST
@inside(*rules.MAY_SEE)
def settle(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Choose where both the list and somebody else changed the same."""
    found = _own(request, organization, changes)
    chosen = {name: value for name, value in request.POST.items() if value in {"ours", "theirs"}}
    actions.settle_list(found, chosen, signed_in(request))  # type: ignore[arg-type]  # one of the two, see above
    messages.success(request, _("The list fits again."))
    return redirect("council:change_list", organization.slug, changes)


@require_POST
@inside(*rules.MAY_SEE)
def give_up(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Give one's own list up."""
    taxonomy_actions.give_up(changes=_own(request, organization, changes), actor=signed_in(request))
    messages.success(request, _("Given up. Everything stays as it is."))
    return redirect("taxonomy:changes", organization.slug)


@require_POST
@inside(*rules.MAY_FOUND)
def take_up(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Begin a list with what another one said."""
    found = _find(organization, changes)
    if found.state != State.DROPPED:
        raise Http404
    taxonomy_actions.begin_list(
        organization=organization,
        base=found.base,
        text=found.text,
        whole=found.whole,
        actor=signed_in(request),
    )
    messages.success(request, _("It is your change list now."))
    return redirect("taxonomy:changes", organization.slug)


def _find(organization: Organization, changes: int) -> ChangeList:
    found = taxonomy.find_change_list(organization, changes)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, organization: Organization, changes: int) -> ChangeList:
    found = _find(organization, changes)
    if found.made_by_id != signed_in(request).pk:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def propose(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Propose one's own change list."""
    person = signed_in(request)
    found = taxonomy.find_change_list(organization, changes)
    if found is None or found.state != ChangeList.State.OPEN or found.made_by_id != person.pk:
        raise Http404
    body = queries.able_body(organization) or queries.deciding_body(organization)
    steps = taxonomy.steps_of(found)
    subject = steps[0].words if len(steps) == 1 else ""
    form = ChangesForm(
        request.POST or None, typed={"subject": subject[:120]}, may_correct=actions.corrects(found)
    )
    if request.method == "POST" and body is not None and form.is_valid():
        try:
            made = actions.propose_changes(changes=found, body=body, actor=person, **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
        else:
            messages.success(request, _("Kept as a draft. Send it to the council when it is ready."))
            return redirect("council:proposal", organization.slug, made.number)
    context = {
        "form": form,
        "body": body,
        "changes": found,
        "lines": lines_of(organization, steps),
    }
    return render(request, "council/propose_changes.html", context, status=422 if form.errors else 200)


@require_POST
@inside(*rules.MAY_SEE)
def reopen(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Write on at the change list of a proposal."""
    changes = actions.reopen_changes(proposal=find(organization, number), actor=signed_in(request))
    messages.success(
        request, _("It is your change list now. The proposal takes it along as it is when it is sent.")
    )
    return redirect("council:change_list", organization.slug, changes.pk)


@require_POST
@inside(*rules.MAY_SEE)
def settle_due(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Choose what becomes of a decided change list that did not fit on its day."""
    decision = queries.decision_of(find(organization, number))
    if decision is None:
        raise Http404
    over = request.POST.get("choice") == "decided"
    actions.settle_due(decision=decision, over=over, actor=signed_in(request))
    messages.success(request, _("It is in force.") if over else _("Given up. Everything stays as it is."))
    return redirect("council:proposal", organization.slug, number)
