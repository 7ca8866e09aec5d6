"""Pages of minutes: as they read, as they read before a correction; correcting them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, minutes, queries, rules
from gradatim.program.council.forms import CorrectionForm
from gradatim.program.council.models import Correction, Meeting
from gradatim.program.council.views.meetings import find, run
from gradatim.program.council.views.proposals import roles
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


def shown(request: HttpRequest, meeting: Meeting) -> dict[str, object]:
    """The context of `_minutes.html`: the text that counts, or with ``?text=`` one before a correction.

    Raises:
        Http404: there is no such text.
    """
    versions = minutes.versions(meeting)
    asked = request.GET.get("text", "")
    if asked and not (asked.isdecimal() and int(asked[:9]) < len(versions)):
        raise Http404
    text = versions[int(asked)][0] if asked else minutes.read(meeting)
    return {
        "minutes": text,
        "agenda": text["items"],
        "old_text": bool(asked) and int(asked) < len(versions) - 1,
        "texts": [(number, one) for number, (_said, one) in enumerate(versions)] if len(versions) > 1 else [],
    }


@require_safe
@inside(*rules.MAY_SEE)
def draft(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """The minutes, as they read now or as they were approved, for those who work on them."""
    found = find(organization, meeting)
    waiting = [one for one in found.corrections.all() if one.adopted_at is None]
    may_run = rules.may_run(signed_in(request), found.body, roles(request))
    context = {
        "meeting": found,
        **shown(request, found),
        "waiting": waiting,
        "may_run": may_run,
        "may_correct": may_run and found.minutes is not None and not waiting,
    }
    return render(request, "council/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def correct(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Correct approved minutes."""
    found = run(request, organization, meeting)
    if found.minutes is None:
        raise Http404
    form = CorrectionForm(request.POST or None, minutes=minutes.read(found))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.correct_minutes(
                meeting=found,
                lists=form.lists,
                items=form.changed_items,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
            )
            messages.success(
                request,
                _("The minutes are corrected.")
                if made.adopted_at
                else _("The correction waits for a motion at a later meeting that adopts it."),
            )
            return redirect("council:minutes", organization.slug, meeting)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {"meeting": found, "form": form}
    return render(request, "council/correct.html", context, status=422 if form.errors else 200)


def _correction(organization: Organization, request: HttpRequest, key: str) -> Correction:
    """A correction, for whoever runs its body."""
    found = queries.find_correction(organization, int(key)) if key.isdecimal() else None
    if found is None:
        raise Http404
    if not rules.may_run(signed_in(request), found.meeting.body):
        raise PermissionDenied
    return found


@require_POST
@inside(*rules.MAY_SEE)
def withdraw(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Withdraw the correction that waits."""
    corrections = run(request, organization, meeting).corrections.all()
    waiting = next((one for one in corrections if one.adopted_at is None), None)
    if waiting is None:
        raise Http404
    actions.withdraw_correction(correction=waiting, actor=signed_in(request))
    messages.success(request, _("The correction is withdrawn."))
    return redirect("council:minutes", organization.slug, meeting)


@require_POST
@inside(*rules.MAY_SEE)
def adopt(request: HttpRequest, organization: Organization, meeting: int, motion: int) -> HttpResponse:
    """A carried motion adopts a correction."""
    found = run(request, organization, meeting)
    one = queries.find_motion(found, motion)
    if one is None:
        raise Http404
    correction = _correction(organization, request, request.POST.get("correction", ""))
    actions.adopt_correction(correction=correction, motion=one, actor=signed_in(request))
    messages.success(request, _("The correction is adopted; the minutes read like it from now on."))
    return redirect("council:meeting", organization.slug, meeting)
