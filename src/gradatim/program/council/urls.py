"""Addresses of the council."""

from django.urls import include, path

from gradatim.program.council.views import bodies, decisions, floor, meetings, proposals, votes

app_name = "council"

proposal = [
    path("", proposals.proposal, name="proposal"),
    path("edit/", proposals.edit, name="edit"),
    path("submit/", proposals.submit, name="submit"),
    path("return/", proposals.give_back, name="return"),
    path("withdraw/", proposals.withdraw, name="withdraw"),
    path("review/", proposals.review, name="review"),
    path("vote/open/", votes.open_vote, name="open_vote"),
    path("vote/call-off/", votes.call_off, name="call_off"),
    path("vote/turnout/", votes.turnout, name="turnout"),
    path("vote/presence/", votes.presence, name="presence"),
    path("vote/cast/", votes.cast, name="cast"),
    path("vote/close/", votes.close, name="close_vote"),
    path("vote/tie/", votes.break_tie, name="break_tie"),
    path("decide/", decisions.decide, name="decide"),
    path("publish/", decisions.publish, name="publish"),
]

meeting = [
    path("", meetings.meeting, name="meeting"),
    path("change/", meetings.change, name="change_meeting"),
    path("agenda/", meetings.agenda, name="agenda"),
    path("items/", meetings.add_item, name="add_item"),
    path("items/<int:item>/remove/", floor.remove, name="remove_item"),
    path("items/<int:item>/move/", floor.move, name="move_item"),
    path("items/<int:item>/pull/", floor.pull, name="pull_item"),
    path("items/<int:item>/notes/", floor.notes, name="notes"),
    path("items/<int:item>/vote/", floor.vote, name="vote_on_item"),
    path("items/<int:item>/motion/", floor.make_motion, name="make_motion"),
    path("items/<int:item>/comment/", floor.comment, name="comment"),
    path("motions/<int:motion>/", floor.settle_motion, name="settle_motion"),
    path("attendance/", meetings.attendance, name="attendance"),
    path("minutes/", meetings.draft_minutes, name="minutes"),
    path("minutes.pdf", meetings.draft_pdf, name="minutes_pdf"),
    path("meeting.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path("public/", meetings.public_meeting, name="public_meeting"),
    path("public/minutes.pdf", meetings.public_pdf, name="public_pdf"),
    path("<slug:step>/", meetings.step, name="meeting_step"),
]

urlpatterns = [
    path("o/<slug:organization>/proposals/", proposals.proposals, name="proposals"),
    path("o/<slug:organization>/proposals/new/", proposals.new, name="new"),
    path("o/<slug:organization>/proposals/<int:number>/", include(proposal)),
    path("o/<slug:organization>/council/", bodies.council, name="council"),
    path("o/<slug:organization>/council/<int:body>/", bodies.charter, name="charter"),
    path("o/<slug:organization>/council/<int:body>/seats/", bodies.seats, name="add_seat"),
    path("o/<slug:organization>/council/<int:body>/seats/<int:seat>/vacate/", bodies.vacate, name="vacate"),
    path("o/<slug:organization>/council/<int:body>/alternate/", bodies.alternate, name="alternate"),
    path("o/<slug:organization>/council/<int:body>/windows/", bodies.windows, name="add_window"),
    path(
        "o/<slug:organization>/council/<int:body>/windows/<int:window>/remove/",
        bodies.remove_window,
        name="remove_window",
    ),
    path("o/<slug:organization>/council/<int:body>/meetings/", meetings.meetings, name="meetings"),
    path("o/<slug:organization>/council/<int:body>/meetings.ics", meetings.body_calendar, name="calendar"),
    path("o/<slug:organization>/meetings/", meetings.public_meetings, name="public_meetings"),
    path("o/<slug:organization>/meetings.ics", meetings.public_calendar, name="public_calendar"),
    path("o/<slug:organization>/meetings/<int:meeting>/", include(meeting)),
    path("o/<slug:organization>/decisions/", decisions.decisions, name="decisions"),
    path("o/<slug:organization>/decisions/register.csv", decisions.register, name="register"),
    path("o/<slug:organization>/decisions/feed.atom", decisions.feed, name="feed"),
    path("o/<slug:organization>/decisions/held/", decisions.held, name="held"),
    path("o/<slug:organization>/conditions/<int:condition>/met/", decisions.met, name="met"),
    path(
        "o/<slug:organization>/decisions/<slug:number>/reconsider/", decisions.reconsider, name="reconsider"
    ),
    path("o/<slug:organization>/decisions/<slug:number>/", decisions.decision, name="decision"),
    path("vote/", votes.by_code, name="vote_link"),
    path("vote/<str:token>/", votes.by_link, name="vote_link"),
]
