"""Competencies in CTDL-ASN, the language of the Credential Registry, read and written.

Spec: Credential Engine CTDL-ASN (CompetencyFramework, Competency); CTDL, ``ceterms:ctid``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gradatim.engine.errors import ShapeError
from gradatim.engine.framework.linked import Node
from gradatim.engine.framework.shape import (
    BROAD,
    CLOSE,
    MAX_LABELS,
    MAX_NAME,
    MAX_WORD,
    NARROW,
    About,
    Association,
    Framework,
    Item,
    check,
    identifier_of,
    link,
)

SPEC = "CTDL-ASN, CompetencyFramework"
CONTEXT = "http://credreg.net/ctdlasn/schema/context/json"
REGISTRY = "https://credentialengineregistry.org/resources/"
ALIGNMENTS = {
    "ceasn:exactAlignment": "exactMatchOf", "ceasn:majorAlignment": CLOSE, "ceasn:broadAlignment": BROAD,
    "ceasn:narrowAlignment": NARROW, "ceasn:minorAlignment": "isRelatedTo", "ceasn:prerequisiteAlignment": "ext:prerequisite",
}  # fmt: skip


def read(found: Mapping[str, Node], about: About) -> Framework:
    """Read a competency framework with its competencies; or the competencies that another CTDL document names.

    Args:
        found: the nodes of the file, from `linked.nodes` or `rdf`.
        about: title, creator, language where they are not to be the file's.

    Returns:
        The framework.

    Raises:
        ShapeError: ``no-rows`` when it names no competency; ``schema``, ``duplicate-id``, ``cycle`` …
    """
    competencies = {n.id: n for n in found.values() if "ceasn:Competency" in n.types} | _targets(found)
    if not competencies:
        what = next((t for n in found.values() for t in n.types), "no type")
        raise ShapeError(
            "no-rows",
            f"The file is CTDL ({what}) and names no ceasn:Competency. Export the competency framework it is aligned to.",
            SPEC,
        )
    frameworks = [n for n in found.values() if "ceasn:CompetencyFramework" in n.types]
    if len(frameworks) > 1:
        raise ShapeError(
            "schema", f"The file has {len(frameworks)} competency frameworks; read them one by one.", SPEC
        )
    named = (n for n in found.values() if not n.id.startswith("_:"))
    whole = frameworks[0] if frameworks else next(named, next(iter(found.values())))
    language = about.language or next(
        (said for n in competencies.values() for said in n.languages("ceasn:competencyText")), ""
    )
    identifier = about.identifier or _identifier(whole)
    keys = {n.id: _identifier(n) for n in competencies.values()}
    title = about.title or whole.text("ceasn:name", "ceterms:name", language=language, longest=MAX_NAME)
    if not title:
        raise ShapeError(
            "title", "The file does not say what the framework is called. Give it a title.", SPEC
        )
    return check(
        Framework(
            identifier=identifier,
            uri=about.uri
            or (whole.id if ":" in whole.id and not whole.id.startswith("_:") else identifier.urn),
            title=title,
            creator=about.creator or whole.text("ceasn:publisherName", "ceasn:author", longest=MAX_NAME),
            changed_at=_date(whole.text("ceasn:dateModified", "ceterms:dateModified", "ceasn:dateCreated")),
            version=about.version,
            description=whole.text("ceasn:description", "ceterms:description", language=language),
            license=next(iter(whole.links("ceasn:license")), "")[:MAX_NAME],
            adoption_status=next(iter(whole.links("ceasn:publicationStatusType")), "").rsplit(":", 1)[-1][
                :MAX_WORD
            ],
            language=language[:MAX_WORD],
            source="ctdl",
            items=tuple(_item(n, keys[n.id], language) for n in competencies.values()),
            associations=tuple(_associations(competencies, keys, identifier).values()),
        )
    )


def _targets(found: Mapping[str, Node]) -> dict[str, Node]:
    """Competencies that a credential or a course only names: what it assesses, teaches or asks for."""
    named: dict[str, Node] = {}
    for node in found.values():
        for name in ("ceterms:assesses", "ceterms:teaches", "ceterms:targetCompetency"):
            for value in node.values.get(name, []):
                said = value.items() if isinstance(value, dict) else ()
                target = Node("", set(), {n: v if isinstance(v, list) else [v] for n, v in said})
                text = target.text("ceterms:targetNodeName")
                if text and not isinstance(value.get("ceterms:targetNode"), dict):
                    address = next(iter(target.links("ceterms:targetNode")), f"_:{text}")
                    named[address] = Node(
                        address,
                        {"ceasn:Competency"},
                        {
                            "ceasn:competencyText": target.values["ceterms:targetNodeName"],
                            "ceasn:comment": target.values.get("ceterms:targetNodeDescription", []),
                            "ceasn:competencyCategory": target.values.get("ceterms:frameworkName", []),
                        },
                    )
    return {key: node for key, node in named.items() if key not in found}


def _identifier(node: Node) -> UUID:
    """From the CTID (``ce-`` and a UUID), else from the address or, for a nameless node, from its text."""
    ctid = node.text("ceterms:ctid")
    if ctid:
        return identifier_of(ctid.lower())
    return identifier_of(
        node.id if not node.id.startswith("_:") else f"urn:competency:{node.text('ceasn:competencyText')}"
    )


def _item(node: Node, identifier: UUID, language: str) -> Item:
    statement = node.text("ceasn:competencyText", "ceasn:competencyLabel", "ceasn:name", language=language)
    if not statement:
        raise ShapeError(
            "schema", f"{node.id}: the competency has no ceasn:competencyText.", "CTDL-ASN, Competency"
        )
    return Item(
        identifier=identifier,
        uri=node.id if not node.id.startswith("_:") else identifier.urn,
        statement=statement,
        code=node.text("ceasn:codedNotation", "ceasn:listID", longest=MAX_WORD),
        kind=node.text("ceasn:competencyCategory", language=language, longest=MAX_WORD),
        description=node.text("ceasn:comment", "ceasn:description", language=language),
        labels=tuple(t[:MAX_NAME] for t in node.texts("ceasn:conceptKeyword", language=language))[
            :MAX_LABELS
        ],
    )


def _associations(
    competencies: dict[str, Node], keys: dict[str, UUID], framework: UUID
) -> dict[UUID, Association]:
    made = [*_nesting(competencies, keys), *_aligned(competencies, keys)]
    nested = {a.origin for a in made if a.kind == "isChildOf"}
    made += [
        link("isChildOf", key, framework, n + 1) for n, key in enumerate(keys.values()) if key not in nested
    ]
    return {a.identifier: a for a in reversed(made)}


def _nesting(competencies: dict[str, Node], keys: dict[str, UUID]) -> Iterator[Association]:
    """What stands under what, said from above (with its order) or from below."""
    for place, node in enumerate(competencies.values()):
        for above in node.links("ceasn:isChildOf"):
            if above in keys:
                yield link("isChildOf", keys[node.id], keys[above], place + 1)
        for order, below in enumerate(node.links("ceasn:hasChild"), start=1):
            if below in keys:
                yield link("isChildOf", keys[below], keys[node.id], order)


def _aligned(competencies: dict[str, Node], keys: dict[str, UUID]) -> Iterator[Association]:
    for node in competencies.values():
        for name, kind in ALIGNMENTS.items():
            for address in node.links(name):
                outside = "" if address in keys else address
                if outside.startswith("_:"):
                    continue
                yield link(
                    kind,
                    keys[node.id],
                    keys.get(address) or identifier_of(address),
                    outside_uri=outside,
                    outside_title=outside[:MAX_NAME],
                )


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def write(framework: Framework) -> dict[str, Any]:
    """A framework as a CTDL-ASN graph, ready for the Credential Registry.

    Args:
        framework: in the one shape.

    Returns:
        The document: the framework first, then its competencies, each with its CTID made of the same UUID. Retired items
        are left out; so are relations that CTDL-ASN has no word for.
    """
    language = framework.language or "en"
    items = [i for i in framework.items if not i.retired]
    addresses = {i.identifier: _address(i.identifier) for i in items}
    own = _address(framework.identifier)
    links: dict[UUID, dict[str, list[str]]] = {}
    parents: dict[UUID, list[UUID]] = {}
    named = {kind: name for name, kind in ALIGNMENTS.items()}
    for a in sorted(framework.associations, key=lambda a: a.sequence):
        if a.kind == "isChildOf" and a.origin in addresses and a.destination in addresses:
            links.setdefault(a.origin, {}).setdefault("ceasn:isChildOf", []).append(addresses[a.destination])
            links.setdefault(a.destination, {}).setdefault("ceasn:hasChild", []).append(addresses[a.origin])
            parents.setdefault(a.origin, []).append(a.destination)
        elif a.kind in named and a.origin in addresses:
            target = addresses.get(a.destination) or a.outside_uri
            if target:
                links.setdefault(a.origin, {}).setdefault(named[a.kind], []).append(target)
    top = [addresses[i.identifier] for i in items if i.identifier not in parents]
    head = {
        "@id": own,
        "@type": "ceasn:CompetencyFramework",
        "ceterms:ctid": f"ce-{framework.identifier}",
        "ceasn:name": {language: framework.title},
        "ceasn:description": {language: framework.description or framework.title},
        "ceasn:inLanguage": [language],
        "ceasn:hasTopChild": top,
        **({"ceasn:author": [framework.creator]} if framework.creator else {}),
        **({"ceasn:source": [framework.uri]} if framework.uri.startswith("http") else {}),
    }
    return {
        "@context": CONTEXT,
        "@id": own.replace("/resources/", "/graph/"),
        "@graph": [
            head,
            *(
                _competency(i, own, addresses[i.identifier], language, links.get(i.identifier, {}), top)
                for i in items
            ),
        ],
    }


def _address(identifier: UUID) -> str:
    return f"{REGISTRY}ce-{identifier}"


def _competency(
    item: Item, framework: str, address: str, language: str, links: dict[str, list[str]], top: list[str]
) -> dict[str, Any]:
    said = item.language or language
    return {
        "@id": address,
        "@type": "ceasn:Competency",
        "ceterms:ctid": f"ce-{item.identifier}",
        "ceasn:competencyText": {said: item.statement},
        "ceasn:inLanguage": [said],
        "ceasn:isPartOf": [framework],
        **({"ceasn:isTopChildOf": [framework]} if "ceasn:isChildOf" not in links and top else {}),
        **({"ceasn:codedNotation": item.code} if item.code else {}),
        **({"ceasn:competencyCategory": [{said: item.kind}]} if item.kind else {}),
        **({"ceasn:comment": {said: item.description}} if item.description else {}),
        **({"ceasn:conceptKeyword": [{said: label} for label in item.labels]} if item.labels else {}),
        **links,
    }
