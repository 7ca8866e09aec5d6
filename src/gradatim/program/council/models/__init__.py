"""Bodies and seats, proposals and reviews, meetings, ballots and votes, decisions."""

from gradatim.program.council.models.bodies import Body, Seat, VoteRules, Window
from gradatim.program.council.models.decisions import Condition, Decision
from gradatim.program.council.models.meetings import AgendaItem, Attendance, Meeting, Motion, PublicComment
from gradatim.program.council.models.proposals import Proposal, Review
from gradatim.program.council.models.votes import Ballot, Elector, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "Body",
    "Condition",
    "Decision",
    "Elector",
    "Meeting",
    "Motion",
    "Proposal",
    "PublicComment",
    "Review",
    "Seat",
    "Vote",
    "VoteRules",
    "Window",
]
