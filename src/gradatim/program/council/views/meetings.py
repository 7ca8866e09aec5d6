"""Pages of meetings: the list, the agenda, the way of a meeting, calendar files."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.council import actions, calendar, law, minutes, queries, rules
from gradatim.program.council.forms import (
    AttendanceForm,
    CommentForm,
    ItemForm,
    MeetingForm,
    MotionForm,
    QueueForm,
    RecallForm,
)
from gradatim.program.council.models import Body, Meeting
from gradatim.program.council.views.proposals import roles
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

PAGE = 30
State = Meeting.State
STEPS: dict[str, tuple[Callable[..., object], object]] = {
    "publish": (actions.publish_agenda, gettext_lazy("The agenda is published; members get it by mail.")),
    "call-off": (actions.call_off_meeting, gettext_lazy("The meeting is called off.")),
    "begin": (actions.begin_meeting, gettext_lazy("The meeting is in session. Note who is there.")),
    "consent": (actions.carry_consent, gettext_lazy("The consent list is carried.")),
    "end": (
        actions.end_meeting,
        gettext_lazy("The meeting has ended. Complete the minutes, then approve them."),
    ),
    "approve": (
        actions.approve_minutes,
        gettext_lazy("The minutes are approved and do not change any more."),
    ),
    "release": (actions.publish_minutes, gettext_lazy("The minutes are public.")),
}
"""The steps of a meeting that need nothing but the button, and what is said after each."""


def find(organization: Organization, meeting: int) -> Meeting:
    """The meeting of a key, or "not found"."""
    found = queries.find_meeting(organization, meeting)
    if found is None:
        raise Http404
    return found


def run(request: HttpRequest, organization: Organization, meeting: int) -> Meeting:
    """The meeting of a key, for whoever runs it; others are refused before they are told about a form."""
    found = find(organization, meeting)
    if not rules.may_run(signed_in(request), found.body, roles(request)):
        raise PermissionDenied
    return found


def _body(organization: Organization, body: int) -> Body:
    found = queries.body_alone(organization, body)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def meetings(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """The meetings of a body; POST plans one."""
    found, person = _body(organization, body), signed_in(request)
    form = MeetingForm(request.POST or None, coming=queries.next_date(found))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_meeting(body=found, actor=person, **form.cleaned_data)
            messages.success(request, _("The meeting is planned. Now its agenda."))
            return redirect("council:meeting", organization.slug, made.pk)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    context = {
        "body": found,
        "page_of": Paginator(queries.meetings(found), PAGE).get_page(request.GET.get("page")),
        "may_run": rules.may_run(person, found, roles(request)),
        "may_meet": queries.may_meet(found),
        "waiting": queries.queue(found).prefetch_related(None).count(),
        "put_off": queries.put_off_by(found),
        "form": form,
    }
    return render(request, "council/meetings.html", context, status=422 if form.errors else 200)


@require_safe
@inside(*rules.MAY_SEE)
def meeting(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """One meeting: agenda before, floor during, minutes after."""
    return page(request, find(organization, meeting))


def page(request: HttpRequest, found: Meeting, **forms: object) -> HttpResponse:
    """The meeting's page, perhaps with a form that has errors."""
    person, lines = signed_in(request), list(found.attendance.all())
    may_run = rules.may_run(person, found.body, roles(request))
    in_session = found.state == State.IN_SESSION
    present = [line.person for line in lines if line.present and line.seat_id and line.person]
    context = {
        "meeting": found,
        "body": found.body,
        "items": found.items.all(),
        "lines": lines,
        "present": present,
        "presence": queries.quorum_at(found),
        "may_run": may_run,
        "sits": rules.sits(person, found.body),
        "in_session": in_session,
        "may_write": may_run and found.state in {State.IN_SESSION, State.ENDED},
        "may_change": may_run and queries.agenda_open(found),
        "locked": law.cited(found.body, law.ON_AGENDA) if found.body.is_open and found.noticed_at else "",
        "consent_left": sum(queries.is_on_consent(item) for item in found.items.all()),
        "proposers": queries.own_items(found, person),
        "put_off": {
            item.pk
            for item in found.items.all()
            if item.proposal and item.proposal.waits_on(timezone.localdate())
        },
        "corrections": queries.corrections_waiting(found.body) if may_run and found.began_at else (),
        "may_recall": may_run and queries.may_be_recalled(found),
        "recall_form": RecallForm(),
    }
    if context["may_change"]:
        context |= {"queue_form": QueueForm(queue=queries.queue(found.body)), "item_form": ItemForm()}
    if may_run and found.before and not (found.body.is_open and found.noticed_at):
        context["meeting_form"] = MeetingForm(meeting=found)
    if may_run and in_session:
        context |= {
            "attendance_form": AttendanceForm(meeting=found),
            "motion_form": MotionForm(present=present),
            "comment_form": CommentForm(),
        }
    bad = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "council/meeting.html", context | forms, status=422 if bad else 200)


