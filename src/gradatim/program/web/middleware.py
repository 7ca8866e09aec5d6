"""What every answer carries, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from gradatim.program.ground.refused import Refused

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STATUS = {"not-found": 404, "permission": 403, "too-large": 413, "rate-limited": 429}

Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    """No inline script or style, no third party, no frame; pages of people are not cached by strangers."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        if request.path.startswith(settings.STATIC_URL):
            return response
        if "Cache-Control" not in response:
            response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def own_time(get_response: Handler) -> Handler:
    """The time zone that a page took from its organization ends with its answer; the next one starts without."""

    def handle(request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return get_response(request)

    return handle


def no_zero(get_response: Handler) -> Handler:
    """No address holds U+0000: nothing here has it in its name, and PostgreSQL does not even look for it."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("U+0000 in an address")
        return get_response(request)

    return handle


class ShowRefusals:
    """A `Refused` that no view caught becomes a page (or problem+json) that says what is wrong and how to mend it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refusal; anything else is a bug and goes on."""
        if not isinstance(exception, Refused):
            return None
        status = STATUS.get(exception.code, 409)
        if "application/json" in request.headers.get("Accept", ""):
            return problem(exception.code, exception.message, status)
        return render(request, "web/refused.html", {"refused": exception}, status=status)


show_refusals = ShowRefusals


def problem(code: str, message: str, status: int) -> JsonResponse:
    """An error as RFC 9457 problem details."""
    content = {"type": "about:blank", "title": message, "status": status, "code": code}
    return JsonResponse(content, status=status, content_type="application/problem+json")
