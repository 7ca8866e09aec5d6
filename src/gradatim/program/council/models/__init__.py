"""Bodies and seats, proposals and reviews, meetings, ballots and votes, decisions."""

from gradatim.program.council.models.bodies import Body, CharterEdition, Seat, VoteRules, Window
from gradatim.program.council.models.decisions import Condition, Decision, Resolution
from gradatim.program.council.models.digests import DigestWish
from gradatim.program.council.models.dossier import Attachment, Edit, Evidence, Scratch
from gradatim.program.council.models.matrix import Tie
from gradatim.program.council.models.meetings import (
    AgendaItem,
    Attendance,
    Correction,
    Meeting,
    Motion,
    PublicComment,
)
from gradatim.program.council.models.proposals import Proposal
from gradatim.program.council.models.reviews import Comment, Guest, Recusal, Review, Rubric
from gradatim.program.council.models.routes import Route, Stage
from gradatim.program.council.models.votes import Ballot, Elector, Vote

__all__ = [
    "AgendaItem",
    "Attachment",
    "Attendance",
    "Ballot",
    "Body",
    "CharterEdition",
    "Comment",
    "Condition",
    "Correction",
    "Decision",
    "DigestWish",
    "Edit",
    "Elector",
    "Evidence",
    "Guest",
    "Meeting",
    "Motion",
    "Proposal",
    "PublicComment",
    "Recusal",
    "Resolution",
    "Review",
    "Route",
    "Rubric",
    "Scratch",
    "Seat",
    "Stage",
    "Tie",
    "Vote",
    "VoteRules",
    "Window",
]