@require_POST
@inside(*rules.MAY_SEE)
def step(request: HttpRequest, organization: Organization, meeting: int, step: str) -> HttpResponse:
    """The meeting's next step."""
    found = find(organization, meeting)
    if step not in STEPS:
        raise Http404
    action, said = STEPS[step]
    action(meeting=found, actor=signed_in(request))
    messages.success(request, str(said))
    return redirect("council:meeting", organization.slug, meeting)


@require_POST
@inside(*rules.MAY_SEE)
def change(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Another time or place."""
    found = run(request, organization, meeting)
    form = MeetingForm(request.POST, meeting=found)
    if form.is_valid():
        try:
            actions.change_meeting(meeting=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("council:meeting", organization.slug, meeting)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    return page(request, found, meeting_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def recall(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Call a meeting without a quorum again."""
    found = run(request, organization, meeting)
    form = RecallForm(request.POST)
    if form.is_valid():
        try:
            made = actions.recall_meeting(meeting=found, actor=signed_in(request), **form.cleaned_data)
            messages.success(request, _("The meeting is called again; what was left open is on its agenda."))
            return redirect("council:meeting", organization.slug, made.pk)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    return page(request, found, recall_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def agenda(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Put proposals of the queue on the agenda."""
    found = run(request, organization, meeting)
    form = QueueForm(request.POST, queue=queries.queue(found.body))
    if form.is_valid():
        actions.add_items(meeting=found, chosen=form.chosen, actor=signed_in(request))
        messages.success(request, _("The agenda is changed."))
        return redirect("council:meeting", organization.slug, meeting)
    return page(request, found, queue_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def add_item(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Put something else on the agenda."""
    found, form = run(request, organization, meeting), ItemForm(request.POST)
    if form.is_valid():
        actions.add_item(meeting=found, actor=signed_in(request), **form.cleaned_data)
        messages.success(request, _("The agenda is changed."))
        return redirect("council:meeting", organization.slug, meeting)
    return page(request, found, item_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def attendance(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """Note who is there."""
    found = run(request, organization, meeting)
    form = AttendanceForm(request.POST, meeting=found)
    if form.is_valid():
        given, actor = form.cleaned_data, signed_in(request)
        try:
            actions.note_attendance(
                meeting=found, there=form.there, guests=given["guests"], at=given["at"], actor=actor
            )
            messages.success(request, _("Attendance noted."))
            return redirect("council:meeting", organization.slug, meeting)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
    return page(request, found, attendance_form=form)


@require_safe
@inside(*rules.MAY_SEE)
def draft_pdf(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """The same, typeset."""
    return typeset(find(organization, meeting))


@require_safe
@inside(*rules.MAY_SEE)
def body_calendar(request: HttpRequest, organization: Organization, body: int) -> HttpResponse:
    """All meetings of a body as a calendar file."""
    found = _body(organization, body)
    return calendar_file(calendar.calendar(queries.meetings(found).select_related("body__organization")))


@require_safe
@inside(*rules.MAY_SEE)
def meeting_calendar(request: HttpRequest, organization: Organization, meeting: int) -> HttpResponse:
    """One meeting as a calendar file."""
    return calendar_file(calendar.calendar([find(organization, meeting)]))


def calendar_file(text: str) -> HttpResponse:
    """Meetings for a calendar program."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return response


def typeset(meeting: Meeting) -> HttpResponse:
    """The minutes as PDF."""
    response = HttpResponse(minutes.pdf(meeting), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minutes-{meeting.starts_at:%Y-%m-%d}.pdf"'
    return response
