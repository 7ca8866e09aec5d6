"""Pages of votes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import CodeForm, VoteForm
from gradatim.program.council.models import Ballot
from gradatim.program.council.views.proposals import find, page
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
    """Open the vote."""
    actions.open_ballot(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("The vote is open; every elector gets a message."))
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside(*rules.MAY_SEE)
def presence(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Note who is present."""
    electors = [int(key) for key in request.POST.getlist("present") if key.isdecimal()]
    actions.mark_present(ballot=_newest(organization, number), electors=electors, actor=signed_in(request))
    messages.success(request, _("Presence noted."))
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside(*rules.MAY_SEE)
def cast(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Cast a vote."""
    form = VoteForm(request.POST)
    if form.is_valid():
        ballot, person = _newest(organization, number), signed_in(request)
        try:
            actions.cast_vote(ballot=ballot, actor=person, **form.cleaned_data)
            messages.success(request, _("Your vote is cast."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return page(request, find(organization, number), vote_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def close(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Close the vote and count it."""
    ballot = actions.close_ballot(ballot=_newest(organization, number), actor=signed_in(request))
    messages.success(request, _("Closed: %(result)s.") % {"result": ballot.get_result_display()})
    return redirect("council:proposal", organization.slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Where the short code of a mail is typed in; it leads to the page of the link and does nothing else."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("council:vote_link", actions.link_by_code(**form.cleaned_data))
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(request, "council/vote_code.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The vote of a mail's link: opening shows it, only the button votes."""
    link = ground.find_link(token, queries.PURPOSE)
    elector = queries.find_elector(link.key) if link else None
    if link is None or elector is None:
        raise Http404
    form = VoteForm(request.POST or None)
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.vote_by_link(token=token, **form.cleaned_data)
            done = True
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    ballot = elector.ballot
    proposal = ballot.proposal
    context = {
        "form": form,
        "done": done,
        "voted": hasattr(elector, "vote"),
        "open": ballot.state == Ballot.State.OPEN and ground.is_open(link),
        "elector": elector,
        "ballot": ballot,
        "proposal": proposal,
        "version": proposal.version,
        "findings": queries.findings(proposal),
    }
    return render(request, "council/vote_link.html", context, status=422 if form.errors else 200)
