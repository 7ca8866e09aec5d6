"""Forms of routes and stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradatim.program.council import packs, routing
from gradatim.program.council.models import Body, Proposal, Route
from gradatim.program.council.queries import Journey
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import notation
from gradatim.program.taxonomy.quality import OPERATORS, key_of, keyed, names_of, problems, spelled

ROWS = 3  # tests that are offered for a route or a stage at first; all must hold
MOST_ROWS = 30
_NOTHING = [("", "-")]


class TestsForm(forms.Form):
    """A form with rows of tests: what is asked, how, and with what."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's form arguments
        known: Mapping[str, str],
        tests: Iterable[Mapping[str, Any]] = (),
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        rows = list(tests)
        facts = [*_NOTHING, *sorted(known.items(), key=lambda pair: pair[1].casefold())]
        operators = [*_NOTHING, *((key, operator.words) for key, operator in OPERATORS.items())]
        asked = _posted(args[0] if args else kwargs.get("data"), str(kwargs.get("prefix", "")))
        self.grown = asked[1]
        for n in range(max(ROWS, len(rows), asked[0])):
            test = rows[n] if n < len(rows) else {}
            said = spelled(test.get("value", ""), names_of(str(test.get("fact", "")), known))
            self.fields[f"fact_{n}"] = forms.ChoiceField(
                label=_("Asked is"), choices=facts, required=False, initial=test.get("fact", "")
            )
            self.fields[f"is_{n}"] = forms.ChoiceField(
                label=_("how"), choices=operators, required=False, initial=test.get("is", "")
            )
            self.fields[f"value_{n}"] = forms.CharField(
                label=_("compared with"),
                required=False,
                max_length=300,
                initial=said,
                widget=forms.TextInput(attrs={"list": "values"}),
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The tests' fields, row by row."""
        many = sum(name.startswith("fact_") for name in self.fields)
        return [(self[f"fact_{n}"], self[f"is_{n}"], self[f"value_{n}"]) for n in range(many)]

    def clean(self) -> dict[str, Any]:
        """The rows as tests, or what is wrong with each."""
        data: dict[str, Any] = super().clean() or {}
        tests: list[dict[str, Any]] = []
        for n, (fact, how, value) in enumerate(self.rows):
            said = [data.get(field.name) or "" for field in (fact, how, value)]
            if not any(said):
                continue
            if not said[0] or not said[1]:
                self.add_error(f"fact_{n}", _("Choose what is asked and how."))
                continue
            said[2] = keyed(said[2], names_of(said[0], self.known))
            found, wrong = notation.read(" ".join(said))
            for one in [*wrong, *problems(found, self.known)]:
                self.add_error(f"value_{n}", one.partition(": ")[2] or one)
            tests += found
        data["when"] = tests
        return data


def _posted(data: QueryDict | None, prefix: str) -> tuple[int, bool]:
    """How many rows of tests were sent, with the one that a button asked for; and whether it did."""
    if data is None:
        return 0, False
    start = f"{prefix}-fact_"
    sent = [
        int(name[len(start) :]) for name in data if name.startswith(start) and name[len(start) :].isdecimal()
    ]
    grows = data.get("row") == prefix
    return min(max([*sent, ROWS - 1]) + 1 + grows, MOST_ROWS), grows


class RouteForm(TestsForm):
    """What a route is called and which proposals it is for."""

    name = forms.CharField(label=_("What it is called"), max_length=80)


class StageForm(TestsForm):
    """One stage."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What the stage is called"),
        max_length=80,
        required=False,
        help_text=_("A stage without a name is left out."),
    )
    kind = forms.ChoiceField(label=_("What happens"), choices=routing.Kind.choices)
    who = forms.ChoiceField(label=_("It waits for"), choices=routing.Who.choices)
    body = forms.ChoiceField(label=_("Of which body"), required=False)
    people = forms.CharField(
        label=_("People named for it"),
        required=False,
        max_length=1000,
        help_text=_("Their e-mail addresses, with commas."),
    )
    days = forms.IntegerField(
        label=_("Days it may take"), min_value=0, max_value=routing.MAX_DAYS, required=False
    )
    remind = forms.IntegerField(
        label=_("Remind, days before"), min_value=0, max_value=routing.MAX_DAYS, required=False
    )
    escalate = forms.IntegerField(
        label=_("Tell the chair, days after"), min_value=0, max_value=routing.MAX_DAYS, required=False
    )
    reviews = forms.IntegerField(
        label=_("Reviews that end it"),
        min_value=0,
        max_value=50,
        required=False,
        help_text=_(
            "Empty: the chair ends it. Otherwise so many members are asked, those with the fewest first."
        ),
    )
    beside = forms.BooleanField(label=_("Starts together with the stage before it"), required=False)
    waits = forms.BooleanField(
        label=_("The route goes on only when it is done"), required=False, initial=True
    )
    consent = forms.BooleanField(label=_("Consent item: carried unless someone pulls it out"), required=False)
    edits = forms.BooleanField(label=_("Proposers may take suggestions over meanwhile"), required=False)

    MORE = ("body", "people", "remind", "escalate", "reviews", "consent", "edits")

    def __init__(self, *args: Any, bodies: Iterable[Body], **kwargs: Any) -> None:  # noqa: ANN401 - Django's form arguments
        super().__init__(*args, use_required_attribute=False, **kwargs)
        choices = [("", _("the council that decides")), *((body.key, body.name) for body in bodies)]
        self.fields["body"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields folded away."""
        return [self[name] for name in self.MORE]

    @property
    def more_open(self) -> bool:
        """Whether something folded away is said, or has to be mended."""
        return any(field.errors for field in self) or any(bool(field.value()) for field in self.more)

    @property
    def conditional(self) -> bool:
        """Whether the stage has a condition, or one that has to be mended."""
        return self.grown or any(row[0].value() or row[2].errors for row in self.rows)

    @property
    def empty(self) -> bool:
        """Whether nothing was said: such a stage is left out."""
        return not str(self["name"].value() or "").strip()

    def stage(self, taken: set[str]) -> dict[str, Any]:
        """The clean data as a route has it, with a key of its own."""
        data = self.cleaned_data
        key = data["key"] or key_of(data["name"], 50)
        key = next(k for k in (key, *(f"{key}-{n}" for n in range(2, 100))) if k not in taken)
        people = tuple(a.strip() for a in data["people"].split(",") if a.strip())
        said: dict[str, Any] = {
            name: data[name]
            for name in ("name", "kind", "who", "body", "beside", "waits", "consent", "edits")
        }
        said |= {name: data[name] or 0 for name in ("days", "remind", "escalate", "reviews")}
        return routing.Stage(key=key, people=people, when=tuple(data["when"]), **said).data()


class RouteEditor:
    """The whole editor: a route's form and one for each of its stages; buttons add, move and take out stages.

    Attributes:
        head: name and condition.
        stages: the stages' forms, in order.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        organization: Organization,
        known: Mapping[str, str],
        route: Route | None = None,
    ) -> None:
        self.bound = data is not None
        bodies = list(organization.bodies.filter(retired_on=None).order_by("id"))
        order = self._order(data) if data is not None else []
        when = route.when if route else ()
        self.head = RouteForm(
            data, known=known, tests=when, initial={"name": route.name if route else ""}, prefix="route"
        )
        self.stages: list[StageForm] = []
        if data is not None:
            self.stages = [StageForm(data, prefix=f"s{n}", known=known, bodies=bodies) for n in order]
        elif route is not None:
            for n, stage in enumerate(routing.read(route.stages)):
                body = packs.called(bodies, stage.body)
                said = {**stage.data(), "people": ", ".join(stage.people), "waits": stage.waits}
                said["body"] = body.key if body else ""
                self.stages.append(
                    StageForm(prefix=f"s{n}", known=known, bodies=bodies, tests=stage.when, initial=said)
                )
        fresh = max((int(form.prefix[1:]) for form in self.stages if form.prefix), default=-1) + 1
        if not self.stages or (data is not None and "more" in data):
            self.stages.append(StageForm(prefix=f"s{fresh}", known=known, bodies=bodies))

    @staticmethod
    def _order(data: QueryDict) -> list[int]:
        """The stages' numbers in order, after what a button asked for."""
        order = [int(n) for n in data.getlist("order") if n.isdecimal()][: routing.MAX_STAGES]
        if (out := data.get("out", "")).isdecimal() and int(out) in order:
            order.remove(int(out))
        if (up := data.get("up", "")).isdecimal() and int(up) in order[1:]:
            at = order.index(int(up))
            order[at - 1], order[at] = order[at], order[at - 1]
        return order

    def is_valid(self) -> bool:
        """Whether everything can be saved; what is wrong stands in the forms."""
        if not self.bound:
            return False
        good = [form.is_valid() for form in (self.head, *(s for s in self.stages if not s.empty))]
        if not all(good):
            return False
        if faults := routing.faults(self.plain(), self.head.known):
            for fault in faults:
                self.head.add_error(None, fault)
            return False
        return True

    def plain(self) -> list[dict[str, Any]]:
        """The stages as plain data."""
        found: list[dict[str, Any]] = []
        for form in self.stages:
            if not form.empty:
                found.append(form.stage({stage["key"] for stage in found}))
        return found


class TryForm(forms.Form):
    """What to try the routes with."""

    version = forms.ChoiceField(label=_("Try them with"), required=False)
    kind = forms.ChoiceField(label=_("as"), choices=Proposal.Kind.choices, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, versions: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["version"].choices = [("", _("choose something")), *versions]  # type: ignore[attr-defined]  # a ChoiceField


class EndForm(forms.Form):
    """What is said when a stage ends."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AskForm(forms.Form):
    """Who else is asked for a stage, and until when."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Ask"), required=False, widget=forms.CheckboxSelectMultiple
    )
    add = forms.BooleanField(label=_("Keep those who are asked already"), required=False, initial=True)
    due = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    remind = forms.DateField(
        label=_("Remind on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self, data: QueryDict | None = None, *, organization: Organization, own: Iterable[int] = ()
    ) -> None:
        super().__init__(data)
        found = people.staff(organization).exclude(pk__in=list(own))
        self.fields["people"].queryset = found  # type: ignore[attr-defined]  # a ModelMultipleChoiceField


class PutOffForm(forms.Form):
    """Until when a proposal is put off, and why."""

    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It is back in the queue on that day; without one, when it is taken up."),
    )
    why = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="put_off_%s")


class ReasonForm(forms.Form):
    """Why a proposal goes back, and where to."""

    reason = forms.CharField(
        label=_("What has to change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    to = forms.ChoiceField(label=_("Back to"), required=False)
    resume = forms.ChoiceField(label=_("When it is sent again, it goes on"), required=False)

    def __init__(self, data: QueryDict | None = None, *, way: Journey | None = None) -> None:
        super().__init__(data)
        earlier = [(row.key, row.name) for row in way.earlier] if way else []
        stages = [(mark.planned.stage.key, mark.planned.stage.name) for mark in way.marks] if way else []
        self.fields["to"].choices = [("", _("its proposers")), *earlier]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["resume"].choices = [("", _("from the start")), *stages]  # type: ignore[attr-defined]  # as above
