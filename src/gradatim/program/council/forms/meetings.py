"""Forms of meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council import queries
from gradatim.program.council.forms.times import in_zone
from gradatim.program.council.models import AgendaItem, Attendance, Decision, Meeting, Motion, Proposal
from gradatim.program.people.models import Person

Kind = AgendaItem.Kind
OF_PROPOSALS = (Kind.DECISION, Kind.CONSENT, Kind.INFORMATION, Kind.DISCUSSION)
CHOICES = (("for", _("for")), ("against", _("against")), ("abstain", _("abstains")))


class MeetingForm(forms.Form):
    """When and where."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        help_text=in_zone(),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes_long = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=720, initial=60)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(label=_("Link to take part"), max_length=200, required=False, assume_scheme="https")

    def __init__(
        self, data: QueryDict | None = None, *, meeting: Meeting | None = None, coming: datetime | None = None
    ) -> None:
        now = (
            {name: getattr(meeting, name) for name in self.base_fields} if meeting else {"starts_at": coming}
        )
        super().__init__(data, initial=now)


class RecallForm(forms.Form):
    """When a meeting without a quorum is held again."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        help_text=in_zone(),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="recall_%s")


class QueueForm(forms.Form):
    """Which proposals of the queue go on the agenda, and how each is handled."""

    def __init__(self, data: QueryDict | None = None, *, queue: Iterable[Proposal]) -> None:
        super().__init__(data)
        self.queue = list(queue)
        for proposal in self.queue:
            self.fields[f"p{proposal.pk}"] = forms.ChoiceField(
                label=_("%(title)s (proposal %(n)s)") % {"title": proposal.title, "n": proposal.number},
                required=False,
                choices=[("", _("not in this meeting")), *((k.value, k.label) for k in OF_PROPOSALS)],
                initial=queries.usual_item(proposal),
            )
            self.fields[f"p{proposal.pk}"].unmarked = True  # type: ignore[attr-defined]  # read by `ui/field.html`

    @property
    def chosen(self) -> dict[Proposal, str]:
        """Proposal to kind of item, for what was chosen."""
        given = {proposal: self.cleaned_data[f"p{proposal.pk}"] for proposal in self.queue}
        return {proposal: kind for proposal, kind in given.items() if kind}


class ItemForm(forms.Form):
    """An item that is no proposal."""

    title = forms.CharField(label=_("What it is about"), max_length=200)
    kind = forms.ChoiceField(label=_("As"), choices=Kind.choices, initial=Kind.DISCUSSION)


class NotesForm(forms.Form):
    """What the minutes say about an item."""

    notes = forms.CharField(required=False, max_length=20_000)


REST = {"guests", "at"}  # of the form below, besides the seats


class AttendanceForm(forms.Form):
    """Who is there: per seat its holder, its alternate or nobody; and guests."""

    guests = forms.CharField(
        label=_("Guests"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name per line."),
    )

    at = forms.DateTimeField(
        label=_("Since"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=in_zone(_("Leave it empty for now; the first note counts from the beginning.")),
    )

    def __init__(self, data: QueryDict | None = None, *, meeting: Meeting) -> None:
        lines = list(meeting.attendance.all())
        super().__init__(data, initial={"guests": "\n".join(line.name for line in lines if not line.seat_id)})
        for line in lines:
            if line.seat_id:
                self.fields[f"s{line.seat_id}"] = _attends(line)
        self.order_fields([name for name in self.fields if name not in REST])

    @property
    def there(self) -> dict[int, str]:
        """Seat key to ``"holder"`` or ``"alternate"``."""
        return {int(name[1:]): who for name, who in self.cleaned_data.items() if name not in REST and who}


def _attends(line: Attendance) -> forms.ChoiceField:
    seat = line.seat
    holder, alternate = (seat.holder, seat.alternate) if seat else (None, None)
    choices: list[tuple[str, Any]] = [("", _("absent")), *([("holder", _("present"))] if holder else [])]
    if alternate:
        choices.append(("alternate", _("alternate: %(name)s") % {"name": alternate}))
    now = "alternate" if alternate and line.person_id == alternate.pk else "holder"
    role = seat.get_role_display() if seat else ""
    return forms.ChoiceField(
        label=f"{holder or _('vacant')} · {role}",
        required=False,
        choices=choices,
        initial=now if line.present else "",
    )


class MotionForm(forms.Form):
    """A motion, or an amendment: the words as they would then be."""

    text = forms.CharField(
        label=_("Words of the motion"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    moved_by = forms.ModelChoiceField(Person.objects.none(), label=_("Moved by"), empty_label=None)
    seconded_by = forms.ModelChoiceField(
        Person.objects.none(), label=_("Seconded by"), required=False, empty_label=_("Nobody yet")
    )
    kind = forms.ChoiceField(label=_("It asks"), choices=Motion.Kind.choices, required=False)
    until = forms.DateField(
        label=_("Until, where it defers"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    amends = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, present: Iterable[Person]) -> None:
        super().__init__(data)
        people = Person.objects.filter(pk__in=[person.pk for person in present]).order_by("name")
        for name in ("moved_by", "seconded_by"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField


class SettleForm(forms.Form):
    """How a motion ended; for a vote, who voted what."""

    how = forms.ChoiceField(choices=[(how, how) for how in ("consent", "vote", "withdrawn", "second")])

    def __init__(self, data: QueryDict | None = None, *, present: Iterable[Person]) -> None:
        super().__init__(data)
        self.present = {person.pk: person for person in present}
        for key, person in self.present.items():
            self.fields[f"v{key}"] = forms.ChoiceField(
                label=str(person), required=False, choices=[("", _("did not vote")), *CHOICES]
            )
        self.fields["seconded_by"] = forms.ChoiceField(
            required=False, choices=[(str(key), str(person)) for key, person in self.present.items()]
        )

    @property
    def votes(self) -> dict[Person, str]:
        """Who voted what."""
        given = {person: self.cleaned_data[f"v{key}"] for key, person in self.present.items()}
        return {person: choice for person, choice in given.items() if choice}


class RecordForm(forms.Form):
    """A carried motion, written down as a decision."""

    kind = forms.ChoiceField(choices=[(k, k.label) for k in (Decision.Kind.POLICY, Decision.Kind.TRANSCRIPT)])
    rationale = forms.CharField(label=_("Reason, in words that will be public"), max_length=4000)


class CommentForm(forms.Form):
    """What someone from the public said."""

    speaker = forms.CharField(label=_("Who speaks"), max_length=120)
    speaks_for = forms.CharField(label=_("For whom"), max_length=120, required=False)
    words = forms.CharField(
        label=_("What was said, in short"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
