"""Addresses of the council."""

from django.urls import include, path

from gradatim.program.council.views import bodies, decisions, proposals, votes

app_name = "council"

proposal = [
    path("", proposals.proposal, name="proposal"),
    path("edit/", proposals.edit, name="edit"),
    path("submit/", proposals.submit, name="submit"),
    path("return/", proposals.give_back, name="return"),
    path("withdraw/", proposals.withdraw, name="withdraw"),
    path("review/", proposals.review, name="review"),
    path("vote/open/", votes.open_vote, name="open_vote"),
    path("vote/presence/", votes.presence, name="presence"),
    path("vote/cast/", votes.cast, name="cast"),
    path("vote/close/", votes.close, name="close_vote"),
    path("decide/", decisions.decide, name="decide"),
    path("publish/", decisions.publish, name="publish"),
]

urlpatterns = [
    path("o/<slug:organization>/proposals/", proposals.proposals, name="proposals"),
    path("o/<slug:organization>/proposals/new/", proposals.new, name="new"),
    path("o/<slug:organization>/proposals/<int:number>/", include(proposal)),
    path("o/<slug:organization>/council/", bodies.council, name="council"),
    path("o/<slug:organization>/council/<int:body>/", bodies.charter, name="charter"),
    path("o/<slug:organization>/council/<int:body>/seats/", bodies.seats, name="add_seat"),
    path("o/<slug:organization>/council/<int:body>/seats/<int:seat>/vacate/", bodies.vacate, name="vacate"),
    path("o/<slug:organization>/decisions/", decisions.decisions, name="decisions"),
    path("o/<slug:organization>/decisions/<slug:number>/", decisions.decision, name="decision"),
    path("vote/", votes.by_code, name="vote_link"),
    path("vote/<str:token>/", votes.by_link, name="vote_link"),
]
