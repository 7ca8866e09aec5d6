"""Writes of the taxonomy: dimensions and their values."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.actions.editions import keep
from gradatim.program.taxonomy.actions.replacing import ALWAYS_THERE
from gradatim.program.taxonomy.models import Dimension, Value
from gradatim.program.taxonomy.quality import FACTS, key_of

Texts = dict[str, dict[str, str]]
"""Language → name and description."""


@transaction.atomic
def add_dimension(
    *,
    organization: Organization,
    name: str,
    description: str = "",
    several: bool = False,
    texts: Texts | None = None,
    actor: Person,
) -> Dimension:
    """Add a dimension; its key is made from the name and is a fact that rules can ask.

    Args:
        organization: whose taxonomy.
        name: as it stands on the screen.
        description: one sentence about it.
        several: whether an achievement may stand in more than one of its values.
        texts: name and description in further languages.
        actor: who does it.

    Returns:
        The dimension, without values yet.

    Raises:
        Refused: ``duplicate`` if the key is taken, by a dimension or by a fact.
    """
    key = key_of(name)
    if key in FACTS or Dimension.objects.filter(organization=organization, key=key).exists():
        raise Refused(
            "duplicate", _("There is something of this name already; choose another one."), field="name"
        )
    last = Dimension.objects.filter(organization=organization).aggregate(n=Max("position"))["n"]
    dimension = Dimension.objects.create(
        organization=organization,
        key=key,
        name=name,
        description=description,
        several=several,
        texts=texts or {},
        position=(last or 0) + 1,
    )
    keep(organization=organization, verb="dimension.added", target=f"dimension:{dimension.pk}", actor=actor)
    return dimension


@transaction.atomic
def change_dimension(
    *,
    dimension: Dimension,
    name: str,
    description: str,
    several: bool | None = None,
    texts: Texts | None = None,
    actor: Person,
) -> Dimension:
    """Rename or describe a dimension; its key stays.

    Args:
        dimension: which one.
        name: as it stands on the screen.
        description: one sentence about it.
        several: whether an achievement may stand in more than one of its values; ``None``: as it is.
        texts: name and description in further languages; ``None``: as they are.
        actor: who does it.

    Returns:
        The dimension.
    """
    dimension.name, dimension.description = name, description
    dimension.several = dimension.several if several is None or dimension.key in ALWAYS_THERE else several
    dimension.texts = dimension.texts if texts is None else texts
    dimension.save(update_fields=["name", "description", "several", "texts"])
    keep(
        organization=dimension.organization,
        verb="dimension.changed",
        target=f"dimension:{dimension.pk}",
        actor=actor,
    )
    return dimension


@transaction.atomic
def remove_dimension(*, dimension: Dimension, actor: Person) -> None:
    """Take a dimension out with its values.

    Args:
        dimension: which one.
        actor: who does it.

    Raises:
        Refused: ``in-use`` for type and level, while an achievement stands in it, or while a rule asks it.
    """
    if dimension.key in ALWAYS_THERE:
        raise Refused("in-use", _("Type and level are always there; the badge image is made from them."))
    asking = [r for r in queries.asking(dimension) if r.profile_id is None]
    if asking:
        raise Refused(
            "in-use", _("A rule asks this dimension: %(rule)s Change the rule first.") % {"rule": asking[0]}
        )
    target = f"dimension:{dimension.pk}"
    _delete(dimension, list(dimension.values.all()))
    keep(organization=dimension.organization, verb="dimension.removed", target=target, actor=actor)


@transaction.atomic
def add_value(
    *,
    dimension: Dimension,
    name: str,
    description: str = "",
    color: str = "",
    shape: str = "",
    achievement_type: str = "",
    texts: Texts | None = None,
    actor: Person,
) -> Value:
    """Add a value at the end of a dimension.

    Args:
        dimension: where.
        name: as it stands on the screen; the key is made from it.
        description: one sentence about it.
        color: ``#rrggbb``, for types.
        shape: a `Value.Shape`, for levels.
        achievement_type: Open Badges ``achievementType``, for types.
        texts: name and description in further languages.
        actor: who does it.

    Returns:
        The value.

    Raises:
        Refused: ``duplicate`` if the dimension has one of this name.
    """
    last = dimension.values.aggregate(n=Max("position"))["n"]
    try:
        with transaction.atomic():
            value = Value.objects.create(
                dimension=dimension,
                key=key_of(name),
                name=name,
                description=description,
                position=0 if last is None else last + 1,
                color=color,
                shape=shape,
                achievement_type=achievement_type,
                texts=texts or {},
            )
    except IntegrityError:
        raise Refused("duplicate", _("There is a value of this name already."), field="name") from None
    keep(organization=dimension.organization, verb="value.added", target=f"value:{value.pk}", actor=actor)
    return value


@transaction.atomic
def change_value(*, value: Value, actor: Person, **fields: str | Texts) -> Value:
    """Change how a value is called, described and drawn; its key stays, so achievements keep standing in it.

    Args:
        value: which one.
        actor: who does it.
        **fields: any of name, description, color, shape, achievement_type, texts.

    Returns:
        The value.

    Raises:
        Refused: ``unknown-field``.
    """
    unknown = set(fields) - {"name", "description", "color", "shape", "achievement_type", "texts"}
    if unknown:
        raise Refused("unknown-field", _("A value has no %(names)s.") % {"names": ", ".join(sorted(unknown))})
    for name, content in fields.items():
        setattr(value, name, content)
    value.save(update_fields=list(fields))
    keep(
        organization=value.dimension.organization,
        verb="value.changed",
        target=f"value:{value.pk}",
        actor=actor,
    )
    return value


@transaction.atomic
def move_value(*, value: Value, by: int, actor: Person) -> None:
    """Move a value up or down among its neighbors.

    Args:
        value: which one.
        by: -1 for up, 1 for down; at the end nothing happens.
        actor: who does it.
    """
    row = list(value.dimension.values.all())
    place = row.index(value)
    row.insert(max(0, place + by), row.pop(place))
    for position, entry in enumerate(row):
        entry.position = position
    Value.objects.bulk_update(row, ["position"])
    keep(
        organization=value.dimension.organization, verb="value.moved", target=f"value:{value.pk}", actor=actor
    )


@transaction.atomic
def remove_value(*, value: Value, actor: Person) -> None:
    """Take a value out of its dimension.

    Args:
        value: which one.
        actor: who does it.

    Raises:
        Refused: ``in-use`` while an achievement stands in it or a rule names it; ``last-value`` for the last type or level.
    """
    dimension, target = value.dimension, f"value:{value.pk}"
    if _is_last(value):
        raise Refused("last-value", _("Every achievement has a type and a level; keep at least one of each."))
    _delete(value, [value])
    naming = [r for r in queries.asking(dimension, value) if r.profile_id is None]
    if naming:
        raise Refused(
            "in-use", _("A rule names this value: %(rule)s Change the rule first.") % {"rule": naming[0]}
        )
    keep(organization=dimension.organization, verb="value.removed", target=target, actor=actor)


@transaction.atomic
def retire_value(*, value: Value, retired: bool = True, actor: Person) -> Value:
    """Take a value from what can be chosen, or give it back. What stands in it keeps standing there.

    Args:
        value: which one.
        retired: ``False`` to let it be chosen again.
        actor: who does it.

    Returns:
        The value.

    Raises:
        Refused: ``last-value`` for the last type or level that can be chosen.
    """
    if retired and _is_last(value):
        raise Refused("last-value", _("Every achievement has a type and a level; keep at least one of each."))
    value.retired = retired
    value.save(update_fields=["retired"])
    keep(
        organization=value.dimension.organization,
        verb="value.retired" if retired else "value.restored",
        target=f"value:{value.pk}",
        actor=actor,
    )
    return value


def _is_last(value: Value) -> bool:
    """Whether it is the last type or level that can be chosen."""
    others = value.dimension.values.filter(retired=False).exclude(pk=value.pk)
    return value.dimension.key in ALWAYS_THERE and not others.exists()


def _delete(row: Dimension | Value, values: list[Value]) -> None:
    """Delete, or say who stands in the way."""
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        names = sorted({name for used in queries.users(values).values() for name in used})
        raise Refused("in-use", _("Used by %(names)s.") % {"names": ", ".join(names[:5])}) from None
