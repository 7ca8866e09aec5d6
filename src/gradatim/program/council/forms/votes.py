"""Forms of votes."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council.forms.times import in_zone
from gradatim.program.council.models import Ballot, Body, Vote

MOMENT = {"type": "datetime-local"}


class VoteForm(forms.Form):
    """A vote; a secret one has no reason."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=Vote.Choice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the council reads it."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, ballot: Ballot | None = None, own: Vote | None = None
    ) -> None:
        super().__init__(data, initial={"choice": own.choice, "reason": own.reason} if own else None)
        if ballot is not None and ballot.is_secret:
            del self.fields["reason"]
        if ballot is not None and ballot.body.is_open:
            self.fields.get("reason", self.fields["choice"]).help_text = ""


class OpenForm(forms.Form):
    """How and when a vote opens; everything may stay as it is."""

    method = forms.ChoiceField(
        label=_("How"),
        required=False,
        widget=forms.RadioSelect,
        choices=((Ballot.Method.NAMED, _("by name")), (Ballot.Method.SECRET, _("as a secret ballot"))),
    )
    opens_at = forms.DateTimeField(
        label=_("Opens"),
        required=False,
        widget=forms.DateTimeInput(attrs=MOMENT),
        help_text=in_zone(_("Leave it empty to open now.")),
    )
    closes_at = forms.DateTimeField(
        label=_("Closes"),
        required=False,
        widget=forms.DateTimeInput(attrs=MOMENT),
        help_text=in_zone(_("Leave it empty to close it yourself.")),
    )

    def __init__(self, data: QueryDict | None = None, *, body: Body) -> None:
        secret = body.secrecy == Body.Secrecy.DEFAULT
        super().__init__(data, initial={"method": Ballot.Method.SECRET if secret else Ballot.Method.NAMED})
        if body.secrecy == Body.Secrecy.NEVER or body.is_open:
            del self.fields["method"]
