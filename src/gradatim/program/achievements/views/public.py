"""The public catalog and the page of an achievement version, for people and for programs."""

from __future__ import annotations

import hashlib
import json

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from gradatim.program.achievements import badge, document, queries
from gradatim.program.achievements.languages import outcomes_in
from gradatim.program.achievements.models import Translation, Version
from gradatim.program.people import queries as people
from gradatim.program.people.entry import be_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy

PER_PAGE = 24
FORMS = ["text/html", "application/ld+json", "application/json"]
SIZES = (64, 128, 256, 400, 800, 1600)  # pixels; few, so that each is drawn once
FRESH = "public, max-age=300"


@require_safe
def catalogs(request: HttpRequest) -> HttpResponse:
    """What can be earned, everywhere on this site."""
    return _catalog(request, None)


@require_safe
def catalog(request: HttpRequest, organization: str) -> HttpResponse:
    """What can be earned at one organization."""
    return _catalog(request, _organization(request, organization))


def _catalog(request: HttpRequest, organization: Organization | None) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "type", "level")}
    found = queries.catalog(organization, text=asked["q"], type_key=asked["type"], level_key=asked["level"])
    return render(
        request,
        "achievements/catalog.html",
        {
            "organization": organization,
            "versions": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "types": taxonomy.types(organization) if organization else [],
            "levels": taxonomy.levels(organization) if organization else [],
            "asked": asked,
            "narrowed": any(asked.values()),
        },
    )


@require_safe
def newest(request: HttpRequest, organization: str, slug: str) -> HttpResponseBase:
    """The newest approved version of an achievement."""
    return _answer(request, _version(request, organization, slug, None))


@require_safe
def version(request: HttpRequest, organization: str, slug: str, number: int) -> HttpResponseBase:
    """One approved version: the address that stands in signed documents, as a page or as JSON-LD."""
    return _answer(request, _version(request, organization, slug, number))


@require_safe
def translation(
    request: HttpRequest, organization: str, slug: str, number: int, language: str
) -> HttpResponseBase:
    """One approved version in one of its other languages: an address of its own in signed documents."""
    found = _version(request, organization, slug, number)
    row = queries.find_translation(found, language)
    if row is None or not row.document:
        raise Http404
    return _answer(request, found, row)


def _answer(request: HttpRequest, found: Version, translation: Translation | None = None) -> HttpResponseBase:
    wanted = request.get_preferred_type(FORMS) or FORMS[0]
    if wanted != FORMS[0]:
        return _as_json(request, (translation or found).document, wanted)
    response = render(
        request,
        "achievements/public_version.html",
        {
            "version": found,
            "said": translation or found,
            "outcomes": outcomes_in(found, translation),
            "address": document.url(found, translation.language if translation else ""),
            "endorsements": [e for e in found.endorsements.all() if e.live_on(timezone.localdate())],
            "original": document.url(found),
            "parts": list(queries.parts_of_series(found.achievement)),
            "versions": list(queries.public_versions(found.achievement)),
            "current": found.state in Version.ISSUABLE,
        },
    )
    patch_vary_headers(response, ["Accept"])
    return response


def _as_json(request: HttpRequest, frozen: str, media_type: str) -> HttpResponseBase:
    """The frozen document with its context; a program that has it already gets 304."""
    body = json.dumps(document.standalone(json.loads(frozen)), ensure_ascii=False)
    response = _fresh(request, body.encode(), media_type)
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def badge_svg(request: HttpRequest, organization: str, slug: str, number: int) -> HttpResponseBase:
    """The badge image, sharp at every size."""
    return _fresh(request, badge.svg(_version(request, organization, slug, number)).encode(), "image/svg+xml")


@require_safe
def badge_png(request: HttpRequest, organization: str, slug: str, number: int) -> HttpResponseBase:
    """The badge image as PNG, at least ``?size=`` pixels wide."""
    asked = request.GET.get("size", "")
    wanted = int(asked) if queries.DIGITS.fullmatch(asked) else 400
    size = next((s for s in SIZES if s >= wanted), SIZES[-1])
    return _fresh(request, badge.png(_version(request, organization, slug, number), size), "image/png")


def _fresh(request: HttpRequest, body: bytes, media_type: str) -> HttpResponseBase:
    """An answer with a validator, or 304 if the caller has it."""
    response = HttpResponse(body, content_type=media_type)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"], response["Cache-Control"] = etag, FRESH
    return get_conditional_response(request, etag=etag, response=response) or response


def _organization(request: HttpRequest, slug: str) -> Organization:
    """The organization of a public page; its frame takes the name and color from it."""
    found = people.find_organization(slug)
    if found is None:
        raise Http404
    be_in(request, found)
    return found


def _version(request: HttpRequest, organization: str, slug: str, number: int | None) -> Version:
    found = queries.find_version(_organization(request, organization), slug, number)
    if found is None:
        raise Http404
    return found
