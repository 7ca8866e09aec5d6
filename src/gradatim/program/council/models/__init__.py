"""Bodies, seats, proposals, reviews, ballots, electors, votes and decisions."""

from gradatim.program.council.models.bodies import Body, Seat
from gradatim.program.council.models.decisions import Decision
from gradatim.program.council.models.proposals import Proposal, Review
from gradatim.program.council.models.votes import Ballot, Elector, Vote

__all__ = ["Ballot", "Body", "Decision", "Elector", "Proposal", "Review", "Seat", "Vote"]
