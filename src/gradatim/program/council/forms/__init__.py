"""Forms of the council."""

from gradatim.program.council.forms.bodies import (
    AlternateForm,
    BodyForm,
    FoundForm,
    GiveForm,
    SeatForm,
    WindowForm,
)
from gradatim.program.council.forms.decisions import DecisionForm, MetForm, ReconsiderForm
from gradatim.program.council.forms.meetings import (
    AttendanceForm,
    CommentForm,
    ItemForm,
    MeetingForm,
    MotionForm,
    NotesForm,
    QueueForm,
    SettleForm,
)
from gradatim.program.council.forms.proposals import ProposalForm, ReasonForm, ReviewForm
from gradatim.program.council.forms.votes import CodeForm, OpenForm, VoteForm

__all__ = [
    "AlternateForm",
    "AttendanceForm",
    "BodyForm",
    "CodeForm",
    "CommentForm",
    "DecisionForm",
    "FoundForm",
    "GiveForm",
    "ItemForm",
    "MeetingForm",
    "MetForm",
    "MotionForm",
    "NotesForm",
    "OpenForm",
    "ProposalForm",
    "QueueForm",
    "ReasonForm",
    "ReconsiderForm",
    "ReviewForm",
    "SeatForm",
    "SettleForm",
    "VoteForm",
    "WindowForm",
]
