"""Forms of the council."""

from gradatim.program.council.forms.bodies import BodyForm, FoundForm, GiveForm, SeatForm
from gradatim.program.council.forms.decisions import DecisionForm
from gradatim.program.council.forms.proposals import ProposalForm, ReasonForm, ReviewForm
from gradatim.program.council.forms.votes import CodeForm, VoteForm

__all__ = [
    "BodyForm",
    "CodeForm",
    "DecisionForm",
    "FoundForm",
    "GiveForm",
    "ProposalForm",
    "ReasonForm",
    "ReviewForm",
    "SeatForm",
    "VoteForm",
]
