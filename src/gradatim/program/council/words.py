"""How the council's part of a policy is said in words: what its fields are called, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gradatim.program.council import routing
from gradatim.program.council.forms.bodies import BodyForm
from gradatim.program.council.forms.routes import StageForm
from gradatim.program.council.models import Body, Seat
from gradatim.program.council.packs import CHARTER
from gradatim.program.taxonomy.changes import learn

COUNTED = ("quorum", "threshold", "threshold_of", "tie", "form", "law", "secrecy", "alternates", "cadence")


def _seats(found: Iterable[Mapping[str, Any]]) -> str:
    said = []
    for seat in found:
        role, votes = Seat.Role(seat["role"]), seat.get("votes")
        words = f"{role.label} ({seat['constituency']})" if seat.get("constituency") else str(role.label)
        words += f": {seat.get('count', 1)}"
        said.append(
            words if votes is None else f"{words}, {_('with a vote') if votes else _('without a vote')}"
        )
    return "; ".join(said)


def _windows(found: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{w['name']}: {date_format(w['opens'])} to {date_format(w['closes'])}" for w in found]


def _rubric(found: Mapping[str, Any]) -> list[str]:
    said = [f"{c['words']} ({c['floor']})" if "floor" in c else str(c["words"]) for c in found["criteria"]]
    return [*said, _("every criterion has to be met")] if found.get("all_must_meet") else said


def teach() -> None:
    """Tell the room of change lists how charters and routes are said."""
    words: dict[str, str | Promise] = {
        str(name): label for name, field in StageForm.base_fields.items() if (label := field.label)
    }
    words |= BodyForm.Meta.labels
    words |= {
        "kind": lazy("what it does"),
        "quorum_numerator": lazy("quorum: this many"),
        "quorum_denominator": lazy("quorum: of so many"),
        "quorum_inclusive": lazy("quorum: at least, instead of more than"),
        "quorum_number": lazy("quorum: the fixed number"),
        "charter": lazy("charter"),
        "seats": lazy("seats"),
        "windows": lazy("when it takes proposals"),
        "rubric": lazy("rubric"),
    }
    values = {name: dict(Body._meta.get_field(name).flatchoices) for name in COUNTED}  # type: ignore[union-attr]  # noqa: SLF001 - Django's documented model API
    values["kind"] = dict([*Body.Kind.choices, *routing.Kind.choices])
    values["who"] = dict(routing.Who.choices)
    usual = Body()
    learn(
        words,
        values,
        tellers={"seats": _seats, "windows": _windows, "rubric": _rubric},
        asked=routing.FACTS,
        usual={"bodies": {name: getattr(usual, name) for name in CHARTER}},
    )
