"""A framework written as CASE 1.1: documents, items, associations and whole packages.

Spec: CASE 1.1, CFPackage, CFDocument, CFItem, CFAssociation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gradatim.engine.framework.shape import Association, Framework, Item

STATUSES = frozenset({"Private Draft", "Draft", "Adopted", "Deprecated"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def package(framework: Framework, *, address: str = "") -> dict[str, Any]:
    """A whole package.

    Args:
        framework: in the one shape.
        address: of this package, where it is served; empty for a file.

    Returns:
        ``CFDocument``, ``CFItems``, ``CFAssociations`` and, where they came with it, ``CFDefinitions`` and ``CFRubrics``.
    """
    known = titles(framework)
    changed = framework.changed_at or EPOCH
    return {
        "CFDocument": document(framework, address=address),
        "CFItems": [item(i, framework, changed_at=changed) for i in framework.items],
        "CFAssociations": [
            association(a, framework, known, changed_at=changed) for a in framework.associations
        ],
        **({"CFDefinitions": dict(framework.definitions)} if framework.definitions else {}),
        **({"CFRubrics": [dict(r) for r in framework.rubrics]} if framework.rubrics else {}),
    }


def document(framework: Framework, *, address: str = "") -> dict[str, Any]:
    """A CFDocument; with ``CFPackageURI`` when it is served by itself (*address*: of the package)."""
    status = framework.adoption_status
    kept = {
        "identifier": str(framework.identifier),
        "uri": framework.uri,
        "creator": framework.creator or framework.title,
        "title": framework.title,
        "lastChangeDateTime": _time(framework.changed_at or EPOCH),
        "caseVersion": "1.1",
        "description": framework.description,
        "language": framework.language,
        "version": framework.version,
        "adoptionStatus": status if status in STATUSES else "",
        **framework.more,
    }
    if address:
        kept["CFPackageURI"] = _link(framework.title, framework.identifier, address)
    return _said(kept)


def item(one: Item, framework: Framework, *, changed_at: datetime, alone: bool = False) -> dict[str, Any]:
    """A CFItem; *alone* adds the link to its document, as the service hands it out."""
    kept = {
        "identifier": str(one.identifier),
        "uri": one.uri,
        "fullStatement": one.statement,
        "humanCodingScheme": one.code,
        "CFItemType": one.kind,
        "notes": one.description,
        "conceptKeywords": list(one.labels),
        "language": one.language,
        "lastChangeDateTime": _time(changed_at),
        **({"statusEndDate": changed_at.date().isoformat()} if one.retired else {}),
        **one.more,
    }
    if alone:
        kept["CFDocumentURI"] = _link(framework.title, framework.identifier, framework.uri)
    return _said(kept)


def association(
    one: Association,
    framework: Framework,
    known: Mapping[UUID, tuple[str, str]],
    *,
    changed_at: datetime,
    alone: bool = False,
) -> dict[str, Any]:
    """A CFAssociation; *known* are the titles and addresses of both ends, where they are here."""
    kept = {
        "identifier": str(one.identifier),
        "uri": one.identifier.urn,
        "associationType": one.kind,
        "sequenceNumber": one.sequence or None,
        "originNodeURI": _end(one.origin, one, known),
        "destinationNodeURI": _end(one.destination, one, known),
        "lastChangeDateTime": _time(changed_at),
    }
    if alone:
        kept["CFDocumentURI"] = _link(framework.title, framework.identifier, framework.uri)
    return _said(kept)


def renamed(framework: Framework, title: str) -> Framework:
    """The same framework under another title."""
    return replace(framework, title=title)


def titles(framework: Framework) -> dict[UUID, tuple[str, str]]:
    """Title and address of the document and every item, by identifier."""
    return {
        framework.identifier: (framework.title, framework.uri),
        **{i.identifier: (i.code or i.statement, i.uri) for i in framework.items},
    }


def _end(identifier: UUID, one: Association, known: Mapping[UUID, tuple[str, str]]) -> dict[str, str]:
    title, uri = known.get(identifier) or (
        one.outside_title or "elsewhere",
        one.outside_uri or identifier.urn,
    )
    return _link(title, identifier, uri)


def _link(title: str, identifier: UUID, uri: str) -> dict[str, str]:
    return {"title": title, "identifier": str(identifier), "uri": uri}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Only fields that say something: the standard has no empty ones."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
