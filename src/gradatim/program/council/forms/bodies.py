"""Forms of bodies, seats and windows."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gradatim.program.council import queries
from gradatim.program.council.models import Body, Seat
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization, Person

DATE = {"type": "date"}
GROUPS = (
    (_("What it is"), ("name", "form", "kind", "charter", "cadence", "service_days")),
    (_("Reminders"), ("remind_days", "escalate_days")),
    (
        _("Quorum"),
        (
            "quorum",
            "quorum_numerator",
            "quorum_denominator",
            "quorum_inclusive",
            "quorum_number",
            "second_call",
            "vacant_counts",
        ),
    ),
    (_("What carries"), ("threshold", "threshold_of", "objections_allowed", "abstentions_count", "tie")),
    (_("Conflict of interest and alternates"), ("recused_counts", "recused_clause", "alternates")),
    (_("How it votes"), ("secrecy", "between_meetings", "link_votes", "readings")),
    (_("Meeting law"), ("law", "law_source", "notice_hours")),
)


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A body's charter."""

    class Meta:
        """What a charter says."""

        model = Body
        fields = tuple(name for _title, names in GROUPS for name in names)
        labels = {  # noqa: RUF012 - Django reads it as a class attribute
            "name": _("Name"),
            "form": _("It is a"),
            "kind": _("Its vote"),
            "cadence": _("It meets"),
            "service_days": _("Promised days from sending to decision"),
            "remind_days": _("Days before something is due that whom it waits for gets a mail"),
            "escalate_days": _("Days after it was due that the chair gets one"),
            "second_call": _("Members who are enough when it is called again for want of a quorum"),
            "quorum": _("There is a quorum when"),
            "quorum_numerator": _("The fraction: this many"),
            "quorum_denominator": _("of so many"),
            "quorum_inclusive": _("“At least” the fraction instead of “more than”"),
            "quorum_number": _("The fixed number"),
            "vacant_counts": _("Vacant seats are voting seats too"),
            "threshold": _("What carries"),
            "threshold_of": _("Of what"),
            "objections_allowed": _("Votes against that a consensus bears"),
            "abstentions_count": _("Abstentions count as votes cast"),
            "tie": _("A tie"),
            "recused_counts": _("Members with a conflict of interest count for the quorum"),
            "recused_clause": _("By which clause"),
            "alternates": _("Alternates stand in"),
            "secrecy": _("Votes are"),
            "between_meetings": _("It may vote between meetings"),
            "link_votes": _("The link in the mail is enough to vote"),
            "readings": _("Readings before a vote"),
            "law": _("Its meetings are"),
            "law_source": _("The statute or bylaw, as it is cited"),
            "notice_hours": _("Hours before a meeting by which the agenda is published and locked"),
        }
        help_texts = {  # noqa: RUF012 - as above
            "abstentions_count": _("They then make it harder to carry, and there is no tie."),
            "link_votes": _("Otherwise members sign in before they vote."),
            "law": _(
                "Under open meetings every vote is by name, in a meeting whose agenda was published in time, on what is on "
                "that agenda, and members do not discuss among themselves in between."
            ),
        }

    @property
    def groups(self) -> Iterator[tuple[str | Promise, list[forms.BoundField]]]:
        """The fields under their headings."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names]


class FoundForm(forms.Form):
    """A new body; its charter and seats follow."""

    name = forms.CharField(label=_("What it is called"), max_length=120)
    form = forms.ChoiceField(label=_("It is a"), choices=Body.Form.choices, initial=Body.Form.COUNCIL)
    law = forms.ChoiceField(
        label=_("Its meetings are"),
        choices=Body.Law.choices,
        initial=Body.Law.ORDINARY,
        help_text=_(
            "Open meetings: under a law that makes them public. Advisory: it gives advice and decides nothing."
        ),
    )

    @property
    def charter(self) -> dict[str, str]:
        """What `actions.found_body` takes; a body under the advisory rules advises."""
        given = self.cleaned_data
        advises = given["law"] == Body.Law.ADVISORY
        return {**given, "kind": Body.Kind.ADVISORY if advises else Body.Kind.DECIDING}


class SeatForm(forms.Form):
    """A new seat."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who holds it"), required=False, empty_label=_("Nobody yet")
    )
    role = forms.ChoiceField(label=_("As"), choices=Seat.Role.choices, initial=Seat.Role.VOTING)
    votes = forms.TypedChoiceField(
        label=_("Vote"),
        required=False,
        coerce=lambda given: given == "yes",
        empty_value=None,
        choices=(("", _("as usual for such a seat")), ("yes", _("with a vote")), ("no", _("without a vote"))),
    )
    constituency = forms.CharField(label=_("Speaks for"), max_length=120, required=False)
    alternate = forms.ModelChoiceField(
        Person.objects.none(), label=_("Alternate"), required=False, empty_label=_("Nobody")
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=DATE))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs=DATE),
        help_text=_("The last day of the term, if it ends."),
    )

    def __init__(self, data: QueryDict | None = None, *, organization: Organization) -> None:
        super().__init__(data)
        for name in ("person", "alternate"):
            self.fields[name].queryset = people.staff(organization)  # type: ignore[attr-defined]  # a ModelChoiceField


class PlaceForm(forms.Form):
    """A kind of seat: as what one sits there, for whom, with a vote or without."""

    role = forms.ChoiceField(label=_("As"), choices=Seat.Role.choices, initial=Seat.Role.VOTING)
    constituency = forms.CharField(label=_("Speaks for"), max_length=120, required=False)
    votes = forms.TypedChoiceField(
        label=_("Vote"),
        choices=(("yes", _("with a vote")), ("no", _("without a vote"))),
        coerce=lambda given: given == "yes",
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="place_%s")


class GiveForm(forms.Form):
    """Who takes a vacant seat."""

    seat = forms.ModelChoiceField(Seat.objects.none(), label=_("Vacant seat"), empty_label=None)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who takes it"), empty_label=_("Choose a person")
    )
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs=DATE))

    def __init__(self, data: QueryDict | None = None, *, body: Body) -> None:
        super().__init__(data, auto_id="give_%s")
        self.fields["seat"].queryset = queries.vacant_seats(body)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["person"].queryset = people.staff(body.organization)  # type: ignore[attr-defined]  # as above


class AlternateForm(forms.Form):
    """Who stands in for a seat's holder."""

    seat = forms.ModelChoiceField(Seat.objects.none(), label=_("Seat"), empty_label=None)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Alternate"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, data: QueryDict | None = None, *, body: Body) -> None:
        super().__init__(data, auto_id="alternate_%s")
        self.fields["seat"].queryset = body.seats.select_related("holder")  # type: ignore[attr-defined]  # as above
        self.fields["person"].queryset = people.staff(body.organization)  # type: ignore[attr-defined]  # as above


class WindowForm(forms.Form):
    """Days in which a body takes proposals."""

    name = forms.CharField(label=_("What it is called"), max_length=80)
    opens = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DATE))
    closes = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DATE))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="window_%s")
