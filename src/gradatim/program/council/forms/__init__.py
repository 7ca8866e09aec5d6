"""Forms of the council."""

from gradatim.program.council.forms.bodies import (
    AlternateForm,
    BodyForm,
    FoundForm,
    GiveForm,
    PlaceForm,
    SeatForm,
    WindowForm,
)
from gradatim.program.council.forms.changes import ChangesForm
from gradatim.program.council.forms.corrections import CorrectionForm
from gradatim.program.council.forms.decisions import DecisionForm, MetForm, ReconsiderForm
from gradatim.program.council.forms.definition import DefinitionForm
from gradatim.program.council.forms.meetings import (
    AttendanceForm,
    CommentForm,
    ItemForm,
    MeetingForm,
    MotionForm,
    NotesForm,
    QueueForm,
    RecallForm,
    RecordForm,
    SettleForm,
)
from gradatim.program.council.forms.policy import (
    ConfirmPolicyForm,
    ExceptionForm,
    PolicyForm,
)
from gradatim.program.council.forms.proposals import (
    AttachForm,
    ChangeForm,
    EvidenceForm,
    MoreForm,
    ProposalForm,
    ProposerForm,
    RetireForm,
    TextForm,
)
from gradatim.program.council.forms.reviews import GuestForm, RemarkForm, ReviewForm, RubricForm, field_name
from gradatim.program.council.forms.routes import (
    AskForm,
    EndForm,
    PutOffForm,
    ReasonForm,
    RouteEditor,
    TryForm,
)
from gradatim.program.council.forms.votes import OpenForm, VoteForm

__all__ = [
    "AlternateForm",
    "AskForm",
    "AttachForm",
    "AttendanceForm",
    "BodyForm",
    "ChangeForm",
    "ChangesForm",
    "CommentForm",
    "ConfirmPolicyForm",
    "CorrectionForm",
    "DecisionForm",
    "DefinitionForm",
    "EndForm",
    "EvidenceForm",
    "ExceptionForm",
    "FoundForm",
    "GiveForm",
    "GuestForm",
    "ItemForm",
    "MeetingForm",
    "MetForm",
    "MoreForm",
    "MotionForm",
    "NotesForm",
    "OpenForm",
    "PlaceForm",
    "PolicyForm",
    "ProposalForm",
    "ProposerForm",
    "PutOffForm",
    "QueueForm",
    "ReasonForm",
    "RecallForm",
    "ReconsiderForm",
    "RecordForm",
    "RemarkForm",
    "RetireForm",
    "ReviewForm",
    "RouteEditor",
    "RubricForm",
    "SeatForm",
    "SettleForm",
    "TextForm",
    "TryForm",
    "VoteForm",
    "WindowForm",
    "field_name",
]
