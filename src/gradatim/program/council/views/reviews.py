"""Pages of reviews: one's own, comments, conflicts of interest, guests, the rubric of a body."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.achievements.views.parts import warn
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import GuestForm, RemarkForm, ReviewForm, RubricForm
from gradatim.program.council.models import Proposal
from gradatim.program.council.views.listing import on_list, saved
from gradatim.program.council.views.panels import item_panel
from gradatim.program.council.views.proposals import find, find_for, page, put
from gradatim.program.ground import queries as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


def _back(request: HttpRequest, organization: Organization, number: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside()
def review(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Give a review."""
    found = find_for(request, organization, number)
    form = ReviewForm(request.POST, rubric=queries.rubric_for(found))
    if form.is_valid():
        try:
            actions.review(
                proposal=found,
                scores=form.scores,
                comment=form.cleaned_data["comment"],
                recommendation=form.cleaned_data["recommendation"],
                actor=signed_in(request),
            )
            return _back(request, organization, number, _("Thank you: your review is kept."))
        except Refused as refused:
            put(form, refused)
    return page(request, find_for(request, organization, number), review_form=form)


@require_POST
@inside()
def recuse(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Say that one has a conflict of interest."""
    reason = request.POST.get("reason", "")[:2000]
    actions.recuse(proposal=find_for(request, organization, number), reason=reason, actor=signed_in(request))
    return _back(request, organization, number, _("Noted: you are not asked for a review of it."))


@require_POST
@inside()
def remark(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Remark on a field, or on the whole."""
    found, person = find_for(request, organization, number), signed_in(request)
    form = RemarkForm(request.POST, proposal=found, proposes=rules.is_proposer(person, found))
    if form.is_valid():
        said = {name: text for name, text in form.cleaned_data.items() if text}
        try:
            actions.comment(proposal=found, actor=person, **{"text": "", **said})
            return _back(request, organization, number, _("Your comment is kept."))
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            put(form, refused)
    return page(request, found, remark_form=form)


@require_POST
@inside()
def settle(request: HttpRequest, organization: Organization, number: int, comment: int) -> HttpResponse:
    """A comment is dealt with; with ``take`` its words are taken over."""
    read = find_for(request, organization, number)
    row = queries.find_comment(read, comment)
    if row is None:
        raise Http404
    if "take" in request.POST:
        actions.take_suggestion(comment=row, actor=signed_in(request))
        if read.version:
            warn(request, read.version)
        return _back(request, organization, number, _("Taken over."))
    actions.settle_comment(comment=row, actor=signed_in(request))
    return _back(request, organization, number, _("Settled."))


@require_POST
@inside(*rules.MAY_SEE)
def ask_guest(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Ask somebody from outside."""
    found, form = find(organization, number), GuestForm(request.POST)
    if form.is_valid():
        try:
            actions.ask_guest(proposal=found, actor=signed_in(request), **form.cleaned_data)
            return _back(request, organization, number, _("They get a message with a link."))
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            put(form, refused)
    elif not rules.may_chair(signed_in(request), found):
        raise Refused("permission", _("Only the chair or a program manager does this."))
    return page(request, found, guest_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def guest_review(request: HttpRequest, token: str) -> HttpResponse:
    """The review of somebody from outside, by the link of a mail: opening shows it, only the button gives it."""
    link = ground.find_link(token, queries.GUEST)
    guest = queries.find_guest(link.key) if link else None
    if link is None or guest is None:
        raise Http404
    proposal = find(guest.proposal.organization, guest.proposal.number)
    form = ReviewForm(request.POST or None, rubric=queries.rubric_for(proposal))
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_as_guest(
                token=token,
                scores=form.scores,
                comment=form.cleaned_data["comment"],
                recommendation=form.cleaned_data["recommendation"],
            )
            done = True
        except Refused as refused:
            put(form, refused)
    context = {
        "form": form,
        "done": done,
        "open": ground.is_open(link) and proposal.state in Proposal.WITH_COUNCIL,
        "used": link.used_at is not None,
        "guest": guest,
        "outside": True,
        **item_panel(proposal),
    }
    return render(request, "council/guest_review.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
@on_list
def rubric(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """The criteria by which a body's members review."""
    found, person = queries.find_body(organization, body), signed_in(request)
    if found is None:
        raise Http404
    if not rules.may_route(person, organization):
        raise Refused(
            "permission", _("Only program managers, administrators and the chair write the rubric.")
        )
    form = RubricForm(request.POST or None, rubric=queries.rubric_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_rubric(
                body=found,
                criteria=form.criteria,
                all_must_meet=form.cleaned_data["all_must_meet"],
                actor=person,
            )
            saved(request, _("Saved. Reviews that were given keep their scores."))
            return redirect("council:rubric", organization.slug, body)
        except Refused as refused:
            form.add_error(None, refused.message)
    context = {"form": form, "body": found}
    return render(request, "council/rubric.html", context, status=422 if form.errors else 200)
