"""Pages of votes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import OpenForm, VoteForm
from gradatim.program.council.models import Ballot
from gradatim.program.council.views.panel import turnout as panel
from gradatim.program.council.views.panels import item_panel
from gradatim.program.council.views.proposals import find, find_for, page, roles
from gradatim.program.ground import queries as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


def _newest(organization: Organization, number: int) -> Ballot:
    found = find(organization, number).ballots.all()
    if not found:
        raise Http404
    return found[0]


@require_POST
@inside(*rules.MAY_SEE)
def open_vote(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Open the vote, now or later."""
    found = find(organization, number)
    form = OpenForm(request.POST, body=found.body)
    if form.is_valid():
        try:
            made = actions.open_ballot(proposal=found, actor=signed_in(request), **form.cleaned_data)
            later = made.state == Ballot.State.SCHEDULED
            messages.success(
                request,
                _("The vote opens by itself at that time; every elector then gets a message.")
                if later
                else _("The vote is open; every elector gets a message."),
            )
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    return page(request, find(organization, number), open_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def call_off(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Take a scheduled vote back."""
    actions.call_off(ballot=_newest(organization, number), actor=signed_in(request))
    messages.success(request, _("The vote is called off; the proposal is with the council again."))
    return redirect("council:proposal", organization.slug, number)


@require_safe
@inside()
def turnout(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """How many are there and have voted, for the page to refresh while the vote is open."""
    ballot = queries.newest_ballot(organization, number)
    if not roles(request) & frozenset(rules.MAY_SEE) and not (
        ballot and rules.sits(signed_in(request), ballot.body)
    ):
        raise PermissionDenied
    if ballot is None:
        raise Http404
    context = {"proposal": ballot.proposal, "polled": True, **panel(ballot)}
    return render(request, "council/_turnout.html", context)


@require_POST
@inside(*rules.MAY_SEE)
def presence(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Note who is present."""
    electors = [int(key) for key in request.POST.getlist("present") if key.isdecimal()]
    actions.mark_present(ballot=_newest(organization, number), electors=electors, actor=signed_in(request))
    messages.success(request, _("Presence noted."))
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside()
def cast(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Cast a vote."""
    found, person = find_for(request, organization, number), signed_in(request)
    if not rules.standing(person, found, roles(request)).sees_all:
        raise PermissionDenied
    ballot = next(iter(found.ballots.all()), None)
    if ballot is None:
        raise Http404
    form = VoteForm(request.POST, ballot=ballot)
    if form.is_valid():
        try:
            actions.cast_vote(ballot=ballot, actor=person, **form.cleaned_data)
            messages.success(request, _("Your vote is cast. You can change it until the vote closes."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return page(request, find_for(request, organization, number), vote_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def close(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Close the vote and count it."""
    ballot = actions.close_ballot(ballot=_newest(organization, number), actor=signed_in(request))
    messages.success(request, _("Closed: %(result)s.") % {"result": ballot.get_result_display()})
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside(*rules.MAY_SEE)
def break_tie(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """The chair's word on a tie."""
    ballot = actions.break_tie(
        ballot=_newest(organization, number),
        carries=request.POST.get("carries") == "yes",
        actor=signed_in(request),
    )
    messages.success(request, _("The tie is decided: %(result)s.") % {"result": ballot.get_result_display()})
    return redirect("council:proposal", organization.slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The vote of a mail's link: opening shows it, only the button votes."""
    link = ground.find_link(token, queries.PURPOSE)
    elector = queries.find_elector(link.key) if link else None
    if link is None or elector is None:
        raise Http404
    ballot = elector.ballot
    own = getattr(elector, "vote", None)
    form = VoteForm(request.POST or None, ballot=ballot, own=own)
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.vote_by_link(token=token, **form.cleaned_data)
            done = True
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    proposal = find(ballot.proposal.organization, ballot.proposal.number)
    context = {
        **item_panel(proposal),
        "form": form,
        "done": done,
        "own_vote": own,
        "wants_sign_in": not ballot.body.link_votes,
        "open": ballot.state == Ballot.State.OPEN and ground.is_open(link),
        "elector": elector,
        "ballot": ballot,
        "findings": queries.findings(proposal),
    }
    return render(request, "council/vote_link.html", context, status=422 if form.errors else 200)
