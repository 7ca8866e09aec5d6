"""Rows of several tables in one query: what belongs to one thing piece by piece, read at once.

A page that shows a thing with everything that belongs to it would ask one query for each table. Here every table
answers with ``(part, row)``, the row as a JSON array, and the answers are joined by UNION ALL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import JSONArray
from django.utils import timezone
from django.utils.dateparse import parse_datetime


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table.

    Attributes:
        rows: which; their order and their `select_related` are not kept.
        fields: the columns that are read, all of them if left out; the others are read when they are asked for.
        along: rows that come along: relation path → their columns, ``{"author": ("name",)}``.
        counted: names of annotations, which become attributes.
    """

    rows: QuerySet[Any]
    fields: tuple[str, ...] = ()
    along: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counted: tuple[str, ...] = ()


def read_together(parts: Mapping[str, Part]) -> dict[str, list[Any]]:
    """Read every part in one query.

    Args:
        parts: name → what to read. No column may be binary, or decimal with more than
            15 digits, which JSON does not carry faithfully.

    Returns:
        Name → instances, by primary key.
    """
    plans = {name: _plan(part) for name, part in parts.items()}
    asked = [
        part.rows.order_by()
        .select_related(None)
        .annotate(
            _part=Value(name, CharField()),
            _row=JSONArray(*(one.array for one in plans[name]), *(F(count) for count in part.counted)),
        )
        .values_list("_part", "_row")
        for name, part in parts.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in parts}
    for name, row in asked[0].union(*asked[1:], all=True):
        values = json.loads(row) if isinstance(row, str) else row
        made = _made(plans[name], values)
        for count, value in zip(parts[name].counted, values[len(plans[name]) :], strict=True):
            setattr(made, count, value)
        found[name].append(made)
    for rows in found.values():
        rows.sort(key=lambda row: row.pk)
    return found


def count_together(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows there are of each sort, in one query.

    Args:
        rows: name → which.
    """
    asked = [
        of.order_by()
        .select_related(None)
        .annotate(_part=Value(name, CharField()))
        .values("_part")
        .annotate(_many=Count("pk"))
        .values_list("_part", "_many")
        for name, of in rows.items()
    ]
    return dict.fromkeys(rows, 0) | dict(asked[0].union(*asked[1:], all=True))


def remember(owner: models.Model, relation: str, rows: Iterable[models.Model]) -> None:
    """Let ``owner.relation.all()`` answer with rows that were read already, as `prefetch_related` does."""
    known: QuerySet[Any] = getattr(owner, relation).get_queryset()
    known._result_cache = list(rows)  # noqa: SLF001 - what Django's own prefetching sets
    known._prefetch_done = True  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    cache = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[relation] = known


@dataclass(frozen=True, slots=True)
class _One:
    """The rows of one model in a part: the part's own, or what comes along by a relation path."""

    path: str
    model: type[models.Model]
    columns: tuple[models.Field[Any, Any], ...]

    @property
    def array(self) -> JSONArray:
        """Its columns as the database answers them."""
        return JSONArray(*(F(f"{self.path}__{c.attname}" if self.path else c.attname) for c in self.columns))

    def made(self, values: list[Any]) -> models.Model | None:
        """The instance; ``None`` where nothing comes along."""
        said = {
            column.attname: _value(column, value) for column, value in zip(self.columns, values, strict=True)
        }
        if said[self.model._meta.pk.attname] is None:  # noqa: SLF001 - Django documents it
            return None
        return self.model.from_db("default", list(said), list(said.values()))


def _plan(part: Part) -> list[_One]:
    """The row itself and those that come along, each with its columns."""
    plan = [_One("", part.rows.model, _columns(part.rows.model, part.fields))]
    for path, names in part.along.items():
        target: Any = part.rows.model
        for step in path.split("__"):
            target = target._meta.get_field(step).related_model  # noqa: SLF001 - Django documents it
        plan.append(_One(path, target, _columns(target, names)))
    return plan


def _columns(model: type[models.Model], names: tuple[str, ...]) -> tuple[models.Field[Any, Any], ...]:
    every = model._meta.concrete_fields  # noqa: SLF001 - Django documents it
    return tuple(f for f in every if not names or f.name in names or f.primary_key)


def _made(plan: list[_One], values: list[Any]) -> Any:  # noqa: ANN401 - an instance of the part's model
    """The instance of a row, with what comes along hung on it."""
    made: dict[str, Any] = {}
    for one, columns in zip(plan, values, strict=False):  # what is counted comes after
        instance = made[one.path] = one.made(columns)
        owner_path, _two, name = one.path.rpartition("__")
        owner = made[owner_path] if one.path else None
        if owner is not None:
            relation: Any = type(owner)._meta.get_field(name)  # noqa: SLF001 - Django documents it
            relation.set_cached_value(owner, instance)
    return made[""]


def _value(column: models.Field[Any, Any], value: Any) -> Any:  # noqa: ANN401 - what JSON carries, what a field holds
    """A column's value as the field has it: JSON knows no times, and not every database has truth values."""
    if value is None:
        return None
    if isinstance(column, models.DateTimeField):
        when = parse_datetime(str(value))
        return when if when is None or timezone.is_aware(when) else when.replace(tzinfo=UTC)
    if isinstance(column, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(column, models.ForeignKey):
        return value
    if isinstance(column, models.DecimalField):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-column.decimal_places))
    return column.to_python(value)
