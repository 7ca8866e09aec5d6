"""What the CASE service hands out: published frameworks, as the standard's own objects.

Spec: CASE 1.1 REST binding; every function answers with JSON objects ready to be sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from gradatim.engine.framework import case_out
from gradatim.engine.framework.shape import Association as Relation
from gradatim.engine.framework.shape import Framework as Shape
from gradatim.program.taxonomy.models import Association, Framework, Item, Match
from gradatim.program.taxonomy.queries.shapes import association_of, head_of, item_of, match_of, shape_of

PRACTICE_MARK = "Practice: "  # stands before the title of what is not meant yet
BASE = "/ims/case/v1p1"
DEFINITIONS = {
    "CFAssociationGroupings": "CFAssociationGroupings",
    "CFConcepts": "CFConcepts",
    "CFItemTypes": "CFItemTypes",
    "CFLicenses": "CFLicenses",
    "CFSubjects": "CFSubjects",
}
"""Path of the service → list in CFDefinitions."""

Json = dict[str, Any]
Known = dict[UUID, tuple[str, str]]


def address(kind: str, identifier: UUID) -> str:
    """Where the service hands an object out."""
    return f"{settings.SITE_URL}{BASE}/{kind}/{identifier}"


def published() -> QuerySet[Framework]:
    """The frameworks that any organization of this site published."""
    return Framework.objects.filter(published_at__isnull=False, whole=True).order_by("title", "id")


def documents() -> list[Json]:
    """Every published framework as a CFDocument."""
    return [_document(f) for f in published()]


def document(identifier: UUID) -> Json | None:
    """One CFDocument, or ``None``."""
    found = published().filter(identifier=identifier).first()
    return _document(found) if found else None


def package(identifier: UUID) -> Json | None:
    """One whole CFPackage, or ``None``."""
    found = published().filter(identifier=identifier).first()
    return case_out.package(_marked(found, shape_of(found))) if found else None


def item(identifier: UUID) -> Json | None:
    """One CFItem with the link to its document, or ``None``."""
    found = _items(identifier).first()
    return _item(found) if found else None


def association(identifier: UUID) -> Json | None:
    """One CFAssociation, of a framework or of a crosswalk, or ``None``."""
    found = (
        Association.objects.filter(framework__published_at__isnull=False, identifier=identifier)
        .select_related("framework")
        .first()
    )
    if found is not None:
        return next(_associations(found.framework, [association_of(found)]))
    match = (
        Match.objects.filter(origin__framework__published_at__isnull=False, identifier=identifier)
        .select_related("origin__framework", "destination")
        .first()
    )
    return next(_associations(match.origin.framework, [match_of(match)])) if match else None


def item_associations(identifier: UUID) -> Json | None:
    """A CFItem with every association that it starts or ends, or ``None``."""
    found = _items(identifier).first()
    if found is None:
        return None
    ends = Q(origin=found.identifier) | Q(destination=found.identifier)
    rows = found.framework.associations.filter(ends).order_by("id")
    matches = Match.objects.filter(origin=found).select_related("origin", "destination")
    relations = [*(association_of(a) for a in rows), *(match_of(m) for m in matches)]
    return {
        "CFItem": _item(found),
        "CFAssociations": list(_associations(found.framework, relations, alone=False)),
    }


def definition(kind: str, identifier: UUID) -> Json | None:
    """An object of CFDefinitions: one alone, or with those below it where the standard has a hierarchy; or ``None``.

    Args:
        kind: a key of `DEFINITIONS`.
        identifier: of the object.
    """
    for framework in published().exclude(definitions={}).only("definitions"):
        entries = [e for e in framework.definitions.get(DEFINITIONS[kind]) or [] if isinstance(e, dict)]
        found = next((e for e in entries if e.get("identifier") == str(identifier)), None)
        if found is None:
            continue
        if kind in {"CFAssociationGroupings", "CFLicenses"}:
            return found
        code = found.get("hierarchyCode")
        below = [
            e
            for e in entries
            if e is not found and code and str(e.get("hierarchyCode", "")).startswith(f"{code}.")
        ]
        return {DEFINITIONS[kind]: [found, *below]}
    return None


def rubric(identifier: UUID) -> Json | None:
    """One CFRubric as it came, or ``None``."""
    for framework in published().exclude(rubrics=[]).only("rubrics"):
        for entry in framework.rubrics:
            if isinstance(entry, dict) and entry.get("identifier") == str(identifier):
                return entry
    return None


def _items(identifier: UUID) -> QuerySet[Item]:
    found = Item.objects.filter(identifier=identifier, framework__published_at__isnull=False)
    return found.select_related("framework").order_by("id")


def _marked(framework: Framework, shape: Shape) -> Shape:
    return case_out.renamed(shape, f"{PRACTICE_MARK}{framework.title}") if framework.practice else shape


def _document(framework: Framework) -> Json:
    where = address("CFPackages", framework.identifier)
    return case_out.document(_marked(framework, head_of(framework)), address=where)


def _item(found: Item) -> Json:
    head = _marked(found.framework, head_of(found.framework))
    return case_out.item(item_of(found), head, changed_at=found.framework.changed_at, alone=True)


def _associations(framework: Framework, relations: list[Relation], *, alone: bool = True) -> Iterator[Json]:
    head = _marked(framework, head_of(framework))
    ends = {e for r in relations for e in (r.origin, r.destination)}
    known: Known = {framework.identifier: (head.title, framework.uri)}
    for one in framework.items.filter(identifier__in=ends).only(
        "framework", "identifier", "code", "statement", "uri"
    ):
        known[one.identifier] = (one.code or one.statement, one.uri)
    for relation in relations:
        yield case_out.association(relation, head, known, changed_at=framework.changed_at, alone=alone)
