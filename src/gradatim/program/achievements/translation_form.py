"""The form in which the content of an achievement is written in one more language, its rubric too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from gradatim.program.achievements.forms import LANGUAGE
from gradatim.program.achievements.models import Translation, Version
from gradatim.program.achievements.rubric import DESCRIPTION, NAME


class Judged(NamedTuple):
    """A criterion of the rubric: its name in the original, and a field for each of its texts."""

    name: str
    fields: list[forms.BoundField]


class TranslationForm(forms.Form):
    """The content in one more language."""

    language = forms.RegexField(
        LANGUAGE, label=_("Language"), max_length=12, help_text=_("A language code such as de, es or fr.")
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("In one or two sentences"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    outcomes = forms.CharField(
        label=_("Outcomes"),
        required=False,
        strip=False,
        help_text=_("One a line, in the order of the original. A blank line: still missing."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    criteria = forms.CharField(
        label=_("What has to be shown"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    assessment = forms.CharField(
        label=_("How it is assessed"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    image_alt = forms.CharField(label=_("The badge in words"), max_length=250, required=False)

    TEXTS = ("language", "title", "description", "outcomes", "criteria", "assessment", "image_alt")

    def __init__(
        self, version: Version, data: Mapping[str, Any] | None = None, *, said: Translation | None = None
    ) -> None:
        super().__init__(data, initial=self.initial_of(said) if said else None)
        self.judged = [self._criterion(criterion, said) for criterion in version.rubric]

    def _criterion(self, criterion: Mapping[str, Any], said: Translation | None) -> Judged:
        key = str(criterion["key"])
        line = {"widget": forms.TextInput, "max_length": NAME}
        text = {"widget": forms.Textarea(attrs={"rows": 2}), "max_length": DESCRIPTION}
        self._ask(key, "name", said, label=_("Criterion: %(name)s") % criterion, **line)
        for level in criterion["levels"]:
            part = f"{key}/{level['key']}"
            self._ask(part, "name", said, label=_("Level: %(name)s") % level, **line)
            if original := level["description"]:
                label = _("What “%(name)s” looks like") % level
                self._ask(part, "description", said, label=label, help_text=original, **text)
        own = [name for name in self.fields if name.startswith((f"rubric:{key}:", f"rubric:{key}/"))]
        return Judged(str(criterion["name"]), [self[name] for name in own])

    def _ask(self, part: str, kind: str, said: Translation | None, **look: Any) -> None:  # noqa: ANN401 - of a CharField
        """One field for a text of the rubric."""
        initial = said.rubric.get(part, {}).get(kind, "") if said else ""
        self.fields[f"rubric:{part}:{kind}"] = forms.CharField(required=False, initial=initial, **look)

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields besides the rubric."""
        return [self[name] for name in self.TEXTS]

    def values(self) -> dict[str, Any]:
        """The clean data as `actions.translate` takes it."""
        data, rubric = self.cleaned_data, dict[str, dict[str, str]]()
        for name in self.fields:
            if name not in self.TEXTS:
                _rubric, part, kind = name.split(":")
                rubric.setdefault(part, {})[kind] = data[name]
        return {name: data[name] for name in self.TEXTS} | {"rubric": rubric}

    def clean_outcomes(self) -> list[str]:
        """One outcome a line; a blank line is one that is still missing."""
        return [line.strip() for line in self.cleaned_data["outcomes"].split("\n")]

    @staticmethod
    def initial_of(row: Translation) -> dict[str, Any]:
        """What stands in the form when a translation is opened."""
        names = ("language", "title", "description", "criteria", "assessment", "image_alt")
        return {n: getattr(row, n) for n in names} | {"outcomes": "\n".join(row.outcomes)}
