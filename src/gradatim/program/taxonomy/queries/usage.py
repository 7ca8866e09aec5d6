"""Who uses a row of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import PROTECT, ForeignObjectRel, Model

SHOWN_USERS = 20  # how many users of an item or value are listed


def users(rows: Iterable[Model]) -> dict[int, list[str]]:
    """Who protects these rows from being deleted, in words, each once: row's key → what points to it.

    Rooms above point down with `PROTECT`; this asks the tables who does, so that no room below has to know them.
    """
    keys = {row.pk: type(row) for row in rows}
    found: dict[int, list[str]] = {}
    for model in set(keys.values()):
        for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's documented model API
            if (
                not isinstance(relation, ForeignObjectRel)
                or getattr(relation, "on_delete", None) is not PROTECT
            ):
                continue
            name = relation.field.name
            pointing = relation.related_model._base_manager.filter(**{f"{name}__in": list(keys)})  # noqa: SLF001 - as above
            for user in pointing.order_by("pk")[: SHOWN_USERS * len(keys)]:
                names = found.setdefault(getattr(user, f"{name}_id"), [])
                if (said := str(user)) not in names:
                    names.append(said)
    return found
