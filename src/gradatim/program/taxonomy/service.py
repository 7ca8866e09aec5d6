"""The CASE service described as OpenAPI, for its discovery address."""

from __future__ import annotations

from typing import Any

OBJECTS = {
    "CFDocuments": "a framework",
    "CFPackages": "a whole framework with its items and associations",
    "CFItems": "a statement",
    "CFItemAssociations": "a statement with its associations",
    "CFAssociations": "an association",
    "CFAssociationGroupings": "a grouping of associations",
    "CFConcepts": "a concept and those below it",
    "CFItemTypes": "an item type and those below it",
    "CFLicenses": "a license",
    "CFRubrics": "a rubric",
    "CFSubjects": "a subject and those below it",
}
"""Path → what one of them is."""

_WORDS = {
    "limit": ("integer", "At most so many on a page; 100 if left out."),
    "offset": ("integer", "How many to leave out; 0 if left out."),
    "sort": ("string", "A field to sort by."),
    "orderBy": ("string", "asc or desc."),
    "filter": ("string", "Like title~'data' AND language='en'."),
    "fields": ("string", "Names of fields with commas; all if left out."),
}


def openapi(site: str, edition: str) -> dict[str, Any]:
    """The description of the service at a site.

    Args:
        site: scheme and host.
        edition: ``"v1p1"`` or ``"v1p0"``.
    """
    listing = {
        "get": {
            "operationId": "getAllCFDocuments",
            "summary": "Every published framework.",
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "required": False,
                    "description": words,
                    "schema": {"type": kind},
                }
                for name, (kind, words) in _WORDS.items()
            ],
            "responses": _responses("Frameworks; Link names the pages, X-Total-Count how many there are."),
        }
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "CASE service", "version": edition.replace("v", "").replace("p", ".")},
        "servers": [{"url": f"{site}/ims/case/{edition}"}],
        "paths": {
            "/CFDocuments": listing,
            **{f"/{path}/{{sourcedId}}": _one(path, words) for path, words in OBJECTS.items()},
        },
    }


def _one(path: str, words: str) -> dict[str, Any]:
    key = {
        "name": "sourcedId",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    return {
        "get": {
            "operationId": f"get{path.removesuffix('s')}",
            "summary": f"Get {words} by its identifier.",
            "parameters": [key],
            "responses": _responses(f"{words[0].upper()}{words[1:]}."),
        }
    }


def _responses(good: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "200": {"description": good, "content": content},
        "default": {"description": "Why not, as imsx_StatusInfo.", "content": content},
    }
