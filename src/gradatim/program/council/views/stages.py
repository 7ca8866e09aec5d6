"""What people do in the stages of a proposal's route."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import AskForm, EndForm, PutOffForm, ReasonForm
from gradatim.program.council.models import Proposal, Stage
from gradatim.program.council.views.proposals import find, page
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


def _stage(found: Proposal, key: int) -> Stage:
    stage = queries.find_stage(found, key)
    if stage is None:
        raise Http404
    return stage


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


@require_POST
@inside(*rules.MAY_SEE)
def end(request: HttpRequest, organization: Organization, number: int, stage: int) -> HttpResponse:
    """A stage is done."""
    found, form = find(organization, number), EndForm(request.POST)
    if form.is_valid():
        done = actions.end_stage(
            stage=_stage(found, stage), note=form.cleaned_data["note"], actor=signed_in(request)
        )
        messages.success(request, _("“%(stage)s” is done.") % {"stage": done.name})
        return redirect("council:proposal", organization.slug, number)
    return page(request, found, end_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def ask(request: HttpRequest, organization: Organization, number: int, stage: int) -> HttpResponse:
    """Others are asked for a stage, or it gets another date."""
    found = find(organization, number)
    row, form = _stage(found, stage), AskForm(request.POST, organization=organization)
    if form.is_valid():
        data, actor = form.cleaned_data, signed_in(request)
        try:
            if data["people"] or not data["add"]:
                actions.ask_people(stage=row, people=data["people"], add=data["add"], actor=actor)
            kept = not data["due"] or data["due"] == _day(row.due_at)
            due = row.due_at if kept else timezone.make_aware(datetime.combine(data["due"], time(23, 59)))
            if due != row.due_at:
                actions.change_due(stage=row, due_at=due, actor=actor)
            if data["remind"] and data["remind"] != _day(row.remind_at):
                actions.change_reminder(
                    stage=row,
                    remind_at=timezone.make_aware(datetime.combine(data["remind"], time(8))),
                    actor=actor,
                )
            messages.success(request, _("Saved. Who was newly asked gets a message."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    return page(request, found, ask_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def give_back(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Return it to its proposers, or to an earlier stage."""
    found = find(organization, number)
    form = ReasonForm(request.POST, way=queries.journey(found))
    if form.is_valid():
        try:
            actions.return_for_changes(proposal=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(
                request,
                _("It is back at an earlier stage.")
                if form.cleaned_data["to"]
                else _("It is back with its proposers."),
            )
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return page(request, find(organization, number), reason_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def put_off(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Put it off to a date, or until it is taken up."""
    found, form = find(organization, number), PutOffForm(request.POST)
    if form.is_valid():
        try:
            actions.put_off(proposal=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("It is put off; its proposers see why."))
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    elif not rules.may_chair(signed_in(request), found):
        raise Refused("permission", _("Only the chair or a program manager does this."))
    return page(request, found, put_off_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def take_up(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Take it up again."""
    actions.take_up(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("It is in the queue again."))
    return redirect("council:proposal", organization.slug, number)
