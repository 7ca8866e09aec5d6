"""What programs read: the issuer's documents, status lists, and the answer of a check."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gradatim.engine.model.credential import OB, V2
from gradatim.program.credentials import actions, documents, queries
from gradatim.program.people import queries as people
from gradatim.program.people.models import Organization

TTL = 60  # seconds; the status list's own ttl says the same
LIST_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")
TOKEN_TYPES = ("application/vc+jwt", "application/jwt")


def _found(slug: str) -> Organization:
    organization = people.find_organization(slug)
    if organization is None:
        raise Http404
    return organization


def _json(
    content: dict[str, Any], content_type: str = "application/json", *, seconds: int = 300
) -> HttpResponse:
    response = HttpResponse(json.dumps(content, ensure_ascii=False), content_type=content_type)
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def status_list(request: HttpRequest, organization: str, purpose: str, number: int) -> HttpResponse:
    """A status list, byte for byte as it was signed; as a token for verifiers that ask for one."""
    found = queries.find_status_list(organization, purpose, number)
    if found is None:
        raise Http404
    kind = request.get_preferred_type([*LIST_TYPES, *TOKEN_TYPES]) or LIST_TYPES[0]
    edition = f"{found.pk}-{found.version}"
    if kind in TOKEN_TYPES:
        edition = f"{edition}-token"
        content = cache.get_or_set(
            f"status-{edition}", lambda: actions.list_token(status_list=found), timeout=3600
        )
    else:
        content = found.document
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = f"public, max-age={TTL}, stale-if-error=86400"
    response["ETag"] = f'"{edition}"'
    response["Vary"] = "Accept"
    response["Access-Control-Allow-Origin"] = "*"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@require_safe
def did_document(request: HttpRequest, organization: str) -> HttpResponse:
    """The issuer's did:web document."""
    return _json(actions.did_document(organization=_found(organization)), "application/did+json", seconds=TTL)


def _site_itself() -> Organization:
    """The organization whose identifier is this site itself."""
    host = urlsplit(settings.SITE_URL).netloc.replace(":", "%3A")
    found = Organization.objects.filter(did=f"did:web:{host}").first()
    if found is None:
        raise Http404
    return found


@require_safe
def site_did_document(request: HttpRequest) -> HttpResponse:
    """The did:web document of the organization whose identifier is this site itself."""
    return _json(actions.did_document(organization=_site_itself()), "application/did+json", seconds=TTL)


@require_safe
def key_set(request: HttpRequest, organization: str = "") -> HttpResponse:
    """The keys that sign tokens, of one organization, or of the one that is this site itself."""
    found = _found(organization) if organization else _site_itself()
    return _json(documents.key_set(found), "application/jwk-set+json", seconds=TTL)


@require_safe
def issuer(request: HttpRequest, organization: str) -> HttpResponse:
    """The issuer's profile."""
    return _json({"@context": [V2, OB], **documents.profile(_found(organization))}, "application/ld+json")
