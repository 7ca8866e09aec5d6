"""Pages on which change lists meet the council: proposing one, writing on at it, and what does not fit on its day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import ChangesForm
from gradatim.program.council.views.proposals import find, put
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.models import ChangeList


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_FOUND)
def propose(request: HttpRequest, organization: Organization, changes: int) -> HttpResponse:
    """Propose one's own change list."""
    person = signed_in(request)
    found = taxonomy.find_change_list(organization, changes)
    if found is None or found.state != ChangeList.State.OPEN or found.made_by_id != person.pk:
        raise Http404
    body = queries.deciding_body(organization)
    steps = taxonomy.steps_of(found)
    subject = steps[0].words if len(steps) == 1 else ""
    form = ChangesForm(request.POST or None, typed={"subject": subject[:120]})
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
        "lines": [{"step": step} for step in steps],
    }
    return render(request, "council/propose_changes.html", context, status=422 if form.errors else 200)


@require_POST
@inside(*rules.MAY_FOUND)
def reopen(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Write on at the change list of a proposal."""
    changes = actions.reopen_changes(proposal=find(organization, number), actor=signed_in(request))
    messages.success(
        request, _("It is your change list now. The proposal takes it along as it is when it is sent.")
    )
    return redirect("taxonomy:change_list", organization.slug, changes.pk)


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
