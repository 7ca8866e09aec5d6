"""What is done with one item or motion of a meeting; each answers with the meeting's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import CommentForm, MotionForm, NotesForm, RecordForm, SettleForm
from gradatim.program.council.models import AgendaItem, Meeting, Motion
from gradatim.program.council.views.meetings import find, page, run
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization, Person


def _item(meeting: Meeting, item: int) -> AgendaItem:
    found = queries.find_item(meeting, item)
    if found is None:
        raise Http404
    return found


def _present(meeting: Meeting) -> list[Person]:
    return [line.person for line in meeting.attendance.all() if line.present and line.seat_id and line.person]


def _back(request: HttpRequest, meeting: Meeting, said: str, anchor: str = "") -> HttpResponse:
    messages.success(request, said)
    answer = redirect("council:meeting", meeting.body.organization.slug, meeting.pk)
    answer["Location"] += anchor
    return answer


@require_POST
@inside(*rules.MAY_SEE)
def remove(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Take an item off."""
    found = find(organization, meeting)
    actions.remove_item(item=_item(found, item), actor=signed_in(request))
    return _back(request, found, _("The item is off the agenda."))


@require_POST
@inside(*rules.MAY_SEE)
def move(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Change places with the one before or after."""
    found = find(organization, meeting)
    actions.move_item(item=_item(found, item), up="up" in request.POST, actor=signed_in(request))
    return _back(request, found, _("The agenda is changed."))


@require_POST
@inside(*rules.MAY_SEE)
def pull(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Pull it off the consent list."""
    found = find(organization, meeting)
    actions.pull_item(item=_item(found, item), actor=signed_in(request))
    return _back(request, found, _("It is off the consent list and will be decided on its own."))


@require_POST
@inside(*rules.MAY_SEE)
def notes(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Write the minutes of an item."""
    found, form = run(request, organization, meeting), NotesForm(request.POST)
    if not form.is_valid():
        return page(request, found, mistaken=form)
    actions.write_notes(item=_item(found, item), actor=signed_in(request), **form.cleaned_data)
    return _back(request, found, _("Written into the minutes."), f"#item-{item}")


@require_POST
@inside(*rules.MAY_SEE)
def vote(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Open the vote on an item, or carry it by unanimous consent."""
    found = run(request, organization, meeting)
    one = _item(found, item)
    if one.proposal is None:
        raise Http404
    if request.POST.get("how") == "consent":
        actions.consent(item=one, actor=signed_in(request))
        return _back(request, found, _("Carried: nobody objected."), f"#item-{item}")
    method = "secret" if request.POST.get("how") == "secret" else ""
    actions.open_ballot(proposal=one.proposal, item=one, method=method, actor=signed_in(request))
    messages.success(request, _("The vote is open; every elector gets a message."))
    return redirect("council:proposal", organization.slug, one.proposal.number)


@require_POST
@inside(*rules.MAY_SEE)
def make_motion(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Note a motion or an amendment, and its second if there is one."""
    found = run(request, organization, meeting)
    form, actor = MotionForm(request.POST, present=_present(found)), signed_in(request)
    if not form.is_valid():
        return page(request, found, mistaken=form)
    given = form.cleaned_data
    amends = queries.find_motion(found, given["amends"]) if given["amends"] else None
    try:
        made = actions.make_motion(
            item=_item(found, item),
            text=given["text"],
            moved_by=given["moved_by"],
            kind=given["kind"] or Motion.Kind.MAIN,
            until=given["until"],
            amends=amends,
            actor=actor,
        )
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, refused.message)
        return page(request, found, mistaken=form)
    if given["seconded_by"]:
        actions.second_motion(motion=made, seconded_by=given["seconded_by"], actor=actor)
    return _back(request, found, _("The motion is in the minutes."), f"#item-{item}")


@require_POST
@inside(*rules.MAY_SEE)
def settle_motion(
    request: HttpRequest, organization: Organization, meeting: int, motion: int
) -> HttpResponse:
    """Note who seconds a motion, or how it ended."""
    found = run(request, organization, meeting)
    one, actor = _motion(found, motion), signed_in(request)
    form = SettleForm(request.POST, present=_present(found))
    if not form.is_valid():
        return page(request, found, mistaken=form)
    if form.cleaned_data["how"] == "second":
        person = form.present.get(int(form.cleaned_data["seconded_by"] or 0))
        if person is None:
            raise Http404
        actions.second_motion(motion=one, seconded_by=person, actor=actor)
        return _back(request, found, _("Seconded."), f"#item-{one.item_id}")
    done = actions.settle_motion(motion=one, how=form.cleaned_data["how"], votes=form.votes, actor=actor)
    said = _("The motion is %(state)s.") % {"state": done.get_state_display()}
    return _back(request, found, said, f"#item-{one.item_id}")


@require_POST
@inside(*rules.MAY_SEE)
def record_motion(
    request: HttpRequest, organization: Organization, meeting: int, motion: int
) -> HttpResponse:
    """Write a carried motion down as a decision."""
    found, form = run(request, organization, meeting), RecordForm(request.POST)
    one = _motion(found, motion)
    if not form.is_valid():
        return page(request, found, mistaken=form)
    made = actions.record_motion(motion=one, actor=signed_in(request), **form.cleaned_data)
    said = _("Decision %(number)s is written, and held until it is published.") % {"number": made.number}
    return _back(request, found, said, f"#item-{one.item_id}")


def _motion(meeting: Meeting, motion: int) -> Motion:
    found = queries.find_motion(meeting, motion)
    if found is None:
        raise Http404
    return found


@require_POST
@inside(*rules.MAY_SEE)
def comment(request: HttpRequest, organization: Organization, meeting: int, item: int) -> HttpResponse:
    """Note a public comment."""
    found, form = run(request, organization, meeting), CommentForm(request.POST)
    if not form.is_valid():
        return page(request, found, mistaken=form)
    actions.note_comment(item=_item(found, item), actor=signed_in(request), **form.cleaned_data)
    return _back(request, found, _("The comment is in the minutes."), f"#item-{item}")
