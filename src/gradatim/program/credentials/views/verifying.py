"""Checking a credential: a page for people and an answer for programs, at one address."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import zxingcpp
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from PIL import Image, UnidentifiedImageError

from gradatim.engine.bake import MAX_BYTES, sniff
from gradatim.engine.errors import FetchError
from gradatim.engine.report import Check, Outcome, Report
from gradatim.program.credentials import queries, rules, verification
from gradatim.program.credentials.models import Credential
from gradatim.program.credentials.reading import said_by
from gradatim.program.ground import limits

PER_MINUTE = 120  # checks from one address
TURNS = limits.Turns(
    at_once=4, of_one=2
)  # a check may wait for addresses elsewhere, and half the threads wait for none
MAX_PIXELS = 40_000_000  # of a photo
ENOUGH = 2400  # pixels on the longer side; a QR code needs no more
RAW = frozenset(
    [
        "application/json",
        "application/jwt",
        "application/ld+json",
        "application/vc",
        "application/vc+jwt",
        "application/vc+ld+json",
        "image/png",
        "image/svg+xml",
        "text/plain",
    ]
)
"""Media types of a body that is the credential itself."""
ACCEPT = "application/vc+ld+json, application/vc, application/vc+jwt, image/png, image/svg+xml, application/json;q=0.9"
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_STATUS = {"too-large": 413, "rate-limited": 429}


@csrf_exempt  # nothing is stored and nobody is signed in: there is nothing a foreign page could misuse
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST checks a file, a text or a link and keeps nothing."""
    if request.method != "POST":
        return render(request, "credentials/verify.html", {"link": request.GET.get("url", "")})
    report, name = _checked(request)
    status = _STATUS.get(report.cause or "", 422) if report.verdict == "refused" else 200
    if _wants_json(request):
        response = _answer(report, name, status)
    else:
        context = {"report": report, "name": name, "said": said_by(report.document), **_own(request, report)}
        response = render(request, "credentials/verify.html", context, status=status)
    if report.cause == "rate-limited":
        response["Retry-After"] = "60"
    return response


def _checked(request: HttpRequest) -> tuple[Report, str]:
    """What the check of what was sent says, and what to call it."""
    who = limits.client(request)
    if limits.count("verify", who, seconds=60) > PER_MINUTE:
        return _too_many(), ""
    try:
        source, name = _source(request, who)
    except RequestDataTooBig:
        return _too_large(), ""
    return source if isinstance(source, Report) else verification.check(source, who=who), name


def _wants_json(request: HttpRequest) -> bool:
    """A program that sends a credential gets JSON unless it asks for a page; a browser's form gets the page."""
    forms = ["text/html", "application/json"]
    if request.content_type in RAW:
        forms.reverse()
    return request.get_preferred_type(forms) == "application/json"


def _answer(report: Report, name: str, status: int) -> HttpResponse:
    """A check as JSON: 200 says that the check ran, not that all is well; what could not be taken in is a problem."""
    content = report.as_dict(file=name) | {"credential": report.document}
    kind = "application/json"
    if report.verdict == "refused":
        kind = "application/problem+json"
        refusing = next(c for c in report.checks if c.refuses)
        content |= {"type": "about:blank", "title": refusing.detail, "status": status, "code": report.cause}
    return HttpResponse(json.dumps(content, ensure_ascii=False), content_type=kind, status=status)


def _own(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Our own credential behind a report, if this reader may see it; and why it was taken back."""
    found = queries.find_by_url(str((report.document or {}).get("id", "")))
    if found is None or not _is_ours(report, found):
        return {}
    context: dict[str, Any] = {"credential": found} if rules.may_see(request.user, found) else {}
    if report.cause in {"revoked", "suspended"}:
        context["change"] = queries.last_change(found)
    return context


def _is_ours(report: Report, found: Credential) -> bool:
    """Whether what was checked is this credential word for word, well signed: anybody can write its id into another."""
    signed = {c.outcome for c in report.checks if c.name in {"proof", "key", "issuer"}} == {Outcome.PASSED}
    given, ours = dict(report.document or {}), json.loads(found.document)
    for document in (given, ours):
        document.pop("proof", None)  # a token has its signature around it
    return signed and given == ours


def _refusal(cause: str, words: str) -> Report:
    return Report((Check("input", Outcome.FAILED, words, None, cause, refuses=True),))


def _too_large() -> Report:
    return _refusal(
        "too-large", _("This is larger than 8 MiB, and no credential is. Nothing of it was read.")
    )


def _too_many() -> Report:
    return _refusal("rate-limited", _("That were too many checks in a minute. Wait a little and try again."))


def _source(request: HttpRequest, who: str) -> tuple[bytes | Report, str]:
    """What is to be checked, and what to call it."""
    if request.content_type in RAW:
        return request.body, ""
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > MAX_BYTES:
            return _too_large(), upload.name or ""
        return _picture(upload.read(), who), upload.name or ""
    text = request.POST.get("text", "").strip()
    if _LINK.fullmatch(text):
        return _fetched(text, who), text
    if not text:
        words = _("Choose a file, or paste the text of a credential or its link.")
        return _refusal("no-credential-found", words), ""
    return text.encode(), _("pasted text")


def _fetched(url: str, who: str) -> bytes | Report:
    try:
        answer = verification.fetcher(who).get(url, accept=ACCEPT)
    except FetchError as error:
        return _refusal(error.code, error.message)
    if answer.content_type.partition(";")[0].strip().lower() in {"text/html", "application/xhtml+xml"}:
        return _refusal(
            "no-credential-found",
            _("This link leads to a page. Open the page, save the signed file from it, and check that here."),
        )
    return answer.body


def _picture(data: bytes, who: str) -> bytes | Report:
    """A picture with a credential inside as it is; a photo of a QR code as what the code says."""
    if sniff(data) not in {"png", "jpeg"} or b"openbadge" in data or b"clrcredential" in data:
        return data
    text = _qr_text(data)
    if not text:
        return data
    return _fetched(text, who) if _LINK.fullmatch(text) else text.encode()


def _qr_text(data: bytes) -> str:
    """What the first QR code in a picture says; nothing if there is none, or the picture cannot be read."""
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return ""
            picture.draft("L", (ENOUGH, ENOUGH))
            plain = picture.convert("L")
            plain.thumbnail((ENOUGH, ENOUGH))
            codes = zxingcpp.read_barcodes(
                plain, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""
    return codes[0].text.strip() if codes else ""
