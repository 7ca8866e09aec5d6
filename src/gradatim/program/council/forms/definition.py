"""The form of everything a draft says besides the short form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.facts import describe
from gradatim.program.achievements.forms import VersionForm
from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Organization


class DefinitionForm(VersionForm):
    """What a draft says besides the short form: ten fields stand there, the rest here. Ticks are lines of its text."""

    SHORT = ("title", "description", "type", "level", "outcomes", "criteria", "workload_hours")
    MAIN = ("assessment", "validity_months", "image_label")

    def __init__(
        self,
        organization: Organization,
        data: Mapping[str, Any] | None = None,
        *,
        version: Version,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        initial = VersionForm.initial_of(version)
        super().__init__(organization, data, initial=initial)
        self.version = version
        for name in self.SHORT:
            del self.fields[name]
        kept = {name: text for name, text in (typed or {}).items() if name in self.fields}
        self.initial.update({name: self._read(name, text) for name, text in kept.items()})
        if data is not None:
            self.data = {name: self._read(name, self._given(data, name)) for name in self.fields}

    def _given(self, data: Mapping[str, Any], name: str) -> str:
        if isinstance(data, QueryDict):
            return "\n".join(data.getlist(name))
        return str(data.get(name, ""))

    def _is_several(self, name: str) -> bool:
        kinds = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
        return isinstance(self.fields[name], kinds)

    def _read(self, name: str, text: str) -> str | list[str]:
        """A field's text as its widget takes it."""
        return text.splitlines() if self._is_several(name) else text

    @property
    def content(self) -> dict[str, str]:
        """What stands in the form, field by field, as text."""
        data: Mapping[str, Any] = self.data
        return {
            name: "\n".join(sorted(data.get(name, []), key=self._place))
            if self._is_several(name)
            else str(data.get(name, ""))
            for name in self.fields
        }

    @staticmethod
    def _place(key: str) -> tuple[int, str]:
        return (int(key) if key.isdecimal() else 0, key)

    def facts(self, version: Version | None = None) -> dict[str, Any]:
        """What rules can ask about the draft as it would be."""
        version = self.version
        parts = achievements.parts(version)
        own = {d.key for d in self.further}
        parts.places = {key: found for key, found in parts.places.items() if key not in own}
        parts.places |= {d.key: [v.key for v in self._chosen(d)] for d in self.further}
        said: dict[str, Any] = vars(version) | getattr(self, "cleaned_data", {})
        return describe(
            said,
            parts,
            country=self.organization.country,
            dimensions=achievements.dimension_keys(self.organization),
        )
