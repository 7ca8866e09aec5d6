"""A credential's page and files, for whoever may see it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gradatim.program.credentials import files, queries, rules, verification
from gradatim.program.credentials.models import Credential
from gradatim.program.credentials.reading import said_by

JSON_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")


def _seen(request: HttpRequest, pk: UUID) -> Credential | None:
    credential = queries.find_credential(pk)
    return credential if credential is not None and rules.may_see(request.user, credential) else None


@require_safe
def credential(request: HttpRequest, credential: UUID) -> HttpResponse:
    """The credential, as a page or as the signed JSON, by what the caller accepts."""
    found = _seen(request, credential)
    preferred = request.get_preferred_type(["text/html", *JSON_TYPES])
    if found is None:
        response = _private(request, page=preferred not in JSON_TYPES)
    elif preferred in JSON_TYPES:
        response = HttpResponse(found.document, content_type=preferred)
    else:
        response = render(request, "credentials/credential.html", facts(found))
    response["Vary"] = "Accept, Cookie"
    response["X-Robots-Tag"] = "noindex"
    return response


def _private(request: HttpRequest, *, page: bool) -> HttpResponse:
    """The same for a credential that is private and for one that never was: nobody learns which."""
    if page:
        return render(request, "credentials/private.html", status=404)
    content = {
        "type": "about:blank",
        "title": _("No public credential has this address."),
        "status": 404,
        "code": "not-found",
    }
    return JsonResponse(content, status=404, content_type="application/problem+json")


def facts(found: Credential) -> dict[str, object]:
    """What the diploma shows."""
    report = verification.check(found.document)
    return {
        "credential": found,
        "version": found.version,
        "outcomes": found.version.outcomes.all(),
        "change": queries.last_change(found),
        "report": report,
        "results": said_by(report.document).results,
    }


@require_safe
def file(request: HttpRequest, credential: UUID, form: str) -> HttpResponse:
    """The credential as a file."""
    found = _seen(request, credential)
    if found is None:
        raise Http404
    return download(found, form)


def download(found: Credential, form: str, *, address: str = "") -> HttpResponse:
    """An answer that is saved as a file; a PDF leads to the address, or to the credential's page."""
    if form not in files.FORMS:
        raise Http404
    response = HttpResponse(files.make(found, form, address=address), content_type=files.FORMS[form])
    name = f"{found.version.achievement.slug}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def qr(request: HttpRequest, credential: UUID) -> HttpResponse:
    """A QR code that leads to the credential's page."""
    found = _seen(request, credential)
    if found is None:
        raise Http404
    return HttpResponse(files.qr_svg(files.page_url(found)), content_type="image/svg+xml")
