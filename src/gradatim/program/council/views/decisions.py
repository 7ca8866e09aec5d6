"""Pages of decisions: writing and publishing one, and the public record."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import DecisionForm
from gradatim.program.council.views.proposals import find, page
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

PAGE = 50


@require_POST
@inside(*rules.MAY_SEE)
def decide(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Write the decision."""
    found = find(organization, number)
    ballots = found.ballots.all()
    if not ballots:
        raise Http404
    form = DecisionForm(request.POST, result=ballots[0].result)
    if form.is_valid():
        try:
            made = actions.decide(ballot=ballots[0], actor=signed_in(request), **form.cleaned_data)
            messages.success(
                request,
                _("Decision %(number)s is written, and held until it is published.")
                % {"number": made.number},
            )
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return page(request, find(organization, number), decision_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def publish(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Publish the decision."""
    decision = queries.decision_of(find(organization, number))
    if decision is None:
        raise Http404
    actions.publish(decision=decision, actor=signed_in(request))
    messages.success(request, _("Published. From now on it counts."))
    return redirect("council:proposal", organization.slug, number)


def _organization(request: HttpRequest, slug: str) -> Organization:
    found = people.find_organization(slug)
    if found is None:
        raise Http404
    request.organization = found  # type: ignore[attr-defined]  # the frame shows whose page it is
    return found


@require_safe
def decisions(request: HttpRequest, organization: str) -> HttpResponse:
    """Everything that was decided and published."""
    found = queries.public_decisions(_organization(request, organization))
    page_of = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "council/decisions.html", {"page_of": page_of})


@require_safe
def decision(request: HttpRequest, organization: str, number: str) -> HttpResponse:
    """One decision, for everyone to read."""
    found = queries.find_decision(_organization(request, organization), number)
    if found is None:
        raise Http404
    context = {
        "decision": found,
        "ballot": found.ballot,
        "count": queries.count(found.ballot),
        "proposal": found.proposal,
        "version": found.proposal.version,
    }
    return render(request, "council/decision.html", context)
