"""A SKOS vocabulary, read into a framework.

Spec: W3C SKOS Reference (2009), 3 to 10.
"""

from __future__ import annotations

from collections.abc import Mapping

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

MATCHES = {
    "skos:exactMatch": "exactMatchOf", "skos:closeMatch": CLOSE, "skos:broadMatch": BROAD, "skos:narrowMatch": NARROW,
    "skos:related": "isRelatedTo", "skos:relatedMatch": "isRelatedTo", "dct:isReplacedBy": "replacedBy",
}  # fmt: skip


def read(found: Mapping[str, Node], about: About) -> Framework:
    """Read a concept scheme with its concepts.

    Args:
        found: the nodes of the file, from `linked.nodes` or `rdf`.
        about: title, creator, language where they are not to be the file's.

    Returns:
        The framework; ``skos:broader`` and ``skos:narrower`` nest, matches and relations become associations.

    Raises:
        ShapeError: ``schema`` (no concepts, several schemes, a concept without label), ``cycle`` …
    """
    concepts = {n.id: n for n in found.values() if "skos:Concept" in n.types and not n.id.startswith("_:")}
    if not concepts:
        raise ShapeError("schema", "The file names no skos:Concept with an address.", "SKOS Reference, 3")
    schemes = [n for n in found.values() if "skos:ConceptScheme" in n.types]
    if len(schemes) > 1:
        raise ShapeError(
            "schema",
            f"The file has {len(schemes)} concept schemes; a framework is one. Export them one by one.",
            "SKOS Reference, 4",
        )
    scheme = schemes[0] if schemes else Node("_:", set())
    address = _scheme_of(concepts) if scheme.id.startswith("_:") else scheme.id
    language = about.language or next(
        (said for n in concepts.values() for said in n.languages("skos:prefLabel")), ""
    )
    title = about.title or scheme.text(
        "skos:prefLabel", "dct:title", "dc:title", "rdfs:label", language=language, longest=MAX_NAME
    )
    if not title:
        raise ShapeError(
            "title",
            "The file does not say what the vocabulary is called. Give it a title.",
            "SKOS Reference, 4",
        )
    return check(
        Framework(
            identifier=about.identifier or identifier_of(address),
            uri=about.uri or address,
            title=title,
            creator=about.creator
            or scheme.text("dct:creator", "dct:publisher", "dc:creator", longest=MAX_NAME),
            changed_at=None,
            version=about.version or scheme.text("owl:versionInfo", longest=MAX_WORD),
            description=scheme.text("dct:description", "skos:definition", "rdfs:comment", language=language),
            license=next(iter(scheme.links("dct:license", "dct:rights")), "")[:MAX_NAME],
            language=language[:MAX_WORD],
            source="skos",
            items=tuple(_item(n, language) for n in concepts.values()),
            associations=tuple(_associations(concepts).values()),
        )
    )


def _scheme_of(concepts: dict[str, Node]) -> str:
    for node in concepts.values():
        for address in node.links("skos:inScheme", "skos:topConceptOf"):
            if not address.startswith("_:"):
                return address
    return "urn:vocabulary:" + next(iter(concepts))


def _item(node: Node, language: str) -> Item:
    statement = node.text("skos:prefLabel", "rdfs:label", language=language)
    if not statement:
        raise ShapeError("schema", f"{node.id}: the concept has no skos:prefLabel.", "SKOS Reference, 5")
    names = [t for name in ("skos:altLabel", "skos:hiddenLabel") for t in node.texts(name, language=language)]
    return Item(
        identifier=identifier_of(node.id),
        uri=node.id,
        statement=statement,
        code=node.text("skos:notation", longest=MAX_WORD),
        kind="Concept",
        description=node.text("skos:definition", "skos:scopeNote", "dct:description", language=language),
        labels=tuple(dict.fromkeys(n[:MAX_NAME] for n in names))[:MAX_LABELS],
        retired="true" in [v.lower() for v in node.texts("owl:deprecated")]
        or True in node.values.get("owl:deprecated", []),
    )


def _associations(concepts: dict[str, Node]) -> dict[object, Association]:
    found: dict[object, Association] = {}
    for place, node in enumerate(concepts.values()):
        pairs = [(node.id, above) for above in node.links("skos:broader")]
        pairs += [(below, node.id) for below in node.links("skos:narrower")]
        for below, above in pairs:
            if below in concepts and above in concepts:
                made = link("isChildOf", identifier_of(below), identifier_of(above), place + 1)
                found.setdefault(made.identifier, made)
        for name, kind in MATCHES.items():
            for address in node.links(name):
                if address.startswith("_:"):
                    continue
                outside = "" if address in concepts else address
                made = link(
                    kind,
                    identifier_of(node.id),
                    identifier_of(address),
                    outside_uri=outside,
                    outside_title=outside[:MAX_NAME],
                )
                found.setdefault(made.identifier, made)
    return found
