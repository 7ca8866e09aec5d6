"""A stored framework in the engine's one shape, with its lines of crosswalks as relations."""

from __future__ import annotations

from gradatim.engine.framework import shape
from gradatim.program.taxonomy.models import Association, Framework, Item, Match


def shape_of(framework: Framework) -> shape.Framework:
    """Everything of a framework, to be written in any format.

    Args:
        framework: a stored one.

    Returns:
        Its items and associations in order; matches that start in it are associations that point out of it. A retired
        framework has the status Deprecated.
    """
    matches = Match.objects.filter(origin__framework=framework).select_related("origin", "destination")
    return head_of(
        framework,
        tuple(item_of(i) for i in framework.items.defer("words")),
        (
            *(association_of(a) for a in framework.associations.order_by("id")),
            *(match_of(m) for m in matches),
        ),
    )


def head_of(
    framework: Framework,
    items: tuple[shape.Item, ...] = (),
    associations: tuple[shape.Association, ...] = (),
) -> shape.Framework:
    """The framework itself, with the items and associations that are given."""
    return shape.Framework(
        identifier=framework.identifier,
        uri=framework.uri,
        title=framework.title,
        creator=framework.creator,
        changed_at=framework.changed_at,
        items=items,
        associations=associations,
        version=framework.version,
        description=framework.description,
        license=framework.license,
        adoption_status="Deprecated" if framework.retired_at else framework.adoption_status,
        language=framework.language,
        source=framework.source,
        more=framework.more,
        definitions=framework.definitions,
        rubrics=tuple(framework.rubrics),
    )


def item_of(item: Item) -> shape.Item:
    """One item."""
    return shape.Item(
        identifier=item.identifier,
        uri=item.uri,
        statement=item.statement,
        code=item.code,
        kind=item.kind,
        description=item.description,
        labels=tuple(item.labels),
        language=item.language,
        reach=item.reach,
        retired=item.retired,
        more=item.more,
    )


def association_of(association: Association) -> shape.Association:
    """One association."""
    return shape.Association(
        identifier=association.identifier,
        kind=association.kind,
        origin=association.origin,
        destination=association.destination,
        sequence=association.sequence,
        outside_uri=association.outside_uri,
        outside_title=association.outside_title,
    )


def match_of(match: Match) -> shape.Association:
    """One line of a crosswalk, seen from the framework it starts in."""
    return shape.Association(
        identifier=match.identifier,
        kind=match.relation,
        origin=match.origin.identifier,
        destination=match.destination.identifier,
        outside_uri=match.destination.uri,
        outside_title=match.destination.statement[: shape.MAX_NAME],
    )
