"""Pages of proposals."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import ProposalForm, ReasonForm, ReviewForm
from gradatim.program.council.models import Proposal
from gradatim.program.council.views.panel import vote_panel
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import rules as offerings
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

PAGE = 30
State = Proposal.State


def find(organization: Organization, number: int) -> Proposal:
    """The proposal of a number, or "not found"."""
    found = queries.find_proposal(organization, number)
    if found is None:
        raise Http404
    return found


@require_safe
@inside(*rules.MAY_SEE)
def proposals(request: HttpRequest, organization: Organization) -> HttpResponse:
    """All proposals, newest first."""
    state = request.GET.get("state", "")
    found = queries.proposals(organization, state=state if state in State.values else "")
    page_of = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of": page_of,
        "state": state,
        "states": State.choices,
        "may_propose": rules.may_propose(signed_in(request), organization),
        "unproposed": queries.unproposed(organization),
    }
    return render(request, "council/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Propose something on one short page: something new, or with ``?version=`` a draft that is there."""
    body, version, earlier = queries.deciding_body(organization), None, None
    if key := request.GET.get("version"):
        version = _draft(organization, key)
        if going := queries.open_about(version):
            return redirect("council:proposal", organization.slug, going.number)
        earlier = queries.newest_about(version)
    form = ProposalForm(request.POST or None, organization=organization, version=version, proposal=earlier)
    if request.method == "POST" and body is not None and form.is_valid():
        try:
            made = actions.propose(
                organization=organization,
                body=body,
                version=version,
                actor=signed_in(request),
                **form.proposal_fields,
                **form.achievement_fields,
            )
            messages.success(
                request, _("Kept as a draft. Look at what the rules say, then send it to the council.")
            )
            return redirect("council:proposal", organization.slug, made.number)
        except Refused as refused:
            _put(form, refused)
    context = {"form": form, "body": body, "may_found": rules.may_found(signed_in(request), organization)}
    return render(request, "council/form.html", context, status=422 if form.errors else 200)


def _draft(organization: Organization, key: str) -> Version:
    found = achievements.find_own_version(organization, key)
    if found is None or found.state != Version.State.DRAFT:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def edit(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Change a draft."""
    found, person = find(organization, number), signed_in(request)
    if found.state not in Proposal.CHANGEABLE or not rules.may_change(person, found):
        messages.warning(request, _("You cannot change this proposal now."))
        return redirect("council:proposal", organization.slug, number)
    form = ProposalForm(
        request.POST or None, organization=organization, version=found.version, proposal=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_proposal(
                proposal=found, actor=person, **form.proposal_fields, **form.achievement_fields
            )
            messages.success(request, _("Saved."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            _put(form, refused)
    context = {
        "form": form,
        "proposal": found,
        "body": found.body,
        "joins": not rules.is_proposer(person, found),
    }
    return render(request, "council/form.html", context, status=422 if form.errors else 200)


def _put(form: Form, refused: Refused) -> None:
    """A refusal at the field it belongs to, if the form has that field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


@require_safe
@inside(*rules.MAY_SEE)
def proposal(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """A proposal with everything a council needs to decide."""
    return page(request, find(organization, number))


def page(request: HttpRequest, found: Proposal, **forms: Form) -> HttpResponse:
    """The proposal's page, perhaps with a form that has errors."""
    person = signed_in(request)
    own = next((r for r in found.reviews.all() if r.reviewer_id == person.pk), None)
    standing, now = rules.standing(person, found), found.state
    findings = queries.findings(found)
    context = {
        "proposal": found,
        "version": found.version,
        "findings": findings,
        "blocking": [f for f in findings if f.blocks],
        "scores": queries.scores(found),
        "is_proposer": standing.proposes,
        "may_change": standing.may_change and now in Proposal.CHANGEABLE,
        "may_withdraw": standing.may_change and now in {*Proposal.CHANGEABLE, State.SUBMITTED},
        "may_chair": standing.may_chair,
        "may_review": standing.may_review and now in {State.SUBMITTED, State.IN_BALLOT},
        "may_propose_again": now in Proposal.SETTLED
        and queries.may_be_proposed(found.version)
        and rules.may_propose(person, found.organization),
        "may_start": found.version.issuable and offerings.may_enrol(person, found.organization),
        "reason_form": ReasonForm(),
        "review_form": ReviewForm(own=own),
    }
    context |= vote_panel(found, person, standing)
    context |= {"mistaken": next(iter(forms.values()), None)}
    return render(request, "council/proposal.html", context | forms, status=422 if forms else 200)


@require_POST
@inside(*rules.MAY_PROPOSE)
def submit(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Send it to the council."""
    actions.submit(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("It is with the council now."))
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside(*rules.MAY_SEE)
def give_back(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Return it for changes."""
    found, form = find(organization, number), ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.return_for_changes(proposal=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("It is back with its proposers."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            _put(form, refused)
    return page(request, find(organization, number), reason_form=form)


@require_POST
@inside(*rules.MAY_PROPOSE)
def withdraw(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Take it back."""
    actions.withdraw(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("Withdrawn."))
    return redirect("council:proposals", organization.slug)


@require_POST
@inside(*rules.MAY_SEE)
def review(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Give a review."""
    found, form = find(organization, number), ReviewForm(request.POST)
    if form.is_valid():
        try:
            actions.review(
                proposal=found,
                scores=form.scores,
                comment=form.cleaned_data["comment"],
                recommendation=form.cleaned_data["recommendation"],
                actor=signed_in(request),
            )
            messages.success(request, _("Thank you: your review is kept."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            _put(form, refused)
    return page(request, find(organization, number), review_form=form)
