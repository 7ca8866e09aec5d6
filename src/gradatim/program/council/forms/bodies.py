"""Forms of bodies and seats."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council import queries
from gradatim.program.council.models import Body, Seat
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization, Person


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A body's charter."""

    class Meta:
        """What a charter says."""

        model = Body
        fields = (
            "name",
            "kind",
            "charter",
            "quorum_numerator",
            "quorum_denominator",
            "quorum_inclusive",
            "threshold",
            "recused_counts",
            "recused_clause",
        )
        labels = {  # noqa: RUF012 - Django reads it as a class attribute
            "kind": _("Its vote"),
            "quorum_numerator": _("Quorum: this many"),
            "quorum_denominator": _("of so many voting seats"),
            "quorum_inclusive": _("“At least” instead of “more than”"),
            "threshold": _("What carries"),
            "recused_counts": _("Members with a conflict of interest count for the quorum"),
            "recused_clause": _("By which clause"),
        }


class FoundForm(forms.Form):
    """A first council; its charter and seats follow."""

    name = forms.CharField(label=_("What it is called"), max_length=120)


class SeatForm(forms.Form):
    """A new seat."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who holds it"), required=False, empty_label=_("Nobody yet")
    )
    role = forms.ChoiceField(label=_("As"), choices=Seat.Role.choices, initial=Seat.Role.VOTING)
    constituency = forms.CharField(label=_("Speaks for"), max_length=120, required=False)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day of the term, if it ends."),
    )

    def __init__(self, data: QueryDict | None = None, *, organization: Organization) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people.staff(organization)  # type: ignore[attr-defined]  # a ModelChoiceField


class GiveForm(forms.Form):
    """Who takes a vacant seat."""

    seat = forms.ModelChoiceField(Seat.objects.none(), label=_("Vacant seat"), empty_label=None)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who takes it"), empty_label=_("Choose a person")
    )

    def __init__(self, data: QueryDict | None = None, *, body: Body) -> None:
        super().__init__(data, auto_id="give_%s")
        self.fields["seat"].queryset = queries.vacant_seats(body)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["person"].queryset = people.staff(body.organization)  # type: ignore[attr-defined]  # as above
